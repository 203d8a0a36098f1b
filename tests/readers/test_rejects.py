"""The file of rejected rows: complete, private, and never in place of another file."""

from __future__ import annotations

import csv
import stat
from pathlib import Path

import pytest

from scorecli.errors.input import RejectsFileExists, RejectsFileFailed
from scorecli.readers.rejects import RejectsFile
from scorecli.readers.rows import RowProblem


def content(path: Path | None) -> list[list[str]]:
    assert path is not None
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_the_file_holds_all_columns_and_where_and_what(tmp_path: Path) -> None:
    rejects = RejectsFile("in/calls.csv", folder=tmp_path)
    rejects.write(RowProblem(7, "b", "no number", ["José", "x\ny"]), ["a", "b"])
    rejects.write(RowProblem(9, "", "1 field where 2 are expected", ["z"]), ["a", "b"])
    path = rejects.close()
    assert path == tmp_path / "calls.rejects.csv"
    assert content(path) == [
        ["a", "b", "line", "field", "error"],
        ["José", "x\ny", "7", "b", "no number"],
        ["z", "", "9", "", "1 field where 2 are expected"],
    ]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert rejects.count == 2


def test_no_file_comes_to_be_without_a_problem(tmp_path: Path) -> None:
    assert RejectsFile("calls.csv", folder=tmp_path).close() is None
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_exists_is_never_overwritten(tmp_path: Path) -> None:
    names = []
    for _ in range(3):
        rejects = RejectsFile("calls.csv.gz", folder=tmp_path)
        rejects.write(RowProblem(2, "", "bad", ["x"]), ["a"])
        path = rejects.close()
        assert path is not None
        names.append(path.name)
    assert names == ["calls.rejects.csv", "calls.rejects-2.csv", "calls.rejects-3.csv"]


def test_a_given_path_that_exists_is_refused(tmp_path: Path) -> None:
    given = tmp_path / "mine.csv"
    late = RejectsFile("calls.csv", given=str(given))
    given.write_text("precious")
    with pytest.raises(RejectsFileExists):
        RejectsFile("calls.csv", given=str(given))
    with pytest.raises(RejectsFileExists):
        late.write(RowProblem(2, "", "bad", ["x"]), ["a"])
    late.discard()
    assert given.read_text() == "precious"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "target"
    (tmp_path / "calls.rejects.csv").symlink_to(target)
    rejects = RejectsFile("calls.csv", folder=tmp_path)
    rejects.write(RowProblem(2, "", "bad", ["x"]), ["a"])
    assert rejects.close() == tmp_path / "calls.rejects-2.csv"
    assert not target.exists()


def test_columns_called_line_or_error_keep_their_names(tmp_path: Path) -> None:
    rejects = RejectsFile("calls.csv", folder=tmp_path)
    rejects.write(RowProblem(2, "", "bad", ["1", "2", "3"]), ["line", "error", "error_2"])
    header = ["line", "error", "error_2", "line_2", "field", "error_3"]
    assert content(rejects.close())[0] == header


def test_surplus_cells_stay_with_the_last_column(tmp_path: Path) -> None:
    rejects = RejectsFile("calls.csv", folder=tmp_path)
    rejects.write(RowProblem(2, "", "bad", ["1", "2", "a,b", ""]), ["x", "y"])
    assert content(rejects.close())[1] == ["1", '2,"a,b",', "2", "", "bad"]


def test_a_header_that_grows_is_complete_in_the_end(tmp_path: Path) -> None:
    rejects = RejectsFile("calls.json", folder=tmp_path)
    rejects.write(RowProblem(1, "", "bad", ["1"]), ["a"])
    rejects.write(RowProblem(2, "", "bad", ["2", "3"]), ["a", "b"])
    rejects.write(RowProblem(3, "", "bad", ["4", "5"]), ["c", "a"])
    path = rejects.close()
    assert content(path) == [
        ["a", "b", "c", "line", "field", "error"],
        ["1", "", "", "1", "", "bad"],
        ["2", "3", "", "2", "", "bad"],
        ["5", "", "4", "3", "", "bad"],
    ]
    assert [child.name for child in tmp_path.iterdir()] == ["calls.rejects.csv"]


def test_a_dry_run_counts_and_writes_nothing(tmp_path: Path) -> None:
    rejects = RejectsFile("calls.csv", folder=tmp_path, dry=True)
    rejects.write(RowProblem(2, "", "bad", ["x"]), ["a"])
    assert rejects.count == 1
    assert rejects.close() is None
    assert list(tmp_path.iterdir()) == []


def test_what_was_written_can_be_discarded(tmp_path: Path) -> None:
    for closed in (False, True):
        rejects = RejectsFile("calls.csv", folder=tmp_path)
        rejects.write(RowProblem(2, "", "bad", ["x"]), ["a"])
        if closed:
            rejects.close()
        rejects.discard()
        assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    rejects = RejectsFile("calls.csv", folder=tmp_path / "none")
    with pytest.raises(RejectsFileFailed, match="No such file"):
        rejects.write(RowProblem(2, "", "bad", ["x"]), ["a"])


def test_any_characters_of_a_damaged_row_can_be_written(tmp_path: Path) -> None:
    rejects = RejectsFile("calls.csv", folder=tmp_path)
    rejects.write(RowProblem(2, "a", "bad", ["\0", "\ud800", '"\r']), ["a", "b", "c"])
    assert content(rejects.close())[1][:3] == ["\0", "\\ud800", '"\r']
