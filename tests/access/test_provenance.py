"""Where a result comes from: the data, the question and the code that computed it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from access.network import AreaNetwork
from access.query import code_digest
from geo.area import Area
from geo.code import source_digest

PROJECT = Path(__file__).resolve().parents[2]


def write(folder: Path, **sources: bytes) -> Path:
    for name, content in sources.items():
        path = folder / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def test_the_same_code_has_the_same_digest_wherever_it_lies_and_whatever_ends_its_lines(tmp_path: Path) -> None:
    first = write(tmp_path / "a" / "geo", one=b"x = 1\ny = 2\n", part__two=b"z = 3\n")
    windows = write(tmp_path / "b" / "geo", part__two=b"z = 3\r\n", one=b"x = 1\r\ny = 2\r\n")
    (windows / "notes.txt").write_text("not code")
    assert source_digest(first) == source_digest(windows)


def test_other_code_has_another_digest(tmp_path: Path) -> None:
    """A byte, a module's name, the border between two modules and the package each count."""
    digests = {
        source_digest(write(tmp_path / name / package, **sources))
        for name, package, sources in (
            ("base", "geo", {"one": b"x = 1\n", "two": b"y = 1\n"}),
            ("byte", "geo", {"one": b"x = 2\n", "two": b"y = 1\n"}),
            ("name", "geo", {"one": b"x = 1\n", "three": b"y = 1\n"}),
            ("border", "geo", {"one": b"x = 1\ny = 1\n", "two": b""}),
            ("package", "access", {"one": b"x = 1\n", "two": b"y = 1\n"}),
        )
    }
    assert len(digests) == 5


def test_a_result_names_its_code_and_other_code_gives_it_another_digest(one_road: Area) -> None:
    made_from = AreaNetwork(one_road).provenance(asked=1)
    assert made_from.code == code_digest() == source_digest(PROJECT / "geo", PROJECT / "access")[:12]
    assert re.fullmatch("[0-9a-f]{12}", made_from.code)
    assert made_from.digest == AreaNetwork(one_road).provenance(asked=1).digest
    other = replace(made_from, code="0" * 12)
    assert other.digest != made_from.digest
    assert other.statement.splitlines()[:2] == [other.digest, "code 000000000000"]
    assert other.in_words.splitlines()[0].endswith(f"{other.digest}, for 2026-10-13. Computed by code 000000000000.")
