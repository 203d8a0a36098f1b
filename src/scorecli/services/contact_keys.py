"""Which stored contact the rows of an import are, where ``--key`` says by what.

Rows that share a key are one person, and so are a contact and the rows that share one. Where a key
holds both a number and an address, each number of a person goes with each of their addresses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from scorecli.domain.text import fold
from scorecli.readers.contact_rows import key_of
from scorecli.services.contact_matching import Match
from scorecli.storage.contact_rows import contact_states
from scorecli.storage.database import Database
from scorecli.storage.many_rows import chunks

Key = tuple[str, ...]


def group_by_keys(rows: Sequence[Sequence[Key]]) -> tuple[list[list[int]], list[set[Key]]]:
    """Return the places of rows that are one person, and the keys of each group."""
    group_of: dict[Key, int] = {}
    places: dict[int, list[int]] = {}
    keys: dict[int, set[Key]] = {}
    for place, given in enumerate(rows):
        mine, wanted = [place], set(given)
        while others := {group_of[key] for key in wanted if key in group_of} & keys.keys():
            for other in others:
                mine, fewer = sorted((mine, places.pop(other)), key=len, reverse=True)
                mine += fewer
                wanted |= keys.pop(other)
            wanted = _every(wanted)
        places[place], keys[place] = mine, wanted
        group_of.update(dict.fromkeys(wanted, place))
    order = sorted(places, key=lambda each: min(places[each]))
    return [sorted(places[each]) for each in order], [keys[each] for each in order]


class KeyMatcher:
    """Finds the contacts of groups by the fields of ``--key``."""

    def __init__(self, db: Database, fields: Sequence[str], keys: Sequence[set[Key]]) -> None:
        self._db = db
        self._fields = fields
        self._keys = keys
        self._live: dict[Key, set[int]] = {}
        self._deleted: dict[Key, set[int]] = {}
        self._of_contact: dict[int, set[Key]] = {}
        self._read()

    def run(self) -> Match:
        """Match all groups."""
        again = {"number", "email"} <= set(self._fields)
        while again:
            again = sum(map(self._give, self._keys)) > 0
        match = Match(len(self._keys))
        for place, keys in enumerate(self._keys):
            found = self._found(self._live, keys)
            if len(found) > 1:
                match.rivals[place] = found
                continue
            deleted = [] if found else self._found(self._deleted, keys)
            match.contact_of[place] = next(iter(found or deleted), -1 - place)
        return match

    def _found(self, known: Mapping[Key, set[int]], keys: Iterable[Key]) -> list[int]:
        return sorted({contact for key in keys for contact in known.get(key, ())})

    def _give(self, keys: set[Key]) -> bool:
        """Give the contacts of a group its keys; return whether that made others."""
        again = False
        for contact in self._found(self._live, keys):
            had = self._of_contact[contact]
            every = _every(had | keys)
            again |= len(every) > len(had)
            self._of_contact[contact] = every
            for key in every - had:
                self._live.setdefault(key, set()).add(contact)
        return again

    def _read(self) -> None:
        wanted = {key for keys in self._keys for key in keys}
        into = dict(self._db.rows("SELECT id, merged_into FROM contact WHERE removed = 'merged'"))
        removed = dict(self._db.rows("SELECT id, removed FROM contact"))
        names = {
            field: dict(self._db.rows(sql))
            for field, sql in (
                ("company", "SELECT id, name FROM company"),
                ("owner", 'SELECT id, name FROM "user"'),
            )
            if field in self._fields
        }
        for part in chunks(each for each, how in removed.items() if how != "undone"):
            for contact, state in contact_states(self._db, part).items():
                for field, known in names.items():
                    state[field] = known.get(state[f"{field}_id"])
                while contact in into:
                    contact = into[contact]
                self._note(contact, removed[contact], set(key_of(state, self._fields)), wanted)

    def _note(self, contact: int, removed: str | None, keys: set[Key], wanted: set[Key]) -> None:
        if removed not in (None, "deleted"):
            return
        self._of_contact.setdefault(contact, set()).update(keys)
        known = self._live if removed is None else self._deleted
        several = {"number", "email"} <= set(self._fields)
        for key in keys if several else keys & wanted:
            known.setdefault(key, set()).add(contact)


def with_owners(
    keys: Sequence[Key], fields: Sequence[str], names: Mapping[str, str | None]
) -> tuple[Key, ...]:
    """Return keys with owners under the names that users have; none where one is no user."""
    if "owner" not in fields:
        return tuple(keys)
    at = fields.index("owner")
    found = []
    for key in keys:
        name = names[key[at]]
        if name is not None:
            found.append((*key[:at], fold(name), *key[at + 1 :]))
    return tuple(found)


def _every(keys: set[Key]) -> set[Key]:
    """Return the keys with every text of one part beside every text of another."""
    if len(keys) < 2:
        return keys
    return set(product(*({key[at] for key in keys} for at in range(len(next(iter(keys)))))))
