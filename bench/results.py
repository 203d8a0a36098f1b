"""Figures as a table for people and as JSON, with the machine that they were measured on."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bench.comparisons import Comparison, difference
from bench.measure import Command, Pair, Spread, output_of
from bench.workshop import Tools

_MB = 1_000_000


class Measured(NamedTuple):
    """A comparison and the pairs that were measured."""

    comparison: Comparison
    pairs: Sequence[Pair]

    @property
    def ratio(self) -> Spread:
        """The ratio of each pair, as a spread."""
        return Spread.of([self.comparison.ratio(pair) for pair in self.pairs])

    @property
    def holds(self) -> bool | None:
        """Whether the promise is kept; None where it is no ratio."""
        bound = self.comparison.at_most
        return None if bound is None else self.ratio.median <= bound

    def side(self, name: str, figure: str) -> Spread:
        """Return a figure of ``ours`` or ``theirs``: wall, cpu, user, system or memory."""
        return Spread.of([getattr(getattr(pair, name), figure) for pair in self.pairs])

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON; seconds, and memory in bytes."""
        figures = ("wall", "user", "system", "memory")
        return {
            "name": self.comparison.name,
            "what": self.comparison.what,
            "against": self.comparison.against,
            "ratio_of": self.comparison.of,
            "at_most": self.comparison.at_most,
            "ratio": self.ratio._asdict(),
            "holds": self.holds,
            "seconds_more": difference(self.pairs),
            "notes": list(self.comparison.notes),
            "pairs": [
                {
                    side: {figure: getattr(getattr(pair, side), figure) for figure in figures}
                    for side in ("ours", "theirs")
                }
                for pair in self.pairs
            ],
        }


def machine(tools: Tools, folder: Path) -> dict[str, Any]:
    """Return what the figures depend on, the load at this moment included."""
    versions = {
        name: output_of(Command([*words, "--version"]), folder).split("\n")[0]
        for name, words in (
            ("scorecli", tools.scorecli),
            ("sqlite_utils", tools.sqlite_utils),
            ("sqlite3", tools.sqlite3),
            ("python", tools.python),
        )
    }
    versions["sqlite_of_python"] = sqlite3.sqlite_version
    return {
        "system": platform.platform(),
        "processor": _processor(),
        "processors": os.cpu_count(),
        "load_before": list(os.getloadavg()),
        "versions": versions,
    }


def as_table(measured: Sequence[Measured]) -> str:
    """Return the table for people, in Markdown."""
    lines = [
        "| row | scorecli | against | ratio, median (lowest to highest) | at most | CPU seconds,"
        " scorecli / against | pairs |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for each in measured:
        bound = each.comparison.at_most
        verdict = "" if bound is None else f"{bound:g}{'' if each.holds else ' MISSED'}"
        ratio = each.ratio
        cpu = [each.side(side, "cpu").median for side in ("ours", "theirs")]
        lines.append(
            f"| {each.comparison.name} | {_cell(each, 'ours')} | {_cell(each, 'theirs')}"
            f" | {ratio.median:.2f} ({ratio.low:.2f} to {ratio.high:.2f}) | {verdict}"
            f" | {cpu[0]:.2f} / {cpu[1]:.2f} | {len(each.pairs)} |"
        )
    return "\n".join(lines) + "\n"


def as_page(
    measured: Sequence[Measured], about: Mapping[str, Any], disk: Mapping[str, float]
) -> str:
    """Return the whole page: the table, what each row compares, and the machine."""
    load = ", ".join(f"{value:.2f}" for value in about["load_before"])
    versions = "; ".join(f"{name} {text}" for name, text in about["versions"].items())
    parts = [
        "# Measured speed\n",
        "Whole processes, in interleaved pairs, equal journal and synchronous modes; made by"
        " `bench/run.py`.\n",
        as_table(measured),
    ]
    for each in measured:
        parts.append(
            f"- **{each.comparison.name}**: {each.comparison.what}; against"
            f" {each.comparison.against}. {_seconds_more(each)}"
        )
        parts += [f"  - `{note}`" for note in each.comparison.notes]
    if disk:
        shown = ", ".join(f"{name} {size:.0f}" for name, size in disk.items())
        parts.append(f"\nBytes of database per call: {shown}.")
    parts.append(
        f"\n{about['processors']} processors ({about['processor']}), {about['system']}; load before"
        f" the run {load}. {versions}.\n"
    )
    return "\n".join(parts)


def write(
    folder: Path,
    measured: Sequence[Measured],
    about: Mapping[str, Any],
    disk: Mapping[str, float],
) -> None:
    """Write results.json and results.md into a folder."""
    data = {
        "machine": about,
        "bytes_per_call": dict(disk),
        "rows": [each.as_dict() for each in measured],
    }
    text = json.dumps(data, indent=2) + "\n"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(text, encoding="utf-8")
    (folder / "results.md").write_text(as_page(measured, about, disk), encoding="utf-8")


def _cell(measured: Measured, side: str) -> str:
    if measured.comparison.of == "memory":
        return f"{measured.side(side, 'memory').median / _MB:.0f} MB"
    figure = measured.comparison.of
    return f"{measured.side(side, figure).median:.3f} s"


def _seconds_more(measured: Measured) -> str:
    if measured.comparison.at_most is not None:
        return ""
    return f"It takes {difference(measured.pairs):.2f} s more."


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
