"""The time zone of the settings and of this machine."""

import pytest

from scorecli.domain import zones
from scorecli.domain.zones import resolve_zone
from scorecli.errors import WrongUsage
from scorecli.errors.values import UnknownZone


def test_a_named_zone_is_found_and_can_be_shown() -> None:
    assert resolve_zone("Europe/Paris").key == "Europe/Paris"


def test_local_follows_the_variable_tz_first(monkeypatch: pytest.MonkeyPatch) -> None:
    for told, key in (
        ("America/New_York", "America/New_York"),
        (":Asia/Kolkata", "Asia/Kolkata"),
        ("/usr/share/zoneinfo/Europe/Paris", "Europe/Paris"),
        ("", "UTC"),
    ):
        monkeypatch.setenv("TZ", told)
        assert resolve_zone("local").key == key


def test_a_variable_tz_that_names_no_zone_is_told_rather_than_ignored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TZ", "Mars/Olympus")
    with pytest.raises(UnknownZone, match="from the variable TZ"):
        resolve_zone("local")


def test_local_follows_the_link_then_the_file_then_utc(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.delenv("TZ", raising=False)
    link = tmp_path / "localtime"  # type: ignore[operator]
    link.symlink_to("/usr/share/zoneinfo/posix/Europe/Berlin")
    name_file = tmp_path / "timezone"  # type: ignore[operator]
    name_file.write_text("Asia/Tokyo\n")
    monkeypatch.setattr(zones, "_LINK", str(link))
    monkeypatch.setattr(zones, "_NAME_FILE", str(name_file))
    assert resolve_zone("local").key == "Europe/Berlin"
    link.unlink()
    assert resolve_zone("local").key == "Asia/Tokyo"
    name_file.unlink()
    assert resolve_zone("local").key


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("Paris", "Europe/Paris"),
        ("new york", "America/New_York"),
        ("europe/paris", "Europe/Paris"),
        ("Europe/Pariss", "Europe/Paris"),
    ],
)
def test_an_unknown_zone_is_wrong_usage_and_names_the_nearest(name: str, near: str) -> None:
    with pytest.raises(UnknownZone) as raised:
        resolve_zone(name)
    assert near in raised.value.near
    assert near in (raised.value.hint or "")
    assert isinstance(raised.value, WrongUsage)


@pytest.mark.parametrize("name", ["../etc/passwd", "/etc/passwd", "Europe", "", "a\0b"])
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(UnknownZone):
        resolve_zone(name)
