"""Which column of a file becomes which field of a record, and what is left over."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from scorecli.domain.text import nearest
from scorecli.errors.importing import MappingProblem
from scorecli.readers.call_columns import CALLS
from scorecli.readers.own_export import OwnExport, own_export
from scorecli.readers.profiles import Choices, Profile
from scorecli.readers.rejects import ADDED, added_names
from scorecli.readers.vocabulary import Vocabulary, plain_name

WORDS = ("direction", "status")
"""The fields of a fixed set of words."""


class Wishes(NamedTuple):
    """What the person said about the mapping, on the command line.

    ``columns``: field -> column, empty to leave the field out. ``constants``: field -> value.
    ``key``: the columns that identify a record.
    """

    columns: Mapping[str, str]
    constants: Mapping[str, str]
    key: tuple[str, ...] = ()


class ColumnMap(NamedTuple):
    """The resolved mapping of one header.

    ``fields``: field -> positions of its columns, more than one where they are joined.
    ``unmapped``: positions kept in ``extra``. ``key``: positions that identify a record, or none.
    ``identity``: positions of all columns that hold no score, by name. ``rivals``: field -> names
    of columns that could as well have been taken for it. ``by_direction``: field -> direction
    (``unknown`` for none) -> positions, where they depend on it. ``kept``: positions that stay in
    ``extra`` although a field takes them. ``ignored``: positions of what a rejects file says of
    its rows, or an export of scorecli of what it gave them. ``own``: where such an export has that.
    """

    header: tuple[str, ...]
    fields: Mapping[str, tuple[int, ...]]
    constants: Mapping[str, str]
    unmapped: tuple[int, ...]
    key: tuple[int, ...]
    identity: tuple[int, ...]
    rivals: Mapping[str, tuple[str, ...]] = {}
    by_direction: Mapping[str, Mapping[str, tuple[int, ...]]] = {}
    kept: tuple[int, ...] = ()
    ignored: tuple[int, ...] = ()
    own: OwnExport | None = None

    def sided_only(self) -> dict[int, set[str]]:
        """Return the positions that only calls of some directions use, with those directions.

        What the others have there belongs into ``extra``.
        """
        used: dict[int, set[str]] = {}
        for sides in self.by_direction.values():
            for direction, positions in sides.items():
                for position in positions:
                    used.setdefault(position, set()).add(direction)
        always = {
            at
            for field, positions in self.fields.items()
            if field not in self.by_direction and not self._is_evidence(field)
            for at in positions
        }.union(self.kept)
        return {position: sides for position, sides in used.items() if position not in always}

    def words(self, field: str) -> set[int]:
        """Return the positions whose words may have to stay in ``extra``.

        Of several columns that only together say a direction or a status, those that are a field
        of their own as well need no other place.
        """
        positions = set(self.fields.get(field, ())).difference(self.kept)
        if self._is_evidence(field):
            others = (used for name, used in self.fields.items() if name != field)
            positions.difference_update(*others)
        return positions

    def _is_evidence(self, field: str) -> bool:
        return field in WORDS and len(self.fields.get(field, ())) > 1


def parse_wish(option: str, text: str, of: Vocabulary = CALLS) -> tuple[str, str]:
    """Split ``FIELD=VALUE`` as given to ``--map`` or ``--set``; the field must be one ``of`` them.

    Raises :class:`MappingProblem`.
    """
    field, equals, value = text.partition("=")
    field = field.strip()
    if not equals:
        raise MappingProblem(
            f"{option} {text!r} lacks an equals sign.", f"Write {option} FIELD=VALUE."
        )
    if field in of.own_fields:
        raise MappingProblem(
            f"{option} {text!r}: {field} is given by scorecli and cannot be imported.",
            of.own_hint,
        )
    if option == "--set" and field == "external_id":
        raise MappingProblem(
            f"{option} {text!r} would make all rows one {of.noun}.",
            "Map a column to external_id, or leave it out.",
        )
    if field not in of.fields:
        near = ", ".join(nearest(field, of.fields)) or ", ".join(of.fields)
        raise MappingProblem(
            f"{option} {text!r}: a {of.noun} has no field {field!r}.", f"Try: {near}."
        )
    return field, value.strip()


def parse_missing(text: str, of: Vocabulary = CALLS) -> tuple[str, str]:
    """Split what ``--missing`` was given into a field, or ``all``, and a word.

    ``FIELD=WORD`` is for one field. A word may have an equals sign of its own, unless what stands
    before it looks like a misspelt field; that raises :class:`MappingProblem`.
    """
    field, equals, word = text.partition("=")
    field = field.strip()
    if not equals:
        return "all", text
    if field in of.fields:
        return field, word
    near = nearest(field, of.fields)
    if near:
        raise MappingProblem(
            f"--missing {text!r}: a {of.noun} has no field {field!r}.", f"Try: {', '.join(near)}."
        )
    return "all", text


def resolve(
    header: Sequence[str],
    profile: Profile,
    wishes: Wishes,
    switched_off: frozenset[str],
    of: Vocabulary = CALLS,
) -> ColumnMap:
    """Return the mapping of a header: the person's wishes first, then the profile, then names.

    ``switched_off`` fields are mapped by nobody but are no error in a profile or a name; a wish
    for one is refused by the caller. Raises :class:`MappingProblem` for a column that is not there.
    """
    header = tuple(header)
    find = _finder(header)
    fields = _wished(header, wishes, find)
    wished = {
        field for field, column in wishes.columns.items() if not (column and field in of.several)
    }
    settled = wished | set(wishes.constants) | switched_off
    for field, choices in profile.columns.items():
        if field not in settled and (found := _first_found(choices, find)):
            fields[field] = found
    sided = _by_direction(profile.by_direction, find, settled | set(fields))
    _take_sides(sided, fields)
    left_out = {field for field, choices in profile.columns.items() if not choices}
    rivals = _map_by_name(header, fields, settled | left_out, of)
    if "direction" in {*fields, *wishes.constants}:
        sided |= _sides_by_name(fields, find, settled | left_out, of)
    constants = {
        field: value
        for field, value in {**profile.constants, **wishes.constants}.items()
        if field in wishes.constants or (field not in fields and field not in settled)
    }
    taken = {position for used in fields.values() for position in used}
    # A rejects file that was mended: what it says about its rows is no part of them.
    added = set(range(_width_without_reasons(header), len(header)))
    own = own_export(header) if of is CALLS else None
    if own is not None:
        added |= own.given
    left = set(range(len(header))) - taken - added
    scores = {p for field in of.scores if field in fields for p in fields[field]}
    by_name = sorted(left | taken - scores, key=lambda position: header[position])
    return ColumnMap(
        header,
        fields,
        constants,
        tuple(sorted(left)),
        _key(wishes.key or profile.key, header, find, wished=bool(wishes.key)),
        tuple(by_name),
        rivals,
        sided,
        tuple(at for column in profile.keep if (at := find(column)) in taken and at is not None),
        tuple(sorted(added - taken)),
        own,
    )


def key_fields(mapping: ColumnMap) -> tuple[str, ...]:
    """Return the fields that the columns of ``--key`` became, ``extra.COLUMN`` where none did."""
    by_position = {at: field for field, used in mapping.fields.items() for at in used}
    return tuple(by_position.get(at, f"extra.{mapping.header[at]}") for at in mapping.key)


def _finder(header: tuple[str, ...]) -> Callable[[str], int | None]:
    """Return what finds a column by its exact name, else by its plain one."""
    positions: dict[str, int] = {}
    folded: dict[str, int] = {}
    for position, name in enumerate(header):
        positions.setdefault(name, position)
        folded.setdefault(plain_name(name), position)

    def find(column: str) -> int | None:
        exact = positions.get(column)
        plain = plain_name(column)
        return exact if exact is not None or not plain else folded.get(plain)

    return find


def _wished(
    header: tuple[str, ...], wishes: Wishes, find: Callable[[str], int | None]
) -> dict[str, tuple[int, ...]]:
    fields: dict[str, tuple[int, ...]] = {}
    for field, column in wishes.columns.items():
        if not column:
            continue
        at = find(column)
        if at is None:
            near = ", ".join(nearest(column, header)) or ", ".join(header[:20])
            raise MappingProblem(
                f"--map {field}={column}: the file has no column {column!r}.", f"It has: {near}."
            )
        fields[field] = (at,)
    return fields


def _width_without_reasons(header: tuple[str, ...]) -> int:
    """Return how many columns are those of the rows themselves, before what rejects files add.

    Bad rows of a rejects file went to one of their own, so that there may be several such groups.
    """
    width = len(header)
    while width > len(ADDED) and _ends_in_added(header[:width]):
        width -= len(ADDED)
    return width


def _ends_in_added(header: tuple[str, ...]) -> bool:
    return tuple(added_names(header[: -len(ADDED)])) == header[-len(ADDED) :]


def _first_found(choices: Choices, find: Callable[[str], int | None]) -> tuple[int, ...]:
    """Return the positions of the first choice whose columns are all there, or none."""
    for columns in choices:
        found = tuple(at for column in columns if (at := find(column)) is not None)
        if len(found) == len(columns):
            return found
    return ()


Sides = dict[str, dict[str, tuple[int, ...]]]  # field -> direction -> positions


def _by_direction(
    directions: Mapping[str, Mapping[str, Choices]],
    find: Callable[[str], int | None],
    settled: set[str],
    taken: Collection[int] = (),
) -> Sides:
    sides: Sides = {}
    for direction, fields in directions.items():
        for field, choices in fields.items():
            if field in settled:
                continue
            found = _first_found(choices, find)
            if found and not set(found) & set(taken):
                sides.setdefault(field, {})[direction] = found
    return sides


def _sides_by_name(
    fields: dict[str, tuple[int, ...]],
    find: Callable[[str], int | None],
    settled: set[str],
    of: Vocabulary,
) -> Sides:
    """Map columns such as From and To, which only the direction of a call gives a meaning."""
    taken = {position for used in fields.values() for position in used}
    directions = {
        direction: {field: ((column,),) for field, column in columns.items()}
        for direction, columns in of.sides.items()
    }
    # A column that says by itself what it is comes first.
    sided = _by_direction(directions, find, settled | set(fields), taken)
    _take_sides(sided, fields)
    return sided


def _take_sides(sided: Sides, fields: dict[str, tuple[int, ...]]) -> None:
    for field, sides in sided.items():
        fields[field] = tuple(dict.fromkeys(at for found in sides.values() for at in found))


def _map_by_name(
    header: tuple[str, ...],
    fields: dict[str, tuple[int, ...]],
    settled: set[str],
    of: Vocabulary,
) -> dict[str, tuple[str, ...]]:
    """Map the columns that nothing took by their names; return the rivals of those taken."""
    taken = {position for used in fields.values() for position in used}
    by_synonym: set[str] = set()
    rivals: dict[str, tuple[str, ...]] = {}
    # A column that bears the field's own name wins over one that bears a synonym.
    for own_name in (True, False):
        for position, name in enumerate(header):
            plain = plain_name(name)
            field = of.field_of(plain)
            if field is None or field in settled or position in taken:
                continue
            if (plain == plain_name(field)) is not own_name:
                continue
            if field not in fields:
                fields[field] = (position,)
                taken.add(position)
                if not own_name:
                    by_synonym.add(field)
            elif field in of.several:
                fields[field] = (*fields[field], position)
                taken.add(position)
            elif field in by_synonym:
                rivals[field] = (*rivals.get(field, ()), name)
    return rivals


def _key(
    columns: Sequence[str],
    header: tuple[str, ...],
    find: Callable[[str], int | None],
    *,
    wished: bool,
) -> tuple[int, ...]:
    found = []
    for column in columns:
        position = find(column)
        if position is None:
            if not wished:
                return ()
            near = ", ".join(nearest(column, header)) or ", ".join(header[:20])
            raise MappingProblem(f"--key: the file has no column {column!r}.", f"It has: {near}.")
        found.append(position)
    return tuple(found)
