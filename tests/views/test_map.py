"""The map's parts as functions: shapes, names, colours, venues, and what travels to the browser."""

from __future__ import annotations

import json
import re
from dataclasses import asdict

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape
from streamlit_folium import _get_feature_group_string, _get_map_string

from access.gaps import find_gaps
from access.query import Standard
from geo.words import LANGUAGES, Language
from tests.views.small_area import HOSTILE, small_access, small_area
from views.geometry import area_shapes, simplified
from views.labels import labels_by_zoom
from views.legend import LAYERS, Shading, legend_html, round_edges, shade
from views.loading import layer_of
from views.map import Venue, as_script, base_map, paint, paint_group, venue_text, venues_of

GAPS = find_gaps(small_access(), Standard("singing"))


def shading(layer: str = "unmet_share", language: Language = "en") -> Shading:
    return shade(layer_of(GAPS, layer)[0], layer, language)  # type: ignore[arg-type]


def test_shapes_hold_every_zone_and_footprint_within_the_bounds() -> None:
    shapes = area_shapes(small_area())
    content = json.loads(shapes.content)
    assert [f["properties"]["zone_code"] for f in content["zones"]["features"]] == [f"Z{i:02d}" for i in range(16)]
    assert [f["properties"]["footprint_id"] for f in content["footprints"]["cluster"]["features"]] == ["W", "E"]
    (south, west), (north, east) = shapes.bounds
    for feature in content["zones"]["features"]:
        zone = shape(feature["geometry"])
        assert (
            zone.is_valid
            and west <= zone.bounds[0]
            and north >= zone.bounds[3]
            and south <= zone.bounds[1]
            and east >= zone.bounds[2]
        )
    assert max(len(number) for number in re.findall(rb"\.(\d+)", shapes.content)) <= 5  # decimals
    assert content["bus"] and content["rail"] and content["roads"] and content["land"]


def test_the_same_area_gives_the_same_file_and_another_one_another() -> None:
    assert area_shapes(small_area()) == area_shapes(small_area())
    other = small_area()
    other.zones.loc[0, "name_en"] = "Renamed"
    assert area_shapes(other).name != area_shapes(small_area()).name


def test_simplified_neighbours_still_share_their_edge() -> None:
    # A wavy border between two fields: each wave is 2 m high, far below the tolerance of 50 m.
    border = [(500 + 2 * (i % 2), 10 * i) for i in range(101)]
    west = shapely.Polygon([(0, 0), *border, (0, 1000)])
    east = shapely.Polygon([(1000, 0), *border, (1000, 1000)])
    left, right = simplified(np.array([west, east], dtype=object), 50)
    assert shapely.get_num_coordinates(left) < 12
    assert left.intersection(right).area == 0
    assert shapely.union(left, right).area == pytest.approx(1_000_000, rel=0.01)


def test_a_weightier_name_keeps_its_place_until_there_is_room_for_both() -> None:
    area = small_area()
    area.places["kind"] = ["town", "village"]
    area.places.geometry = gpd.GeoSeries([shapely.Point(302_000, 202_000), shapely.Point(302_400, 202_000)], crs=27700)
    town, village = labels_by_zoom(area.places, shapely.box(*area.zones.total_bounds), area.origins)
    assert (town["en"], town["cy"], village["en"]) == ("Townsend", "Pen-y-dref", "Hill")
    # 400 m are 400 / (156 543 cos(51.7°) / 2^z) px: at zoom 12 only 17 px, at zoom 15 135 px; "Pen-y-dref" needs 83 px, "Hill" 38.
    assert town["zoom"] == 8
    assert village["zoom"] == 14  # 67 px apart, and half of 83 + 38 is 61


def test_between_equal_kinds_the_one_with_more_people_about_it_comes_first() -> None:
    area = small_area()
    area.places["kind"] = ["town", "town"]  # Townsend in the middle of the zones, Hill moved to their corner
    area.places.geometry = gpd.GeoSeries([shapely.Point(304_000, 204_000), shapely.Point(302_000, 202_000)], crs=27700)
    names = [
        place["en"]
        for place in labels_by_zoom(area.places, shapely.box(*area.zones.total_bounds).buffer(1), area.origins)
    ]
    assert names == ["Hill", "Townsend"]


def test_shares_fall_into_their_classes_and_the_unknown_zone_into_none() -> None:
    drawn = shading()
    # Rows 0 to 2 are met, row 3 gets no way home, Z15 is not placed (the drawing in small_area.py).
    assert drawn.classes == {f"Z{i:02d}": 0 if i < 12 else 5 for i in range(15)}
    assert "Z15" not in drawn.texts and drawn.has_unknown
    assert drawn.texts["Z12"] == "100% cannot get there and back"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("layer", LAYERS)
def test_every_class_has_a_colour_and_a_label_in_either_language(layer: str, language: Language) -> None:
    drawn = shading(layer, language)
    assert len(drawn.colours) == len(drawn.labels)
    assert set(drawn.classes.values()) <= set(range(len(drawn.colours)))
    assert all(label in legend_html(drawn, language).replace("&#x27;", "'") for label in drawn.labels)


def test_deprivation_goes_two_deciles_to_a_class() -> None:
    # Rank r of 16 is decile ceil(10 r / 16): zone 0 (rank 1) decile 1, zone 15 (rank 16) decile 10.
    classes = shading("deprivation").classes
    assert (classes["Z00"], classes["Z02"], classes["Z03"], classes["Z15"]) == (0, 0, 1, 4)


def test_sessions_and_places_are_shaded_by_what_is_within_reach() -> None:
    # One weekly choir at V0; rows 0 to 2 get there and back, row 3 does not get home, Z15 is not placed (the drawing in small_area.py).
    drawn = shading("sessions")
    assert drawn.classes == {f"Z{i:02d}": 1 if i < 12 else 0 for i in range(15)} and drawn.has_unknown
    assert (drawn.texts["Z00"], drawn.texts["Z12"]) == (
        "sessions a week within reach: 1",
        "sessions a week within reach: 0",
    )
    # It does not say how many it takes: 12 places are assumed, shared among the 12,000 people who reach it.
    assert shading("places").texts["Z00"] == "places a week per 1,000 people: 1"
    assert [note.key for note in layer_of(GAPS, "places")[1]] == ["measure.capacity_assumed"]


def test_colours_of_neighbouring_classes_differ_in_lightness() -> None:
    def luminance(colour: str) -> float:
        return float(np.dot([0.2126, 0.7152, 0.0722], [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]))

    for layer in LAYERS:
        steps = np.diff([luminance(colour) for colour in shading(layer).colours])
        assert (np.abs(steps) > 0.05).all() and len(set(np.sign(steps))) == 1, layer


@given(st.lists(st.floats(0, 20_000), min_size=1))
def test_edges_of_persons_always_rise(values: list[float]) -> None:
    edges = round_edges(np.array(values))
    assert len(edges) == 4 and (np.diff(edges) > 0).all() and (edges >= 1).all()


def test_venues_are_the_placed_ones_of_the_category() -> None:
    area = small_area()
    found = venues_of(area.activities, small_access(area).sessions, area.venues, "singing", "cy")
    # The choir at V2 has no session, and V2 no coordinates; V0 is in Z00.
    assert [venue.lines for venue in found] == [("Neuadd", "Côr – 1 sesiwn yr wythnos")]
    assert found[0].lat == pytest.approx(51.6944, abs=1e-4)


def test_what_is_held_every_other_week_is_half_a_session() -> None:
    area = small_area()
    fortnightly = small_access(area).sessions.assign(per_week=0.5)
    [found] = venues_of(area.activities, fortnightly, area.venues, "singing", "en")
    assert found.lines == ("Neuadd", "Choir – sessions a week: 0.5")


def test_the_base_does_not_depend_on_the_question_nor_on_chance() -> None:
    first, second = (_get_map_string(base_map("x.json", ((51.6, -3.4), (51.7, -3.3)))) for _ in range(2))
    assert first == second
    assert "window.cyrraedd.start(map_div" in first and '"x.json"' in first


def test_the_paint_travels_in_a_feature_group_that_drops_the_ones_before() -> None:
    made = paint(shading(), "cy", "cluster", "Z03")
    script = _get_feature_group_string(paint_group(made), base_map("x.json", ((51.6, -3.4), (51.7, -3.3))))
    assert script.index("window.feature_group = [];") < script.index("window.feature_group.push")
    sent = json.loads(re.search(r"cyrraedd\.paint\((.*)\);", script)[1])  # type: ignore[index]
    assert sent == json.loads(json.dumps(asdict(made)))
    assert (sent["language"], sent["chosen"], sent["classes"]["Z14"]) == ("cy", "Z03", 5)


def test_a_venue_is_named_and_one_without_a_name_is_said_to_have_none() -> None:
    assert venue_text("Neuadd", "V0", "en") == "Neuadd"
    assert (venue_text("V0", "V0", "en"), venue_text("V0", "V0", "cy")) == ("a place without a name", "lle heb enw")


def test_hostile_names_reach_the_browser_as_text() -> None:
    venue = Venue(51.7, -3.4, 5.0, ("Neuadd", HOSTILE))
    script = _get_feature_group_string(
        paint_group(paint(shading(), "en", venues=[venue])), base_map("x.json", ((51.6, -3.4), (51.7, -3.3)))
    )
    assert "<" not in script and "{{" not in script
    sent = json.loads(re.search(r"cyrraedd\.paint\((.*)\);", script)[1])  # type: ignore[index]
    assert sent["venues"][0]["lines"][1] == HOSTILE


@given(st.text())
def test_script_values_survive_and_never_leave_their_string(said: str) -> None:
    script = as_script({"said": said})
    assert json.loads(script) == {"said": said}
    assert not re.search(r"[<>&\u2028\u2029]|\{\{", script)
