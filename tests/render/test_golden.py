"""Each format against a kept file; SCORECLI_UPDATE_GOLDEN=1 writes the files anew."""

import io
import os
from pathlib import Path

import pytest

from scorecli.render.output import FORMATS, write
from scorecli.render.style import Style
from scorecli.result import Result

GOLDEN = Path(__file__).parent / "golden"
STYLES = {
    "terminal-80": Style(is_terminal=True, width=80),
    "terminal-200-colour": Style(is_terminal=True, width=200, color=True),
    "terminal-80-ascii": Style(is_terminal=True, width=80, ascii=True),
    "terminal-30": Style(is_terminal=True, width=30),
}
CASES = [("piped", name, Style()) for name in FORMATS] + [
    (place, "table", style) for place, style in STYLES.items()
]


@pytest.mark.parametrize("kind", ["calls", "report", "record", "hostile", "hostile_record"])
@pytest.mark.parametrize(("place", "name", "style"), CASES)
def test_the_output_is_the_kept_one(
    kind: str, place: str, name: str, style: Style, request: pytest.FixtureRequest
) -> None:
    result: Result = request.getfixturevalue(kind)
    stream = io.StringIO()
    write(result, name, stream, style=style)
    written = stream.getvalue().encode("utf-8", "surrogatepass")
    path = GOLDEN / f"{kind}-{name}-{place}.txt"
    if os.environ.get("SCORECLI_UPDATE_GOLDEN"):
        path.write_bytes(written)
    assert written == path.read_bytes()
