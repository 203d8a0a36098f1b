"""What the peers are asked to do, as text, so that a reader can judge whether it is fair."""

from __future__ import annotations

from pathlib import Path

# For each index that scorecli builds on calls, the same one on the columns of the file.
INDEXES = (
    ('CREATE UNIQUE INDEX call_identity ON calls ("Call ID")', "ux_call_identity"),
    ('CREATE INDEX call_external ON calls ("Call ID")', "ix_call_external"),
    ('CREATE INDEX call_number ON calls ("Customer Number")', "ix_call_number"),
    ('CREATE INDEX call_started ON calls ("Start Time")', "ix_call_started"),
    (
        'CREATE INDEX call_conversions ON calls ("Source", "Rating", "Converted", "Amount")',
        "ix_call_conversions_by_source",
    ),
)
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


def import_script(log: Path) -> str:
    """Return the sqlite3 shell's input that imports a log and builds the indexes."""
    statements = "".join(f"{sql};\n" for sql, _ in INDEXES)
    return f'{DURABLE}.mode csv\n.import "{log}" calls\n{statements}'
