"""Where the settings file and the database are, by the rules that the reference page states."""

# Annotations are real, not texts: a NamedTuple would compile each text anew at every start.

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple

FILE_NAME = "scoring.toml"

How = Literal[
    "option",  # --config
    "environment",  # SCORECLI_CONFIG
    "database",  # beside the database that --db or SCORECLI_DB names
    "working directory",  # config/scoring.toml below it
    "user",  # the user's configuration folder
    "argument",  # `config check FILE`
    "defaults",  # no file: the packaged defaults
]


class Found(NamedTuple):
    """The settings file in effect and how it was found; ``path`` is None for the defaults.

    A file that is not ``trusted`` was merely found in the working directory.
    """

    path: Path | None
    how: How
    trusted: bool


DEFAULTS = Found(None, "defaults", True)


def find_settings(
    config: str | None,
    db: str | None,
    env: Mapping[str, str],
    cwd: Path,
    platform: str = sys.platform,
) -> Found:
    """Return the settings file in effect; one that was named need not exist yet.

    ``config`` and ``db`` are the values of --config and --db.
    """
    if config:
        return Found(resolved(cwd, config), "option", True)
    if env.get("SCORECLI_CONFIG"):
        return Found(resolved(cwd, env["SCORECLI_CONFIG"]), "environment", True)
    database = _database_file(db or env.get("SCORECLI_DB"))
    if database is not None:
        beside = resolved(cwd, database).parent / FILE_NAME
        if os.path.lexists(beside):
            return Found(beside, "database", True)
    here = cwd / "config" / FILE_NAME
    if os.path.lexists(here):
        return Found(here, "working directory", False)
    own = user_file(env, platform)
    if os.path.lexists(own):
        return Found(own, "user", True)
    return DEFAULTS


def packaged_file() -> Path:
    """Return the file of the packaged defaults: in the package, or in a checkout's ``config``."""
    inside = Path(__file__).parents[1] / FILE_NAME
    return inside if inside.exists() else Path(__file__).parents[3] / "config" / FILE_NAME


def user_file(env: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Return where the user's own settings file is, or would be."""
    return _user_folder(env, platform, "XDG_CONFIG_HOME", ".config", "APPDATA") / FILE_NAME


def data_folder(env: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Return the folder of the user's database, which need not exist."""
    return _user_folder(env, platform, "XDG_DATA_HOME", ".local/share", "APPDATA")


def _user_folder(
    env: Mapping[str, str], platform: str, xdg: str, below_home: str, windows: str
) -> Path:
    if platform == "win32":
        roaming = env.get(windows)
        base = Path(roaming) if roaming else _home(env) / "AppData" / "Roaming"
    elif platform == "darwin":
        base = _home(env) / "Library" / "Application Support"
    else:
        named = env.get(xdg, "")
        # The XDG rules say to ignore a relative path.
        base = Path(named) if named.startswith("/") else _home(env) / below_home
    return base / "scorecli"


def _home(env: Mapping[str, str]) -> Path:
    named = env.get("HOME") or env.get("USERPROFILE")
    return Path(named) if named else Path.home()


def resolved(cwd: Path, path: str) -> Path:
    """Return an absolute path, without following links."""
    return Path(os.path.normpath(cwd / path))


def _database_file(database: str | None) -> str | None:
    """Return the file that a database's path or URL means, None for a database on a server."""
    if not database:
        return None
    scheme, separator, rest = database.partition(":///")
    if separator and scheme == "sqlite":
        return rest or None
    return None if "://" in database else database
