"""Users as the frequent paths need them, without the ORM: all of them, or the one that is named."""

from __future__ import annotations

from typing import NamedTuple

from scorecli.domain.agent_names import name_keys
from scorecli.domain.attribution import Directory, Person
from scorecli.domain.text import fold, nearest
from scorecli.errors.users import AmbiguousUser, UnknownUser
from scorecli.storage.database import Database


class KnownUser(NamedTuple):
    """A user that was named, with what tells namesakes apart."""

    id: int
    name: str


def people(db: Database) -> list[Person]:
    """Return all users with their aliases, by number."""
    aliases: dict[int, list[str]] = {}
    for user, name in db.execute("SELECT user_id, name FROM user_alias ORDER BY id"):
        aliases.setdefault(user, []).append(name)
    return [
        Person(number, name, tuple(aliases.get(number, ())), *rest)
        for number, name, *rest in db.rows(
            'SELECT id, name, email, extension, active_from, active_until FROM "user" ORDER BY id'
        )
    ]


def directory(db: Database, now: int) -> Directory:
    """Return all users as attribution looks them up; ``now`` is UTC seconds."""
    return Directory(people(db), now)


def find_user(db: Database, text: str) -> KnownUser:
    """Return the user that a person names: by number, name, e-mail address or alias.

    Raises :class:`UnknownUser`, and :class:`AmbiguousUser` where several are called so.
    """
    users = people(db)
    wanted = text.strip()
    if wanted.isascii() and wanted.isdigit():
        for user in users:
            if user.id == int(wanted):
                return KnownUser(user.id, user.name)
    for found in (
        [user for user in users if fold(user.name) == fold(wanted)],
        [user for user in users if user.email and fold(user.email) == fold(wanted)],
        [user for user in users if any(fold(alias) == fold(wanted) for alias in user.aliases)],
        [user for user in users if name_keys(user.name) & name_keys(wanted)],
    ):
        if len(found) > 1:
            raise AmbiguousUser(text, [(user.id, user.name) for user in found])
        if found:
            return KnownUser(found[0].id, found[0].name)
    raise UnknownUser(text, nearest(wanted, [user.name for user in users]))
