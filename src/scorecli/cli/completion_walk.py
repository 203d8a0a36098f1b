"""Finds the command, option or argument at the cursor by walking the words before it."""

from __future__ import annotations

from typing import Any

import typer

from scorecli.cli.app import root_command
from scorecli.cli.completion import Answer
from scorecli.cli.context import App
from scorecli.cli.lazy_group import LazyGroup
from scorecli.cli.shared_options import shared_options


class Walk:
    """The state after ``words``: the command they name, and which of its parameters is next."""

    def __init__(self, words: list[str]) -> None:
        self.app = App(words)
        self.command: Any = root_command()
        self.known = True
        self._pending: Any = None  # an option whose value is at the cursor
        self._options_ended = False
        self._given: set[str] = set()
        self._arguments = 0
        position = 0
        while position < len(words) and self.known:
            position += self._take(words[position], words[position + 1 : position + 2])

    def answers(self, incomplete: str) -> list[Answer]:
        """Return what may stand at the cursor."""
        if not self.known:
            return []
        if self._pending is not None:
            return self._values(self._pending, incomplete)
        if incomplete.startswith("-") and not self._options_ended:
            name, equals, value = incomplete.partition("=")
            option = self._option(name) if equals else None
            if option is not None:
                return [
                    Answer(f"{name}={found.value}", found.text)
                    for found in self._values(option, value)
                ]
            return self._option_names(incomplete)
        if isinstance(self.command, LazyGroup):
            return [Answer(entry.name, entry.summary) for entry in self.command.entries]
        argument = self._argument()
        return [] if argument is None else self._values(argument, incomplete)

    def _take(self, word: str, following: list[str]) -> int:
        """Take one word, and the value after it; returns how many words that were."""
        if word == "--" and not self._options_ended:
            self._options_ended = True
        elif word.startswith("-") and len(word) > 1 and not self._options_ended:
            name, equals, value = word.partition("=")
            option = self._option(name)
            if option is None or option.is_flag or option.count:
                self._given.add(name)
            elif equals:
                self._store(option, value)
            elif following:
                self._store(option, following[0])
                return 2
            else:
                self._pending = option
        elif isinstance(self.command, LazyGroup):
            command = self.command.get_command(None, word)
            self.known = command is not None
            self.command = command
        else:
            self._arguments += 1
        return 1

    def _store(self, option: Any, value: str) -> None:
        self._given.update(option.opts)
        # The two that decide which database the values come from.
        if "--db" in option.opts:
            self.app.db = value
        elif "--config" in option.opts:
            self.app.config = value

    def _option(self, name: str) -> Any:
        for param in self.command.params:
            if param.param_type_name == "option" and name in (*param.opts, *param.secondary_opts):
                return param
        return None

    def _argument(self) -> Any:
        left = self._arguments
        for param in self.command.params:
            if param.param_type_name == "argument":
                if param.nargs < 0 or left < param.nargs:
                    return param
                left -= param.nargs
        return None

    def _values(self, param: Any, incomplete: str) -> list[Answer]:
        context = typer.Context(self.command, obj=self.app, resilient_parsing=True)
        return [
            Answer(item.value, item.help or "")
            for item in param.shell_complete(context, incomplete)
            if item.type == "plain"  # files are left to the shell
        ]

    def _option_names(self, incomplete: str) -> list[Answer]:
        own = [p for p in self.command.params if p.param_type_name == "option" and not p.hidden]
        # The shared ones would bury the few of a command's own, so they wait for a letter.
        shared = shared_options(hidden=False) if len(incomplete.strip("-")) else []
        names = [
            Answer(name, (param.help or "").partition("\n")[0])
            for param in [*own, *shared]
            if param.multiple or self._given.isdisjoint((*param.opts, *param.secondary_opts))
            for name in (*param.opts, *param.secondary_opts)
        ]
        names.append(Answer("--help", "Show this message and exit."))
        return list(dict.fromkeys(names))
