"""What a rule may say: the event, the conditions as a filter, and the actions; checked here.

A rule stands in the settings as a table of TOML. Nothing here knows of a database: who fires and
what an action writes is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

# event -> the subject of the filter language that its record belongs to
EVENTS: Final[Mapping[str, str]] = {
    "call.imported": "calls",
    "call.scored": "calls",
    "call.converted": "calls",
    "call.result": "calls",
    "contact.saved": "contacts",
    "contact.scored": "contacts",
    "activity.added": "activities",
}
DEEPEST: Final = 8
"""How many levels of rules one change may set off: a rule, the rules its actions fire, ..."""
LONGEST_NAME: Final = 100
"""The most characters that the name of a rule may have."""

Path = tuple[str | int, ...]


class Action(NamedTuple):
    """One thing that a rule does: its kind, the value beside it, and further keys."""

    kind: str
    value: Any
    options: Mapping[str, Any]


class Rule(NamedTuple):
    """One rule: on ``event``, where ``when`` holds, do ``actions``.

    ``when`` is the text of a filter over the event's subject, empty where every record qualifies.
    Unless ``repeat``, it fires once per record.
    """

    name: str
    event: str
    when: str
    actions: tuple[Action, ...]
    repeat: bool = False

    @property
    def subject(self) -> str:
        """The subject of the filter language that its records belong to."""
        return EVENTS[self.event]


class RuleFault(NamedTuple):
    """One thing wrong with a rule; ``path`` leads to it from the rule."""

    path: Path
    found: Any
    allowed: str
    unknown: bool = False


class _Kind(NamedTuple):
    """An action: on records of which subjects, what its value may be, and its further keys."""

    subjects: tuple[str, ...]
    allowed: str
    fits: Callable[[Any], bool]
    options: Mapping[str, tuple[str, Callable[[Any], bool]]] = {}


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, (int, float)):
        return value == value and abs(value) != float("inf")
    return isinstance(value, str) and _is_signed_number(value)


def _is_signed_number(text: str) -> bool:
    digits = text.strip().removeprefix("+").removeprefix("-")
    whole, dot, decimals = digits.partition(".")
    return whole.isascii() and whole.isdigit() and (not dot or decimals.isdigit())


def _is_amount(value: Any) -> bool:
    return _is_number(value) and not str(value).strip().startswith("-")


_TEXT = "a text in quotes"
_ANY = ("calls", "contacts", "activities")
_ACTIONS: Mapping[str, _Kind] = {
    "tag": _Kind(("calls",), "a reporting tag in quotes", _is_text),
    "call_tag": _Kind(("calls",), "a call tag in quotes", _is_text),
    "stars": _Kind(("calls",), "a number of stars, 1 to 5", lambda v: _is_whole(v) and 1 <= v <= 5),
    "converted": _Kind(
        ("calls",),
        "true",
        lambda value: value is True,
        {"amount": ('an amount such as 250 or "99.50"', _is_amount)},
    ),
    "result": _Kind(("calls",), "the code of a call result in quotes", _is_text),
    "activity": _Kind(
        _ANY,
        "a type of activity in quotes",
        _is_text,
        {"points": ("a whole number", _is_whole), "subject": (_TEXT, _is_text)},
    ),
    "contact_score": _Kind(
        _ANY,
        'a value such as 80, or "+5" or "-10" to add or take off',
        _is_number,
        {"type": ("the name of a score type in quotes", _is_text)},
    ),
    "owner": _Kind(_ANY, "the name of a user in quotes", _is_text),
}
ACTIONS: Final = tuple(_ACTIONS)
_KEYS = ("name", "on", "when", "do", "repeat")


def read_rule(table: Any) -> tuple[Rule | None, list[RuleFault]]:
    """Return the rule that a table of the settings means, or everything that is wrong with it.

    The text of ``when`` is not read here: that needs the zone, the currency and the saved filters.
    """
    if not isinstance(table, Mapping):
        return None, [RuleFault((), table, "a table [[rules]] with name, on, when and do")]
    faults = [
        RuleFault((key,), value, ", ".join(_KEYS), unknown=True)
        for key, value in table.items()
        if key not in _KEYS
    ]
    name, event = table.get("name"), table.get("on")
    if not isinstance(name, str) or not _is_text(name) or len(name) > LONGEST_NAME:
        faults.append(
            RuleFault(
                ("name",), name, f"a name in quotes of 1 to {LONGEST_NAME} printable characters"
            )
        )
    if not isinstance(event, str) or event not in EVENTS:
        faults.append(RuleFault(("on",), event, f"an event: {', '.join(EVENTS)}"))
        event = None
    when = table.get("when", "")
    if not isinstance(when, str):
        faults.append(RuleFault(("when",), when, "the text of a filter in quotes"))
    repeat = table.get("repeat", False)
    if not isinstance(repeat, bool):
        faults.append(RuleFault(("repeat",), repeat, "true or false"))
    actions, wrong = _actions(table.get("do"), None if event is None else EVENTS[event])
    faults += wrong
    if faults or not isinstance(name, str):
        return None, faults
    return Rule(" ".join(name.split()), str(event), when.strip(), actions, repeat), []


def _actions(do: Any, subject: str | None) -> tuple[tuple[Action, ...], list[RuleFault]]:
    tables = [do] if isinstance(do, Mapping) else do
    if not isinstance(tables, list) or not tables:
        example = '[{ tag = "quote" }]'
        return (), [RuleFault(("do",), do, f"a list of actions, such as {example}")]
    found, faults = [], []
    for at, table in enumerate(tables):
        action, wrong = _action(table, subject)
        faults += [fault._replace(path=("do", at, *fault.path)) for fault in wrong]
        if action is not None:
            found.append(action)
    return tuple(found), faults


def _action(table: Any, subject: str | None) -> tuple[Action | None, list[RuleFault]]:
    kinds = [key for key in table if key in _ACTIONS] if isinstance(table, Mapping) else []
    if len(kinds) != 1:
        strange = [] if kinds or not isinstance(table, Mapping) else _without_meaning(table)
        only = "only one" if kinds else "one"
        return None, strange or [
            RuleFault((), table, f"a table with {only} of {', '.join(ACTIONS)}")
        ]
    kind = kinds[0]
    spec = _ACTIONS[kind]
    faults = []
    if not spec.fits(table[kind]):
        faults.append(RuleFault((kind,), table[kind], spec.allowed))
    if subject is not None and subject not in spec.subjects:
        fitting = [event for event, of in EVENTS.items() if of in spec.subjects]
        faults.append(
            RuleFault((kind,), table[kind], f"an action of another event: {', '.join(fitting)}")
        )
    for key, value in table.items():
        if key == kind:
            continue
        if key not in spec.options:
            known = ", ".join((kind, *spec.options))
            faults.append(RuleFault((key,), value, known, unknown=True))
        elif not spec.options[key][1](value):
            faults.append(RuleFault((key,), value, spec.options[key][0]))
    options = {key: value for key, value in table.items() if key != kind}
    return (None if faults else Action(kind, table[kind], options)), faults


def _without_meaning(table: Mapping[str, Any]) -> list[RuleFault]:
    """Return the keys that no action has, so that a misspelt one is named."""
    known = {*_ACTIONS, *(key for spec in _ACTIONS.values() for key in spec.options)}
    return [
        RuleFault((key,), value, ", ".join(ACTIONS), unknown=True)
        for key, value in table.items()
        if key not in known
    ]


def action_text(action: Action) -> str:
    """Return an action as people read it: ``tag quote``, ``activity meeting (points 15)``."""
    if action.kind == "converted":
        amount = action.options.get("amount")
        return "mark as converted" + ("" if amount is None else f" with {amount}")
    further = ", ".join(f"{key} {value}" for key, value in action.options.items())
    return f"{action.kind.replace('_', ' ')} {action.value}" + (f" ({further})" if further else "")


def as_table(rule: Rule) -> dict[str, Any]:
    """Return a rule as a table of the settings, which reads as the same rule."""
    table: dict[str, Any] = {"name": rule.name, "on": rule.event}
    if rule.when:
        table["when"] = rule.when
    table["do"] = [{each.kind: each.value, **each.options} for each in rule.actions]
    if rule.repeat:
        table["repeat"] = True
    return table
