"""Scores that come along with contacts in a file, under ``score`` and ``score.TYPE``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scorecli.domain.contact_scores import exact, field_name, stored
from scorecli.services.contact_scoring import record_score
from scorecli.storage.changes import Change
from scorecli.storage.contact_rows import State
from scorecli.storage.database import Database
from scorecli.storage.many_rows import chunks, placeholders

if TYPE_CHECKING:
    from scorecli.services.contact_import import FileReading


class ImportedScores:
    """Reads and writes the scores that the files have columns for, inside a change."""

    def __init__(
        self, db: Database, change: Change, types: Iterable[str], files: Iterable[FileReading]
    ) -> None:
        self._db = db
        self._change = change
        readings = list(files)
        self._files = [Path(reading.file).name for reading in readings]
        told = {
            field for reading in readings for field in (*reading.fields, *reading.mapping.constants)
        }
        self._types = {field_name(name): name for name in types if field_name(name) in told}
        self._pending: list[tuple[int, str, Any, Any, str]] = []

    def none(self) -> dict[str, Any]:
        """Return the scores of a contact that has none."""
        return dict.fromkeys(self._types)

    def read(self, states: Mapping[int, State]) -> None:
        """Add their scores to the states of contacts."""
        if not self._types:
            return
        for state in states.values():
            state.update(self.none())
        fields = {name: field for field, name in self._types.items()}
        for part in chunks(states):
            for contact, name, value in self._db.execute(
                "SELECT contact_id, score_type, value FROM contact_score"
                f" WHERE contact_id IN ({placeholders(part)})",
                part,
            ):
                if name in fields:
                    states[contact][fields[name]] = stored(exact(value))

    def put(
        self, contact: int, before: Mapping[str, Any], after: Mapping[str, Any], file: int
    ) -> None:
        """Keep the scores of a contact that change, to be written once it is there."""
        for field, name in self._types.items():
            if field in after and before.get(field) != after[field]:
                reason = f"imported from {self._files[file]}"
                self._pending.append((contact, name, before.get(field), after[field], reason))

    def flush(self) -> None:
        """Write what was kept."""
        for contact, name, before, after, reason in self._pending:
            record_score(self._db, self._change, contact, name, (before, after), reason=reason)
        self._pending.clear()
