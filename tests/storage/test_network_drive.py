from __future__ import annotations

from pathlib import Path

import pytest

from scorecli.storage.network_drive import network_file_system

MOUNTS = r"""/dev/sda1 / ext4 rw,relatime 0 0
server:/export /mnt/office nfs4 rw 0 0
//nas/share /mnt/our\040files cifs rw 0 0
me@host: /mnt/office/ssh fuse.sshfs rw 0 0
/dev/sdb1 /mnt/office/local ext4 rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/me/calls.db", None),
        ("/mnt/office/calls.db", "nfs4"),
        ("/mnt/officer/calls.db", None),
        ("/mnt/our files/calls.db", "cifs"),
        ("/mnt/office/ssh/deep/calls.db", "fuse.sshfs"),
        ("/mnt/office/local/calls.db", None),
    ],
)
def test_the_file_system_of_the_nearest_mount_counts(
    path: str, kind: str | None, tmp_path: Path
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)
    assert network_file_system(path, str(mounts)) == kind


def test_where_the_system_does_not_tell_there_is_no_warning(tmp_path: Path) -> None:
    assert network_file_system("/mnt/office/calls.db", str(tmp_path / "none")) is None
