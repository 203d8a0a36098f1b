"""What holds for every log, whatever it repeats and however it was damaged."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scorecli.errors import Refused, WrongUsage

FEW = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
POOLS = {
    "call id": ("", "A1", "A2", "A3"),
    "start time": ("", "2026-11-03 10:00", "2026-11-03 10:05", "2026-10-25 02:30"),
    "phone number": ("", "+12125550143", "(212) 555-0144", "anonymous"),
    "direction": ("", "in", "out", "sideways"),
    "agent": ("", "Dana", "Kim"),
    "duration": ("", "0", "65", "1:05"),
    "stars": ("", "1", "5"),
    "reporting tags": ("", "demo", "Demo;quote"),
    "converted": ("", "yes", "no"),
    "amount": ("", "10", "250.50"),
    "note": ("", "hello", "two\nlines"),
    "mood": ("", "good", "bad"),
}


@st.composite
def logs(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    """A header and rows of few different values, so that many rows are alike."""
    header = draw(st.lists(st.sampled_from(sorted(POOLS)), min_size=2, max_size=8, unique=True))
    row = st.tuples(*(st.sampled_from(POOLS[name]) for name in header))
    rows = draw(st.lists(row, max_size=12))
    # A row of empty cells only is a blank line to some; it says nothing here.
    return header, [list(each) for each in rows if any(each)]


def text_of(header: list[str], rows: list[list[str]]) -> str:
    stream = io.StringIO()
    csv.writer(stream).writerows([header, *rows])
    return stream.getvalue()


def check_sums(summary: Any) -> None:
    for each in (summary, *summary.files):
        assert each.read == each.inserted + each.updated + each.unchanged + each.rejected


def check_database(log: Any) -> None:
    """Nothing kept beside the calls may differ from what it is derived from."""
    wrong = log.rows(
        "SELECT id FROM call AS c WHERE scored <> (stars IS NOT NULL OR converted = 1 OR EXISTS"
        " (SELECT 1 FROM call_tag JOIN tag ON tag.id = tag_id WHERE call_id = c.id"
        " AND kind = 'reporting'))"
    )
    assert wrong == []
    assert log.rows("PRAGMA integrity_check") == [("ok",)]
    assert log.rows("PRAGMA foreign_key_check") == []


@FEW
@given(log_=logs())
def test_a_log_imported_twice_is_unchanged(new_log: Any, log_: Any) -> None:
    header, rows = log_
    log = new_log()
    first = log.imports(text_of(header, rows))
    check_sums(first)
    assert first.read == len(rows)
    before = log.rows("SELECT * FROM call")
    again = log.imports(text_of(header, rows))
    check_sums(again)
    assert (again.unchanged, again.change) == (len(rows), None)
    assert log.rows("SELECT * FROM call") == before
    check_database(log)


@FEW
@given(log_=logs(), cut=st.integers(0, 12))
def test_a_part_and_then_the_whole_are_the_whole(new_log: Any, log_: Any, cut: int) -> None:
    header, rows = log_
    whole, parts = new_log(), new_log()
    whole.imports(text_of(header, rows))
    parts.imports(text_of(header, rows[:cut]))
    second = parts.imports(text_of(header, rows))
    check_sums(second)
    if "call id" in header:  # later rows of a call may have taken back what earlier ones said
        assert len(parts.content()) == len(whole.content())
        assert parts.imports(text_of(header, rows)).unchanged == len(rows)
    else:
        assert second.inserted == len(rows) - len(rows[:cut])
        assert parts.content() == whole.content()
    check_database(parts)


@FEW
@given(log_=logs(), times=st.integers(1, 5))
def test_rows_without_an_id_stay_as_many_calls_as_there_are(
    new_log: Any, log_: Any, times: int
) -> None:
    header, rows = log_
    if "call id" in header:
        at = header.index("call id")
        header, rows = (header[:at] + header[at + 1 :], [r[:at] + r[at + 1 :] for r in rows])
        rows = [row for row in rows if any(row)]
    log = new_log()
    log.imports(text_of(header, rows * times))
    assert len(log.calls()) == len(rows) * times
    assert log.imports(text_of(header, rows * times)).unchanged == len(rows) * times


@FEW
@given(log_=logs(), split=st.integers(0, 12))
def test_an_empty_database_and_one_with_calls_take_a_log_alike(
    new_log: Any, log_: Any, split: int
) -> None:
    header, rows = log_
    files = [text_of(header, rows[:split]), text_of(header, rows[split:])]
    fresh, careful = new_log(), new_log()
    one = fresh.imports(*files)
    careful.imports("call id,system\nunrelated,another\n")
    other = careful.imports(*files)
    for name in ("read", "inserted", "updated", "unchanged", "scored", "orphan_amounts"):
        assert getattr(one, name) == getattr(other, name)
    assert fresh.content() == [row for row in careful.content() if row[1] != "another"]
    occurrences = "SELECT identity, occurrence FROM call WHERE system_id IN"
    occurrences += " (SELECT id FROM lookup WHERE value = 'generic') ORDER BY id"
    assert fresh.rows(occurrences) == careful.rows(occurrences)


@FEW
@given(first=logs(), rows=st.data())
def test_undo_restores_and_doing_it_again_brings_all_back(
    new_log: Any, first: Any, rows: st.DataObject
) -> None:
    header, before = first
    later = [
        list(rows.draw(st.tuples(*(st.sampled_from(POOLS[name]) for name in header))))
        for _ in range(rows.draw(st.integers(0, 8)))
    ]
    log = new_log()
    log.imports("call id,agent\nunrelated,another\n", text_of(header, before))
    state = log.calls()
    second = log.imports(text_of(header, [row for row in later if any(row)]))
    check_sums(second)
    after = log.calls()
    if second.change is None:
        assert after == state
        return
    log.undo(second.change)
    assert log.calls() == state
    check_database(log)
    log.undo(second.change + 1)
    assert log.calls() == after
    check_database(log)


@FEW
@given(log_=logs(), seed=st.randoms(use_true_random=False))
def test_the_order_of_a_log_without_ids_does_not_matter(new_log: Any, log_: Any, seed: Any) -> None:
    header, rows = log_
    if "call id" in header:
        return
    log = new_log()
    log.imports(text_of(header, rows))
    before = log.rows("SELECT * FROM call")
    shuffled = rows.copy()
    seed.shuffle(shuffled)
    assert log.imports(text_of(header, shuffled)).unchanged == len(rows)
    assert log.rows("SELECT * FROM call") == before


DAMAGE = st.lists(
    st.tuples(
        st.integers(0, 400),
        st.sampled_from(
            [b'"', b"\0", b",", b"\n", b"\r", b"\xff", b'""', b";", b"\t", b"", b"\xc3"]
        ),
        st.integers(0, 3),
    ),
    max_size=6,
)


@settings(FEW, max_examples=150)
@given(log_=logs(), damage=DAMAGE, cut=st.integers(0, 600))
def test_every_row_of_a_damaged_file_is_imported_or_rejected(
    new_log: Any, log_: Any, damage: Any, cut: int
) -> None:
    content = text_of(*log_).encode()
    for place, bytes_, drop in damage:
        content = content[:place] + bytes_ + content[place + drop :]
    content = content[:cut] if cut < len(content) else content
    log = new_log()
    rejects = log.folder / "bad.csv"
    try:
        summary = log.imports(content, rejects=str(rejects))
    except (Refused, WrongUsage):
        assert not Path(log.path).exists()
        assert not rejects.exists()
        return
    check_sums(summary)
    check_database(log)
    assert len(log.calls()) == summary.inserted
    assert rejects.exists() == bool(summary.rejected)
    if summary.rejected:
        with rejects.open(newline="", encoding="utf-8") as stream:
            header, *rows = csv.reader(stream)
        assert len(rows) == summary.rejected
        assert {len(row) for row in rows} == {len(header)}
        lines = Counter(row[-3] for row in rows)
        assert max(lines.values()) == 1
        assert all(row[-1] for row in rows)
    again = log.imports(content)
    check_sums(again)
    assert (again.unchanged, again.rejected) == (summary.read - summary.rejected, summary.rejected)


ROWS = [["A1", "Dana", "30"], ["A2", "Kim", "40"], ["A3", "Lee, Ann", "50"]]
PLAIN = text_of(["call id", "agent", "duration"], ROWS)
SHORT_OF_ONE = PLAIN.replace("A2,Kim,40", "A2,Kim")


@pytest.mark.parametrize(
    ("content", "good", "lines"),
    [
        (PLAIN, 3, []),
        (PLAIN.encode("utf-8-sig"), 3, []),
        (PLAIN.encode("utf-16"), 3, []),
        (PLAIN.replace("Kim", "Käthe").encode("cp1252"), 3, []),
        (PLAIN.replace("\r\n", "\r"), 3, []),
        (PLAIN.replace("\r\n", "\n").rstrip("\n"), 3, []),
        (PLAIN.replace('"Lee, Ann"', "Lee").replace(",", ";"), 3, []),
        (PLAIN.replace('"Lee, Ann"', "Lee").replace(",", "\t"), 3, []),
        (PLAIN.replace("\r\n", ",,,\r\n"), 3, []),
        (SHORT_OF_ONE, 2, ["3"]),
        (PLAIN.replace("Kim,40", "Kim,40,41"), 2, ["3"]),
        (PLAIN.replace("A2,Kim,40", '"A2,Kim,40"'), 2, ["3"]),
        (PLAIN.replace("Kim", "K\0m"), 2, ["3"]),
        (PLAIN.replace("Kim", '"Kim'), 2, ["3"]),
        (PLAIN[: PLAIN.index("Ann")], 2, ["4"]),
        ("call id,agent,duration\r\n", 0, []),
        ("", 0, []),
    ],
)
def test_a_damaged_copy_loses_no_row_and_shifts_none(
    log: Any, content: str | bytes, good: int, lines: list[str]
) -> None:
    rejects = log.folder / "bad.csv"
    summary = log.imports(content, rejects=str(rejects))
    assert (summary.inserted, summary.rejected) == (good, len(lines))
    check_sums(summary)
    if good == 2:
        assert "A1" in log.calls("external_id")
    if lines:
        with rejects.open(newline="") as stream:
            assert [row["line"] for row in csv.DictReader(stream)] == lines


def test_hundreds_of_columns_are_kept(log: Any) -> None:
    header = [f"column {number}" for number in range(300)]
    rows = [[f"{row}-{number}" for number in range(300)] for row in range(20)]
    assert log.imports(text_of(header, rows)).inserted == 20
    assert log.extra(7) == dict(zip(header, rows[6], strict=True))
    assert log.imports(text_of(header, rows)).unchanged == 20


@pytest.mark.parametrize("content", [bytes(range(256)) * 20, b"\x89PNG\r\n\x1a\n" + b"\0\1" * 500])
def test_what_is_no_table_is_refused_whole(log: Any, content: bytes) -> None:
    with pytest.raises(Refused):
        log.imports(content)
    assert not Path(log.path).exists()
