"""The least that a Typer program needs to complete a tag: the peer of scorecli's completion."""

from __future__ import annotations

import os
import sqlite3

import typer

app = typer.Typer()


def _tags(incomplete: str) -> list[str]:
    db = sqlite3.connect(f"file:{os.environ['BENCH_DB']}?mode=ro", uri=True)
    rows = db.execute(
        "SELECT name FROM tag WHERE kind = :kind AND substr(name, 1, length(:start)) = :start"
        " ORDER BY folded",
        {"kind": "reporting", "start": incomplete},
    )
    return [name for (name,) in rows]


@app.command()
def score(call: str, tag: str = typer.Option("", autocompletion=_tags)) -> None:
    """Score a call."""
    typer.echo(f"{call} {tag}")


@app.command()
def show(call: str) -> None:
    """Show a call."""
    typer.echo(call)


def main() -> None:
    """Run it under a name that completion can ask for."""
    app(prog_name="minimal")
