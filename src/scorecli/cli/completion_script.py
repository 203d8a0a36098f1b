"""`scorecli completion`."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

import typer

from scorecli.cli.lazy_group import examples

Shell = Literal["bash", "zsh", "fish"]


@examples(
    'eval "$(scorecli completion bash)"',
    "scorecli completion zsh > ~/.zfunc/_scorecli",
    "scorecli completion fish > ~/.config/fish/completions/scorecli.fish",
)
def print_script(
    shell: Annotated[
        Shell, typer.Argument(metavar="bash|zsh|fish", help="The shell to complete in.")
    ],
) -> None:
    """Print the completion script of a shell.

    The shell runs it at its start; from then on the Tab key completes commands, options and
    values such as tags, result codes and users from the database.
    """
    from scorecli.cli.completion import script

    sys.stdout.write(script(shell))
