# ruff: noqa: RUF001 - letters that look alike are what these tests are about
"""Names as phone systems write them, against users: the right one, or nobody, in any order.

Persons are made of parts, and what is written of them is made from the parts as well: either in
another dress, which must find the person, or damaged, which must find nobody else. Nothing here
asks the code under test what a name is.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from scorecli.domain.attribution import Agent, Directory, Person
from scorecli.domain.scoring import ScoreEdit
from scorecli.domain.whole_filter import Filter
from scorecli.services.attribution import attribute_calls
from scorecli.services.call_editing import add_call
from scorecli.services.users import UserWish, add_user, edit_user, switch_users
from scorecli.storage.changes import Author

DAY = 86_400
NOW = 20 * DAY
HOW: dict[str, Any] = {"now": NOW, "author": Author("test", "tester")}
# No two letters of one of these look the same without accent and case.
LATIN, CYRILLIC, GREEK = "abcdeginorstuz", "абвгдеклмнопрст", "αβγδεκλμνοπ"
HEBREW, ARABIC, DEVANAGARI = "אבגדהוזחט", "ابتجحدرسع", "कखगचजटतद"
ACCENTS = "\u0300\u0301\u0302\u0303\u0308\u030a\u030c\u0327"
BLANKS = (" ", "  ", "\u00a0", "\t", "\u3000", " \u2009")
APOSTROPHES = ("'", "’", "ʼ", "`", "")
HYPHENS = ("-", "‐", "–", " - ", " ")
COMMAS = (",", ", ", " , ", "，", "， ", "、", "،")


class Named(NamedTuple):
    """A person: first name, middle names, surnames. A surname may be double, or begin with O'."""

    first: str
    middle: tuple[str, ...]
    last: tuple[str, ...]
    hyphen: bool = False
    apostrophe: bool = False

    @property
    def parts(self) -> tuple[str, ...]:
        return (self.first, *self.middle, *self.last)

    def written(self, apostrophe: str = "'", hyphen: str = "-", blank: str = " ") -> str:
        return blank.join((self.first, *self.middle, self.surname(apostrophe, hyphen, blank)))

    def surname(self, apostrophe: str, hyphen: str, blank: str) -> str:
        last = (hyphen if self.hyphen else blank).join(self.last)
        return f"o{apostrophe}{last}" if self.apostrophe else last


def letters(person: Named) -> str:
    return "".join((*person.parts, "o" * person.apostrophe))


@st.composite
def persons(draw: st.DrawFn) -> Named:
    alphabet = draw(st.sampled_from((LATIN, LATIN, CYRILLIC, GREEK, HEBREW, ARABIC, DEVANAGARI)))
    word = st.text(alphabet, min_size=4, max_size=8)
    last = tuple(draw(st.lists(word, min_size=1, max_size=2)))
    return Named(
        draw(word),
        tuple(draw(st.lists(word, max_size=1))),
        last,
        hyphen=len(last) > 1 and draw(st.booleans()),
        apostrophe=alphabet is LATIN and draw(st.booleans()),
    )


registers = st.lists(persons(), min_size=1, max_size=6, unique_by=letters)


@st.composite
def dressed(draw: st.DrawFn, person: Named) -> str:
    """The same name as another system or another hand writes it."""
    blank = draw(st.sampled_from(BLANKS))
    apostrophe = draw(st.sampled_from(APOSTROPHES))
    hyphen = draw(st.sampled_from(HYPHENS))
    if draw(st.booleans()):
        given_names = blank.join((person.first, *person.middle))
        comma = draw(st.sampled_from(COMMAS))
        text = person.surname(apostrophe, hyphen, blank) + comma + given_names
    else:
        text = person.written(apostrophe, hyphen, blank)
    text = draw(st.sampled_from((str, str.upper, str.title, str.swapcase)))(text)
    if draw(st.booleans()):
        text = _with_accent(text, draw(st.integers(0, 99)), draw(st.sampled_from(ACCENTS)))
    if draw(st.booleans()):
        text = unicodedata.normalize(draw(st.sampled_from(("NFC", "NFD", "NFKC"))), text)
    if draw(st.booleans()):
        text = "".join(chr(ord(c) + 0xFEE0) if "A" <= c <= "z" and c.isalpha() else c for c in text)
    return draw(st.sampled_from(("", " ", "\t"))) + text + draw(st.sampled_from(("", " ", ".")))


def _with_accent(text: str, place: int, accent: str) -> str:
    at = place % len(text)
    latin = text[at].isascii() and text[at].isalpha()
    return text[: at + 1] + accent + text[at + 1 :] if latin else text


@st.composite
def damaged(draw: st.DrawFn, person: Named) -> tuple[str, str]:
    """A name that may be another person's, and what is left of its letters."""
    parts = list(person.parts)
    place = draw(st.integers(0, len(parts) - 1))
    kind = draw(st.sampled_from(("initial", "left out", "added", "letter lost", "letter doubled")))
    word = parts[place]
    if kind == "left out":
        del parts[place]
    elif kind == "added":
        parts.insert(place, draw(st.sampled_from(("Dee", "Ludwig", "7"))))
    else:
        at = draw(st.integers(0, len(word) - 1))
        parts[place] = {
            "initial": word[0],
            "letter lost": word[:at] + word[at + 1 :],
            "letter doubled": word[:at] + word[at] + word[at:],
        }[kind]
    return " ".join(parts), "".join(parts).casefold()


@given(registers, st.data())
def test_a_name_in_any_dress_finds_its_person(register: list[Named], data: st.DataObject) -> None:
    users = [Person(number, each.written()) for number, each in enumerate(register, 1)]
    number = data.draw(st.integers(1, len(register)))
    text = data.draw(dressed(register[number - 1]))
    outcome = Directory(users, NOW).resolve(Agent(text)).at(NOW)
    assert (outcome.user, outcome.by) == (number, "name"), text


@given(registers, st.data())
def test_a_damaged_name_finds_nobody(register: list[Named], data: st.DataObject) -> None:
    users = [Person(number, each.written()) for number, each in enumerate(register, 1)]
    text, left = data.draw(damaged(data.draw(st.sampled_from(register))))
    user = Directory(users, NOW).resolve(Agent(text)).at(NOW).user
    if user is not None:
        assert letters(register[user - 1]) == left, text


@st.composite
def events(draw: st.DrawFn) -> list[tuple[Any, ...]]:
    """What happens in an office: users come, leave and change their name, and calls come in.

    In any order the same users and calls are there in the end.
    """
    register = draw(st.lists(persons(), min_size=1, max_size=3))
    names = [*(each.written() for each in register), draw(st.sampled_from(register)).written()]
    found: list[tuple[Any, ...]] = []
    for user, name in enumerate(names):
        renamed = draw(st.booleans())
        found.append(("add", user, "Some Body" if renamed else name, draw(st.booleans())))
        if renamed:
            found.append(("rename", user, name))
        if draw(st.booleans()):
            found.append(("disable", user, draw(st.integers(2, 9))))
    texts = st.one_of(
        st.sampled_from(register).flatmap(dressed),
        st.sampled_from(register).flatmap(damaged).map(lambda pair: pair[0]),
        st.sampled_from(("Some Body", "")),
    )
    extensions = st.sampled_from(("", "", *(str(100 + user) for user in range(len(names)))))
    calls = st.tuples(texts, extensions, st.sampled_from(("", *"123456789")))
    found += [
        ("import", batch) for batch in draw(st.lists(st.lists(calls, max_size=4), max_size=2))
    ]
    found.append(("enter", draw(calls)))
    return found


def in_an_order(draw: Any, found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Shuffle what happens; of one user, only after they were added."""
    shuffled = draw(st.permutations(found))
    order: list[tuple[Any, ...]] = []
    waiting: dict[int, list[tuple[Any, ...]]] = {}
    added: set[int] = set()
    for event in shuffled:
        if event[0] in ("rename", "disable") and event[1] not in added:
            waiting.setdefault(event[1], []).append(event)
            continue
        order.append(event)
        if event[0] == "add":
            added.add(event[1])
            order += waiting.pop(event[1], [])
    return order


def play(log: Any, order: list[tuple[Any, ...]]) -> None:
    numbers: dict[int, str] = {}
    for kind, what, *more in order:
        with log.open() as db:
            if kind == "add":
                # The role tells namesakes apart whatever numbers they have.
                extension = str(100 + what) if more[1] else None
                wish = UserWish(more[0], role=f"r{what}", extension=extension, namesake=True)
                numbers[what] = str(add_user(db, log.settings, wish, **HOW).user.id)
            elif kind == "rename":
                edit_user(db, log.settings, numbers[what], UserWish(more[0]), **HOW)
            elif kind == "disable":
                switch_users(db, log.settings, [numbers[what]], until=more[0] * DAY, **HOW)
            elif kind == "enter":
                agent, extension, day = what
                facts = {"agent": agent, "agent_extension": extension, "external_id": "entered"}
                facts["started_at"] = f"1970-01-0{day}" if day else ""
                add_call(db, log.settings, facts, ScoreEdit(), **HOW)
        if kind == "import" and what:
            rows = io.StringIO()
            writer = csv.writer(rows)
            writer.writerow(["Call ID", "Agent", "Agent Extension", "Started at"])
            for agent, extension, day in what:
                # The text of a call is its name, so that batches in any order make the same calls.
                key = f"{agent!a} {extension} {day}"
                writer.writerow([key, agent, extension, f"1970-01-0{day}" if day else ""])
            log.imports(rows.getvalue())


def whose(log: Any) -> dict[str, tuple[str | None, str | None]]:
    with log.open() as db:
        attribute_calls(db, Filter("calls", ()), recheck=True, **HOW)
        return {
            call: (role, by)
            for call, role, by in db.rows(
                'SELECT c.external_id, u.role, c.assigned_by FROM call AS c LEFT JOIN "user" AS u'
                " ON u.id = c.user_id"
            )
        }


@hypothesis_settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events(), st.data())
def test_whose_calls_are_depends_on_no_order_of_users_and_calls(
    new_log: Any, found: list[tuple[Any, ...]], data: st.DataObject
) -> None:
    logs = []
    for _ in range(2):
        log = new_log()
        play(log, in_an_order(data.draw, found))
        logs.append(log)
    assert whose(logs[0]) == whose(logs[1])
