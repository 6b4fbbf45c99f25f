"""The whole week in parts: the same bytes in one process and on a cluster of two workers, one of them killed midway."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pytest
from click.testing import CliRunner

from access.__main__ import main
from access.network import AreaNetwork
from access.query import TravelRules, code_digest
from access.sessions import SessionAccess, there_and_back
from access.week import HEAD, Part, compute_part, here, parts_of, write_week
from geo.area import Area
from geo.code import source_digest
from geo.errors import CyrraeddError, DateOutsideTimetable
from geo.store import save_area
from tests.worlds import FREE_FLOW

PROJECT = Path(__file__).resolve().parents[2]
SAYS_WHERE = "scheduler.json"
MODES = ("walk", "cycle", "drive", "transit")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def read(folder: Path, mode: str, direction: str) -> pd.DataFrame:
    files = sorted((folder / f"mode={mode}").rglob(f"direction={direction}/*.parquet"))
    return pd.concat([pd.read_parquet(file, partitioning=None) for file in files], ignore_index=True)


@pytest.mark.parametrize("rules", [FREE_FLOW, TravelRules(walk_kmh=3.6, drive_factor=1.3, park_min=5, peaks=())])
def test_the_files_hold_what_there_and_back_gives(one_road: Area, rules: TravelRules, tmp_path: Path) -> None:
    access = there_and_back(AreaNetwork(one_road, rules))
    write_week(access.network, MODES, tmp_path / "week", here(access.network), rows_at_once=2)
    sessions = pd.read_parquet(tmp_path / "week" / "sessions.parquet")
    origin_ids = access.network.area.origins["origin_id"].tolist()
    for mode, times in access.by_mode.items():
        for direction, clock, rows, seconds in (
            ("there", "start_s", times.out_row, times.out_s), ("back", "end_s", times.back_row, times.back_s),
        ):  # fmt: skip
            table = read(tmp_path / "week", mode, direction)
            for row, session in enumerate(sessions.itertuples()):
                own = table[table["venue_id"] == session.venue_id]
                if mode == "transit":
                    own = own[(own["weekday"] == session.weekday) & (own["time_s"] == getattr(session, clock))]
                found = own.set_index("origin_id")["travel_s"].reindex(origin_ids).to_numpy()
                assert np.array_equal(found, seconds[rows[row]], equal_nan=True)
    # One way home is missing by bus: from the hall to C1, at the far end (tests/worlds.py).
    home = read(tmp_path / "week", "transit", "back")
    assert set(home[home["venue_id"] == "hall"]["origin_id"]) == {"A1", "B1"}
    # B2 is not placed, which is another thing than having no way.
    assert pd.read_parquet(tmp_path / "week" / "origins.parquet").set_index("origin_id")["is_placed_walk"].to_dict() == {
        "A1": True, "B1": True, "B2": False, "C1": True
    }  # fmt: skip


def test_the_same_request_gives_the_same_bytes(access: SessionAccess, tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_week(AreaNetwork(access.network.area), MODES, tmp_path / name, here(access.network))
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_a_folder_of_something_else_is_left_alone_and_a_week_is_replaced(access: SessionAccess, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep me")
    with pytest.raises(CyrraeddError, match="not a week"):
        write_week(access.network, ("walk",), tmp_path, here(access.network))
    write_week(access.network, MODES, tmp_path / "week", here(access.network))
    write_week(access.network, ("walk",), tmp_path / "week", here(access.network))
    assert {path.name for path in (tmp_path / "week").iterdir() if path.is_dir()} == {"mode=walk"}


def test_nothing_is_left_of_a_week_that_failed(access: SessionAccess, tmp_path: Path) -> None:
    def run(parts):
        yield next(here(access.network)(parts))
        raise CyrraeddError("no more")

    with pytest.raises(CyrraeddError, match="no more"):
        write_week(access.network, MODES, tmp_path / "week", run)
    assert list(tmp_path.iterdir()) == []


def test_several_weeks_share_the_streets_and_nothing_else(one_road: Area, tmp_path: Path) -> None:
    # The profile's week is that of 13 October 2026. The choir begins on 20 October, and the timetable ends on 31 October (a Saturday).
    choir = one_road.sessions["session_id"] == "choir-tue"
    begins = one_road.sessions["valid_from"].mask(choir, pd.Timestamp("2026-10-20"))
    area = replace(one_road, sessions=one_road.sessions.assign(valid_from=begins))
    network = AreaNetwork(area)
    weeks = [date(2026, 10, 15), date(2026, 10, 20), date(2026, 10, 25)]  # those of 12 and of 19 October, twice
    write_week(network, MODES, tmp_path / "weeks", here(network), dates=weeks)
    sessions = pd.read_parquet(tmp_path / "weeks" / "sessions.parquet")
    assert sorted(zip(sessions["week"], sessions["session_id"], strict=True)) == [
        ("2026-10-12", "craft-tue"), ("2026-10-19", "choir-tue"), ("2026-10-19", "craft-tue"),
    ]  # fmt: skip
    assert {path.name for path in (tmp_path / "weeks" / "mode=transit").iterdir()} == {
        "week=2026-10-12",
        "week=2026-10-19",
    }
    for week in weeks[:2]:  # each is what it would be by itself
        one = AreaNetwork(replace(area, profile=area.profile.model_copy(update={"service_date": week})))
        write_week(one, MODES, tmp_path / str(week), here(one))
        for path, content in contents(tmp_path / str(week)).items():
            if path.startswith("mode="):
                assert contents(tmp_path / "weeks")[path] == content
    with pytest.raises(DateOutsideTimetable, match="does not cover 2026-11-02"):
        write_week(network, MODES, tmp_path / "late", here(network), dates=[date(2026, 11, 5)])
    assert not (tmp_path / "late").exists()


def test_the_command_writes_a_week(one_road: Area, tmp_path: Path) -> None:
    save_area(one_road, tmp_path / "area")
    ran = CliRunner().invoke(main, ["week", str(tmp_path / "area"), "--out", str(tmp_path / "week"), "--mode", "walk"])
    assert ran.exit_code == 0, ran.output
    assert (tmp_path / "week" / HEAD).is_file()
    both = ["week", str(tmp_path / "area"), "--out", str(tmp_path / "w"), "--workers", "2", "--scheduler", "tcp://x:1"]
    assert CliRunner().invoke(main, both).exit_code == 2


@pytest.mark.slow
@pytest.mark.enable_socket
@pytest.mark.timeout(300)
def test_a_lost_worker_costs_a_retry_and_no_result(demo_area: Area, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed (requirements-distributed.txt)")
    from access.distributed import cluster, on_cluster

    network, modes = AreaNetwork(demo_area), ("walk", "transit")
    n_parts = len(parts_of(network, modes, 32))
    write_week(network, modes, tmp_path / "here", here(network), 32)
    killed, seen = [], []
    with cluster(None, workers=2) as client:

        def kill_one(step: str, share: float) -> None:
            seen.append(share)
            if len(seen) == 3:
                killed.append(client.run(os.getpid))
                psutil.Process(next(iter(killed[0].values()))).kill()

        write_week(network, modes, tmp_path / "cluster", on_cluster(client, network), 32, kill_one)
        client.wait_for_workers(2, timeout=60)
        after = client.run(os.getpid)
    assert n_parts > 20
    assert len(killed[0]) == len(after) == 2
    assert set(killed[0].values()) != set(after.values())  # a new worker stands in for the one that was lost
    assert len(seen) == n_parts
    assert contents(tmp_path / "cluster") == contents(tmp_path / "here")


def start_dask(folder: Path, *command: str, project: Path = PROJECT) -> subprocess.Popen:
    """Start a scheduler or a worker in a process of its own, which finds the code of ``project``."""
    said, own = {**os.environ, "PYTHONPATH": str(project)}, ("--scheduler-file", str(folder / SAYS_WHERE))
    return subprocess.Popen([sys.executable, "-m", "dask", *command, *own, "--no-dashboard"], env=said, cwd=folder)


def start_worker(folder: Path, project: Path = PROJECT) -> subprocess.Popen:
    here = ("--host", "127.0.0.1", "--local-directory", str(folder))
    return start_dask(folder, "worker", "--no-nanny", "--nthreads", "1", *here, project=project)


@contextmanager
def scheduler_of_its_own(folder: Path, *workers: Path) -> Iterator[tuple[str, list[subprocess.Popen]]]:
    """Start a scheduler and a worker of each of the projects; yield the scheduler's address, and its process and theirs.

    Who appends a process to that list has it stopped at the end, too.
    """
    begun = [start_dask(folder, "scheduler", "--host", "127.0.0.1", "--port", "0")]
    try:
        begun.extend(start_worker(folder, project) for project in workers)
        file, until = folder / SAYS_WHERE, time.monotonic() + 60
        while not file.is_file() or not file.read_text():
            assert time.monotonic() < until, "the scheduler does not start"
            time.sleep(0.1)
        yield json.loads(file.read_text())["address"], begun
    finally:
        for process in begun:
            process.kill()
            process.wait()


def kill(process: subprocess.Popen) -> None:
    process.kill()
    process.wait()


@pytest.mark.slow
@pytest.mark.enable_socket
@pytest.mark.timeout(300)
def test_a_lost_scheduler_ends_the_run_and_is_named(one_road: Area, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed (requirements-distributed.txt)")
    from access.distributed import cluster, on_cluster

    network, done = AreaNetwork(one_road, FREE_FLOW), []
    n_parts = len(parts_of(network, MODES, 1))
    with scheduler_of_its_own(tmp_path, PROJECT) as (address, (scheduler, _)):

        def kill_it(step: str, share: float) -> None:
            done.append(share)
            kill(scheduler)

        with (
            pytest.raises(CyrraeddError, match=rf"{address} was lost .* of {n_parts} parts.*repeat the command"),
            cluster(address, 1) as client,
        ):
            write_week(network, MODES, tmp_path / "week", on_cluster(client, network), 1, kill_it)
    assert 1 <= len(done) < n_parts  # what the first part brought along may still have come in
    assert not (tmp_path / "week").exists()


@pytest.mark.slow
@pytest.mark.enable_socket
@pytest.mark.timeout(300)
@pytest.mark.parametrize("lost", ["before anything is sent", "when parts are handed out"])
def test_a_scheduler_lost_before_the_first_part_is_named(
    one_road: Area, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed (requirements-distributed.txt)")
    from access import distributed

    class Parts(list[Part]):
        """Parts over which one does not go while the scheduler lives."""

        def __iter__(self) -> Iterator[Part]:
            kill(scheduler)
            return super().__iter__()

    network = AreaNetwork(one_road, FREE_FLOW)
    parts = parts_of(network, MODES, 1)
    monkeypatch.setattr(distributed, "JOIN_TIMEOUT_S", 10)  # so long Dask looks for it
    with (
        scheduler_of_its_own(tmp_path, PROJECT) as (address, (scheduler, _)),
        distributed.cluster(address, 1) as client,
    ):
        if lost == "before anything is sent":
            kill(scheduler)
        run = distributed.on_cluster(client, network)(Parts(parts))
        with pytest.raises(
            CyrraeddError, match=rf"{address} was lost when 0 of {len(parts)} parts.*repeat the command"
        ):
            next(run)


@pytest.mark.slow
@pytest.mark.enable_socket
@pytest.mark.timeout(300)
def test_a_scheduler_lost_while_its_workers_are_awaited_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dask = pytest.importorskip("distributed", reason="Dask is not installed (requirements-distributed.txt)")
    from access import distributed

    wait = dask.Client.wait_for_workers
    monkeypatch.setattr(distributed, "JOIN_TIMEOUT_S", 10)
    with scheduler_of_its_own(tmp_path) as (address, (scheduler,)):
        monkeypatch.setattr(
            dask.Client, "wait_for_workers", lambda *said, **more: (kill(scheduler), wait(*said, **more))
        )
        with (
            pytest.raises(CyrraeddError, match=f"{address} was lost before it had a worker.*repeat the command"),
            distributed.cluster(address, 1),
        ):
            pass


def other_code(folder: Path) -> tuple[Path, str]:
    """Copy the project with one comment more; return where it lies and the digest of its code."""
    for package in ("geo", "access"):
        shutil.copytree(PROJECT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(PROJECT / "data" / "figures", folder / "data" / "figures")
    with (folder / "geo" / "area.py").open("a") as source:
        source.write("# Another version.\n")
    return folder, source_digest(folder / "geo", folder / "access")[:12]


@pytest.mark.slow
@pytest.mark.enable_socket
@pytest.mark.timeout(300)
def test_workers_of_other_code_and_without_the_project_are_refused_by_name(one_road: Area, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed (requirements-distributed.txt)")
    from access.distributed import cluster, on_cluster

    network = AreaNetwork(one_road, FREE_FLOW)
    other, digest = other_code(tmp_path / "other")
    assert digest != code_digest()
    (tmp_path / "empty").mkdir()
    with (
        scheduler_of_its_own(tmp_path, PROJECT, other, tmp_path / "empty") as (address, _),
        cluster(address, 1) as client,
    ):
        client.wait_for_workers(3, timeout=60)
        own = {worker for worker, code in client.run(code_digest, on_error="return").items() if code == code_digest()}
        with pytest.raises(CyrraeddError) as refused:
            write_week(network, MODES, tmp_path / "week", on_cluster(client, network), 1)
        workers = set(client.scheduler_info(n_workers=-1)["workers"])
    first, *named, last = str(refused.value).splitlines()
    assert "does not run the code that is here" in first
    said = dict(
        re.fullmatch(r"  worker at (\S+): (.*)", line).groups() for line in named
    )  # neither the scheduler nor the good one
    assert set(said) == workers - own
    assert len(own) == 1
    assert sorted(said.values()) == [
        f"code {digest} (here {code_digest()})",
        """does not find it (ModuleNotFoundError("No module named 'access'"))""",
    ]
    assert "start it again, and repeat the command" in last
    assert not (tmp_path / "week").exists()


@pytest.mark.slow
@pytest.mark.enable_socket
@pytest.mark.timeout(300)
def test_a_worker_of_other_code_that_joins_later_computes_nothing(one_road: Area, tmp_path: Path) -> None:
    """The worker that joins stands in for the first, which is lost with all that it had not handed over."""
    pytest.importorskip("distributed", reason="Dask is not installed (requirements-distributed.txt)")
    from access.distributed import cluster, on_cluster

    network = AreaNetwork(one_road, FREE_FLOW)
    other, digest = other_code(tmp_path / "other")
    with (
        scheduler_of_its_own(tmp_path, PROJECT) as (address, begun),
        cluster(address, 1) as client,
    ):
        run = on_cluster(client, network)(parts_of(network, MODES, 1))
        next(run)
        begun.append(start_worker(tmp_path, other))
        client.wait_for_workers(2, timeout=60)
        kill(begun[1])
        with pytest.raises(
            CyrraeddError,
            match=rf"worker at tcp\S+ joined with other code: code {digest} \(here {code_digest()}\)\. Nothing",
        ):
            list(run)


@pytest.mark.slow
@pytest.mark.enable_socket
@pytest.mark.timeout(300)
def test_a_worker_that_cannot_load_the_area_is_named(one_road: Area, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed (requirements-distributed.txt)")
    from access.distributed import cluster, on_cluster

    network = AreaNetwork(one_road, FREE_FLOW)
    with scheduler_of_its_own(tmp_path, PROJECT) as (address, _), cluster(address, 1) as client:
        for folder in client.run(lambda dask_worker: dask_worker.local_directory).values():
            shutil.rmtree(folder)
        with pytest.raises(
            CyrraeddError, match=r"worker at tcp\S+ could not load the area \(No such file or directory\)"
        ):
            next(on_cluster(client, network)(parts_of(network, MODES, 1)))


def test_what_another_process_computes_with_otherwise_is_said() -> None:
    pytest.importorskip("distributed", reason="Dask is not installed (requirements-distributed.txt)")
    from access.distributed import computes_with, differences

    here = computes_with()
    assert differences(here, here) == ""
    assert differences({**here, "Python": "3.0", "numpy": "1"}, here) == (
        f"Python 3.0 (here {here['Python']}), numpy 1 (here {here['numpy']})"
    )
    assert differences({}, {"code": "a"}) == "code unknown (here a)"


@pytest.mark.enable_socket
def test_two_runs_on_one_cluster_keep_their_parts_apart(one_road: Area) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed (requirements-distributed.txt)")
    from access.distributed import cluster, on_cluster

    network = AreaNetwork(one_road, FREE_FLOW)
    with cluster(None, workers=1) as client:
        runs = [(rows, parts_of(network, MODES, rows)) for rows in (1, 3)]  # the same files, parted otherwise
        begun = [(parts, on_cluster(client, network)(parts)) for _, parts in runs]
        first = [next(run) for _, run in begun]  # both are under way
        for (parts, run), one in zip(begun, first, strict=True):
            found = dict([one, *run])
            assert set(found) == set(parts)
            assert all(found[part] == compute_part(network, part) for part in parts)
