"""Fetching sources: https only, whole and right or not at all. No test touches the network."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import ClassVar
from urllib.error import URLError
from urllib.request import Request

import pytest

from geo import download as module
from geo.download import _StayOnHttps, download, open_https
from geo.errors import DataError
from geo.profile import AreaProfile, read_profile
from tests.worlds import write_one_road

URL = "https://example.org/venues.csv"
CONTENT = b"venue_id,name\n"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def profile(tmp_path: Path, url: str = URL, sha256: str = SHA256) -> AreaProfile:
    """One Road whose venues are still to be fetched."""
    path = write_one_road(tmp_path)
    text = path.read_text(encoding="utf-8")
    said = f'"venues.csv", url = "{url}", sha256 = "{sha256}"'
    path.write_text(text.replace('"venues.csv"', said), encoding="utf-8")
    (tmp_path / "venues.csv").unlink()
    return read_profile(path)


def serve(content: bytes, asked: list[str] | None = None):  # type: ignore[no-untyped-def]
    def open_url(url: str) -> io.BytesIO:
        if asked is not None:
            asked.append(url)
        return io.BytesIO(content)

    return open_url


def test_what_is_missing_is_fetched_and_what_is_right_is_left(tmp_path: Path) -> None:
    asked: list[str] = []
    made = profile(tmp_path)
    assert download(made, open_url=serve(CONTENT, asked)) == {"activities.venues": SHA256}
    assert (tmp_path / "venues.csv").read_bytes() == CONTENT
    assert download(made, open_url=serve(CONTENT, asked)) == {}
    assert asked == [URL]


def test_a_file_that_is_there_is_never_replaced(tmp_path: Path) -> None:
    made = profile(tmp_path)
    (tmp_path / "venues.csv").write_bytes(b"old")
    with pytest.raises(DataError, match=r"venues\.csv: is there, but is not the file .* remove it and fetch again"):
        download(made, open_url=serve(CONTENT))
    assert (tmp_path / "venues.csv").read_bytes() == b"old"


def with_path(folder: Path, path: str) -> AreaProfile:
    """One Road in ``folder``, whose venues are to be put at ``path``."""
    folder.mkdir(parents=True)
    profile(folder)
    toml = folder / "one-road.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace('"venues.csv"', f'"{path}"'), encoding="utf-8")
    return read_profile(toml)


@pytest.mark.parametrize(
    ("folder", "path"),
    [("a/b", "../x"), ("a/b", "../../x"), ("data/areas", "../../x"), ("a/b", "link/x"), ("a/b", "${HOME}/x")],
)
def test_nothing_is_put_outside_the_profiles_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, path: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    made = with_path(tmp_path / folder, path)
    try:
        (tmp_path / folder / "link").symlink_to(tmp_path)
    except OSError:
        pytest.skip("this system lets nobody make links without a privilege")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(DataError, match="lies outside the profile's folder"):
        download(made, open_url=serve(CONTENT))
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("folder", "path", "lies"),
    [
        ("a/b", "raw/x.csv", "a/b/raw/x.csv"),
        ("data/areas", "../services/x.csv", "data/services/x.csv"),
        ("a/b", "${CYRRAEDD_FILES:-../..}/x.csv", "files/x.csv"),
    ],
)
def test_files_go_into_the_tree_or_the_folder_that_a_variable_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, path: str, lies: str
) -> None:
    monkeypatch.setenv("CYRRAEDD_FILES", str(tmp_path / "files"))
    download(with_path(tmp_path / folder, path), open_url=serve(CONTENT))
    assert (tmp_path / lies).read_bytes() == CONTENT


def test_wrong_content_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    made = profile(tmp_path)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(DataError, match="is not the file that the profile means") as caught:
        download(made, open_url=serve(b"something else"))
    assert caught.value.faults[0].file == URL
    assert sorted(tmp_path.iterdir()) == before


def test_a_file_without_end_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_FILE_BYTES", 10)
    with pytest.raises(DataError, match="has over 10 bytes"):
        download(profile(tmp_path), open_url=serve(CONTENT))
    assert not [path for path in tmp_path.iterdir() if "venues" in path.name]


@pytest.mark.parametrize("url", ["http://example.org/a", "file:///etc/passwd", "ftp://example.org/a"])
def test_only_https_is_opened(tmp_path: Path, url: str) -> None:
    with pytest.raises(URLError, match="only https"):
        open_https(url)
    with pytest.raises(DataError, match=r"could not be fetched: .*only https"):
        download(profile(tmp_path, url=url))


def test_a_redirect_away_from_https_is_refused() -> None:
    handler = _StayOnHttps()
    request = Request(URL)
    with pytest.raises(URLError, match="away from https"):
        handler.redirect_request(request, io.BytesIO(), 302, "Found", {}, "http://example.org/venues.csv")
    assert handler.redirect_request(request, io.BytesIO(), 302, "Found", {}, "https://example.org/b") is not None


@pytest.mark.parametrize("length", [str(len(CONTENT) + 1), "many"])
def test_an_answer_that_breaks_off_is_not_kept(tmp_path: Path, length: str) -> None:
    class Short(io.BytesIO):
        headers: ClassVar = {"Content-Length": length}

    with pytest.raises(DataError, match="broke off after"):
        download(profile(tmp_path), open_url=lambda url: Short(CONTENT))
    assert not (tmp_path / "venues.csv").exists()
    assert not list(tmp_path.glob("*.partial"))
