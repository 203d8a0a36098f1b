"""Stored calls as an import sees them: found by identity, and paired with one row each."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from scorecli.readers.identity import BY_EXTERNAL_ID, has_number, split_number
from scorecli.services.import_rows import AT, COLUMN_NAMES, ImportRow, Stored
from scorecli.storage.database import Database
from scorecli.storage.many_rows import placeholders

_SELECT = f"SELECT id, identity, occurrence, removed, {', '.join(COLUMN_NAMES)} FROM call"
_ASK = 500  # identities asked for by one statement
_FEW = 8  # calls of one identity that are compared one after the other
_MANY = 16  # calls of one identity from which on they are kept rather than read for each batch
_MOST_COMPARED = 500  # different calls of one identity that a row is compared with
_NO_TAGS: frozenset[int] = frozenset()
# The facts that an exported row must share with the call of its number to be that call.
_SAME_FACTS = tuple(
    AT[field]
    for field in ("started_at", "system", "external_id", "contact_number", "direction", "duration")
)
_EXTRA = AT["extra"]
Content = tuple[Stored, frozenset[int], frozenset[int]]
Same = Callable[[ImportRow, "Known"], bool]


class Known:
    """A stored call."""

    __slots__ = ("call_tags", "id", "removed", "reporting_tags", "values")

    def __init__(
        self,
        call: int,
        removed: str | None,
        values: Stored,
        reporting_tags: frozenset[int] = _NO_TAGS,
        call_tags: frozenset[int] = _NO_TAGS,
    ) -> None:
        self.id = call
        self.removed = removed
        self.values = values
        self.reporting_tags = reporting_tags
        self.call_tags = call_tags

    def content(self) -> Content:
        """Return what an import can compare and change."""
        return self.values, self.reporting_tags, self.call_tags


class Group:
    """The calls of one identity that no row was paired with, in the order of their occurrence.

    ``next`` is the occurrence of the next new one.
    """

    __slots__ = ("_by_content", "_taken", "calls", "next")

    def __init__(self) -> None:
        self.calls: deque[Known] = deque()
        self.next = 1
        self._by_content: dict[Content, deque[Known]] | None = None
        self._taken: set[int] = set()

    def take_exact(self, content: Content) -> Known | None:
        """Return the first call with exactly this content, and take it out."""
        if self._by_content is None:
            if len(self.calls) <= _FEW:
                return self._take(call for call in self.calls if call.content() == content)
            # Without it, many equal rows would each be compared with as many equal calls.
            self._by_content = {}
            for call in self.calls:
                self._by_content.setdefault(call.content(), deque()).append(call)
        return self._take_indexed(content)

    def take_same(self, row: ImportRow, same: Same) -> Known | None:
        """Return the first call that a row would leave as it is, and take it out."""
        if self._by_content is None:
            return self._take(call for call in self.calls if same(row, call))
        if len(self._by_content) > _MOST_COMPARED:
            return None
        for content, calls in self._by_content.items():
            if same(row, calls[0]):
                return self._take_indexed(content)
        return None

    def take_first(self) -> Known | None:
        """Return the first call and take it out."""
        while self.calls:
            call = self.calls.popleft()
            if call.id not in self._taken:
                return call
            self._taken.discard(call.id)
        return None

    def has_calls(self) -> bool:
        """Tell whether a call is left."""
        return len(self.calls) > len(self._taken)

    def _take(self, fitting: Iterator[Known]) -> Known | None:
        call = next(fitting, None)
        if call is not None:
            self.calls.remove(call)
        return call

    def _take_indexed(self, content: Content) -> Known | None:
        contents = self._by_content or {}
        calls = contents.get(content)
        if calls is None:
            return None
        call = calls.popleft()
        if not calls:
            del contents[content]
        self._taken.add(call.id)
        return call


class KnownCalls:
    """Finds the stored calls of identities.

    Calls that came with the file at hand are left out, since a row that repeats within a file is a
    call of its own; not so those with an external id, which is one call however often it comes.
    Calls of an import that was undone make room as soon as they are met.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._before = 0
        self._paired = Marks()
        self._kept: dict[bytes, Group] = {}

    def begin(self, first_new: int) -> None:
        """Begin a file, whose new calls get the numbers from ``first_new`` on."""
        self._before = first_new
        self._paired = Marks()
        self._kept.clear()

    def pair(self, call: Known) -> None:
        """Remember that a row of this file was paired with a call."""
        self._paired.add(call.id)

    def numbered(self, rows: list[ImportRow]) -> list[ImportRow]:
        """Return the rows of a batch, those that an export of this database holds known again.

        Such a row names a call by its number and has its facts; it gets the identity of that call,
        however that came about. In another database the number is another call's.
        """
        if not rows or not has_number(rows[0].identity):
            return rows
        split = [split_number(row.identity) for row in rows]
        wanted = sorted({number for number, _ in split if 0 < number < self._before})
        stored: dict[int, tuple[bytes, Stored]] = {}
        for start in range(0, len(wanted), _ASK):
            part = wanted[start : start + _ASK]
            for call, identity, _, removed, *values in self._db.execute(
                f"{_SELECT} WHERE id IN ({placeholders(part)})", part
            ):
                if removed != "undone":
                    stored[call] = identity, tuple(values)
        return [
            row._replace(identity=_known_as(row.values, identity, stored.get(number)))
            for row, (number, identity) in zip(rows, split, strict=True)
        ]

    def find(self, identities: Sequence[bytes]) -> dict[bytes, Group]:
        """Return the groups of some identities."""
        found: dict[bytes, Group] = {}
        wanted = []
        for identity in dict.fromkeys(identities):
            kept = self._kept.get(identity)
            if kept is None:
                wanted.append(identity)
            else:
                found[identity] = kept
        by_number: dict[int, Known] = {}
        undone: list[tuple[int]] = []
        for start in range(0, len(wanted), _ASK):
            part = wanted[start : start + _ASK]
            for call, identity, occurrence, removed, *values in self._db.execute(
                f"{_SELECT} WHERE identity IN ({placeholders(part)}) ORDER BY occurrence", part
            ):
                if removed == "undone":
                    if occurrence > 0:
                        undone.append((call,))
                    continue
                group = found.get(identity)
                if group is None:
                    group = found[identity] = Group()
                group.next = occurrence + 1
                by_id = identity[:1] == BY_EXTERNAL_ID
                if by_id or (call < self._before and call not in self._paired):
                    known = by_number[call] = Known(call, removed, tuple(values))
                    group.calls.append(known)
                if occurrence > _MANY:
                    self._kept[identity] = group
        self._add_tags(by_number)
        # The number of a call is never given anew, so an undone one stays, but out of the way.
        self._db.executemany("UPDATE call SET occurrence = -id WHERE id = ?", undone)
        return found

    def _add_tags(self, by_number: dict[int, Known]) -> None:
        numbers = list(by_number)
        for start in range(0, len(numbers), _ASK):
            part = numbers[start : start + _ASK]
            for call, tag, kind in self._db.execute(
                "SELECT call_tag.call_id, tag.id, tag.kind FROM call_tag"
                " JOIN tag ON tag.id = call_tag.tag_id"
                f" WHERE call_tag.call_id IN ({placeholders(part)})",
                part,
            ):
                known = by_number[call]
                if kind == "reporting":
                    known.reporting_tags |= {tag}
                else:
                    known.call_tags |= {tag}


def _known_as(values: Stored, identity: bytes, stored: tuple[bytes, Stored] | None) -> bytes:
    if stored is None or any(values[at] != stored[1][at] for at in _SAME_FACTS):
        return identity
    given, kept = (json.loads(text) if text else {} for text in (values[_EXTRA], stored[1][_EXTRA]))
    return stored[0] if given == kept else identity


class Marks:
    """A set of call numbers that costs one bit each."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def add(self, number: int) -> None:
        """Add a number."""
        byte = number >> 3
        if byte >= len(self._bits):
            self._bits.extend(bytes(byte + 4096 - len(self._bits)))
        self._bits[byte] |= 1 << (number & 7)

    def __contains__(self, number: int) -> bool:
        byte = number >> 3
        return byte < len(self._bits) and bool(self._bits[byte] & (1 << (number & 7)))
