"""What a change keeps of the values before and after."""

import json

from hypothesis import given
from hypothesis import strategies as st

from scorecli.storage.database import open_in_memory

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.lists(VALUES, min_size=1, max_size=20))
def test_values_are_kept_as_json_and_a_missing_one_as_none(values: list[object]) -> None:
    with open_in_memory() as db:
        with db.change("score", "ann") as change:
            for number, value in enumerate(values):
                change.record("call", number, "note", value, None)
        kept = db.rows('SELECT "before", "after" FROM change_entry ORDER BY id')
    assert kept == [
        (None if value is None else json.dumps(value, ensure_ascii=False), None) for value in values
    ]
