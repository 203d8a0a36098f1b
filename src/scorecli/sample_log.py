"""Call logs that nobody made: rows as a call tracking service exports them, for trying things out.

The same shape and seed give the same rows on every machine. Proportions hold exactly in every
hundred rows: 80 answered, 35 scored, 8 converted, and numbers that 70 of them bring for the first
time. Half the numbers are written in E.164 (``+12125550143``), half as people in North America
write them.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple, TextIO

HEADER = (
    "Call ID",
    "Start Time",
    "Direction",
    "Status",
    "Customer Name",
    "Customer Number",
    "Tracking Number",
    "Source",
    "Medium",
    "Campaign",
    "Agent",
    "Duration",
    "Talk Time",
    "Wait Time",
    "Rating",
    "Reporting Tags",
    "Converted",
    "Amount",
)
Row = tuple[str, ...]

_BLOCK = 100
_MOST_NAMES = 900  # every first name with every last one
_UNANSWERED, _CONVERTED, _SCORED = 20, 28, 55  # where each fate of a block's hundred rows ends
_OPENING, _OPEN_SECONDS = 8 * 3600, 11 * 3600  # calls come from 8:00 to 19:00, Sundays left out

_SOURCES = (
    ("Google Ads", "cpc", 26),
    ("Website", "organic", 20),
    ("Facebook Ads", "social", 14),
    ("Referral", "referral", 10),
    ("Direct Mail", "print", 8),
    ("Bing Ads", "cpc", 7),
    ("Newsletter", "email", 5),
    ("Radio", "broadcast", 4),
    ("Yard Sign", "print", 4),
    ("Trade Fair", "event", 2),
)
_CAMPAIGNS = (
    "Spring Check-up",
    "Summer Offer",
    "Autumn Clean-up",
    "Winter Service",
    "New Movers",
    "Loyal Customers",
    "Second Opinion",
    "Weekend Hours",
    "Free Estimate",
    "Emergency Line",
    "Win Back",
    "Open House",
)
_TAGS = (
    "new customer",
    "quote",
    "appointment",
    "existing customer",
    "price question",
    "call back",
    "complaint",
    "out of area",
)
_MISSED = ("No Answer", "No Answer", "No Answer", "Voicemail", "Voicemail", "Busy")
_FIRST_NAMES = """
Ana Ben Carla David Elena Frank Grace Henry Iris Jonas Karen Liam Maya Noah Olivia Peter Quinn
Rosa Samuel Tessa Umar Vera Walter Xenia Yusuf Zoe Amara Bruno Chloe Diego
"""
_LAST_NAMES = """
Abbott Baker Castillo Dalton Ellis Fischer Garcia Hughes Ibrahim Jensen Keller Lopez Moreau Nguyen
Okafor Patel Quintero Reyes Sanders Turner Underwood Vargas Weber Xiong Young Zimmer Adler Brandt
Costa Dumont
"""

_AREA_CODES = """
201 202 203 205 206 208 210 212 213 214 215 216 217 225 229 239 240 248 253 260 267 281 301 302
303 305 310 312 313 314 316 317 319 321 330 334 336 347 352 360 385 401 402 404 405 407 408 410
412 413 415 416 417 419 423 425 432 434 440 443 469 470 478 480 484 501 502 503 504 505 507 508
509 510 512 513 515 516 518 520 530 540 541 559 561 562 570 571 573 574 585 586 601 602 603 604
605 606 607 608 609 610 612 614 615 616 617 618 619 623 626 630 631 636 650 651 661 678 701 702
703 704 706 708 713 714 716 717 718 719 720 724 727 731 732 734 757 760 763 765 770 772 773 775
781 785 786 801 802 803 804 805 806 808 810 812 813 814 815 816 817 818 828 830 831 832 843 845
847 850 856 858 859 860 863 864 865 901 903 904 906 907 908 909 910 912 913 914 915 916 918 919
920 925 928 931 936 937 940 941 949 951 952 954 956 970 972 973 978 979 980 985
"""
# No service codes (411, 911) and no 555, which is kept free for fiction and for directories.
_EXCHANGES = tuple(code for code in range(200, 1000) if code % 100 != 11 and code != 555)
_STRIDE = 15_485_863  # a prime that divides no space of numbers: indexes map to numbers one to one
_ID_STRIDE = 0x9E3779B1  # odd, so that ids are unique among 2 ** 40


class LogShape(NamedTuple):
    """What a log is like.

    The calls come on the ``days`` days before the day ``before``, Sundays left out. With
    ``fictional`` all numbers are of the hundred that each area code reserves for fiction
    (555-0100 to 555-0199), which is enough for some ten thousand calls.
    """

    calls: int
    before: date
    days: int
    sources: int
    campaigns: int
    agents: int
    fictional: bool = False
    seed: int = 1


def demo_shape(day: date) -> LogShape:
    """Return the shape of a small business's last six weeks before ``day``: 200 calls."""
    return LogShape(200, day, 42, sources=5, campaigns=3, agents=4, fictional=True)


def large_shape(calls: int) -> LogShape:
    """Return the shape of a large company's two years: 500 agents, 10 sources, 12 campaigns."""
    return LogShape(calls, date(2026, 1, 1), 731, sources=10, campaigns=12, agents=500)


def write_log(stream: TextIO, shape: LogShape) -> None:
    """Write a log as CSV with a header; ``stream`` is open with ``newline=""``."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(rows(shape))


def rows(shape: LogShape) -> Iterator[Row]:
    """Yield the rows of a log under ``HEADER``, oldest first, without keeping them."""
    # Of a seeded generator only random() is promised to be the same in every version of Python.
    draw = Random(shape.seed).random  # noqa: S311  # nothing here is secret
    days = _working_days(shape)
    sources = _picks(shape.sources)
    areas = _AREA_CODES.split()
    tracking = {name: f"+1{areas[at]}55501{99 - at}" for at, (name, *_) in enumerate(_SOURCES)}
    number_of = _Numbers(shape)
    agents = _names(shape.agents, 15)
    customers = _names(_MOST_NAMES, 0)
    brought = 0  # numbers that have called so far
    fates: list[int] = []
    for at in range(shape.calls):
        if not fates:
            fates = _shuffled(draw)
        if at % 10 in (2, 5, 8):
            caller = int(draw() * brought)
        else:
            caller, brought = brought, brought + 1
        source, medium = sources[int(draw() * len(sources))]
        fate = fates.pop()
        position = (at + draw()) / shape.calls * len(days)
        answered = fate >= _UNANSWERED
        talk = 20 + int(draw() ** 2 * 880) if answered else 0
        wait = 2 + int(draw() * 43)
        yield (
            f"CAL{(at * _ID_STRIDE + shape.seed) % (1 << 40):010X}",
            f"{days[int(position)]} {_clock(position % 1)}",
            "Inbound" if draw() < 0.88 else "Outbound",
            "Answered" if answered else _MISSED[int(draw() * len(_MISSED))],
            customers[caller % _MOST_NAMES],
            number_of.text(caller),
            tracking[source],
            source,
            medium,
            _CAMPAIGNS[int(draw() * shape.campaigns)] if draw() < 0.8 else "",
            agents[int(draw() * shape.agents)] if answered else "",
            str(talk + wait),
            str(talk),
            str(wait),
            *_score(fate, draw(), draw(), draw()),
        )


def _score(fate: int, luck: float, size: float, tag: float) -> Row:
    """Return rating, reporting tags, converted and amount."""
    if not _UNANSWERED <= fate < _SCORED:
        return ("", "", "", "")
    first = _TAGS[int(tag * len(_TAGS))]
    tags = first if luck < 0.5 else ""
    if luck < 0.1:
        tags += f";{_TAGS[(int(tag * len(_TAGS)) + 3) % len(_TAGS)]}"
    if fate >= _CONVERTED:
        return (str(1 + int(size * 5)), tags, "", "")
    return (str(4 + int(luck * 2)), tags, "yes", f"{60 + int(size**3 * 4880) / 2:.2f}")


class _Numbers:
    """The phone numbers of a log: each index has its own."""

    def __init__(self, shape: LogShape) -> None:
        self._exchanges: Sequence[int] = (555,) if shape.fictional else _EXCHANGES
        self._first, self._lines = (100, 100) if shape.fictional else (0, 10_000)
        self._areas = _AREA_CODES.split()
        self._space = len(self._areas) * len(self._exchanges) * self._lines
        self._offset = shape.seed * 7919

    def text(self, index: int) -> str:
        """Return a number as the log writes it: E.164 or with punctuation, each the same always."""
        rest, line = divmod((index * _STRIDE + self._offset) % self._space, self._lines)
        area, exchange = divmod(rest, len(self._exchanges))
        code, middle, last = self._areas[area], self._exchanges[exchange], self._first + line
        if index % 2:
            return f"+1{code}{middle}{last:04}"
        return f"({code}) {middle}-{last:04}" if index % 4 else f"{code}-{middle}-{last:04}"


def _working_days(shape: LogShape) -> list[str]:
    first = shape.before - timedelta(days=shape.days)
    days = [first + timedelta(days=after) for after in range(shape.days)]
    return [day.isoformat() for day in days if day.weekday() < 6]


def _clock(part: float) -> str:
    seconds = _OPENING + int(part * _OPEN_SECONDS)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _picks(count: int) -> list[tuple[str, str]]:
    """Return (source, medium) as often as its weight says."""
    return [(name, medium) for name, medium, weight in _SOURCES[:count] for _ in range(weight)]


def _shuffled(draw: Callable[[], float]) -> list[int]:
    fates = list(range(_BLOCK))
    for last in range(_BLOCK - 1, 0, -1):
        other = int(draw() * (last + 1))
        fates[last], fates[other] = fates[other], fates[last]
    return fates


def _names(count: int, start: int) -> list[str]:
    """Return up to 900 names of people, each once; another ``start`` begins with other ones."""
    first, last = _FIRST_NAMES.split(), _LAST_NAMES.split()
    return [
        f"{first[at % len(first)]} {last[(at // len(first) + at + start) % len(last)]}"
        for at in range(count)
    ]
