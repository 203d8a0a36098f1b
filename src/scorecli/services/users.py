"""Users: adding, changing and disabling them, with the older calls that are theirs by then.

Definitions are few and are written through SQLModel, which takes half a second to load.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from scorecli.domain.agent_names import email_key, extension_key, name_keys
from scorecli.domain.attribution import Person
from scorecli.domain.text import fold
from scorecli.domain.user_fields import (
    check_email,
    check_extension,
    check_role,
    check_user_name,
)
from scorecli.errors.users import UserExists, UserPeriodEndsEarly
from scorecli.services.attribution import attribute
from scorecli.settings import Settings
from scorecli.storage.changes import Author, Change
from scorecli.storage.database import Database
from scorecli.storage.users import KnownUser, find_user, people

if TYPE_CHECKING:
    from sqlmodel import Session

    from scorecli.storage.models import User

Moment = int | Literal["none"] | None

_CHECKS = {
    "name": check_user_name,
    "email": check_email,
    "extension": check_extension,
    "role": check_role,
}


class UserWish(NamedTuple):
    """What is asked for of a user: None leaves a field as it is, an empty text clears it.

    ``active_from`` and ``active_until`` are UTC seconds, the end not included; ``none`` opens that
    side. ``namesake`` agrees to a user of the same name and time as another one.
    """

    name: str | None = None
    email: str | None = None
    extension: str | None = None
    role: str | None = None
    active_from: Moment = None
    active_until: Moment = None
    add_aliases: tuple[str, ...] = ()
    drop_aliases: tuple[str, ...] = ()
    namesake: bool = False


class Backfill(NamedTuple):
    """How many calls that nobody had match, and how many of them were assigned."""

    calls: int = 0
    assigned: int = 0


class SavedUser(NamedTuple):
    """What became of a user.

    ``calls`` is how many calls that nobody had match now, ``assigned`` how many of them were
    assigned in this change. ``clashes`` are users whose names fit the same calls, ``sharing`` those
    who have the same extension or e-mail address at the same time. ``change`` is None where
    nothing changed, and in a dry run.
    """

    user: KnownUser
    changed: bool
    calls: int
    assigned: int
    clashes: tuple[KnownUser, ...]
    change: int | None
    sharing: tuple[KnownUser, ...] = ()


def add_user(
    db: Database,
    settings: Settings,
    wish: UserWish,
    *,
    now: int,
    author: Author,
    dry_run: bool = False,
) -> SavedUser:
    """Add a user, and assign the older calls that match where the settings say so.

    ``now`` is UTC seconds. Raises :class:`BadUser`, :class:`UserExists`.
    """
    with db.change(*author, dry_run=dry_run) as change:
        saved = UserWriter(db, change).add(wish)
        done = backfill(db, change, settings, now)
    return _saved(saved, done, None if dry_run else change.number)


def edit_user(
    db: Database,
    settings: Settings,
    user: str,
    wish: UserWish,
    *,
    now: int,
    author: Author,
    dry_run: bool = False,
) -> SavedUser:
    """Change a user, and assign the older calls that match by then where the settings say so.

    Raises :class:`UnknownUser`, :class:`AmbiguousUser`, :class:`BadUser`.
    """
    with db.change(*author, dry_run=dry_run) as change:
        known = find_user(db, user)
        saved = UserWriter(db, change).edit(known.id, wish)
        done = backfill(db, change, settings, now) if saved.changed else Backfill()
    return _saved(saved, done, None if dry_run else change.number)


def switch_users(
    db: Database,
    settings: Settings,
    users: Sequence[str],
    *,
    until: Moment,
    now: int,
    author: Author,
    dry_run: bool = False,
) -> list[SavedUser]:
    """End the periods of users at ``until`` (``none``: enable them), all of them or none.

    A period that has ended already stays as it is. Raises as :func:`edit_user` does.
    """
    with db.change(*author, dry_run=dry_run) as change:
        writer = UserWriter(db, change)
        found = []
        for text in users:
            known = find_user(db, text)
            end = next(person.active_until for person in people(db) if person.id == known.id)
            over = isinstance(until, int) and end is not None and end <= until
            found.append(writer.edit(known.id, UserWish(active_until=None if over else until)))
        done = Backfill()
        if any(saved.changed for saved in found):
            done = backfill(db, change, settings, now)
    number = None if dry_run else change.number
    return [_saved(saved, done, number) for saved in found]


def backfill(db: Database, change: Change, settings: Settings, now: int) -> Backfill:
    """Attribute the calls that nobody has, after users changed; only count them if so set."""
    write = settings.attribution.backfill
    done = attribute(db, change, "1 = 1", {}, now=now, write=write)
    return Backfill(done.assigned, done.assigned if write else 0)


def _saved(saved: SavedUser, done: Backfill, change: int | None) -> SavedUser:
    return saved._replace(calls=done.calls, assigned=done.assigned, change=change)


class UserWriter:
    """Adds and changes users inside a change, with their history."""

    def __init__(self, db: Database, change: Change) -> None:
        self._db = db
        self._change = change
        self._people: dict[int, Person] | None = None

    def people(self) -> Iterable[Person]:
        """Return all users as they are by now; a file of users asks for them with each row."""
        if self._people is None:
            self._people = {person.id: person for person in people(self._db)}
        return self._people.values()

    def add(self, wish: UserWish) -> SavedUser:
        """Add a user; raises :class:`BadUser`, :class:`UserExists`."""
        values = _checked(wish._replace(name=wish.name or ""))
        aliases = _checked_aliases(wish)
        user = _validated(values)
        clashes = self._clashes(None, values, wish.add_aliases)
        same = [other for other in clashes if name_keys(other.name) & name_keys(user.name)]
        if same and not wish.namesake:
            raise UserExists(user.name, same[0].id, same[0].name)
        session = self._db.session()
        session.add(user)
        session.flush()
        number = _number(user)
        row = {name: value for name, value in user.model_dump().items() if name != "id"}
        self._change.record("user", number, "row", None, row)
        self._add_aliases(session, number, aliases)
        session.flush()
        sharing = self._sharing(number, values)
        if self._people is not None:
            facts = (user.email, user.extension, user.active_from, user.active_until)
            self._people[number] = Person(number, user.name, aliases, *facts)
        return SavedUser(KnownUser(number, user.name), True, 0, 0, clashes, None, sharing)

    def edit(self, number: int, wish: UserWish) -> SavedUser:
        """Change a user that exists; raises :class:`BadUser`."""
        from scorecli.storage.models import User

        aliases = _checked_aliases(wish)  # all is checked before anything is written
        session = self._db.session()
        user = session.get_one(User, number)
        before = user.model_dump()
        after = _validated({**before, **_checked(wish)}).model_dump()
        changed = False
        for name, value in after.items():
            if value != before[name]:
                setattr(user, name, value)
                changed = True
                if name != "folded":  # it follows the name by itself
                    self._change.record("user", number, name, before[name], value)
        changed |= self._drop_aliases(session, number, wish.drop_aliases)
        changed |= self._add_aliases(session, number, aliases)
        session.flush()
        known = KnownUser(number, user.name)
        if not changed:
            return SavedUser(known, False, 0, 0, (), None)
        self._people = None
        clashes = self._clashes(number, after, wish.add_aliases)
        return SavedUser(known, True, 0, 0, clashes, None, self._sharing(number, after))

    def _add_aliases(self, session: Session, user: int, names: Iterable[str]) -> bool:
        from sqlmodel import select

        from scorecli.storage.models import UserAlias

        added = False
        for name in names:
            known = select(UserAlias).where(
                UserAlias.user_id == user, UserAlias.folded == fold(name)
            )
            if session.exec(known).first() is not None:
                continue
            alias = UserAlias(user_id=user, name=name, folded=fold(name))
            session.add(alias)
            session.flush()
            assert alias.id is not None  # noqa: S101  # it was flushed
            row = {"user_id": user, "name": name, "folded": alias.folded}
            self._change.record("user_alias", alias.id, "row", None, row)
            added = True
        return added

    def _drop_aliases(self, session: Session, user: int, names: Iterable[str]) -> bool:
        from sqlmodel import select

        from scorecli.storage.models import UserAlias

        dropped = False
        for name in names:
            known = select(UserAlias).where(
                UserAlias.user_id == user, UserAlias.folded == fold(name)
            )
            alias = session.exec(known).first()
            if alias is None:
                continue
            row = {"user_id": user, "name": alias.name, "folded": alias.folded}
            assert alias.id is not None  # noqa: S101  # it came from the database
            self._change.record("user_alias", alias.id, "row", row, None)
            session.delete(alias)
            session.flush()
            dropped = True
        return dropped

    def _clashes(
        self, number: int | None, values: dict[str, Any], aliases: Iterable[str]
    ) -> tuple[KnownUser, ...]:
        """Return the other users of the same time whose names or aliases are the same."""
        start, end = values.get("active_from"), values.get("active_until")
        own = next((person.aliases for person in self.people() if person.id == number), ())
        keys = frozenset().union(*map(name_keys, (values["name"], *own, *aliases)))
        return tuple(
            KnownUser(person.id, person.name)
            for person in self.people()
            if person.id != number
            and _overlap(person, start, end)
            and any(keys & name_keys(name) for name in (person.name, *person.aliases))
        )

    def _sharing(self, number: int, values: dict[str, Any]) -> tuple[KnownUser, ...]:
        """Return the other users of the same time with the same extension or address."""
        start, end = values.get("active_from"), values.get("active_until")
        extension = extension_key(values.get("extension") or "")
        email = email_key(values.get("email") or "")
        return tuple(
            KnownUser(person.id, person.name)
            for person in self.people()
            if person.id != number
            and _overlap(person, start, end)
            and (
                (extension and extension == extension_key(person.extension or ""))
                or (email and email == email_key(person.email or ""))
            )
        )


def _overlap(person: Person, start: int | None, end: int | None) -> bool:
    return (end is None or person.active_from is None or person.active_from < end) and (
        start is None or person.active_until is None or start < person.active_until
    )


def _checked(wish: UserWish) -> dict[str, Any]:
    """Return the columns that a wish means; raises :class:`BadUser`."""
    values: dict[str, Any] = {}
    for field, check in _CHECKS.items():
        text = getattr(wish, field)
        if text is not None:
            # A user without a name is none; the check says so.
            values[field] = check(text) if text.strip() or field == "name" else None
    for field in ("active_from", "active_until"):
        moment = getattr(wish, field)
        if moment is not None:
            values[field] = None if moment == "none" else moment
    return values


def _checked_aliases(wish: UserWish) -> tuple[str, ...]:
    """Return the aliases to add; raises :class:`BadUser`."""
    return tuple(check_user_name(name, "alias") for name in wish.add_aliases)


def _validated(values: dict[str, Any]) -> User:
    from scorecli.storage.models import User

    start, end = values.get("active_from"), values.get("active_until")
    if start is not None and end is not None and start >= end:
        raise UserPeriodEndsEarly(values["name"])
    # Models with a table are validated only on demand.
    return User.model_validate({**values, "folded": fold(str(values["name"]))})


def _number(user: User) -> int:
    assert user.id is not None  # noqa: S101  # it was flushed
    return user.id
