"""Reading one file: rows are numbered as a spreadsheet does, and each fault says which file, which row and what to do."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.errors import DataError, Fault
from geo.profile import AreaProfile, Table, read_profile
from geo.tables import Rows, _check_content, read_rows
from tests.worlds import write_one_road

KNOWN = ("code", "name", "people")


@pytest.fixture
def profile(tmp_path: Path) -> AreaProfile:
    return read_profile(write_one_road(tmp_path))


def table(path: str, **said: object) -> Table:
    return Table.model_validate({"path": path, "licence": "CC0", "attribution": "made", "vintage": "made"} | said)


def read(profile: AreaProfile, content: str | bytes, required: tuple[str, ...] = ("code",), **said: object) -> Rows:
    raw = content.encode() if isinstance(content, str) else content
    (profile.folder / "t.csv").write_bytes(raw)
    return read_rows(profile, table("t.csv", **said), KNOWN, required)


def faults(profile: AreaProfile, content: str | bytes, **said: object) -> tuple[Fault, ...]:
    with pytest.raises(DataError) as caught:
        read(profile, content, **said)  # type: ignore[arg-type]
    return caught.value.faults


def test_rows_keep_their_numbers_past_blank_rows_and_cells_of_two_lines(profile: AreaProfile) -> None:
    # row 1 the header, row 2 a, row 3 blank, row 4 b (two lines in the file), row 5 c
    rows = read(profile, 'code,name\na, Aber \n,\nb,"Two\nlines"\nc,\n')
    assert rows.frame.index.tolist() == [2, 4, 5]
    assert rows.frame["name"].tolist()[:2] == ["Aber", "Two lines"]
    assert rows.frame["name"].isna().tolist() == [False, False, True]
    assert rows.rows_in == 3
    assert rows.notes == ("1 blank rows were passed over.",)


def test_a_byte_order_mark_is_no_part_of_the_first_column(profile: AreaProfile) -> None:
    assert read(profile, b"\xef\xbb\xbfcode\r\na\r\n").frame["code"].tolist() == ["a"]


def test_columns_map_our_names_and_others_stay_out(profile: AreaProfile) -> None:
    rows = read(profile, "LSOA,name,ward\na,Aber,x\n", columns={"code": "LSOA"})
    assert list(rows.frame) == ["code", "name"]


def test_where_leaves_rows_out_and_counts_them(profile: AreaProfile) -> None:
    rows = read(profile, "code,kind\na,hall\nb,pub\nc,hall\n", where={"kind": ["hall"]})
    assert rows.frame.index.tolist() == [2, 4]
    assert (rows.rows_in, rows.out_of_scope) == (3, 1)


def test_rows_of_another_width_are_refused_with_their_number(profile: AreaProfile) -> None:
    rows = read(profile, "code,name\na,Aber\nb,Tre, fawr\nc,Llan\n")
    assert rows.frame.index.tolist() == [2, 4]
    (fault,) = rows.refused
    assert (fault.file, fault.row) == ("t.csv", 3)
    assert "3 cells where the header has 2" in fault.problem
    assert "quotation marks" in fault.remedy


def test_two_encodings_in_one_file_name_every_row_and_its_bytes(profile: AreaProfile) -> None:
    # ô is c3 b4 in UTF-8 and f4 in cp1252; row 3 and row 5 come from another program
    found = faults(profile, b"code,name\na,T\xc3\xb4n\nb,T\xf4n\nc,Aber\nd,\xf4\n")
    assert [fault.row for fault in found] == [3, 5]
    assert "not UTF-8: f4" in found[0].problem
    assert "Save the whole file as UTF-8" in found[0].remedy
    # read as what it is not, nothing can be seen to be wrong; read as what it is, it is right
    assert read(profile, b"code,name\nb,T\xf4n\n", encoding="cp1252").frame["name"].tolist() == ["Tôn"]


def test_control_characters_do_not_reach_a_terminal(profile: AreaProfile) -> None:
    assert read(profile, "code,name\na,x\x1b[31my\n").frame["name"].tolist() == ["x [31my"]


@pytest.mark.parametrize(
    ("content", "said", "problem"),
    [
        ("", {}, "no header"),
        ("code,code\na,b\n", {}, "names a column twice: code"),
        ("name\nAber\n", {}, "no column 'code'"),
        ("code\na\n", {"columns": {"code": "LSOA"}}, "no column 'LSOA'"),
        ("code\na\n", {"columns": {"peple": "code"}}, "read without a column 'peple'"),
        ("code\na\n", {"where": {"kind": ["x"]}}, "no column 'kind'"),
        ('code\n"a\n', {}, "not a CSV file"),
        ("code;name\na;Aber\n", {}, "has semicolons between its cells"),
        ("code\tname\na\tAber\n", {}, "has tabs between its cells"),
        ("code\na\n".encode("utf-16"), {}, "is in UTF-16"),
        ("code\na\n", {"encoding": "a\0b"}, "cannot be read as 'a b'"),
        ("code\na\n", {"encoding": "utf-9"}, "cannot be read as 'utf-9'"),
        ("code\na\0\n", {}, "00"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(
    profile: AreaProfile, content: str | bytes, said: dict[str, object], problem: str
) -> None:
    (fault,) = faults(profile, content, **said)
    assert fault.file == "t.csv"
    assert problem in fault.problem
    assert fault.remedy


def test_all_missing_columns_are_named_at_once(profile: AreaProfile) -> None:
    with pytest.raises(DataError) as caught:
        read(profile, "x\n1\n", required=("code", "name"))
    assert [fault.problem for fault in caught.value.faults] == ["has no column 'code'.", "has no column 'name'."]


def test_a_missing_file_is_a_fault(profile: AreaProfile) -> None:
    with pytest.raises(DataError, match=r"none\.csv: is missing"):
        read_rows(profile, table("none.csv"), KNOWN)


def geojson(profile: AreaProfile, crs: str | None, xy: tuple[float, float]) -> None:
    feature = {
        "type": "Feature",
        "properties": {"code": "a", "people": 7},
        "geometry": {"type": "Point", "coordinates": list(xy)},
    }
    content: dict[str, object] = {"type": "FeatureCollection", "features": [feature]}
    if crs is not None:
        content["crs"] = {"type": "name", "properties": {"name": crs}}
    (profile.folder / "t.geojson").write_text(json.dumps(content), encoding="utf-8")


# Caister water tower, the worked example of Ordnance Survey's "Guide to coordinate systems in Great Britain": the same place
# on the National Grid and in ETRS89. Without OS's shift grid a transformation is right to about 5 m.
GRID = (651_409.8, 313_177.5)
DEGREES = (1.716073973, 52.658007833)


@pytest.mark.parametrize(
    ("crs", "said", "xy"),
    [
        (None, {}, DEGREES),  # RFC 7946: longitude, latitude
        ("urn:ogc:def:crs:OGC:1.3:CRS84", {}, DEGREES),
        ("urn:ogc:def:crs:EPSG::27700", {}, GRID),
        (None, {"crs": "EPSG:27700"}, GRID),
        ("EPSG:27700", {"crs": "EPSG:27700"}, GRID),
    ],
)
def test_every_crs_becomes_the_british_grid(
    profile: AreaProfile, crs: str | None, said: dict[str, str], xy: tuple[float, float]
) -> None:
    geojson(profile, crs, xy)
    rows = read_rows(profile, table("t.geojson", **said), KNOWN, ("code",))
    (point,) = rows.frame["geometry"]
    assert (point.x, point.y) == pytest.approx(GRID, abs=5.0)
    assert rows.frame["people"].tolist() == ["7"]
    assert rows.frame.index.tolist() == [2]


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:EPSG::999999", "nonsense"])
def test_an_unknown_crs_is_a_fault_and_not_taken_for_degrees(profile: AreaProfile, name: str) -> None:
    geojson(profile, name, GRID)
    with pytest.raises(DataError) as caught:
        read_rows(profile, table("t.geojson"), KNOWN)
    (fault,) = caught.value.faults
    assert fault.file == "t.geojson"
    assert name in fault.problem
    assert "EPSG:27700" in fault.remedy


def test_a_profile_may_not_contradict_the_file(profile: AreaProfile) -> None:
    geojson(profile, "EPSG:27700", GRID)
    with pytest.raises(DataError, match="the profile says WGS 84"):
        read_rows(profile, table("t.geojson", crs="EPSG:4326"), KNOWN)


def test_a_geopackage_without_a_crs_needs_one_from_the_profile(profile: AreaProfile) -> None:
    frame = gpd.GeoDataFrame({"code": ["a"]}, geometry=[shapely.Point(GRID)])
    with pytest.warns(UserWarning, match="crs"):
        frame.to_file(profile.folder / "t.gpkg", layer="zones")
    with pytest.raises(DataError, match="coordinate reference system"):
        read_rows(profile, table("t.gpkg"), KNOWN)
    rows = read_rows(profile, table("t.gpkg", crs="EPSG:27700"), KNOWN)
    assert rows.frame["geometry"].iloc[0].x == GRID[0]


def test_a_geopackage_of_two_layers_needs_the_name_of_one(profile: AreaProfile) -> None:
    for layer, code in (("old", "a"), ("new", "b")):
        frame = gpd.GeoDataFrame({"code": [code]}, geometry=[shapely.Point(GRID)], crs="EPSG:27700")
        frame.to_file(profile.folder / "t.gpkg", layer=layer)
    with pytest.raises(DataError, match=r"2 layers: old, new\. Name the one meant"):
        read_rows(profile, table("t.gpkg"), KNOWN)
    assert read_rows(profile, table("t.gpkg", layer="new"), KNOWN).frame["code"].tolist() == ["b"]


def test_a_truncated_geofile_is_a_fault(profile: AreaProfile) -> None:
    geojson(profile, None, DEGREES)
    path = profile.folder / "t.geojson"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match=r"t\.geojson: is not a whole GeoJSON file"):
        read_rows(profile, table("t.geojson"), KNOWN)
    (profile.folder / "t.gpkg").write_bytes(b"SQLite format 3\0" + b"x" * 100)
    with warnings.catch_warnings(), pytest.raises(DataError, match=r"t\.gpkg: cannot be read"):
        warnings.simplefilter("error")  # what the library says goes into the report, not to the terminal
        read_rows(profile, table("t.gpkg"), KNOWN)


@pytest.mark.parametrize("name", ["t.gpkg", "t.geojson"])
def test_whole_numbers_stay_whole_where_one_is_missing(profile: AreaProfile, name: str) -> None:
    codes, squares = pd.array([1, None, 30], dtype="Int64"), [shapely.Point(GRID).buffer(9)] * 3
    gpd.GeoDataFrame({"code": codes}, geometry=squares, crs="EPSG:27700").to_file(profile.folder / name)
    frame = read_rows(profile, table(name), KNOWN).frame
    assert frame["code"].fillna("blank").tolist() == ["1", "blank", "30"]


@pytest.mark.parametrize("name", ["x.gpkg", "x.geojson"])
def test_a_file_that_is_not_what_its_name_says_is_refused(tmp_path: Path, name: str) -> None:
    """GDAL goes by content: a virtual file could make it read any other, on this machine or beyond."""
    (tmp_path / name).write_text("<OGRVRTDataSource><OGRVRTLayer name='x'/></OGRVRTDataSource>", encoding="utf-8")
    with pytest.raises(DataError, match="is not what its ending says"):
        _check_content(tmp_path / name)
