"""The user's own list of call results: defining, changing, enabling and disabling them.

Definitions are few and are written through SQLModel, which takes half a second to load.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from scorecli.domain.call_results import (
    FLAGS,
    code_problems,
    completed_flags,
    find_status,
    status_problem,
)
from scorecli.domain.text import fold, nearest
from scorecli.errors.results import BadResult, ResultCodeFixed, ResultExists, UnknownResult
from scorecli.errors.scoring import FieldSwitchedOff
from scorecli.settings import Settings
from scorecli.storage.changes import Change
from scorecli.storage.database import Database

if TYPE_CHECKING:
    from sqlmodel import Session

    from scorecli.storage.models import CallResult


class ResultWish(NamedTuple):
    """What is asked for of a result; None leaves a field as it is, an empty status clears it."""

    code: str | None = None
    description: str | None = None
    status: str | None = None
    contact: bool | None = None
    success: bool | None = None
    require_amount: bool | None = None
    enabled: bool | None = None


class Defined(NamedTuple):
    """The codes of the results that changed, and the number in the history (None in a dry run)."""

    codes: list[str]
    change: int | None


def add_result(
    db: Database,
    settings: Settings,
    wish: ResultWish,
    *,
    command: str,
    who: str,
    dry_run: bool = False,
) -> Defined:
    """Define a call result, enabled unless said otherwise; a success is a contact.

    Raises :class:`BadResult` naming all that is wrong, :class:`ResultExists`, and
    :class:`FieldSwitchedOff`.
    """
    _require_on(settings)
    with db.change(command, who, dry_run=dry_run) as change:
        session = db.session()
        none = dict.fromkeys(FLAGS, False)
        values = {"code": "", "description": "", "status": None, "enabled": 1}
        values |= _checked(wish._replace(code=wish.code or ""), none, "")
        existing = _find(session, str(values["code"]))
        if existing is not None:
            raise ResultExists(existing.code)
        result = _validated(values)
        session.add(result)
        session.flush()
        row = {name: value for name, value in result.model_dump().items() if name != "id"}
        change.record("result", _number(result), "row", None, row)
        code = result.code
    return Defined([code], None if dry_run else change.number)


def edit_result(
    db: Database,
    settings: Settings,
    code: str,
    wish: ResultWish,
    *,
    command: str,
    who: str,
    dry_run: bool = False,
) -> Defined:
    """Change a call result. Its code can change only while no call ever had it.

    Raises :class:`UnknownResult`, :class:`BadResult`, :class:`ResultExists`,
    :class:`ResultCodeFixed`, :class:`FieldSwitchedOff`.
    """
    return _edit(db, settings, [code], wish, command=command, who=who, dry_run=dry_run)


def switch_results(
    db: Database,
    settings: Settings,
    codes: Sequence[str],
    *,
    enabled: bool,
    command: str,
    who: str,
    dry_run: bool = False,
) -> Defined:
    """Enable or disable results, all of them or none; calls keep what they were given.

    Raises :class:`UnknownResult` and :class:`FieldSwitchedOff`.
    """
    wish = ResultWish(enabled=enabled)
    return _edit(db, settings, codes, wish, command=command, who=who, dry_run=dry_run)


def _edit(
    db: Database,
    settings: Settings,
    codes: Sequence[str],
    wish: ResultWish,
    *,
    command: str,
    who: str,
    dry_run: bool,
) -> Defined:
    _require_on(settings)
    changed: list[str] = []
    with db.change(command, who, dry_run=dry_run) as change:
        session = db.session()
        for code in codes:
            result = _existing(session, code)
            flags = {name: bool(getattr(result, name)) for name in FLAGS}
            values = _checked(wish, flags, result.code)
            if "code" in values and values["code"] != result.code:
                _refuse_code(db, session, result, values["code"])
            if _write(change, result, values):
                changed.append(result.code)
        session.flush()
    return Defined(changed, None if dry_run else change.number)


def _checked(wish: ResultWish, flags: Mapping[str, bool], known_as: str) -> dict[str, Any]:
    """Return the columns that a wish means; raises :class:`BadResult` with all its problems."""
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
    complete, contradictions = completed_flags(flags, {name: getattr(wish, name) for name in FLAGS})
    problems += contradictions
    if problems:
        raise BadResult(known_as or values.get("code", ""), problems)
    return {**values, **{name: int(value) for name, value in complete.items()}}


def _refuse_code(db: Database, session: Session, result: CallResult, code: str) -> None:
    other = _find(session, code)
    if other is not None and other.id != result.id:
        raise ResultExists(other.code)
    # The history names a result by its code, so one that calls had cannot change either.
    ever = db.one(
        "SELECT EXISTS (SELECT 1 FROM call WHERE result_id = :id) OR EXISTS ("
        "SELECT 1 FROM change_entry WHERE entity = 'call' AND field = 'result'"
        " AND (fold(json_extract(\"before\", '$')) = :folded"
        " OR fold(json_extract(\"after\", '$')) = :folded))",
        {"id": result.id, "folded": result.folded},
    )
    if ever:
        raise ResultCodeFixed(result.code)


def _write(change: Change, result: CallResult, values: Mapping[str, Any]) -> bool:
    before = result.model_dump()
    after = _validated({**before, **values}).model_dump()
    changed = False
    for name, value in after.items():
        if value != before[name]:
            setattr(result, name, value)
            changed = True
            if name != "folded":  # it follows the code by itself
                change.record("result", _number(result), name, before[name], value)
    return changed


def _validated(values: Mapping[str, Any]) -> CallResult:
    from scorecli.storage.models import CallResult

    # Models with a table are validated only on demand.
    return CallResult.model_validate({**values, "folded": fold(str(values["code"]))})


def _existing(session: Session, code: str) -> CallResult:
    found = _find(session, code)
    if found is None:
        from sqlmodel import select

        from scorecli.storage.models import CallResult

        codes = list(session.exec(select(CallResult.code)))
        raise UnknownResult(code, nearest(code, codes))
    return found


def _find(session: Session, code: str) -> CallResult | None:
    from sqlmodel import select

    from scorecli.storage.models import CallResult

    return session.exec(select(CallResult).where(CallResult.folded == fold(code))).first()


def _number(result: CallResult) -> int:
    assert result.id is not None  # noqa: S101  # it was flushed
    return result.id


def _require_on(settings: Settings) -> None:
    if not settings.results.enabled:
        raise FieldSwitchedOff(settings.results.field_name, "results")
