"""Call results: the user's own list of coded outcomes."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Text
from sqlmodel import Field, SQLModel

from scorecli.domain.call_results import STATUSES
from scorecli.storage.models.checks import flag, one_of


class CallResult(SQLModel, table=True):
    """A coded outcome from the user's own list.

    ``final``, ``do_not_call``, ``recall`` and ``roll_to`` (a campaign) say what becomes of the
    record that was called; ``recall_after`` is the usual delay of the next attempt in seconds.
    """

    __tablename__: ClassVar[Any] = "result"
    __table_args__ = (
        flag("enabled"),
        flag("final"),
        flag("do_not_call"),
        flag("recall"),
        flag("no_contact"),
        flag("contact"),
        flag("presentation"),
        flag("success"),
        flag("require_amount"),
        one_of("status", STATUSES),
        CheckConstraint("length(code) BETWEEN 1 AND 32", name="ck_code"),
        CheckConstraint("success = 0 OR contact = 1", name="ck_success_is_contact"),
        CheckConstraint("presentation = 0 OR contact = 1", name="ck_presentation_is_contact"),
        CheckConstraint("no_contact = 0 OR contact = 0", name="ck_no_contact"),
        CheckConstraint("final = 0 OR recall = 0", name="ck_final_or_recall"),
        CheckConstraint("recall_after > 0", name="ck_recall_after"),
        CheckConstraint("require_amount = 0 OR success = 1", name="ck_amount_needs_success"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(sa_type=Text)
    folded: str = Field(sa_type=Text, unique=True)
    description: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    enabled: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    status: str | None = Field(default=None, sa_type=Text)
    final: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    do_not_call: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    recall: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    no_contact: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    contact: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    presentation: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    success: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    require_amount: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    recall_after: int | None = None
    roll_to: int | None = Field(default=None, foreign_key="campaign.id")
