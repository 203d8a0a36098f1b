"""The figures of an import, for people and for scripts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from scorecli.services.import_reading import FileRead
from scorecli.services.import_writing import Counts


class FileSummary(NamedTuple):
    """The figures of one file; ``read`` is the sum of the four that follow it."""

    file: str
    profile: str
    read: int
    inserted: int
    updated: int
    unchanged: int
    rejected: int
    rejects_file: str | None
    unmapped: tuple[str, ...]


class ImportSummary(NamedTuple):
    """The figures of an import; ``change`` is None where nothing was written.

    ``attributed`` counts calls that got a user, ``unattributed`` new ones that did not, and
    ``without_user`` those of them that name an agent.
    """

    files: tuple[FileSummary, ...]
    reads: tuple[FileRead, ...]
    read: int
    inserted: int
    updated: int
    unchanged: int
    rejected: int
    attributed: int
    unattributed: int
    scored: int
    orphan_amounts: int
    defined_results: tuple[str, ...]
    change: int | None
    without_user: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return the summary under the names that scripts rely on."""
        rejects = [file.rejects_file for file in self.files if file.rejects_file]
        unmapped = dict.fromkeys(name for file in self.files for name in file.unmapped)
        return {
            "read": self.read,
            "inserted": self.inserted,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "rejects_file": rejects[0] if len(rejects) == 1 else (rejects or None),
            "attributed": self.attributed,
            "unattributed": self.unattributed,
            "scored": self.scored,
            "orphan_amounts": self.orphan_amounts,
            "unmapped": list(unmapped),
            "defined_results": list(self.defined_results),
            "change": self.change,
            "files": [{**file._asdict(), "unmapped": list(file.unmapped)} for file in self.files],
        }


def summarised(
    reads: Sequence[FileRead], counts: Sequence[Counts], defined: tuple[str, ...]
) -> ImportSummary:
    """Return the figures of files that were read and loaded; attribution adds its own."""
    files = tuple(
        FileSummary(
            file=read.name,
            profile=read.profile,
            read=read.read,
            inserted=count.inserted,
            updated=count.updated,
            unchanged=count.unchanged,
            rejected=read.rejected,
            rejects_file=read.rejects_file,
            unmapped=read.unmapped,
        )
        for read, count in zip(reads, counts, strict=True)
    )
    inserted = sum(file.inserted for file in files)
    return ImportSummary(
        files=files,
        reads=tuple(reads),
        read=sum(file.read for file in files),
        inserted=inserted,
        updated=sum(file.updated for file in files),
        unchanged=sum(file.unchanged for file in files),
        rejected=sum(file.rejected for file in files),
        attributed=0,
        unattributed=0,
        scored=sum(count.scored for count in counts),
        orphan_amounts=sum(count.orphan_amounts for count in counts),
        defined_results=defined,
        change=None,
    )
