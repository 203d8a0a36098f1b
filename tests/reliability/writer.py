"""A process that writes into a database until it is told to stop, is killed, or is done.

    python writer.py PATH loop TIMES    add TIMES changes; each counts up and adds five texts
    python writer.py PATH large         one change that touches every call
    python writer.py PATH hold          keep the write lock until stdin closes
    python writer.py PATH try WAIT      one change after waiting at most WAIT seconds

It says on stdout what it has done, after it was reported as kept.
"""

import os
import sys
import time

from scorecli.errors import ScorecliError
from scorecli.storage.database import Database, open_to_write

PARTS = 5


def add(db: Database, name: str) -> None:
    """Write one change that can only be right as a whole."""
    with db.change(f"add {name}", "writer") as change:
        # Reading and writing back loses updates unless nobody else can come between.
        count = db.one("SELECT duration FROM call WHERE id = 1")
        for part in range(PARTS):
            value = f"{name}-{part}"
            db.execute(
                "INSERT INTO lookup (field, value, folded) VALUES ('agent', ?, ?)", (value, value)
            )
            change.record("call", 1, "duration", count, count + 1, item=str(part))
        db.execute("UPDATE call SET duration = ? WHERE id = 1", (count + 1,))


def touch_every_call(db: Database) -> None:
    """Write one large change: every call, and an entry for each."""
    with db.change("large", "writer") as change:
        for number, before in db.rows("SELECT id, talk_time FROM call"):
            change.record("call", number, "talk_time", before, (before or 0) + 1)
        db.execute("UPDATE call SET talk_time = coalesce(talk_time, 0) + 1")


def say(text: str) -> None:
    """Print at once."""
    print(text, flush=True)  # noqa: T201


def main(path: str, what: str, amount: str = "0") -> None:
    """Run one of the modes."""
    try:
        wait = float(amount) if what == "try" else 60
        began = time.monotonic()

        def tell(holder: object) -> None:
            say(f"waiting {holder} after {time.monotonic() - began:.1f}")

        with open_to_write(path, wait=wait, on_wait=tell) as db:
            say("open")
            began = time.monotonic()
            if what == "loop":
                for turn in range(int(amount)):
                    name = f"{os.getpid()}.{turn}"
                    add(db, name)
                    say(f"done {name}")
            elif what == "large":
                while True:
                    touch_every_call(db)
                    say("done large")
            elif what == "hold":
                with db.change("hold", "writer"):
                    say("holding")
                    sys.stdin.read()
            else:
                add(db, f"{os.getpid()}.0")
                say("done")
    except ScorecliError as error:
        say(f"{type(error).__name__}: {error.message}")
        sys.exit(4)


if __name__ == "__main__":
    main(*sys.argv[1:])
