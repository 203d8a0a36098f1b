"""Score calls from a script of your own: whoever talked for five minutes gets a tag and 4 stars.

    python examples/score_from_a_script.py calls.db

Everything enters the history as one change: `scorecli history` shows it, `scorecli undo` takes it
back.
"""

import sys

from sqlmodel import select

import scorecli
from scorecli.models import Call, CallTag, Tag

LONG = 300  # seconds


def main(path: str) -> None:
    with scorecli.open(path) as db:
        # Reading sees one moment of the database and changes nothing.
        long_calls = db.select(Call, Call.duration >= LONG, Call.stars == None)  # noqa: E711
        print(f"{len(long_calls)} long calls have no stars yet.")

        # Writing happens inside a change: all of it is kept, or after an exception nothing.
        with db.change("stars for long talks") as session:
            tag = session.exec(
                select(Tag).where(Tag.kind == "reporting", Tag.folded == "long talk")
            ).first()
            if tag is None:
                tag = Tag(kind="reporting", name="long talk", folded="long talk")
                session.add(tag)
                session.flush()  # gives the tag its number
            for found in long_calls:
                call = session.get_one(Call, found.id)
                call.stars = 4
                if session.get(CallTag, (call.id, tag.id)) is None:
                    session.add(CallTag(call_id=call.id, tag_id=tag.id))

    with scorecli.open(path) as db:
        scored = db.select(Call, Call.scored == 1)
        print(f"{len(scored)} calls are scored now.")


if __name__ == "__main__":
    main(sys.argv[1])
