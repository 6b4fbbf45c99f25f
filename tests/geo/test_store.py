"""A stored area comes back the same, is written whole or not at all, and is never trusted blindly."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal

from geo import store
from geo.area import Area
from geo.build import build_area
from geo.errors import CyrraeddError, DataError
from geo.profile import read_profile
from geo.store import load_area, save_area
from tests.worlds import write_one_road


@pytest.fixture(scope="module")
def area(tmp_path_factory: pytest.TempPathFactory) -> Area:
    return build_area(read_profile(write_one_road(tmp_path_factory.mktemp("world"), booked_rides=True)))


def same(left: object, right: object) -> None:
    if isinstance(left, pd.DataFrame):
        if "geometry" in left:
            assert_geodataframe_equal(left, right, check_dtype=False)
        else:
            pd.testing.assert_frame_equal(left, right, check_dtype=False)
    elif isinstance(left, np.ndarray):
        assert left.dtype == right.dtype  # type: ignore[attr-defined]
        np.testing.assert_array_equal(left, right)
    else:
        assert left == right


def test_an_area_comes_back_as_it_was(area: Area, tmp_path: Path) -> None:
    save_area(area, tmp_path / "kept")
    again = load_area(tmp_path / "kept")
    for field in fields(Area):
        if field.name == "streets":
            for mode, graph in area.streets.items():
                for part in fields(graph):
                    same(getattr(graph, part.name), getattr(again.streets[mode], part.name))
        elif field.name == "timetable":
            for part in fields(area.timetable):
                same(getattr(area.timetable, part.name), getattr(again.timetable, part.name))
        else:
            same(getattr(area, field.name), getattr(again, field.name))
    assert (again.digest, again.public_digest) == (area.digest, area.public_digest)


def test_the_loaded_tables_have_the_types_of_the_schemas(area: Area, tmp_path: Path) -> None:
    save_area(area, tmp_path / "kept")
    again = load_area(tmp_path / "kept")
    for name in (
        "zones",
        "origins",
        "footprints",
        "practices",
        "venues",
        "activities",
        "sessions",
        "demand_responsive",
    ):
        assert getattr(again, name).dtypes.to_dict() == getattr(area, name).dtypes.to_dict()


def test_the_same_area_twice_gives_the_same_bytes(area: Area, tmp_path: Path) -> None:
    save_area(area, tmp_path / "one")
    save_area(area, tmp_path / "two")
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_saving_again_replaces_and_leaves_nothing_beside(area: Area, tmp_path: Path) -> None:
    save_area(area, tmp_path / "kept")
    (tmp_path / "kept" / "stray").write_text("x")
    save_area(area, tmp_path / "kept")
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert not (tmp_path / "kept" / "stray").exists()


def test_a_failed_save_leaves_the_old_area_and_nothing_half_written(
    area: Area, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_area(area, tmp_path / "kept")
    before = (tmp_path / "kept" / "area.json").read_bytes()

    def full_disk(*_: object, **__: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(store.np, "savez", full_disk)  # tables are written by then, arrays are not
    for folder in ("kept", "new"):
        with pytest.raises(OSError, match="No space left"):
            save_area(area, tmp_path / folder)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert (tmp_path / "kept" / "area.json").read_bytes() == before


def test_a_folder_with_something_else_is_never_replaced(area: Area, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "will.txt").write_text("to my heirs")
    with pytest.raises(CyrraeddError, match=r"letters exists and is not an area\. Choose another folder"):
        save_area(area, tmp_path / "letters")
    assert (tmp_path / "letters" / "will.txt").read_text() == "to my heirs"


def test_a_changed_or_missing_file_is_refused_by_name(area: Area, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    save_area(area, folder)
    with (folder / "zones.parquet").open("ab") as file:
        file.write(b"x")
    (folder / "timetable.npz").unlink()
    with pytest.raises(DataError) as caught:
        load_area(folder)
    assert [(Path(fault.file).name, fault.problem) for fault in caught.value.faults] == [
        ("zones.parquet", "was changed after the area was built."),
        ("timetable.npz", "is missing."),
    ]
    assert "python -m geo build" in caught.value.faults[0].remedy


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{", "is damaged"),
        (f'{{"format": {store.FORMAT}}}', "is damaged"),
        (f'{{"format": {store.FORMAT}, "profile": 1, "folder": 2, "files": []}}', "is damaged"),
        ('{"format": 0}', "written by another version"),
        ("[]", "written by another version"),
    ],
)
def test_another_format_is_refused(tmp_path: Path, content: str, problem: str) -> None:
    (tmp_path / "area.json").write_text(content)
    with pytest.raises(DataError, match=problem):
        load_area(tmp_path)
    with pytest.raises(DataError, match="holds no area"):
        load_area(tmp_path / "none")


def test_a_pickle_is_never_opened(area: Area, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    save_area(area, folder)
    path = folder / "streets_walk.npz"
    with np.load(path) as file:
        arrays = dict(file)
    np.savez(path, **(arrays | {"head": np.array([{"evil": 1}], dtype=object)}))
    head = json.loads((folder / "area.json").read_text(encoding="utf-8"))
    head["files"]["streets_walk.npz"] = store.file_sha256(path)  # even if the digest were forged
    (folder / "area.json").write_text(json.dumps(head), encoding="utf-8")
    with pytest.raises(ValueError, match="allow_pickle=False"):
        load_area(folder)


def test_areas_are_frozen(area: Area) -> None:
    with pytest.raises(AttributeError):
        area.zones = area.origins  # type: ignore[misc]
    assert replace(area).digest == area.digest
