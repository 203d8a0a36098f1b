"""The user's call results as the frequent paths need them: looked up by code, without the ORM."""

from __future__ import annotations

from typing import NamedTuple

from scorecli import errors
from scorecli.domain.text import fold, nearest
from scorecli.storage.database import Database


class KnownResult(NamedTuple):
    """What scoring needs to know of a call result; without ``campaigns`` it may be used in all."""

    id: int
    code: str
    enabled: bool
    success: bool
    require_amount: bool
    recall: bool
    campaigns: frozenset[int] = frozenset()


class Results:
    """All defined call results, read once per command."""

    def __init__(self, db: Database) -> None:
        self._by_fold: dict[str, KnownResult] = {}
        self._by_id: dict[int, KnownResult] = {}
        campaigns: dict[int, set[int]] = {}
        for result, campaign in db.rows("SELECT result_id, campaign_id FROM result_campaign"):
            campaigns.setdefault(result, set()).add(campaign)
        for id_, code, folded, enabled, success, amount, recall in db.rows(
            "SELECT id, code, folded, enabled, success, require_amount, recall FROM result"
        ):
            used_in = frozenset(campaigns.get(id_, ()))
            flags = bool(enabled), bool(success), bool(amount), bool(recall)
            known = KnownResult(id_, code, *flags, campaigns=used_in)
            self._by_fold[folded] = known
            self._by_id[id_] = known

    def get(self, number: int | None) -> KnownResult | None:
        """Return the result of a number, None where it is None."""
        return None if number is None else self._by_id[number]

    def code(self, number: int | None) -> str | None:
        """Return the code of a result by its number."""
        return None if number is None else self._by_id[number].code

    def successes(self) -> frozenset[int]:
        """Return the numbers of the results that are a success."""
        return frozenset(known.id for known in self._by_id.values() if known.success)

    def find(self, code: str) -> KnownResult | None:
        """Return the result with this code, ignoring case, or None."""
        return self._by_fold.get(fold(code))

    def usable(self, code: str) -> KnownResult:
        """Return a result that may be given to a call.

        Raises :class:`UnknownResult` or :class:`ResultDisabled`.
        """
        known = self.find(code)
        if known is None:
            raise errors.results.UnknownResult(
                code, nearest(code, [r.code for r in self._by_id.values()])
            )
        if not known.enabled:
            raise errors.results.ResultDisabled(known.code)
        return known
