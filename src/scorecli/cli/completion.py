"""Answers the Tab key: what may stand at the cursor, as lines that a shell takes as plain text.

The script of a shell calls ``scorecli`` with ``_SCORECLI_COMPLETE=complete_SHELL`` and the line up
to the cursor. The commands themselves say which options and values they take; only the one at the
cursor is imported. Nothing in an answer is ever evaluated by a shell.
"""

from __future__ import annotations

import os
import sys
from typing import Final, NamedTuple

_BREAKS: Final = ":="  # where bash begins a new word in the middle of one

_BASH: Final = """\
_scorecli_completion() {
    local answer
    COMPREPLY=()
    while IFS= read -r answer; do
        COMPREPLY+=("$answer")
    done < <(
        _SCORECLI_COMPLETE=complete_bash \\
        _SCORECLI_LINE="${COMP_LINE:0:COMP_POINT}" \\
        _SCORECLI_WORD="${COMP_WORDS[COMP_CWORD]}" \\
        command scorecli 2>/dev/null
    )
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[:=,] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -o default -F _scorecli_completion scorecli
"""

_ZSH: Final = """\
#compdef scorecli
_scorecli() {
    local answer
    local -a open closed open_help closed_help
    for answer in "${(@f)$(
        _SCORECLI_COMPLETE=complete_zsh \\
        _SCORECLI_LINE="${words[1,$CURRENT]}" \\
        command scorecli 2>/dev/null
    )}"; do
        [[ -n $answer ]] || continue
        if [[ ${answer%%$'\\t'*} == *[:=,] ]]; then
            open+=("${answer%%$'\\t'*}")
            open_help+=("${answer/$'\\t'/  -- }")
        else
            closed+=("${answer%%$'\\t'*}")
            closed_help+=("${answer/$'\\t'/  -- }")
        fi
    done
    if (( ! ${#open} && ! ${#closed} )); then
        _files
        return
    fi
    (( ${#open} )) && compadd -l -S '' -d open_help -- "${open[@]}"
    (( ${#closed} )) && compadd -l -d closed_help -- "${closed[@]}"
    return 0
}
if [[ ${funcstack[1]} == _scorecli ]]; then
    _scorecli "$@"
else
    compdef _scorecli scorecli
fi
"""

_FISH: Final = """\
function __scorecli_complete
    set -l answers (env _SCORECLI_COMPLETE=complete_fish \\
        _SCORECLI_LINE=(commandline -cp | string collect) scorecli 2>/dev/null)
    if test (count $answers) -gt 0
        printf '%s\\n' $answers
    else
        __fish_complete_path (commandline -ct)
    end
end
complete --command scorecli --no-files --arguments '(__scorecli_complete)'
"""

_SCRIPTS: Final = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


class Line(NamedTuple):
    """A command line up to the cursor: whole words, and the one at the cursor.

    ``raw`` is that word as typed; ``quote`` the quotation mark it is inside of, or empty.
    """

    words: list[str]
    incomplete: str
    raw: str
    quote: str


class Answer(NamedTuple):
    """One thing that may stand at the cursor, and what it is."""

    value: str
    text: str = ""


def script(shell: str) -> str:
    """Return the script that makes ``shell`` ask for completions."""
    return _SCRIPTS[shell]


def answer(instruction: str) -> int:
    """Write the answers for ``complete_SHELL`` to stdout; every failure is silent."""
    try:
        shell = instruction.removeprefix("complete_")
        if shell not in _SCRIPTS:
            return 0
        line = _line_of_environment()
        found = _printable(answers(line.words, line.incomplete), line, shell)
        sys.stdout.write("".join(text + "\n" for text in found))
        sys.stdout.flush()
    except Exception:  # noqa: S110 - a traceback would land in the middle of what is typed
        pass
    return 0


def answers(words: list[str], incomplete: str) -> list[Answer]:
    """Return what may follow ``words``, which are those after the program's name."""
    from scorecli.cli.completion_walk import Walk

    return Walk(words).answers(incomplete)


def read_line(text: str) -> Line:
    """Split a command line as shells do, an unfinished quotation included."""
    words: list[str] = []
    current: list[str] = []
    start = -1  # where the current word begins, -1 between words
    quote = ""
    position = 0
    while position < len(text):
        character = text[position]
        if start < 0 and not character.isspace():
            start = position
        if quote == "'" or (quote and character != "\\"):
            if character == quote:
                quote = ""
            else:
                current.append(character)
        elif character == "\\":
            position += 1
            current.append(text[position : position + 1])
        elif character in "'\"":
            quote = character
        elif character.isspace():
            if start >= 0:
                words.append("".join(current))
                current.clear()
            start = -1
        else:
            current.append(character)
        position += 1
    return Line(words, "".join(current), "" if start < 0 else text[start:], quote)


def _line_of_environment() -> Line:
    text = os.environ.get("_SCORECLI_LINE", os.environ.get("_TYPER_COMPLETE_ARGS"))
    if text is not None:
        line = read_line(text)
    else:  # as scripts of Typer programs ask
        words = os.environ["COMP_WORDS"].split("\n")
        if len(words) == 1:
            words = words[0].split()
        at = int(os.environ["COMP_CWORD"])
        last = words[at] if at < len(words) else ""
        line = read_line(last)._replace(words=words[:at])
    first = 0
    while first < len(line.words) and _is_assignment(line.words[first]):
        first += 1  # NAME=value in front of the program
    return line._replace(words=line.words[first + 1 :])


def _is_assignment(word: str) -> bool:
    name, equals, _ = word.partition("=")
    return bool(equals) and name.isidentifier()


def _printable(found: list[Answer], line: Line, shell: str) -> list[str]:
    fitting = [
        answer
        for answer in found
        if answer.value.startswith(line.incomplete) and is_plain(answer.value)
    ]
    if shell == "bash":
        cut = _length_before_word(line)
        return [_for_bash(answer.value[cut:], line.quote) for answer in fitting]
    # zsh and fish quote what they insert by themselves.
    return [f"{answer.value}\t{answer.text}" if answer.text else answer.value for answer in fitting]


def is_plain(value: str) -> bool:
    """Tell whether no shell could take any part of ``value`` for anything but text."""
    return all(character.isalnum() or character in "_.@+-:=, " for character in value)


def _for_bash(value: str, quote: str) -> str:
    return value if quote else value.replace(" ", "\\ ")


def _length_before_word(line: Line) -> int:
    """Return how much of the word at the cursor bash keeps in front of what it replaces."""
    word = os.environ.get("_SCORECLI_WORD")
    if word is None or not line.raw.endswith(word) or line.quote:
        return 0
    kept = line.raw if word and word.strip(_BREAKS) == "" else line.raw[: len(line.raw) - len(word)]
    return len(read_line(kept).incomplete)
