"""The words that phone systems use for a call's direction and for what the line did."""

from __future__ import annotations

DIRECTIONS = {
    "inbound": "inbound",
    "incoming": "inbound",
    "in": "inbound",
    "received": "inbound",
    "outbound": "outbound",
    "outgoing": "outbound",
    "out": "outbound",
    "dialed": "outbound",
    "outbound-api": "outbound",
    "outbound-dial": "outbound",
    "internal": "internal",
    "local": "internal",
}
STATUSES = {
    "answered": "answered",
    "answer": "answered",
    "completed": "answered",
    "complete": "answered",
    "connected": "answered",
    "accepted": "answered",
    "call connected": "answered",
    "no answer": "no_answer",
    "no_answer": "no_answer",
    "no-answer": "no_answer",
    "noanswer": "no_answer",
    "unanswered": "no_answer",
    "missed": "no_answer",
    "missed call": "no_answer",
    "abandoned": "no_answer",
    "not answered": "no_answer",
    "canceled": "no_answer",
    "cancelled": "no_answer",
    "ringing": "no_answer",
    "busy": "busy",
    "operator intercept": "operator_intercept",
    "operator_intercept": "operator_intercept",
    "dropped": "dropped",
    "drop": "dropped",
    "drop/hang up": "dropped",
    "hang up": "dropped",
    "hangup": "dropped",
    "voicemail": "answering_machine",
    "answering machine": "answering_machine",
    "answering_machine": "answering_machine",
    "answer machine": "answering_machine",
    "machine": "answering_machine",
    "fax": "fax",
    "fax/modem": "fax",
    "failed": "failed",
    "failure": "failed",
    "congestion": "failed",
    "error": "failed",
    "invalid": "failed",
    "other": "other",
}


def direction(text: str) -> str | None:
    """Return the direction that a word means, or None where it is not known."""
    return DIRECTIONS.get(text.strip().casefold())


def status(text: str) -> str | None:
    """Return what the line did, or None where the word is not known."""
    return STATUSES.get(text.strip().casefold())
