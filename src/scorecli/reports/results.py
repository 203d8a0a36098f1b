"""The user's list of call results, with how many calls have each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from scorecli.domain.call_results import FLAGS
from scorecli.domain.delays import show_delay
from scorecli.domain.text import fold, nearest
from scorecli.errors.results import UnknownResult
from scorecli.errors.scoring import FieldSwitchedOff
from scorecli.result import Column, Result
from scorecli.settings import Settings
from scorecli.storage.database import Database

_FIELDS = (
    "id",
    "code",
    "description",
    "enabled",
    "status",
    "recall_after",
    "roll_to",
    *FLAGS,
)
_SELECT = (
    "SELECT r.id, r.code, r.description, r.enabled, r.status, r.recall_after,"
    " (SELECT c.name FROM campaign AS c WHERE c.id = r.roll_to),"
    f" {', '.join(f'r.{flag}' for flag in FLAGS)} FROM result AS r"
)
_CAMPAIGNS = (
    "SELECT rc.result_id, c.name FROM result_campaign AS rc"
    " JOIN campaign AS c ON c.id = rc.campaign_id ORDER BY c.folded"
)
_CALLS = (
    "SELECT c.result_id, count(*) FROM call AS c"
    " WHERE c.removed IS NULL AND c.result_id IS NOT NULL GROUP BY c.result_id"
)
_DATA = (
    Column("description", "Description"),
    Column("enabled", "Enabled", "boolean"),
    Column("status", "Status"),
    Column("final", "Final", "boolean"),
    Column("do_not_call", "Do not call", "boolean"),
    Column("recall", "Recall", "boolean"),
    Column("recall_after", "Recall after"),
    Column("roll_to", "Rolls to"),
    Column("no_contact", "No contact", "boolean"),
    Column("contact", "Contact", "boolean"),
    Column("presentation", "Presentation", "boolean"),
    Column("success", "Success", "boolean"),
    Column("require_amount", "Requires amount", "boolean"),
    Column("campaigns", "Campaigns", "list"),
    Column("calls", "Calls", "integer"),
)
_PEOPLE = (
    Column("description", "Description"),
    Column("status", "Status", optional=True),
    Column("effects", "Effects", "list", optional=True),
    Column("campaigns", "Campaigns", "list", optional=True),
    Column("enabled", "Enabled", "boolean"),
    Column("calls", "Calls", "integer"),
)
# What each flag says in a few words, in the order of what it does before what was reached.
_EFFECTS = {
    "final": "final",
    "do_not_call": "do not call",
    "no_contact": "no contact",
    "contact": "contact",
    "presentation": "presentation",
    "success": "success",
    "require_amount": "amount required",
}


def list_results(
    db: Database, settings: Settings, text: str | None = None, *, for_people: bool = False
) -> Result:
    """Return the call results by code; with ``text``, those with it in code or description.

    For people the flags are words in one column. Raises :class:`FieldSwitchedOff`.
    """
    _require_on(settings)
    where, params = "", {}
    if text is not None:
        where = " WHERE instr(r.folded, :text) > 0 OR instr(fold(r.description), :text) > 0"
        params = {"text": fold(text)}
    found = _read(db, where, params)
    notices = () if found else ("No call results" + (" match." if text else " are defined yet."),)
    columns = _columns(settings, _PEOPLE if for_people else _DATA)
    return Result(columns, _rows(columns, found), notices=notices)


def show_result(db: Database, settings: Settings, code: str) -> Result:
    """Return one call result; raises :class:`UnknownResult` and :class:`FieldSwitchedOff`."""
    _require_on(settings)
    found = _read(db, " WHERE r.folded = :folded", {"folded": fold(code)})
    if not found:
        codes = [known for (known,) in db.rows("SELECT code FROM result ORDER BY folded")]
        raise UnknownResult(code, nearest(code, codes))
    columns = _columns(settings, _DATA)
    return Result(columns, _rows(columns, found), single=True)


def result_set(db: Database, settings: Settings) -> list[dict[str, Any]]:
    """Return every call result with its fields, in the order in which they were defined."""
    _require_on(settings)
    return _read(db, "", {}, order="r.id")


class ResultFields:
    """Fields of results out of the history, as people know them: campaigns by name, delays."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._names: dict[int, str] | None = None

    def shown(self, field: str, value: Any) -> Any:
        """Return what a value of a field says; of a whole ``row``, of each of its fields."""
        if field == "row" and value is not None:
            return {name: self.shown(name, part) for name, part in value.items()}
        if field == "recall_after" and value is not None:
            return show_delay(value)
        if field == "roll_to" and value is not None:
            return self._name(value)
        if field == "campaigns" and value is not None:
            return [self._name(number) for number in value]
        return value

    def _name(self, number: int) -> str:
        if self._names is None:
            self._names = dict(self._db.rows("SELECT id, name FROM campaign"))
        return self._names.get(number, f"campaign {number}")


def _read(
    db: Database, where: str, params: Mapping[str, Any], order: str = "r.folded"
) -> list[dict[str, Any]]:
    campaigns: dict[int, list[str]] = {}
    for number, name in db.rows(_CAMPAIGNS):
        campaigns.setdefault(number, []).append(name)
    calls = dict(db.rows(_CALLS))
    found = []
    for row in db.rows(f"{_SELECT}{where} ORDER BY {order}", params):
        result = dict(zip(_FIELDS, row, strict=True))
        number, delay = result.pop("id"), result["recall_after"]
        result |= {name: bool(result[name]) for name in ("enabled", *FLAGS)}
        result["recall_after"] = None if delay is None else show_delay(delay)
        result["campaigns"] = campaigns.get(number, [])
        result["calls"] = calls.get(number, 0)
        result["effects"] = _effects(result)
        found.append(result)
    return found


def _effects(result: Mapping[str, Any]) -> list[str]:
    said = []
    if result["recall"]:
        after = result["recall_after"]
        said.append(f"call again after {after}" if after else "call again")
    if result["roll_to"]:
        said.append(f"roll to {result['roll_to']}")
    implied = {"contact"} if result["success"] or result["presentation"] else set()
    return said + [
        words for flag, words in _EFFECTS.items() if result[flag] and flag not in implied
    ]


def _columns(settings: Settings, columns: Iterable[Column]) -> list[Column]:
    return [Column("code", settings.results.field_name), *columns]


def _rows(columns: Iterable[Column], found: list[dict[str, Any]]) -> list[list[Any]]:
    return [[result[column.name] for column in columns] for result in found]


def _require_on(settings: Settings) -> None:
    if not settings.results.enabled:
        raise FieldSwitchedOff(settings.results.field_name, "results")
