"""Whether a database lies on a network drive, where SQLite's locks cannot be relied on."""

from __future__ import annotations

import os
from pathlib import Path

_MOUNTS = "/proc/self/mounts"
_NETWORK = (
    "nfs",
    "nfs4",
    "cifs",
    "smbfs",
    "smb3",
    "afs",
    "9p",
    "ncpfs",
    "davfs",
    "ceph",
    "glusterfs",
)
_NETWORK_FUSE = (
    "fuse.sshfs",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.glusterfs",
    "fuse.davfs2",
    "fuse.smbnetfs",
)


def network_file_system(path: str, mounts: str = _MOUNTS) -> str | None:
    """Return the kind of network file system (``nfs``, ...) under ``path``, or None; Linux only."""
    try:
        lines = Path(mounts).read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    place = os.path.realpath(path)
    longest, kind = -1, None
    for line in lines:
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        folder = _unescaped(parts[1])
        inside = folder == "/" or place == folder or place.startswith(folder + "/")
        # Of two mounts on one folder the later one is on top.
        if inside and len(folder) >= longest:
            longest, kind = len(folder), parts[2]
    return kind if kind in _NETWORK or kind in _NETWORK_FUSE else None


def _unescaped(text: str) -> str:
    for code, character in ((r"\040", " "), (r"\011", "\t"), (r"\012", "\n"), (r"\134", "\\")):
        text = text.replace(code, character)
    return text
