"""Measure scorecli beside its peers: ``python bench/run.py --rows score,list --calls 1000000``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "src")]  # run as a file, from anywhere

from bench.comparisons import Builder, Comparison, Sizes, sizes_on_disk  # noqa: E402
from bench.measure import CommandFailed, pairs_of  # noqa: E402
from bench.results import Measured, as_table, machine, write  # noqa: E402
from bench.workshop import WORK, Tools, Workshop, install  # noqa: E402

_BUSY = 0.7  # load from which figures are doubtful
_LARGE = 10_000_000


def main(arguments: Sequence[str] | None = None, tools: Tools | None = None) -> int:
    """Measure what the arguments ask for and return 0, or 1 where a promise is missed.

    ``tools`` are programs to use in place of installing them.
    """
    options = _options(arguments)
    if os.getloadavg()[0] > _BUSY:
        _say(f"The machine is busy (load {os.getloadavg()[0]:.1f}); figures will be doubtful.")
    tools = tools or install(
        WORK, _say, source=options.source.resolve(), again=not options.reuse_venv
    )
    workshop = Workshop(tools, options.work, _say)
    if options.profile:
        return _profile(workshop, options.calls)
    sizes = Sizes(options.calls, options.small, options.scores)
    builder = Builder(workshop, sizes, _say)
    known = {**builder.names(), "memory-large": lambda: builder.memory_of(_LARGE, options.calls)}
    wanted = options.rows.split(",") if options.rows else list(builder.names())
    wanted += ["memory-large"] if options.large else []
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise SystemExit(f"No row {unknown[0]}; there are {', '.join(known)}.")
    about = machine(tools, workshop.folder)
    measured = []
    for name in wanted:
        row = _measure(name, known[name], workshop.folder, options.pairs)
        measured += [row] if row else []
    disk = sizes_on_disk(workshop, options.calls) if measured else {}
    sys.stdout.write("\n" + as_table(measured))
    for name, size in disk.items():
        sys.stdout.write(f"{name}: {size:.0f} bytes of database per call\n")
    write(options.results, measured, about, disk)
    missed = len(measured) < len(wanted) or any(each.holds is False for each in measured)
    return 1 if missed else 0


def _measure(name: str, make: object, folder: Path, pairs: int | None) -> Measured | None:
    assert callable(make)  # noqa: S101
    _say(f"{name} ...")
    try:
        comparison: Comparison = make()
        done = Measured(comparison, pairs_of(comparison.ours, comparison.theirs, folder, pairs))
    except CommandFailed as error:
        _say(f"{name} cannot be measured: {error}")
        return None
    for note in comparison.notes:
        _say(f"  {note}")
    for pair in done.pairs:
        for side, cost in zip(("scorecli", "against"), pair, strict=True):
            _say(
                f"  {side}: {cost.wall:.3f} s, user {cost.user:.3f} s, system {cost.system:.3f} s,"
                f" {cost.memory / 1e6:.0f} MB"
            )
    _say(f"  ratio {done.ratio.median:.3f} ({done.ratio.low:.3f} to {done.ratio.high:.3f})")
    return done


def _profile(workshop: Workshop, calls: int) -> int:
    """Show where the time of an import goes."""
    import subprocess

    log = workshop.log(calls)
    script = Path(__file__).with_name("profile_import.py")
    database = workshop.folder / "measured-import.db"
    words = [*workshop.tools.python, str(script), str(log), str(database)]
    return subprocess.run(words, cwd=workshop.folder, check=False).returncode


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure scorecli beside its peers.")
    parser.add_argument("--rows", help="rows to measure, separated by commas; all by default")
    parser.add_argument("--calls", type=int, default=1_000_000, help="calls of the large database")
    parser.add_argument("--small", type=int, default=100_000, help="rows of the small import")
    parser.add_argument("--scores", type=int, default=10_000, help="rows of the file of scores")
    parser.add_argument("--pairs", type=int, help="pairs to measure; 9, or 3 for long ones")
    parser.add_argument("--large", action="store_true", help="memory of ten million rows as well")
    parser.add_argument("--profile", action="store_true", help="only: where an import's time goes")
    parser.add_argument(
        "--source", type=Path, default=CHECKOUT, help="checkout to install; this one by default"
    )
    parser.add_argument("--reuse-venv", action="store_true", help="do not install again")
    parser.add_argument("--work", type=Path, default=WORK, help="folder for logs and databases")
    parser.add_argument(
        "--results", type=Path, default=Path(__file__).parent, help="folder for the results"
    )
    return parser.parse_args(arguments)


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
