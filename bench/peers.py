"""What the peers are asked to do, as text, so that a reader can judge whether it is fair."""

from __future__ import annotations

import re
from pathlib import Path

# Columns of scorecli's calls as the columns of the file; those that no file has are left out, which
# makes the peer's indexes smaller.
_FILE_COLUMNS = {
    "identity": "Call ID",
    "external_id": "Call ID",
    "started_at": "Start Time",
    "contact_number_e164": "Customer Number",
    "source_id": "Source",
    "medium_id": "Medium",
    "campaign_id": "Campaign",
    "agent_id": "Agent",
    "direction": "Direction",
    "status": "Status",
    "stars": "Rating",
    "converted": "Converted",
    "amount": "Amount",
}
_INDEX = re.compile(r"CREATE( UNIQUE)? INDEX (\w+) ON call \(([^)]*)\)")
# scorecli writes in WAL mode and flushes each commit to the disk; its peers do the same.
DURABLE = "PRAGMA journal_mode = WAL;\nPRAGMA synchronous = FULL;\n"

# The figures of `report conversions` from rows of (source_id, calls, scored, starred, star_sum,
# conversions, amount), any number of them for one source.
_FIGURES = """
SELECT coalesce(l.value, '(none)') AS source, sum(t.calls) AS calls, sum(t.scored) AS scored,
       1.0 * sum(t.star_sum) / nullif(sum(t.starred), 0) AS avg_stars,
       sum(t.conversions) AS conversions, 1.0 * sum(t.conversions) / sum(t.calls) AS rate,
       sum(t.amount) AS amount,
       1.0 * sum(t.amount) / nullif(sum(t.conversions), 0) AS amount_per_conversion,
       1.0 * sum(t.amount) / sum(t.calls) AS amount_per_call
FROM ({rows}) AS t LEFT JOIN lookup AS l ON l.id = t.source_id
GROUP BY t.source_id HAVING sum(t.calls) > 0 ORDER BY source;
"""
_GROUPED = """
SELECT source_id, count(*) AS calls, sum(scored) AS scored, count(stars) AS starred,
       sum(stars) AS star_sum, sum(converted) AS conversions,
       sum(CASE WHEN converted = 1 THEN amount END) AS amount
FROM call WHERE removed IS NULL GROUP BY source_id
"""
_PROBED = """
SELECT k AS source_id, calls, calls * scored AS scored, calls * (stars IS NOT NULL) AS starred,
       calls * coalesce(stars, 0) AS star_sum, calls * converted AS conversions, amount
FROM ({probes})
"""


def report_queries(probes: str | None) -> dict[str, str]:
    """Return known statements for the figures of `report conversions --by source`, by name.

    ``probes`` is the statement that scorecli itself runs, one row for each group of the index.
    """
    queries = {"grouped": _FIGURES.format(rows=_GROUPED)}
    if probes is not None:
        queries["probed"] = _FIGURES.format(rows=_PROBED.format(probes=probes))
    return queries


def attribution_script() -> str:
    """Return the sqlite3 shell's input that gives every call its user, without any history."""
    return (
        f"{DURABLE}UPDATE call SET user_id = (SELECT u.id FROM lookup AS l"
        ' JOIN "user" AS u ON u.folded = l.folded'
        " WHERE l.id = call.agent_id AND l.field = 'agent');\n"
    )


def same_indexes(schema: str) -> list[str]:
    """Return the statements that build scorecli's indexes on calls on the columns of the file.

    Indexes on what no file has, such as the record that was called, are left out.
    """
    statements = []
    for unique, name, columns in _INDEX.findall(schema):
        known = [_FILE_COLUMNS[one] for one in columns.split(", ") if one in _FILE_COLUMNS]
        shown = ", ".join(f'"{one}"' for one in known)
        if known:
            statements.append(f"CREATE{unique} INDEX {name} ON calls ({shown})")
    return statements


def import_script(log: Path, schema: str) -> str:
    """Return the sqlite3 shell's input that imports a log and builds the same indexes."""
    statements = "".join(f"{sql};\n" for sql in same_indexes(schema))
    return f'{DURABLE}.mode csv\n.import "{log}" calls\n{statements}'
