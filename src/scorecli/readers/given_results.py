"""Which results and times to call again the rows of a file may give, as far as a row can tell.

What only the stored call can tell (the campaign it belongs to, the result it has already) is
decided when the row meets it; such a row carries its origin along, so that it can be rejected then.
"""

from __future__ import annotations

from typing import Any

from scorecli.domain.text import fold
from scorecli.errors.results import RecallNotMeant, ResultNeedsAmount, ResultNotOfCampaign
from scorecli.readers.cell_values import ResultCodes
from scorecli.readers.cells import Bad
from scorecli.readers.rows import Batch

Origin = tuple[int, list[str], tuple[str, ...]]
"""A row as it stands in its file: its line, its cells, and the names of their columns."""


class GivenResults:
    """Checks the typed columns of a batch; a refused value becomes :class:`Bad`.

    ``defined_only``: the file's own codes may mean nothing here, so a time to call again without a
    result is left out (its text stays under ``extra``) rather than refused.
    """

    def __init__(self, codes: ResultCodes, *, defined_only: bool) -> None:
        self._codes = codes
        self._defined_only = defined_only

    def check(self, columns: dict[str, list[Any]]) -> set[str]:
        """Refuse what cannot be given, and return the fields that have a refused value now."""
        refused = set()
        codes = self._codes
        if codes.need_amount and not codes.need_amount.isdisjoint(columns["result"]):
            refused.add("result")
            self._require_amounts(columns)
        if codes.used_in and not codes.used_in.keys().isdisjoint(columns["result"]):
            refused.add("result")
            self._refuse_elsewhere(columns)
        if columns["recall_at"].count(None) < len(columns["recall_at"]):
            refused.add("recall_at")
            self._refuse_recalls(columns)
        return refused

    def origins(self, columns: dict[str, list[Any]], batch: Batch) -> list[Origin | None]:
        """Return where those rows stand that a stored call may still refuse, None for others."""
        count = len(batch.lines)
        used_in, recalls = self._codes.used_in, columns["recall_at"]
        limited = bool(used_in) and not used_in.keys().isdisjoint(
            code for code in columns["result"] if type(code) is str
        )
        if not limited and recalls.count(None) == count:
            return [None] * count
        header = tuple(batch.header)
        return [
            (batch.lines[row], batch.rows[row], header)
            if code in used_in or (code is None and moment is not None)
            else None
            for row, (code, moment) in enumerate(zip(columns["result"], recalls, strict=True))
        ]

    def _require_amounts(self, columns: dict[str, list[Any]]) -> None:
        columns["result"] = [
            Bad(ResultNeedsAmount(code).message)
            if code in self._codes.need_amount and not amount
            else code
            for code, amount in zip(columns["result"], columns["amount"], strict=True)
        ]

    def _refuse_elsewhere(self, columns: dict[str, list[Any]]) -> None:
        columns["result"] = [
            code if used_in is None else self._of_campaign(code, used_in, campaign)
            for code, campaign in zip(columns["result"], columns["campaign"], strict=True)
            for used_in in (self._codes.used_in.get(code) if type(code) is str else None,)
        ]

    def _of_campaign(self, code: str, used_in: frozenset[str], campaign: Any) -> Any:
        """Return a code where a call of this campaign may have it, and what is wrong where not."""
        named = self._codes.campaigns
        folded = fold(campaign) if type(campaign) is str else None
        if folded is None or folded in used_in or folded not in named:
            return code
        allowed = sorted(named[each] for each in used_in)
        return Bad(ResultNotOfCampaign(code, named[folded], allowed).message)

    def _refuse_recalls(self, columns: dict[str, list[Any]]) -> None:
        columns["recall_at"] = [
            moment if type(moment) is not int else self._of_result(moment, code)
            for moment, code in zip(columns["recall_at"], columns["result"], strict=True)
        ]

    def _of_result(self, moment: int, code: Any) -> Any:
        if code is None:
            return None if self._defined_only else moment
        if type(code) is str and code not in self._codes.recalls:
            return Bad(RecallNotMeant(code).message)
        return moment
