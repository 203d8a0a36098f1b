"""The queue of a large campaign is read from indexes, in their order."""

from __future__ import annotations

from typing import Any

import pytest

from scorecli.storage.queue import GROUPS

Desk = Any
INDEXES = {
    "callback": "ix_list_record_queue (campaign_id=? AND state=? AND next_at>? AND next_at<?)",
    "new": "ix_list_record_queue (campaign_id=? AND state=? AND next_at=?)",
    "again": "ix_list_record_again (campaign_id=?)",
}


@pytest.mark.parametrize("why", GROUPS)
def test_each_group_of_the_queue_comes_from_its_index_without_sorting(desk: Desk, why: str) -> None:
    sql = GROUPS[why].format(also="")
    names = [name for name in ("campaign", "now", "fresh") if f":{name}" in sql]
    with desk.open() as db:
        plan = [row[3] for row in db.rows(f"EXPLAIN QUERY PLAN {sql}", dict.fromkeys(names, 1))]
    assert plan[0] == f"SEARCH c USING INDEX {INDEXES[why]}"
    assert not any("TEMP B-TREE" in step for step in plan)
