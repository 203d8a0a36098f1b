"""The user's own list of call results: defining, changing, enabling and disabling them.

Definitions are few and are written through SQLModel, which takes half a second to load.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from scorecli.domain.call_results import (
    FLAGS,
    code_problems,
    completed_flags,
    find_status,
    status_problem,
)
from scorecli.domain.delays import read_delay
from scorecli.domain.text import fold, nearest
from scorecli.errors.results import BadResult, ResultCodeFixed, ResultExists, UnknownResult
from scorecli.errors.scoring import FieldSwitchedOff
from scorecli.services.record_states import keep_records
from scorecli.settings import Settings
from scorecli.storage.campaign_names import CampaignNames
from scorecli.storage.changes import Author, Change
from scorecli.storage.database import Database
from scorecli.storage.record_fields import RecordFields

if TYPE_CHECKING:
    from scorecli.storage.models import CallResult

CAMPAIGNS = "campaigns"
"""The field of the history that lists the numbers of a result's campaigns."""


class ResultWish(NamedTuple):
    """What is asked for of a result; None leaves a field as it is.

    An empty text clears ``status``, ``recall_after`` (a delay such as ``2h``) and ``roll_to`` (the
    name of a campaign). ``campaigns`` are all the campaigns that it may be used in, by name; none
    of them means every one.
    """

    code: str | None = None
    description: str | None = None
    status: str | None = None
    enabled: bool | None = None
    final: bool | None = None
    do_not_call: bool | None = None
    recall: bool | None = None
    recall_after: str | None = None
    roll_to: str | None = None
    no_contact: bool | None = None
    contact: bool | None = None
    presentation: bool | None = None
    success: bool | None = None
    require_amount: bool | None = None
    campaigns: tuple[str, ...] | None = None


class Defined(NamedTuple):
    """The codes of the results that changed, and the number in the history (None in a dry run)."""

    codes: list[str]
    change: int | None


class ResultWriter:
    """Defines and changes results inside a change."""

    def __init__(self, db: Database, change: Change) -> None:
        self._db = db
        self._change = change
        self._session = db.session()
        self._campaigns = CampaignNames(db)
        self._fields = RecordFields(db)

    def find(self, code: str) -> CallResult | None:
        """Return the result of this code, ignoring case, or None."""
        from sqlmodel import select

        from scorecli.storage.models import CallResult

        wanted = select(CallResult).where(CallResult.folded == fold(code))
        return self._session.exec(wanted).first()

    def existing(self, code: str) -> CallResult:
        """Return the result of this code; raises :class:`UnknownResult`."""
        found = self.find(code)
        if found is None:
            codes = [known for (known,) in self._db.rows("SELECT code FROM result ORDER BY folded")]
            raise UnknownResult(code, nearest(code, codes))
        return found

    def campaigns_of(self, code: str) -> list[int]:
        """Return the campaigns that a result may be used in; raises :class:`UnknownResult`."""
        return self._fields.listed("result", _number(self.existing(code)), CAMPAIGNS)

    def add(self, wish: ResultWish) -> str:
        """Define a result and return its code.

        Raises :class:`BadResult` naming all that is wrong, and :class:`ResultExists`.
        """
        blank = {"code": "", "description": "", "status": None, "enabled": 1}
        blank |= {"recall_after": None, "roll_to": None, **dict.fromkeys(FLAGS, 0)}
        values, campaigns = self._checked(wish._replace(code=wish.code or ""), blank, ())
        existing = self.find(str(values["code"]))
        if existing is not None:
            raise ResultExists(existing.code)
        result = _validated({**blank, **values})
        self._session.add(result)
        self._session.flush()
        row = {name: value for name, value in result.model_dump().items() if name != "id"}
        self._fields.write("result", _number(result), {CAMPAIGNS: ((), campaigns)})
        row[CAMPAIGNS] = list(campaigns)
        self._change.record("result", _number(result), "row", None, row)
        return result.code

    def edit(self, code: str, wish: ResultWish) -> tuple[str, bool]:
        """Change a result; return its code and whether anything changed.

        Raises :class:`UnknownResult`, :class:`BadResult`, :class:`ResultExists` and
        :class:`ResultCodeFixed`.
        """
        result = self.existing(code)
        number = _number(result)
        had = self._fields.listed("result", number, CAMPAIGNS)
        values, campaigns = self._checked(wish, result.model_dump(), had)
        if "code" in values and values["code"] != result.code:
            self._refuse_code(result, values["code"])
        changed = self._write(result, values)
        if campaigns != had:
            self._fields.write("result", number, {CAMPAIGNS: (had, campaigns)})
            self._change.record("result", number, CAMPAIGNS, had, campaigns)
            changed = True
        self._session.flush()
        return result.code, changed

    def _checked(
        self, wish: ResultWish, before: Mapping[str, Any], had: Sequence[int]
    ) -> tuple[dict[str, Any], list[int]]:
        """Return the columns that a wish means, and the numbers of all campaigns after it.

        Raises :class:`BadResult` with all its problems.
        """
        values: dict[str, Any] = {}
        problems: list[str] = []
        if wish.code is not None:
            values["code"] = " ".join(filter(None, wish.code.split(" ")))
            problems += code_problems(values["code"])
        if wish.description is not None:
            values["description"] = wish.description.strip()
        if wish.status is not None:
            status = find_status(wish.status) if wish.status else None
            if wish.status and status is None:
                problems.append(status_problem(wish.status))
            values["status"] = status
        if wish.enabled is not None:
            values["enabled"] = int(wish.enabled)
        given = {name: getattr(wish, name) for name in FLAGS}
        if wish.recall_after is not None:
            values["recall_after"] = self._delay(wish, given, problems)
        flags = {name: bool(before[name]) for name in FLAGS}
        complete, contradictions = completed_flags(flags, given)
        problems += contradictions
        if not complete["recall"]:
            values["recall_after"] = None
        campaigns = self._numbers(wish.campaigns, had, problems)
        self._check_rolling(wish, before, campaigns, values, problems)
        if problems:
            raise BadResult(str(before["code"] or values.get("code", "")), problems)
        return {**values, **{name: int(value) for name, value in complete.items()}}, campaigns

    def _delay(
        self, wish: ResultWish, given: dict[str, bool | None], problems: list[str]
    ) -> int | None:
        """Return the seconds of a delay; it means that the result recalls."""
        if not wish.recall_after:
            return None
        if wish.recall is False:
            problems.append("a delay says when to call again, so it needs recall")
        else:
            given["recall"] = True
        try:
            return read_delay(wish.recall_after)
        except ValueError as error:
            problems.append(str(error))
            return None

    def _numbers(
        self, names: Iterable[str] | None, had: Sequence[int], problems: list[str]
    ) -> list[int]:
        if names is None:
            return list(had)
        found = set()
        for name in names:
            known = self._campaigns.find(name)
            if known is None:
                problems.append(self._unknown(name))
            else:
                found.add(known.id)
        return sorted(found)

    def _check_rolling(
        self,
        wish: ResultWish,
        before: Mapping[str, Any],
        campaigns: Sequence[int],
        values: dict[str, Any],
        problems: list[str],
    ) -> None:
        target = before["roll_to"]
        if wish.roll_to is not None:
            known = self._campaigns.find(wish.roll_to) if wish.roll_to else None
            if wish.roll_to and known is None:
                problems.append(f"it cannot roll records on: {self._unknown(wish.roll_to)}")
            target = values["roll_to"] = None if known is None else known.id
        if target in campaigns:
            name = self._campaigns.name(target)
            problems.append(f'it is used in the campaign "{name}", so it cannot roll records there')

    def _unknown(self, name: str) -> str:
        near = nearest(name, self._campaigns.names)
        offer = f"; did you mean {' or '.join(near)}?" if near else ""
        return f'there is no campaign "{name}"{offer}'

    def _refuse_code(self, result: CallResult, code: str) -> None:
        other = self.find(code)
        if other is not None and other.id != result.id:
            raise ResultExists(other.code)
        # The history names a result by its code, so one that calls had cannot change either.
        ever = self._db.one(
            "SELECT EXISTS (SELECT 1 FROM call WHERE result_id = :id) OR EXISTS ("
            "SELECT 1 FROM change_entry WHERE entity = 'call' AND field = 'result'"
            " AND (fold(json_extract(\"before\", '$')) = :folded"
            " OR fold(json_extract(\"after\", '$')) = :folded))",
            {"id": result.id, "folded": result.folded},
        )
        if ever:
            raise ResultCodeFixed(result.code)

    def _write(self, result: CallResult, values: Mapping[str, Any]) -> bool:
        before = result.model_dump()
        after = _validated({**before, **values}).model_dump()
        changed = False
        for name, value in after.items():
            if value != before[name]:
                setattr(result, name, value)
                changed = True
                if name != "folded":  # it follows the code by itself
                    self._change.record("result", _number(result), name, before[name], value)
        return changed


def add_result(
    db: Database,
    settings: Settings,
    wish: ResultWish,
    *,
    author: Author,
    dry_run: bool = False,
) -> Defined:
    """Define a call result, enabled unless said otherwise; a success is a contact.

    Raises :class:`BadResult` naming all that is wrong, :class:`ResultExists`, and
    :class:`FieldSwitchedOff`.
    """
    require_results(settings)
    with db.change(*author, dry_run=dry_run) as change:
        code = ResultWriter(db, change).add(wish)
    return Defined([code], None if dry_run else change.number)


def edit_result(
    db: Database,
    settings: Settings,
    code: str,
    wish: ResultWish,
    *,
    author: Author,
    dry_run: bool = False,
) -> Defined:
    """Change a call result. Its code can change only while no call ever had it.

    Raises :class:`UnknownResult`, :class:`BadResult`, :class:`ResultExists`,
    :class:`ResultCodeFixed`, :class:`FieldSwitchedOff`.
    """
    return _edit(db, settings, [code], wish, author=author, dry_run=dry_run)


def switch_results(
    db: Database,
    settings: Settings,
    codes: Sequence[str],
    *,
    enabled: bool,
    author: Author,
    dry_run: bool = False,
) -> Defined:
    """Enable or disable results, all of them or none; calls keep what they were given.

    Raises :class:`UnknownResult` and :class:`FieldSwitchedOff`.
    """
    wish = ResultWish(enabled=enabled)
    return _edit(db, settings, codes, wish, author=author, dry_run=dry_run)


def require_results(settings: Settings) -> None:
    """Raise :class:`FieldSwitchedOff` where the settings have no call results."""
    if not settings.results.enabled:
        raise FieldSwitchedOff(settings.results.field_name, "results")


def _edit(
    db: Database,
    settings: Settings,
    codes: Sequence[str],
    wish: ResultWish,
    *,
    author: Author,
    dry_run: bool,
) -> Defined:
    require_results(settings)
    changed: list[str] = []
    with db.change(*author, dry_run=dry_run) as change:
        writer = ResultWriter(db, change)
        for code in codes:
            known_as, touched = writer.edit(code, wish)
            if touched:
                changed.append(known_as)
        keep_records(db, change)
    return Defined(changed, None if dry_run else change.number)


def _validated(values: Mapping[str, Any]) -> CallResult:
    from scorecli.storage.models import CallResult

    # Models with a table are validated only on demand.
    return CallResult.model_validate({**values, "folded": fold(str(values["code"]))})


def _number(result: CallResult) -> int:
    assert result.id is not None  # noqa: S101  # it was flushed
    return result.id
