"""Small numbers: try to recover what is withheld, by subtraction, by shares, by enumeration of all that could be."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from access.__main__ import main
from access.brought_counts import spread_out, suppress_column, suppress_share
from access.need import NeedWeights, NoNeed, need_index
from access.network import AreaNetwork
from access.query import QueryError
from access.suppress import NotCounts, suppress, suppress_parts, suppress_shares
from geo.build import build_area
from geo.check import check_area
from geo.check_text import as_json, as_text
from geo.errors import ProfileError, UnknownName
from geo.profile import read_profile
from tests.worlds import write_one_road

ZONES = ["A", "B", "C", "D"]
CLUSTER = pd.Series(["west", "west", "east", "east"], index=ZONES)
ACROSS = pd.Series(["l1", "l2", "l1", "l2"], index=ZONES)


def counts(*values: float) -> pd.Series:
    return pd.Series(list(values), index=ZONES[: len(values)], dtype=float)


def test_a_small_count_takes_another_with_it() -> None:
    # West is 4 + 30 = 34: were A alone withheld, 34 − 30 would give it away. B goes too, and A may be anything from 1 to 33.
    found = suppress(counts(4, 30, 20, 50), {"cluster": CLUSTER})
    assert found.at("zone").isna().tolist() == [True, True, False, False]
    assert found.at("cluster").to_dict() == {"east": 70, "west": 34}
    assert found.at("total").tolist() == [104]


def test_two_small_counts_that_leave_too_little_room() -> None:
    # 1 and 1 make 2: both would be known to be 1. So the sum goes as well – and east with it, or the total would give west away.
    found = suppress(counts(1, 1, 20, 50), {"cluster": CLUSTER})
    assert found.is_withheld_at("zone").tolist()[:2] == [True, True]
    assert found.is_withheld_at("cluster")["west"]
    assert not {"A", "B"} & set(found.at("zone").dropna().index)


def test_nothing_small_nothing_withheld() -> None:
    found = suppress(counts(0, 10, 25, 400), {"cluster": CLUSTER})
    assert not found.cells["is_withheld"].any()  # a zero says nothing of anybody
    assert found.at("cluster")["west"] == 10


def test_what_is_not_known_stays_so() -> None:
    found = suppress(counts(np.nan, 30, 20, 50), {"cluster": CLUSTER})
    assert np.isnan(found.at("cluster")["west"]) and not found.cells["is_withheld"].any()
    assert np.isnan(found.at("total").iloc[0]) and found.at("cluster")["east"] == 70


def test_zones_without_a_group_are_a_group() -> None:
    found = suppress(counts(4, 30, 20, 50), {"cluster": CLUSTER.drop("A")})
    # "-" holds A alone, so its roll-up is as small as A itself.
    assert found.is_withheld_at("cluster")["-"]


def test_bad_counts_are_refused() -> None:
    for bad in (counts(-1, 3), counts(1.5, 3), counts(np.inf, 3)):
        with pytest.raises(NotCounts, match="whole numbers"):
            suppress(bad)
    with pytest.raises(NotCounts, match="twice"):
        suppress(pd.Series([1.0, 2.0], index=["A", "A"]))
    with pytest.raises(NotCounts, match="withholds nothing"):
        suppress(counts(1, 2), threshold=1)


def test_a_share_of_a_public_base_hides_with_its_count() -> None:
    found = suppress_shares(
        counts(4, 30, 20, 50), counts(1000, 1000, 1000, 1000), {"cluster": CLUSTER}, base_is_public=True
    )
    by_id = found.set_index("id")
    assert by_id.loc[["A", "B"], "share"].isna().all() and (by_id.loc[ZONES, "base"] == 1000).all()
    assert by_id.loc["west", "share"] == pytest.approx(34 / 2000)


def test_who_did_not_is_a_count_too() -> None:
    # Of 100 referred 97 came: the 3 who did not must not be had by subtracting, nor from 97 %.
    found = suppress_shares(counts(97, 40), counts(100, 80), base_is_public=False).set_index("id")
    withheld = found[["count", "base", "share"]].isna().loc["A"]
    assert found["is_withheld"]["A"] and withheld["share"] and (withheld["count"] or withheld["base"])
    with pytest.raises(NotCounts, match="above"):
        suppress_shares(counts(5), counts(4), base_is_public=True)


Fact = tuple[list[int], float]  # some of the unknown numbers, and their sum as published


def possible(facts: list[Fact], n: int, least: int, most: int) -> np.ndarray:
    """Return every vector of n whole numbers from ``least`` to ``most`` that agrees with the facts: a patient reader with a pencil."""
    known = {where[0]: int(value) for where, value in facts if len(where) == 1}
    choices = [[known[at]] if at in known else range(least, most + 1) for at in range(n)]
    grid = np.stack(np.meshgrid(*choices, indexing="ij"), axis=-1).reshape(-1, n)
    for where, value in facts:
        grid = grid[grid[:, where].sum(axis=1) == value]
    return grid


SUMS = {
    ("cluster", "west"): [0, 1],
    ("cluster", "east"): [2, 3],
    ("across", "l1"): [0, 2],
    ("across", "l2"): [1, 3],
    ("total", "total"): [0, 1, 2, 3],
}


@settings(max_examples=80, deadline=None)
@given(values=st.lists(st.integers(0, 9), min_size=4, max_size=4), threshold=st.integers(2, 4))
def test_nobody_can_work_out_a_small_count(values: list[int], threshold: int) -> None:
    """Every small cell could still be any of at least ``threshold`` values, for all that is published on three levels at once."""
    found = suppress(counts(*values), {"cluster": CLUSTER, "across": ACROSS}, threshold)
    cells = {("zone", zone): [at] for at, zone in enumerate(ZONES)} | SUMS
    shown = zip(found.cells["level"], found.cells["id"], found.cells["count"], strict=True)
    facts = [(cells[level, name], count) for level, name, count in shown if not np.isnan(count)]
    agree = possible(facts, 4, least=1, most=24)  # zeros are shown, so what is withheld is 1 or more
    assert (agree == values).all(axis=1).any()  # what is shown is true
    for cell, zones in cells.items():
        true = sum(values[zone] for zone in zones)
        if 0 < true < threshold:
            assert len(np.unique(agree[:, zones].sum(axis=1))) >= threshold, (cell, found.cells)


@settings(max_examples=40, deadline=None)
@given(
    parts=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=2), threshold=st.integers(2, 4)
)
def test_nobody_can_work_out_a_small_count_from_shares(parts: list[tuple[int, int]], threshold: int) -> None:
    """Multiplying shares out, dividing by them, and subtracting from the base: both parts stay uncertain where they are small."""
    yes, no = (counts(*(part[at] for part in parts)) for at in (0, 1))
    found = suppress_shares(yes, yes + no, threshold=threshold, base_is_public=False)
    facts: list[Fact] = []  # about yes A, yes B, no A, no B
    assert found["id"].tolist() == ["A", "B", "total"]
    places = (([0], [0, 2]), ([1], [1, 3]), ([0, 1], [0, 1, 2, 3]))
    shown = found[["count", "base", "share"]].to_numpy(float)
    for (count_of, base_of), (count, base, share) in zip(places, shown, strict=True):
        if not np.isnan(share):  # a share alone gives nothing more than the two numbers that it is made of
            assert not np.isnan(count) and not np.isnan(base) and share == pytest.approx(count / base)
        facts += [(where, value) for where, value in ((count_of, count), (base_of, base)) if not np.isnan(value)]
    agree = possible(facts, 4, least=0, most=14)
    true = [*yes, *no]
    for at, value in enumerate(true):
        if 0 < value < threshold:
            assert len(np.unique(agree[:, at])) >= threshold, (at, found)


def test_a_whole_region_is_done_in_seconds() -> None:
    rng = np.random.default_rng(4)
    codes = [f"Z{n}" for n in range(160)]
    found = suppress(
        pd.Series(rng.poisson(12, 160), index=codes),
        {"cluster": pd.Series([f"c{n // 26}" for n in range(160)], index=codes)},
    )
    small = found.cells["is_withheld"].sum()
    assert 30 < small < 80  # about a third are under ten; little more is withheld than that
    assert not found.is_withheld_at("cluster").any()


def test_a_column_that_a_user_brought(tmp_path: Path) -> None:
    profile = write_one_road(tmp_path, busy=True)
    (tmp_path / "extra.csv").write_text("zone_code,refs\nA,4\nB,30\nC,50\n", encoding="utf-8")
    source = 'licence = "CC0-1.0", attribution = "made for tests", vintage = "2026"'
    extra = f'extra = {{ path = "extra.csv", {source}, columns = {{ referrals = "refs" }} }}'
    said = profile.read_text(encoding="utf-8").replace("[zones]\n", f"[zones]\n{extra}\n", 1)
    profile.write_text(said, encoding="utf-8")
    found = suppress_column(build_area(read_profile(profile)), "referrals")
    # A's 4 are withheld, and B's 30 with them: west (A and B, as in both levels) is 34 and C alone is east, and 50.
    assert found.at("zone").isna().to_dict() == {"A": True, "B": True, "C": False}
    assert found.at("cluster").to_dict() == {"east": 50, "west": 34}
    with pytest.raises(UnknownName, match="column"):
        suppress_column(build_area(read_profile(profile)), "population")  # public, and never withheld
    told = CliRunner().invoke(main, ["counts", str(profile), "referrals"])
    assert told.exit_code == 0 and "withheld: 2 of" in told.output and " 30.0 " not in told.output
    assert "do not name referrals" in told.stderr  # need would tell them all the same
    profile.write_text(said.replace("[zones]\n", '[zones]\ncounts = ["referrals"]\n', 1), encoding="utf-8")
    assert "do not name" not in CliRunner().invoke(main, ["counts", str(profile), "referrals"]).stderr


def with_pairs(folder: Path, rows: str, said: str = 'part_of = { attended = "referred" }') -> Path:
    """Write One Road with two columns of counts; west is A and B, east is C."""
    return with_counts(folder, ("referred", "attended"), rows, said)


def with_counts(folder: Path, names: tuple[str, ...], rows: str, said: str = "") -> Path:
    """Write One Road with columns of counts; west is A and B, east is C."""
    profile = write_one_road(folder, busy=True)
    (folder / "extra.csv").write_text(f"zone_code,{','.join(names)}\n{rows}", encoding="utf-8")
    source = 'licence = "CC0-1.0", attribution = "made for tests", vintage = "2026"'
    columns = ", ".join(f'{name} = "{name}"' for name in names)
    mine = f'[zones]\nextra = {{ path = "extra.csv", {source}, columns = {{ {columns} }} }}\ncounts = {json.dumps(names)}\n{said}\n'
    profile.write_text(profile.read_text(encoding="utf-8").replace("[zones]\n", mine, 1), encoding="utf-8")
    return profile


def test_a_part_and_its_whole_cannot_be_subtracted(tmp_path: Path) -> None:
    # Of 60 referred in A 57 came. Either number alone is large, but 60 - 57 = 3 did not come.
    area = build_area(read_profile(with_pairs(tmp_path, "A,60,57\nB,80,40\nC,50,30\n")))
    came, referred = suppress_column(area, "attended"), suppress_column(area, "referred")
    assert not suppress(pd.Series([60.0, 80, 50], index=list("ABC"))).cells["is_withheld"].any()  # as it would be alone
    for level in ("zone", "cluster", "total"):
        rest = referred.at(level) - came.at(level)
        assert not ((rest > 0) & (rest < 10)).any()
    known = {name: found.at("zone").to_dict() for name, found in (("came", came), ("referred", referred))}
    assert np.isnan(known["came"]["A"]) or np.isnan(known["referred"]["A"])
    # The share says no more: it stands only where both do. Need is made of the same, so it does not either.
    shares = suppress_share(area, "attended", "referred").set_index(["level", "id"])
    both = shares["count"].notna() & shares["base"].notna()
    assert (shares["share"].notna() == both).all() and np.isnan(shares.loc[("zone", "A"), "share"])
    need = np.stack([spread_out(area, "attended"), spread_out(area, "referred")])
    assert abs(need[1, 0] - need[0, 0] - 3) > 1e-9


@settings(max_examples=25, deadline=None)
@given(values=st.lists(st.integers(0, 5), min_size=6, max_size=6), threshold=st.integers(2, 3))
def test_nobody_can_work_out_a_part_across_levels(values: list[int], threshold: int) -> None:
    """Three zones, two of them a cluster; the part, the whole and the shares at all levels at once, by whoever tries every table."""
    came = pd.Series(values[::2], index=ZONES[:3], dtype=float)
    rest = pd.Series(values[1::2], index=ZONES[:3], dtype=float)
    cluster = CLUSTER[:3]
    both = pd.DataFrame({"came": came, "referred": came + rest})
    parts = suppress_parts(both, {"came": "referred"}, {"cluster": cluster}, threshold)
    zones = {"A": [0], "B": [1], "C": [2], "west": [0, 1], "east": [2], "total": [0, 1, 2]}
    facts: list[Fact] = []
    for found, of in zip(parts.values(), ([0], [0, 1]), strict=True):
        shown = zip(found.cells["id"], found.cells["count"], strict=True)
        facts += [
            ([2 * zone + at for zone in zones[name] for at in of], value) for name, value in shown if value == value
        ]
    agree = possible(facts, 6, least=0, most=8)
    assert (agree == values).all(axis=1).any()
    small = [[at] for at, value in enumerate(values)] + [[0, 2], [1, 3], [0, 2, 4], [1, 3, 5]]
    for cells in small:
        if 0 < sum(values[at] for at in cells) < threshold:
            assert len(np.unique(agree[:, cells].sum(axis=1))) >= threshold, (cells, parts)


def test_the_command_takes_part_and_whole_from_the_profile(tmp_path: Path) -> None:
    profile = str(with_pairs(tmp_path, "A,60,57\nB,80,40\nC,50,30\n"))
    told = CliRunner().invoke(main, ["counts", profile, "attended"])
    assert told.exit_code == 0 and "share" in told.output and "95%" not in told.output  # 57/60
    out = tmp_path / "shares.csv"
    assert (
        CliRunner().invoke(main, ["counts", profile, "attended", "--of", "population", "--out", str(out)]).exit_code
        == 0
    )
    table = pd.read_csv(out).set_index(["level", "id"])
    # C: 30 of 300 people. The count is the one of the table beside the whole, whatever it is a share of.
    assert table.loc[("zone", "C"), "share"] == pytest.approx(0.1)
    beside = suppress_share(build_area(read_profile(Path(profile))), "attended", "referred")
    assert table["count"].isna().tolist() == beside["count"].isna().tolist()
    wrong = CliRunner().invoke(main, ["counts", profile, "referred", "--of", "attended"])
    assert wrong.exit_code != 0 and "part_of" in wrong.stderr


def test_two_columns_that_look_like_part_and_whole_are_named(tmp_path: Path) -> None:
    profile = str(with_pairs(tmp_path, "A,60,57\nB,80,40\nC,50,30\n", said=""))
    assert "may be a part of the other" in CliRunner().invoke(main, ["counts", profile, "referred"]).stderr
    wrong = CliRunner().invoke(main, ["counts", profile, "attended", "--of", "referred"])
    assert wrong.exit_code != 0 and 'part_of = { attended = "referred" }' in wrong.stderr


THREE = ("referred", "attended", "declined")
# Of 30 referred in A 3 came and 27 did not want to: 30 - 27 gives the 3 away, though both are large.
CAME_OR_DECLINED = "A,30,3,27\nB,60,30,30\nC,80,40,40\n"


def test_a_third_column_that_tells_a_small_number_is_not_shown(tmp_path: Path) -> None:
    profile = str(with_counts(tmp_path, THREE, CAME_OR_DECLINED, 'part_of = { attended = "referred" }'))
    shown = [CliRunner().invoke(main, ["counts", profile, column]) for column in ("referred", "attended", "declined")]
    for told in shown:  # whoever asks for any of the three is told what to do, and nothing else
        assert told.exit_code != 0 and "referred is attended and declined" in told.stderr and not told.stdout
    with pytest.raises(NoNeed, match=r"declined can't count for need. .*part_of"):  # it would tell it too
        need_index(build_area(read_profile(Path(profile))), NeedWeights({"declined": 1.0}))


def test_several_parts_of_a_whole_are_withheld_together(tmp_path: Path) -> None:
    said = 'part_of = { attended = "referred", declined = "referred" }'
    profile = with_counts(tmp_path, THREE, CAME_OR_DECLINED, said)
    area = build_area(read_profile(profile))
    referred, attended, declined = (suppress_column(area, column) for column in THREE)
    for level in ("zone", "cluster", "total"):
        rest = referred.at(level) - declined.at(level)
        assert not ((rest > 0) & (rest < 10)).any()
    assert np.isnan(attended.at("zone")["A"])
    # West: 90, 33 and 57; east and C: 80, 40 and 40; in all 170, 73 and 97. All that is shown is true.
    for found, west, east in ((referred, 90, 80), (attended, 33, 40), (declined, 57, 40)):
        shown = found.cells.set_index(["level", "id"])["count"]
        true = {("cluster", "west"): west, ("cluster", "east"): east, ("total", "total"): west + east}
        assert all(np.isnan(shown[cell]) or shown[cell] == count for cell, count in true.items())
    told = CliRunner().invoke(main, ["counts", str(profile), "declined"])
    assert told.exit_code == 0 and "may be a part" not in told.stderr


def test_a_third_column_that_may_be_a_part_is_named(tmp_path: Path) -> None:
    # 25 of A's 27 wait: nothing adds up, but nowhere do more wait than were referred, or than came or not.
    rows = "A,30,3,25\nB,60,30,30\nC,80,40,40\n"
    profile = str(
        with_counts(tmp_path, ("referred", "attended", "waiting"), rows, 'part_of = { attended = "referred" }')
    )
    for asked, other in (("waiting", "referred"), ("referred", "waiting")):
        told = CliRunner().invoke(main, ["counts", profile, asked])
        assert told.exit_code == 0 and f"One of {asked} and {other} may be a part of the other" in told.stderr


def test_what_is_left_of_several_parts_is_not_shown_either(tmp_path: Path) -> None:
    # 60 - 30 - 27 = 3 wait, as 50 - 20 - 20 = 10 do: no two of the four add up, but the rest of the three is the fourth.
    names = ("referred", "attended", "declined", "waiting")
    said = 'part_of = { attended = "referred", declined = "referred" }'
    profile = with_counts(tmp_path, names, "A,60,30,27,3\nB,50,20,20,10\nC,90,50,30,10\n", said)
    with pytest.raises(QueryError, match="referred is attended and declined and waiting"):
        suppress_column(build_area(read_profile(profile)), "waiting")


def test_a_column_brought_twice_is_withheld_as_the_first(tmp_path: Path) -> None:
    # Alone the 57 who came to A would be shown; beside 60 referred they must not be, under whatever name.
    names = ("referred", "attended", "seen")
    profile = with_counts(
        tmp_path, names, "A,60,57,57\nB,80,40,40\nC,50,30,30\n", 'part_of = { attended = "referred" }'
    )
    with pytest.raises(QueryError, match=r"attended is seen|seen is attended"):
        suppress_column(build_area(read_profile(profile)), "seen")


def test_parts_of_parts(tmp_path: Path) -> None:
    # Of 100 referred 60 came and 57 stayed: 3 left.
    names, said = ("referred", "attended", "stayed"), 'part_of = { attended = "referred", stayed = "attended" }'
    area = build_area(read_profile(with_counts(tmp_path, names, "A,100,60,57\nB,80,40,20\nC,90,50,30\n", said)))
    attended, stayed = suppress_column(area, "attended"), suppress_column(area, "stayed")
    for level in ("zone", "cluster", "total"):
        rest = attended.at(level) - stayed.at(level)
        assert not ((rest > 0) & (rest < 10)).any()
    shares = suppress_share(area, "stayed", "referred")  # of the whole's whole too
    assert shares["share"].notna().any()


def test_parts_that_share_people_are_refused(tmp_path: Path) -> None:
    names, said = ("referred", "women", "older"), 'part_of = { women = "referred", older = "referred" }'
    profile = with_counts(tmp_path, names, "A,30,20,20\nB,60,30,20\nC,80,40,20\n", said)
    with pytest.raises(NotCounts, match="share nobody"):
        suppress_column(build_area(read_profile(profile)), "women")


@settings(max_examples=25, deadline=None)
@given(values=st.lists(st.integers(0, 5), min_size=6, max_size=6), threshold=st.integers(2, 3), is_nested=st.booleans())
def test_nobody_can_work_out_one_of_several_parts(values: list[int], threshold: int, *, is_nested: bool) -> None:
    """Two zones and their sum; two parts beside each other, or one in the other, and their whole, by whoever tries every table."""
    one, two, rest = (pd.Series(values[at::3], index=ZONES[:2], dtype=float) for at in range(3))
    columns = pd.DataFrame({"one": one, "two": one + two if is_nested else two, "all": one + two + rest})
    part_of = {"one": "two" if is_nested else "all", "two": "all"}
    made_of = {"one": [0], "two": [0, 1] if is_nested else [1], "all": [0, 1, 2]}
    zones = {"A": [0], "B": [3], "total": [0, 3]}
    facts: list[Fact] = []
    for name, found in suppress_parts(columns, part_of, threshold=threshold).items():
        shown = zip(found.cells["id"], found.cells["count"], strict=True)
        facts += [
            ([zone + at for zone in zones[place] for at in made_of[name]], value)
            for place, value in shown
            if value == value
        ]
    agree = possible(facts, 6, least=0, most=7)
    assert (agree == values).all(axis=1).any()
    amounts = ([0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2])  # also what is left of the whole without either
    for cells in ([zone + at for zone in where for at in some] for where in zones.values() for some in amounts):
        if 0 < sum(values[at] for at in cells) < threshold:
            assert len(np.unique(agree[:, cells].sum(axis=1))) >= threshold, (cells, facts)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ('part_of = { attended = "lonely" }', "lonely"),
        ('part_of = { attended = "attended" }', "ring: attended is a part of attended"),
        (
            'part_of = { attended = "referred", referred = "attended" }',
            "ring: attended is a part of referred is a part",
        ),
    ],
)
def test_a_profile_that_pairs_columns_wrongly_is_refused(tmp_path: Path, said: str, why: str) -> None:
    with pytest.raises(ProfileError, match=why):
        read_profile(with_pairs(tmp_path, "A,1,1\n", said))


def test_no_threshold_is_lower_than_the_profiles(tmp_path: Path) -> None:
    profile = str(with_pairs(tmp_path, "A,4,3\nB,30,20\nC,50,30\n"))
    told = CliRunner().invoke(main, ["counts", profile, "referred", "--threshold", "3"])
    assert told.exit_code != 0 and "withholds those under 10" in told.stderr and not told.stdout
    assert CliRunner().invoke(main, ["counts", profile, "referred", "--threshold", "12"]).exit_code == 0


@settings(max_examples=40, deadline=None)
@given(values=st.lists(st.integers(0, 30), min_size=4, max_size=4), higher=st.integers(5, 20))
def test_a_table_under_a_higher_threshold_adds_nothing(values: list[int], higher: int) -> None:
    """Whatever the table under 4 withholds the one under more withholds too, so that laid together they are the table under 4."""
    rollups = {"cluster": CLUSTER, "across": ACROSS}
    usual = suppress(counts(*values), rollups, 4).cells["is_withheld"]
    assert (suppress(counts(*values), rollups, higher, usual=4).cells["is_withheld"] | ~usual).all()


def test_no_digest_tells_which_count_it_was(tmp_path: Path) -> None:
    """Whoever has every file but one count, and tries 1 to 9 in it, finds the same digest with each."""
    digests, kept = set(), set()
    profile = with_pairs(tmp_path, "")
    said = profile.read_text(encoding="utf-8")
    for guess in range(1, 10):
        counted = f"zone_code,referred,attended\nA,{guess},0\nB,30,20\nC,50,30\n".encode()
        (tmp_path / "extra.csv").write_bytes(counted)
        sha256 = hashlib.sha256(counted).hexdigest()
        profile.write_text(said.replace('"extra.csv",', f'"extra.csv", sha256 = "{sha256}",'), encoding="utf-8")
        area = build_area(read_profile(profile))
        digests.add(area.public_digest)
        kept.add(area.digest)
        if guess < 3:
            digests |= {json.loads(as_json(area, check_area(area)))["digest"]}
            assert area.digest[:12] not in as_text(area, check_area(area))
            assert AreaNetwork(area).provenance().area_digest == area.public_digest
    assert len(digests) == 1 and len(kept) == 9  # what is kept on the machine is still told apart
