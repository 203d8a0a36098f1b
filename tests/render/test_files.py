import os
import stat
from contextlib import suppress
from pathlib import Path

import pytest

from scorecli.errors.output import OutputDiskFull, OutputNotWritable
from scorecli.render.files import output_file


def test_a_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    with output_file(path) as stream:
        stream.write("id\n")
    assert path.read_bytes() == b"id\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_earlier_file_stays_whole_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("old")
    with suppress(KeyboardInterrupt), output_file(path) as stream:
        stream.write("half")
        raise KeyboardInterrupt
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_earlier_file_is_replaced_and_loses_the_rights_of_others(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("old")
    path.chmod(0o644)
    with output_file(path) as stream:
        stream.write("new")
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_link_keeps_pointing_at_the_file_that_is_written(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    with output_file(tmp_path / "link.csv") as stream:
        stream.write("new")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == "new"


@pytest.mark.parametrize("name", ["", "missing/calls.csv"])
def test_a_folder_or_a_path_into_a_missing_one_is_refused_by_name(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    with pytest.raises(OutputNotWritable, match=str(path)), output_file(path) as stream:
        stream.write("x")
    assert not list(tmp_path.iterdir())


def test_a_device_is_written_to_directly() -> None:
    with output_file(Path(os.devnull)) as stream:
        stream.write("x")
    assert not Path(os.devnull).is_file()


def test_a_text_that_utf_8_cannot_hold_is_escaped(tmp_path: Path) -> None:
    with output_file(tmp_path / "x.txt") as stream:
        stream.write("a\udc80b")
    assert (tmp_path / "x.txt").read_text() == "a\\udc80b"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full here")
def test_a_full_disk_is_told_as_such() -> None:
    with pytest.raises(OutputDiskFull, match="/dev/full"), output_file(Path("/dev/full")) as stream:
        stream.write("x")
