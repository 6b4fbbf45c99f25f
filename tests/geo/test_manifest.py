"""The manifest: what each file was, and a digest that changes with any of them and with the profile."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from geo import manifest
from geo.manifest import Manifest, take_stock
from geo.profile import read_profile
from tests.worlds import write_one_road


@pytest.fixture
def profile_path(tmp_path: Path) -> Path:
    return write_one_road(tmp_path)


def stock(path: Path) -> Manifest:
    taken, faults = take_stock(read_profile(path))
    assert faults == {}
    return taken


def test_each_entry_says_what_the_file_was(profile_path: Path) -> None:
    venues = next(entry for entry in stock(profile_path).entries if entry.name == "activities.venues")
    content = (profile_path.parent / "venues.csv").read_bytes()
    assert (venues.size_bytes, venues.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert (venues.licence, venues.attribution, venues.vintage) == ("CC0-1.0", "One Road, made for tests", "2026")
    assert stock(profile_path).attributions() == ("One Road, made for tests",)


def test_each_attribution_is_told_in_welsh_where_a_source_gives_it_so(profile_path: Path) -> None:
    text = profile_path.read_text(encoding="utf-8")
    # One of the sources of "One Road" says it in Welsh: that holds for all that say the same. Another thanks somebody in English only.
    text = text.replace('"venues.csv"', '"venues.csv", attribution_cy = "Un Ffordd, ar gyfer profion"', 1)
    said = 'path = "origins.csv", licence = "CC0-1.0", attribution = "'
    assert said in text
    profile_path.write_text(text.replace(said + "One Road, made for tests", said + "© Somebody"), encoding="utf-8")
    assert stock(profile_path).attributions_in("en") == (("One Road, made for tests", "en"), ("© Somebody", "en"))
    assert stock(profile_path).attributions_in("cy") == (("Un Ffordd, ar gyfer profion", "cy"), ("© Somebody", "en"))
    assert stock(profile_path).attributions() == ("One Road, made for tests", "© Somebody")


def test_the_digest_changes_with_any_file_and_with_the_profile_only(profile_path: Path) -> None:
    first = stock(profile_path).digest
    assert stock(profile_path).digest == first
    (profile_path.parent / "stray.csv").write_text("x")
    assert stock(profile_path).digest == first
    with (profile_path.parent / "venues.csv").open("a") as file:
        file.write("\n")
    second = stock(profile_path).digest
    text = profile_path.read_text(encoding="utf-8")
    profile_path.write_text(text.replace("rank_total = 3", "rank_total = 4"), encoding="utf-8")
    assert len({first, second, stock(profile_path).digest}) == 3


def test_the_digest_does_not_depend_on_where_the_area_lies(tmp_path: Path) -> None:
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    assert stock(write_one_road(tmp_path / "here")).digest == stock(write_one_road(tmp_path / "there")).digest


def test_every_file_that_cannot_be_used_has_its_fault(profile_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = profile_path.read_text(encoding="utf-8")
    profile_path.write_text(text.replace('"venues.csv"', f'"venues.csv", sha256 = "{"0" * 64}"'), encoding="utf-8")
    (profile_path.parent / "origins.csv").unlink()
    (profile_path.parent / "bus.zip").write_bytes(b"x" * 20_000)
    monkeypatch.setattr(manifest, "MAX_FILE_BYTES", 19_999)
    _, faults = take_stock(read_profile(profile_path))
    assert set(faults) == {"origins", "activities.venues", "timetable.bus"}
    assert "is missing (origins)" in faults["origins"].problem
    assert "not the file that the profile means" in faults["activities.venues"].problem
    assert "has 20,000 bytes" in faults["timetable.bus"].problem
