"""The tables of the settings as plain classes: what the rest of the program reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

DEFAULT_SCORE_TYPE = "score"


def label_of_score_type(name: str) -> str:
    """Return what people see of a score type that says no label: ``Renewal chance``."""
    return name.replace("_", " ").capitalize()


class Section:
    """One table of the settings; its values are attributes that cannot be changed.

    Plain classes, because making a dataclass takes half a millisecond each at every start.
    """

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.__dict__.update(values)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"settings cannot be changed: {name}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"settings cannot be changed: {name}")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items())
        return f"{type(self).__name__}({values})"


class ScoreSettings(Section):
    """The stars, and the column that shows the whole score."""

    enabled: bool
    column_name: str
    field_name: str


class FieldSettings(Section):
    """A field that can be renamed and switched off."""

    enabled: bool
    field_name: str


class AmountSettings(FieldSettings):
    """The converted amount; ``currency`` is an ISO 4217 code."""

    currency: str


class ReportingTagSettings(FieldSettings):
    """The reporting tags; while ``limit`` is on, only ``allowed`` ones can be given."""

    limit: bool
    allowed: tuple[str, ...]


class ResultSettings(FieldSettings):
    """The call results; ``recall_within`` is as people write it: ``30d``."""

    success_marks_converted: bool
    recall_within: str


class AttributionSettings(Section):
    """How calls are attributed to users."""

    backfill: bool


class MinutesSettings(Section):
    """How calls are billed, in seconds: up to the next ``increment``, at least ``minimum``."""

    increment: int
    minimum: int


class DisplaySettings(Section):
    """How things are shown; ``time_zone`` is ``local`` or a name such as ``Europe/Paris``."""

    time_zone: str
    stars: str
    ascii: bool
    page: bool


class PhoneSettings(Section):
    """``region`` is the country, two capital letters, of numbers without a country code."""

    region: str


class DatabaseSettings(Section):
    """``path`` is absolute or a URL; None where the settings name no database."""

    path: str | None


class ScoreTypeSettings(Section):
    """A scale of contact scores: from ``min`` to ``max``, with at most ``decimals`` decimals."""

    name: str
    label: str
    min: float
    max: float
    decimals: int


class ActivitySettings(Section):
    """Activities; ``points`` maps types to their points, ``half_life`` is as people write it."""

    scoring: bool
    editable_points: bool
    calls: bool
    aggregate_leads: bool
    aggregate_contacts: bool
    aggregate_companies: bool
    half_life: str
    points: dict[str, int]
