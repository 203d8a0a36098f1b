"""Finding the time zone that the settings name, or that of this machine."""

from __future__ import annotations

import os
from zoneinfo import ZoneInfo

from scorecli import errors

_LINK = "/etc/localtime"
_NAME_FILE = "/etc/timezone"


def resolve_zone(name: str) -> ZoneInfo:
    """Return the zone called ``name``; ``local`` is that of this machine.

    The machine's zone is what ``TZ`` says, else what ``/etc/localtime`` links to, else what
    ``/etc/timezone`` names, else what the tzlocal library finds out, else UTC. The zone returned
    always has a ``key`` to show. Raises ``UnknownZone``, naming similar ones.
    """
    if name.strip().casefold() != "local":
        return _zone(name.strip(), None)
    told = os.environ.get("TZ")
    if told is not None:
        return _zone_of_environment(told)
    for found in (_zone_of_link(), _zone_of_file()):
        zone = _try_zone(found)
        if zone is not None:
            return zone
    return _zone_of_library()


def _zone(name: str, origin: str | None) -> ZoneInfo:
    zone = _try_zone(name)
    if zone is None:
        raise errors.values.UnknownZone(name, _near(name), origin)
    return zone


def _try_zone(name: str | None) -> ZoneInfo | None:
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; a path that leads out; a folder of zones
        return None


def _zone_of_environment(told: str) -> ZoneInfo:
    # POSIX: an empty TZ is UTC, and a leading colon only marks an implementation's own name.
    name = told.removeprefix(":")
    if name in ("", "UTC0", "UTC"):
        return ZoneInfo("UTC")
    return _zone(_after_database(name) or name, "from the variable TZ")


def _zone_of_link() -> str | None:
    try:
        direct = os.readlink(_LINK)  # noqa: PTH115 - pathlib costs time at every start
    except OSError:
        return None
    return _after_database(direct) or _after_database(os.path.realpath(_LINK))


def _after_database(path: str) -> str | None:
    """Return the zone's name in a path such as ``/usr/share/zoneinfo/Europe/Paris``."""
    _, found, name = path.rpartition("zoneinfo/")
    if not found:
        return None
    return name.removeprefix("posix/").removeprefix("right/")


def _zone_of_file() -> str | None:
    try:
        with open(_NAME_FILE, encoding="utf-8") as lines:  # noqa: PTH123 - as above
            return lines.readline().strip()
    except (OSError, UnicodeDecodeError):
        return None


def _zone_of_library() -> ZoneInfo:
    import tzlocal  # only machines that name their zone in an unusual way need it

    try:
        return _try_zone(tzlocal.get_localzone_name()) or ZoneInfo("UTC")
    except Exception:  # whatever it stumbles over, a zone is needed
        return ZoneInfo("UTC")


def _near(name: str) -> list[str]:
    from zoneinfo import available_timezones  # reads the whole folder, for error messages only

    from scorecli.domain.text import fold, nearest

    known = sorted(available_timezones())
    wanted = fold(name).replace(" ", "_")
    same_city = [
        zone for zone in known if wanted in (zone.casefold(), zone.rpartition("/")[2].casefold())
    ]
    return same_city[:3] or nearest(wanted, known)
