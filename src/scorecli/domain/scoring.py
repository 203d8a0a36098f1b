"""What scoring a call means: which edits are allowed, and what a call's score is after one.

Nothing here knows of a database. Tags are opaque numbers, so that two spellings of one tag are one
number; amounts are ``(minor units, currency)``; days are ISO text.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from scorecli import errors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scorecli.settings import Settings  # only its shape; settings build on this room


class _Keep:
    """The value of an edit's field that leaves the call's field as it is."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "KEEP"


KEEP: Final = _Keep()


class ScoreEdit(NamedTuple):
    """What one scoring command asks for; ``KEEP`` leaves a field, ``None`` removes its value.

    Tags stand as the person wrote them; ``set_tags`` and ``set_call_tags`` replace all of a call's,
    and ``tags`` and ``call_tags`` come on top of those.
    ``converted`` is None where nothing was said about it.
    ``amount`` is in minor units of the settings' currency, ``result`` is a code, ``recall_at`` the
    UTC second at which to call again, which only a result that recalls can have.
    """

    stars: int | _Keep | None = KEEP
    tags: tuple[str, ...] = ()
    untags: tuple[str, ...] = ()
    call_tags: tuple[str, ...] = ()
    uncall_tags: tuple[str, ...] = ()
    set_tags: tuple[str, ...] | _Keep = KEEP
    set_call_tags: tuple[str, ...] | _Keep = KEEP
    converted: bool | None = None
    amount: int | _Keep | None = KEEP
    converted_on: str | _Keep | None = KEEP
    note: str | _Keep | None = KEEP
    result: str | _Keep | None = KEEP
    recall_at: int | _Keep | None = KEEP
    remove: bool = False

    def may_convert(self) -> bool:
        """Tell whether a call may become converted, so that the day it is matters."""
        return bool(self.converted) or isinstance(self.result, str)

    def is_empty(self) -> bool:
        """Tell whether nothing at all was asked for."""
        return self == ScoreEdit()


class TagEdit(NamedTuple):
    """The tags of an edit, resolved to numbers; with ``replace``, all others go."""

    add: frozenset[int] = frozenset()
    drop: frozenset[int] = frozenset()
    replace: bool = False

    def apply(self, tags: frozenset[int]) -> frozenset[int]:
        """Return the tags of a call after this edit."""
        kept = frozenset() if self.replace else tags
        return (kept | self.add) - self.drop


class ResultEdit(NamedTuple):
    """The result of an edit, resolved: its number, and whether it marks the call converted.

    ``None`` for the number takes the call's result away.
    """

    id: int | None
    converts: bool = False


class ScoreState(NamedTuple):
    """Everything that scoring can change on one call."""

    stars: int | None = None
    converted: bool = False
    amount: tuple[int, str] | None = None
    converted_on: str | None = None
    note: str | None = None
    result: int | None = None
    reporting_tags: frozenset[int] = frozenset()
    call_tags: frozenset[int] = frozenset()
    recall_at: int | None = None

    @property
    def scored(self) -> bool:
        """Whether the call counts as scored: stars, a reporting tag or a conversion."""
        return self.stars is not None or self.converted or bool(self.reporting_tags)


NOTHING_CAUSED: Final[Mapping[str, Any]] = MappingProxyType({})


def check_edit(edit: ScoreEdit, settings: Settings) -> None:
    """Refuse an edit that no call could take.

    Raises :class:`ContradictingOptions`, :class:`FieldSwitchedOff`, :class:`StarsOutOfRange`.
    """
    _check_contradictions(edit)
    _check_switches(edit, settings)
    if isinstance(edit.stars, int) and not 1 <= edit.stars <= 5:
        raise errors.scoring.StarsOutOfRange(edit.stars)


def apply_edit(
    state: ScoreState,
    edit: ScoreEdit,
    *,
    today: str,
    currency: str,
    tags: TagEdit = TagEdit(),  # noqa: B008  # immutable
    call_tags: TagEdit = TagEdit(),  # noqa: B008  # immutable
    result: ResultEdit | None = None,
    caused: Mapping[str, Any] = NOTHING_CAUSED,
) -> ScoreState:
    """Return the call's score after ``edit``.

    ``today`` is the conversion day where the call becomes converted without one. ``caused`` holds
    what the call's present result put there and nobody touched since (``converted``, perhaps
    ``converted_on`` and ``amount``) with the values of before: another result brings them back.
    Turning converted off keeps the amount and the day, so
    that turning it on again brings them back. Raises :class:`AmountWithoutConversion` for an
    amount or a day on a call that is not converted.
    """
    if edit.remove:
        state = state._replace(
            stars=None, converted=False, amount=None, converted_on=None, reporting_tags=frozenset()
        )
    elif takes_back(state, edit, result):
        state = state._replace(**caused)
    fields: dict[str, Any] = {}
    if edit.stars is not KEEP:
        fields["stars"] = edit.stars
    if edit.note is not KEEP:
        fields["note"] = edit.note
    if result is not None:
        fields["result"] = result.id
        if result.id != state.result:
            fields["recall_at"] = None  # it went with the former result
    if edit.recall_at is not KEEP:
        fields["recall_at"] = edit.recall_at
    fields["reporting_tags"] = tags.apply(state.reporting_tags)
    fields["call_tags"] = call_tags.apply(state.call_tags)

    # A result makes a conversion only where there is none: its day would not be the result's.
    by_result = result is not None and result.converts and edit.converted is None
    converts = bool(edit.converted) or (by_result and not state.converted)
    converted = converts or (state.converted and edit.converted is None)
    fields["converted"] = converted
    if edit.amount is not KEEP:
        if edit.amount is not None and not converted:
            raise errors.scoring.AmountWithoutConversion("amount")
        fields["amount"] = None if edit.amount is None else (edit.amount, currency)
    if edit.converted_on is not KEEP:
        if edit.converted_on is not None and not converted:
            raise errors.scoring.AmountWithoutConversion("converted_on")
        fields["converted_on"] = edit.converted_on
    elif converts and state.converted_on is None:
        fields["converted_on"] = today
    return state._replace(**fields)


def takes_back(state: ScoreState, edit: ScoreEdit, result: ResultEdit | None) -> bool:
    """Tell whether the edit replaces a result, so that a conversion made by it goes too."""
    return result is not None and loses_conversion(
        state.result,
        result.id,
        converts=result.converts,
        converted=state.converted,
        said=edit.converted,
    )


def loses_conversion(
    had: int | None, gets: int | None, *, converts: bool, converted: bool, said: bool | None
) -> bool:
    """Tell whether a call loses the conversion that its result made, when another one is given.

    ``converts``: the new result marks calls converted too; ``said`` is what was said about the
    conversion at the same time, which goes before what results do.
    """
    return had is not None and had != gets and converted and not converts and said is None


def _check_contradictions(edit: ScoreEdit) -> None:
    from scorecli.domain.text import fold

    def both(option: str, other: str) -> None:
        raise errors.scoring.ContradictingOptions(option, other)

    for given, replaced, opposite, option, other in (
        (edit.tags, edit.set_tags, edit.untags, "--tag", "--untag"),
        (edit.call_tags, edit.set_call_tags, edit.uncall_tags, "--call-tag", "--uncall-tag"),
    ):
        opposites = {fold(text) for text in opposite}
        for text in (*given, *(replaced if isinstance(replaced, tuple) else ())):
            if fold(text) in opposites:
                both(f'{option} "{text}"', f'{other} "{text}"')
    if edit.remove:
        if isinstance(edit.stars, int):
            both(f"--stars {edit.stars}", "--remove")
        if edit.tags:
            both(f'--tag "{edit.tags[0]}"', "--remove")
        if edit.converted:
            both("--converted", "--remove")
        if isinstance(edit.amount, int):
            both("--amount", "--remove")
        if isinstance(edit.converted_on, str):
            both("--converted-on", "--remove")
    if edit.result is None and isinstance(edit.recall_at, int):
        both("--recall-at", "--result none")
    if edit.converted is False:
        if isinstance(edit.amount, int):
            both("--amount", "--not-converted")
        if isinstance(edit.converted_on, str):
            both("--converted-on", "--not-converted")


def _check_switches(edit: ScoreEdit, settings: Settings) -> None:
    asked = (
        (edit.stars is not KEEP, settings.score, "score"),
        (
            bool(edit.tags or edit.untags) or edit.set_tags is not KEEP,
            settings.reporting_tags,
            "reporting_tags",
        ),
        (
            bool(edit.call_tags or edit.uncall_tags) or edit.set_call_tags is not KEEP,
            settings.tags,
            "tags",
        ),
        (edit.converted is not None, settings.conversion, "conversion"),
        (edit.converted_on is not KEEP, settings.conversion, "conversion"),
        (edit.amount is not KEEP, settings.converted_amount, "converted_amount"),
        (edit.note is not KEEP, settings.notes, "notes"),
        (edit.result is not KEEP or edit.recall_at is not KEEP, settings.results, "results"),
    )
    for wanted, section, table in asked:
        if wanted and not section.enabled:
            raise errors.scoring.FieldSwitchedOff(section.field_name, table)
