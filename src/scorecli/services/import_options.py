"""What an import is asked to do, and where it says how far it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from scorecli.services.import_reading import FileForm, ReadingProgress

WritingProgress = Callable[[int, int], None]


class Updating(NamedTuple):
    """How an import treats calls, contacts and activities that exist."""

    overwrite_scores: bool = False
    clear_empty: bool = False


class ImportOptions(NamedTuple):
    """What an import should do. ``rejects`` names the file for bad rows; None chooses one."""

    form: FileForm = FileForm()
    rejects: str | None = None
    strict: bool = False
    updating: Updating = Updating()
    dry_run: bool = False


class Speaker(NamedTuple):
    """Where an import says what it finds and how far it is."""

    notice: Callable[[str], None]
    reading: ReadingProgress | None = None
    writing: WritingProgress | None = None
