"""Companies corrected by hand; they come with their contacts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from scorecli.domain.contact_values import read_line, read_number
from scorecli.domain.notes import check_note
from scorecli.domain.text import fold
from scorecli.errors.contacts import BadContactValue, CompanyNameTaken
from scorecli.storage.changes import Author
from scorecli.storage.database import Database
from scorecli.storage.record_fields import RecordFields
from scorecli.storage.users import find_user


class CompanyEdit(NamedTuple):
    """How many fields changed, and the number in the history (None where nothing was written)."""

    changed: int
    change: int | None


def edit_company(
    db: Database,
    company: int,
    texts: Mapping[str, str | None],
    *,
    author: Author,
    dry_run: bool = False,
) -> CompanyEdit:
    """Set fields of a company, None takes a value away; ``owner`` names a user.

    Raises :class:`CompanyNameTaken`, :class:`BadContactValue`, and what refuses an owner.
    """
    with db.change(*author, dry_run=dry_run) as change:
        wanted = {field: _value(db, field, text) for field, text in texts.items()}
        if "owner" in wanted:
            wanted["owner_id"] = wanted.pop("owner")
        name = wanted.get("name", "")
        if name is None:
            raise BadContactValue("name", "none", "is no name of a company")
        taken = db.one(
            "SELECT id FROM company WHERE folded = :folded AND id <> :id",
            {"folded": fold(name), "id": company},
        )
        if name and taken is not None:
            raise CompanyNameTaken(name, taken)
        fields: dict[str, tuple[Any, Any]] = {}
        for field, new in wanted.items():
            old = db.one(f"SELECT {field} FROM company WHERE id = :id", {"id": company})
            if old != new:
                fields[field] = (old, new)
                change.record("company", company, field, old, new)
        RecordFields(db).write("company", company, fields)
    return CompanyEdit(len(fields), None if dry_run else change.number)


def _value(db: Database, field: str, text: str | None) -> Any:
    if text is None:
        return None
    if field == "note":
        return check_note(text)
    if field == "owner":
        return find_user(db, text).id
    if field == "phone":
        return read_number(text)
    return read_line(field, text) or None
