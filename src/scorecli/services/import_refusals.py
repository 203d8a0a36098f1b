"""Rows that only the stored call can refuse: results of other campaigns, times without a recall.

They go to the rejects file of their file, as those do that reading refused.
"""

from __future__ import annotations

from pathlib import Path

from scorecli.errors import Refused
from scorecli.errors.importing import StrictImportRefused
from scorecli.errors.results import RecallNotMeant
from scorecli.readers.rejects import RejectsFile, numbered
from scorecli.readers.rows import RowProblem
from scorecli.readers.score_rows import reason_of
from scorecli.services.import_options import ImportOptions
from scorecli.services.import_reading import FileRead
from scorecli.services.import_rows import AT, ImportRow, Stored
from scorecli.services.result_campaigns import DefinedCampaigns
from scorecli.storage.database import Database
from scorecli.storage.results import Results

_RESULT, _RECALL, _CAMPAIGN = AT["result"], AT["recall_at"], AT["campaign"]


class Refusals:
    """Checks the rows of one import against the calls they are about, and keeps what it refuses.

    Use :meth:`begin` for each file, :meth:`end` when all are written.
    """

    def __init__(self, options: ImportOptions) -> None:
        self._options = options
        self._file: FileRead | None = None
        self._number = -1  # that of the file
        self._files: dict[int, RejectsFile] = {}
        self._sizes: dict[Path, int] = {}  # of rejects files that were there before
        self._reads: list[FileRead] = []

    @property
    def count(self) -> int:
        """How many rows were refused so far."""
        return sum(
            file.count - self._reads[number].rejected for number, file in self._files.items()
        )

    def open(self, db: Database, results: Results, reads: list[FileRead]) -> None:
        """Begin to write what was read into a database."""
        self._results = results
        self._campaigns = DefinedCampaigns(db)
        self._reads = reads

    def begin(self, file: FileRead) -> None:
        """Begin with the rows of the next file."""
        self._number += 1
        self._file = file

    def refuses(
        self, row: ImportRow, after: Stored, before: Stored | None = None, call: int | None = None
    ) -> bool:
        """Tell whether a row may not bring a call to ``after``; then it is rejected.

        ``before`` is what the call was; without it the call is new.
        """
        if row.origin is None:
            return False
        error = self._refusal(row, after, before, call)
        if error is None:
            return False
        field = "recall_at" if isinstance(error, RecallNotMeant) else "result"
        line, cells, header = row.origin
        problem = RowProblem(line, self._column(field), reason_of(error), list(cells))
        self._rejects().write(problem, header)
        return True

    def end(self) -> list[FileRead]:
        """Complete the rejects files on disk, and return what was read with what was refused.

        Raises :class:`StrictImportRefused`.
        """
        reads = []
        for number, read in enumerate(self._reads):
            rejects = self._files.get(number)
            if rejects is not None:
                path = rejects.close()
                read = read._replace(
                    rejected=rejects.count,
                    rejects_file=None if path is None else str(path),
                    commonest=rejects.commonest(),
                )
            reads.append(read)
        if self._files and self._options.strict:
            written = ", ".join(read.rejects_file for read in reads if read.rejects_file)
            raise StrictImportRefused(sum(read.rejected for read in reads), written or None)
        return reads

    def discard(self) -> None:
        """Take back what was written to rejects files, because nothing was imported."""
        for rejects in self._files.values():
            path = rejects.path
            if path is not None and path in self._sizes:
                rejects.cut(self._sizes[path])
            else:
                rejects.discard()
        self._files.clear()

    def _refusal(
        self, row: ImportRow, after: Stored, before: Stored | None, call: int | None
    ) -> Refused | None:
        shown = None if call is None else str(call)
        result = self._results.get(after[_RESULT])
        given = before is not None and before[_RESULT] != after[_RESULT]
        if given and result is not None and result.campaigns:
            error = self._campaigns.refusal(result, after[_CAMPAIGN], shown)
            if error is not None:
                return error
        moment = row.values[_RECALL]
        takes = moment is not None and after[_RECALL] == moment
        new = given or before is None or before[_RECALL] != moment
        if takes and new and (result is None or not result.recall):
            return RecallNotMeant(None if result is None else result.code, shown)
        return None

    def _column(self, field: str) -> str:
        columns = () if self._file is None else self._file.columns
        names = [each.column for each in columns if field in (each.field or "").split(", ")]
        return " + ".join(names) or field

    def _rejects(self) -> RejectsFile:
        file = self._file
        assert file is not None  # noqa: S101  # rows come after the beginning of their file
        known = self._files.get(self._number)
        if known is not None:
            return known
        dry = self._options.dry_run
        if file.rejects_file is not None:
            path = Path(file.rejects_file)
            self._sizes[path] = path.stat().st_size
            rejects = RejectsFile.again(path, file.rejected, file.commonest)
        else:
            there = sum(read.rejects_file is not None for read in self._reads) + len(self._files)
            rejects = RejectsFile(file.name, given=numbered(self._options.rejects, there), dry=dry)
            rejects.count_on(file.rejected, file.commonest)  # a dry run counts and writes nothing
        self._files[self._number] = rejects
        return rejects
