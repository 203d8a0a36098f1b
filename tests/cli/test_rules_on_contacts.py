"""Rules on leads and contacts through the command: points, dry runs, and what is said of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

RULES = """
[activities.points]
meeting = 5

[[rules]]
name = "Directors in Newcastle"
on = "contact.saved"
when = 'kind:lead city:Newcastle job_title:director'
do = [{ activity = "ideal audience", points = 15 }]
"""
MORE = """
[[rules]]
name = "A meeting warms"
on = "activity.added"
when = "type:meeting"
do = [{ contact_score = "+10" }]

[[rules]]
name = "Warm leads are Dana's"
on = "contact.scored"
when = "score:10.."
do = [{ owner = "Dana Reyes" }, { contact_score = "+1" }]
"""
ANN = ("Ann", "Lee", "--kind", "lead", "--job-title", "Director", "--city", "Newcastle")


@pytest.fixture
def rules(db: Path, monkeypatch: pytest.MonkeyPatch, home: Path) -> Path:
    """A folder with a settings file that has rules on leads."""
    monkeypatch.setenv("SCORECLI_DB", str(db))
    monkeypatch.chdir(home)
    (home / "scoring.toml").write_text(RULES)
    return home


def shown(invoke: Any, *words: str) -> Any:
    done = invoke(*words, "--format", "json")
    assert done.code == 0, done.stderr
    return json.loads(done.stdout)


def points(invoke: Any) -> int:
    return int(shown(invoke, "contacts", "show", "Ann Lee")["points"])


def test_a_director_in_newcastle_has_15_points_and_20_after_a_meeting(
    rules: Path, invoke: Any
) -> None:
    added = invoke("contacts", "add", *ANN)
    assert "Rules fired: Directors in Newcastle." in added.stderr
    assert points(invoke) == 15
    invoke("activities", "add", "meeting", "--contact", "Ann Lee")
    assert points(invoke) == 20
    assert len(shown(invoke, "contacts", "list", "points:20")) == 1
    invoke("contacts", "edit", "Ann Lee", "--note", "saved once more")
    assert points(invoke) == 20


def test_a_dry_run_shows_the_points_of_the_real_run_and_keeps_nothing(
    rules: Path, invoke: Any
) -> None:
    dry = invoke("contacts", "add", *ANN, "--dry-run", "--format", "json")
    real = invoke("contacts", "add", *ANN, "--format", "json")
    assert json.loads(dry.stdout)["points"] == json.loads(real.stdout)["points"] == 15
    assert "Rules that would fire: Directors in Newcastle." in dry.stderr
    assert "Rules fired: Directors in Newcastle." in real.stderr
    assert len(shown(invoke, "rules", "log")) == 1


def test_scoring_shows_what_rules_made_of_the_score(rules: Path, invoke: Any) -> None:
    (rules / "scoring.toml").write_text(RULES + MORE)
    invoke("users", "add", "Dana Reyes")
    invoke("contacts", "add", *ANN)
    for words in ((), ("--format", "csv")):
        dry = invoke("contacts", "score", "Ann Lee", "40", "--dry-run", *words)
        assert "41" in dry.stdout
    assert "41" in invoke("contacts", "score", "Ann Lee", "40").stdout
    assert shown(invoke, "contacts", "show", "Ann Lee")["owner"] == "Dana Reyes"


def test_a_meeting_scores_the_lead_and_what_cannot_be_done_is_logged(
    rules: Path, invoke: Any
) -> None:
    (rules / "scoring.toml").write_text(RULES + MORE)
    invoke("contacts", "add", *ANN)
    invoke("activities", "add", "meeting", "--contact", "Ann Lee")
    assert shown(invoke, "contacts", "show", "Ann Lee")["score"] == 11
    log = shown(invoke, "rules", "log")
    assert [(row["rule"], row["fired"]) for row in log] == [
        ("Warm leads are Dana's", True),
        ("A meeting warms", True),
        ("Directors in Newcastle", True),
    ]
    assert 'There is no user "Dana Reyes"' in log[0]["detail"]


def test_leads_of_an_import_are_scored_once_however_often_it_is_imported(
    rules: Path, invoke: Any
) -> None:
    header = "First name,Last name,Kind,Job title,City,Email\n"
    (rules / "leads.csv").write_text(header + "Ann,Lee,lead,Director,Leeds,ann@example.com\n")
    assert "Rules" not in invoke("contacts", "import", "leads.csv").stderr
    moved = header + "Ann,Lee,lead,Director,Newcastle,ann@example.com\n"
    (rules / "leads.csv").write_text(moved)
    dry = invoke("contacts", "import", "leads.csv", "--dry-run")
    assert "Rules that would fire: Directors in Newcastle." in dry.stderr
    for _ in range(2):
        invoke("contacts", "import", "leads.csv")
        assert points(invoke) == 15
    invoke("undo")
    assert points(invoke) == 0
    invoke("contacts", "import", "leads.csv")
    assert points(invoke) == 15


def test_the_log_of_a_rule_that_is_gone_can_still_be_read(rules: Path, invoke: Any) -> None:
    invoke("contacts", "add", *ANN)
    (rules / "scoring.toml").write_text(RULES.replace("Directors", "Bosses"))
    assert len(shown(invoke, "rules", "log", "directors in Newcastle")) == 1
    assert shown(invoke, "rules", "log", "Bosses in Newcastle") == []
    assert invoke("rules", "log", "Nobody in Newcastle").code == 1


def test_a_rule_is_tried_on_one_record_of_its_own_kind(rules: Path, invoke: Any) -> None:
    (rules / "scoring.toml").write_text(RULES + MORE)
    invoke("contacts", "add", *ANN)
    meeting = invoke("activities", "add", "meeting", "--contact", "Ann Lee").stdout.strip()
    tried = invoke("rules", "test", "A meeting warms", "--activity", meeting, "--format", "json")
    assert [row["holds"] for row in json.loads(tried.stdout)] == [True, False, None]
    missing = invoke("rules", "test", "A meeting warms", "--activity", "999")
    assert (missing.code, missing.stderr.splitlines()[0]) == (1, "Error: There is no activity 999.")
    both = invoke("rules", "test", "A meeting warms", "--activity", meeting, "--contact", "1")
    assert both.code == 1
    assert "--activity" in both.stderr


def test_a_dry_run_of_a_merge_or_conversion_shows_what_rules_would_make_of_it(
    rules: Path, invoke: Any
) -> None:
    (rules / "scoring.toml").write_text(
        RULES.replace("kind:lead city:Newcastle job_title:director", "kind:contact city:Newcastle")
    )
    for more in (("--city", "Newcastle"), ("--job-title", "Director")):
        invoke("contacts", "add", "Ann", "Lee", "--kind", "lead", *more)
    for words in (("merge", "2", "1"), ("convert", "2")):
        dry = invoke("contacts", *words, "--dry-run", "--format", "json")
        real = invoke("contacts", *words, "--format", "json")
        assert json.loads(dry.stdout)["points"] == json.loads(real.stdout)["points"]
    assert json.loads(real.stdout)["points"] == 15


def test_imported_activities_set_off_rules_once(rules: Path, invoke: Any) -> None:
    (rules / "scoring.toml").write_text(RULES + MORE)
    invoke("contacts", "add", *ANN)
    (rules / "visits.csv").write_text(
        "type,contact,at\nmeeting,Ann Lee,2026-11-01 10:00\ncall,Ann Lee,2026-11-02 10:00\n"
    )
    dry = invoke("activities", "import", "visits.csv", "--dry-run")
    real = invoke("activities", "import", "visits.csv")
    assert "Rules that would fire: A meeting warms, Warm leads are Dana's." in dry.stderr
    assert "Rules fired: A meeting warms, Warm leads are Dana's." in real.stderr
    assert "Rules" not in invoke("activities", "import", "visits.csv").stderr
    assert shown(invoke, "contacts", "show", "Ann Lee")["score"] == 11


def test_the_same_contacts_again_leave_the_owner_that_a_rule_gave(rules: Path, invoke: Any) -> None:
    (rules / "scoring.toml").write_text(
        '[[rules]]\nname = "dana"\non = "contact.saved"\ndo = [{ owner = "Dana Reyes" }]\n'
    )
    for name in ("Dana Reyes", "Bo Nash"):
        invoke("users", "add", name)
    (rules / "k.csv").write_text("name,email,owner\nAnn Lee,ann@example.com,Bo Nash\n")
    for _ in range(2):
        invoke("contacts", "import", "k.csv")
        assert shown(invoke, "contacts", "show", "Ann Lee")["owner"] == "Dana Reyes"


def test_a_file_of_scores_leaves_what_rules_made_of_them_until_it_says_something_new(
    db: Path, home: Path, monkeypatch: pytest.MonkeyPatch, invoke: Any
) -> None:
    monkeypatch.setenv("SCORECLI_DB", str(db))
    (home / "scoring.toml").write_text(
        '[[rules]]\nname = "Bump"\non = "contact.scored"\ndo = [{ contact_score = "+5" }]\n'
    )
    invoke("contacts", "add", "Ann")

    def score_of_file(value: str) -> list[str]:
        (home / "s.csv").write_text(f"contact,score\n1,{value}\n")
        assert invoke("contacts", "score", "--from", "s.csv").code == 0
        return invoke("contacts", "list", "--columns", "score", "-f", "csv").stdout.split()[1:]

    assert score_of_file("50") == ["55"]
    assert score_of_file("50") == ["55"]
    assert score_of_file("60") == ["60"]
    invoke("contacts", "score", "1", "70")
    assert score_of_file("60") == ["60"]
