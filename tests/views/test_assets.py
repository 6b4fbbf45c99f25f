"""The map's scripts come from this machine; whatever would come from another is refused."""

from __future__ import annotations

import threading
from pathlib import Path

import folium
import pytest
import streamlit_folium

from views import assets


def test_every_link_of_a_folium_map_is_local_or_dropped() -> None:
    js = [link for _, link in folium.Map.default_js]
    css = [link for _, link in folium.Map.default_css]
    assert any(link.startswith("https://") for link in js + css)  # or this test would show nothing
    assert assets.local_links(js) == ["../../app/static/leaflet/leaflet.js", "../../app/static/jquery/jquery.min.js"]
    assert assets.local_links(css) == ["../../app/static/leaflet/leaflet.css"]


def test_an_unknown_link_is_refused_by_name() -> None:
    with pytest.raises(assets.AssetError, match=r"d3\.v4\.min\.js"):
        assets.local_links(["https://d3js.org/d3.v4.min.js"])


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("header", '<link rel="stylesheet" href="https://example.org/a.css"/>'),
        ("html", "<img src=//example.org/a.png>"),
        ("html", "<style>p { background: url('http://example.org/a.png') }</style>"),
        ("script", "L.tileLayer('https://tile.example.org/{z}/{x}/{y}.png')"),
    ],
)
def test_a_part_that_fetches_from_elsewhere_is_refused(part: str, content: str) -> None:
    guarded = assets.serving_locally(lambda **arguments: arguments)
    with pytest.raises(assets.AssetError, match=part):
        guarded(**{"js_links": [], "css_links": [], part: content})


def test_what_a_directory_says_does_not_count_as_a_fetch() -> None:
    guarded = assets.serving_locally(lambda **arguments: arguments)
    said = guarded(js_links=[], css_links=[], feature_group='paint({"lines":["src=//example.org"]})')
    assert said["feature_group"].startswith("paint")


def test_installing_twice_wraps_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streamlit_folium, "_component_func", lambda **arguments: arguments)
    assets.install(tmp_path)
    first = streamlit_folium._component_func
    assets.install(tmp_path)
    assert streamlit_folium._component_func is first
    assert (tmp_path / "leaflet" / "leaflet.js").read_bytes().startswith(b"/* @preserve")


def test_another_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "version", lambda name: "0.28.0")
    with pytest.raises(assets.AssetError, match=r"0\.28\.0"):
        assets.install(tmp_path)


def test_starts_at_the_same_time_leave_whole_files_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streamlit_folium, "_component_func", lambda **arguments: arguments)
    threads = [threading.Thread(target=assets.install, args=(tmp_path,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for folder, (source, names) in assets.PACKAGED.items():
        for name in names:
            assert (tmp_path / folder / name).read_bytes() == (source / name).read_bytes()
    assert not list(tmp_path.rglob("*.tmp"))


def test_a_file_that_is_there_is_left_alone_and_a_different_one_replaced(tmp_path: Path) -> None:
    assert assets.publish("areas/a.json", b"one", tmp_path) == "../../app/static/areas/a.json"
    made = (tmp_path / "areas" / "a.json").stat().st_mtime_ns
    assets.publish("areas/a.json", b"one", tmp_path)
    assert (tmp_path / "areas" / "a.json").stat().st_mtime_ns == made
    assets.publish("areas/a.json", b"two", tmp_path)
    assert (tmp_path / "areas" / "a.json").read_bytes() == b"two"
