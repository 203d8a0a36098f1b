"""What rules did, and what they could not do."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from scorecli.storage.models.checks import flag


class RuleFiring(SQLModel, table=True):
    """One time that a rule's conditions held for a record.

    ``fired`` is 0 where an action was refused, and ``detail`` says why; such a row does not count
    as fired. A firing counts only while its change stands, so that an undo needs not touch it.
    """

    __tablename__: ClassVar[Any] = "rule_firing"
    __table_args__: ClassVar[Any] = (
        flag("fired"),
        Index("ix_rule_firing_record", "entity", "entity_id", "rule"),
        Index("ix_rule_firing_change", "change_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    rule: str = Field(sa_type=Text)
    event: str = Field(sa_type=Text)
    entity: str = Field(sa_type=Text)
    entity_id: int
    change_id: int = Field(foreign_key="change.id")
    fired: int
    detail: str | None = Field(default=None, sa_type=Text)
