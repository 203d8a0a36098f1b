"""Who holds the write lock of a database, where the system says so."""

from __future__ import annotations

from pathlib import Path

# SQLite locks this byte of the shared-memory file while it writes in WAL mode
# (https://www.sqlite.org/walformat.html, "WAL Locks").
_WRITE_LOCK_BYTE = 120


def lock_holder(database: str) -> str | None:
    """Return ``name (process 123)`` of the writer, or None; only Linux tells."""
    try:
        inode = Path(database + "-shm").stat().st_ino
        lines = Path("/proc/locks").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    for line in lines:
        parts = line.split()
        # 1: POSIX ADVISORY WRITE 1234 08:01:98765 120 120
        if len(parts) < 8 or parts[1] == "->" or parts[3] != "WRITE":
            continue
        if not parts[5].endswith(f":{inode}"):
            continue
        end = float("inf") if parts[7] == "EOF" else int(parts[7])
        if int(parts[6]) <= _WRITE_LOCK_BYTE <= end:
            return _describe(parts[4])
    return None


def _describe(pid: str) -> str | None:
    if int(pid) <= 0:  # a process outside this container
        return None
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return f"process {pid}"
    words = [word.decode("utf-8", "replace") for word in raw.split(b"\0") if word]
    for position, word in enumerate(words[:3]):
        if Path(word).name == "scorecli":
            command = " ".join(["scorecli", *words[position + 1 : position + 3]])
            return f"`{command}` (process {pid})"
    name = Path(words[0]).name if words else "a program"
    return f"{name} (process {pid})"
