"""README's finding is re-derived, and its commands are those of the gate."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from access.__main__ import main as access_main
from access.gaps import find_gaps
from access.network import AreaNetwork
from access.query import Standard
from access.sessions import there_and_back
from geo.__main__ import main as geo_main
from geo.area import Area

PROJECT = Path(__file__).resolve().parent.parent
README = (PROJECT / "README.md").read_text(encoding="utf-8")
NORTH = "north"


def met_in_the_north(area: Area, earlier_s: int) -> int:
    """Return how many people of the north reach a carers' session if the lunch at Sarn Badrig is held so much earlier."""
    sessions = area.sessions.copy()
    is_lunch = (sessions["activity_id"] == "A001").to_numpy()
    assert is_lunch.sum() == 1
    for clock in ("start_s", "end_s"):
        sessions[clock] = (sessions[clock] - np.where(is_lunch, earlier_s, 0)).astype("int32")
    network = AreaNetwork(replace(area, sessions=sessions))
    by = find_gaps(there_and_back(network, ("transit",)), Standard("carers")).by("cluster").set_index("footprint_id")
    return round(by.loc[NORTH, "met_persons"])


def test_the_finding(demo_area: Area) -> None:
    said = re.search(
        r"only (\d[\d,]*\d) of (\d[\d,]*\d) people.*?(\d+) minutes earlier[^.]*?(\d[\d,]*\d)", README, re.DOTALL
    )
    assert said, "README tells no finding"
    now, population, earlier_min, then = (int(number.replace(",", "")) for number in said.groups())
    zones = demo_area.zones.set_index("zone_code")
    in_north = demo_area.zone_footprints["cluster"] == NORTH
    assert population == round(zones.loc[in_north.index[in_north], "population"].sum())
    assert now == met_in_the_north(demo_area, 0)
    assert then == met_in_the_north(demo_area, earlier_min * 60)


def test_the_gate_runs_what_readme_says() -> None:
    commands = re.findall(r"^python3 -m venv .*$", README, re.MULTILINE)
    assert len(commands) == 2
    gate = (PROJECT / ".ci" / "run").read_text(encoding="utf-8")
    for part in commands[1].split(" && "):
        assert part in gate


def commands() -> list[str]:
    """Return the command lines of the part "Ask it", without the words that explain them."""
    return [line.split("  ")[0] for line in README.splitlines() if re.match(r"python -m (geo|access) ", line)]


@pytest.mark.parametrize("line", commands())
def test_the_commands_answer(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.csv", "b.csv"):
        Path(name).write_text("id,lon,lat\nx,-4.536,52.463\ny,-4.602,52.353\n", encoding="utf-8")
    _, _, program, *words = shlex.split(line)
    found = CliRunner().invoke({"geo": geo_main, "access": access_main}[program], words)
    assert found.exit_code == 0, found.output
    assert "There is no way" not in found.output
    assert "times" not in words or Path("times.parquet").is_file()


def test_there_are_commands_to_try() -> None:
    assert len(commands()) >= 6


@pytest.mark.parametrize("path", re.findall(r"\]\(([^)#:]+)\)", README))
def test_links_lead_somewhere(path: str) -> None:
    assert (PROJECT / path).exists()
