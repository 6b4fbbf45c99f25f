"""Compute the parts of a week on a Dask cluster (optional: requirements-distributed.txt).

The area goes to the scheduler once, as the files of its built folder, and from there to each worker once, when the worker starts or joins:
a worker that takes a lost one's place gets it too. A part is a pure function of the area and its number, so what a lost worker had not
handed over is computed again elsewhere, to the same bytes. A lost scheduler ends the run: it alone knew what
was to do. So does a worker of other code, since a result names the code that computed it. The scheduler and its workers must trust each
other: Dask pickles what it sends.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from uuid import uuid4

from distributed import Client, KilledWorker, LocalCluster, Worker, as_completed, get_worker
from distributed.diagnostics.plugin import WorkerPlugin

from access.network import AreaNetwork
from access.query import TravelRules, code_digest
from access.week import Part, Run, compute_part
from geo.area import Area
from geo.errors import CyrraeddError, reason
from geo.store import load_area, save_area

JOIN_TIMEOUT_S = 60
PACKAGES = ("numpy", "numba", "pandas", "pyarrow")  # they decide of numbers, and of the bytes of a file
MOST_NAMED = 10
AS_HERE = "Give each the project and its dependencies as they are here, start it again, and repeat the command."


def computes_with() -> dict[str, str]:
    """Return what decides of results in this process: the digest of the code, and the versions beneath it."""
    python = ".".join(map(str, sys.version_info[:2]))
    return {"code": code_digest(), "Python": python, **{package: version(package) for package in PACKAGES}}


def differences(there: Mapping[str, str], here: Mapping[str, str]) -> str:
    """Return in words what another process computes with otherwise than this one; empty: nothing."""
    others = {what: there.get(what, "unknown") for what, own in here.items() if there.get(what) != own}
    return ", ".join(f"{what} {other} (here {here[what]})" for what, other in others.items())


class AreaPlugin(WorkerPlugin):
    """An area on a worker: unpacked and loaded when the worker starts, if it computes with what the client does."""

    def __init__(self, name: str, files: dict[str, bytes], rules: TravelRules, client: dict[str, str]) -> None:
        self.name, self.files, self.rules, self.client = name, files, rules, client

    def setup(self, worker: Worker) -> None:
        """Unpack and load the area. What stands in the way is kept for :meth:`compute`: Dask lets the worker join all the same."""
        self._folder, self._lock, self._fault = Path(worker.local_directory) / f"area-{uuid4().hex}", Lock(), ""
        who = f"The Dask worker at {worker.address}"
        try:
            if other := differences(computes_with(), self.client):
                self._fault = f"{who} joined with other code: {other}. Nothing was written. {AS_HERE}"
                return
            self._folder.mkdir()
            for name, content in self.files.items():
                (self._folder / name).write_bytes(content)
            self._network = AreaNetwork(load_area(self._folder), self.rules)
        except (OSError, CyrraeddError) as error:
            remedy = "Mend it, or stop it, and repeat the command."
            self._fault = f"{who} could not load the area ({reason(error)}). Nothing was written. {remedy}"
        self.files = {}

    def teardown(self, worker: Worker) -> None:
        """Remove the files."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def compute(self, part: Part) -> bytes:
        """Return the file of a part; one at a time, since each uses every processor.

        Raises:
            CyrraeddError: this worker's code is other than the client's, or it has no area.
        """
        if self._fault:
            raise CyrraeddError(self._fault)
        with self._lock:
            return compute_part(self._network, part)


def _compute(name: str, part: Part) -> bytes:
    plugin = get_worker().plugins[name]
    assert isinstance(plugin, AreaPlugin)
    return plugin.compute(part)


def on_cluster(client: Client, network: AreaNetwork) -> Run:
    """Return what computes parts on the cluster of ``client``. They are handed back in the order in which they are done."""
    assert client.scheduler is not None  # it has answered (cluster)
    address = str(client.scheduler.address)

    def run(parts: Sequence[Part]) -> Iterator[tuple[Part, bytes]]:
        name = f"cyrraedd-{uuid4().hex}"  # of this run alone: another on the same cluster may part the week otherwise
        plugin = AreaPlugin(name, _files(network.area), network.rules, computes_with())
        done, is_there = 0, False
        try:
            refuse_others(client, address, plugin.client)
            is_there = True
            client.register_plugin(plugin)
            futures = {
                client.submit(_compute, name, part, key=f"{name}-{part.path}", pure=False): part for part in parts
            }
            for future in as_completed(list(futures)):
                content = future.result()
                done += 1
                yield futures.pop(future), content
                future.release()
        except KilledWorker as error:
            raise CyrraeddError(
                f"Several workers were lost one after another over the same part ({error}). They may lack memory: "
                "give each more, or ask for fewer rows at once."
            ) from error
        # The client cancels all that it waits for when the scheduler goes; what it is about to ask fails.
        except (CancelledError, OSError) as error:
            is_there = False  # nobody is left to tell, and a scheduler that took its place knows nothing of this run
            raise _lost(address, f"when {done} of {len(parts)} parts were done") from error
        finally:
            if is_there:
                client.unregister_worker_plugin(name)

    return run


def refuse_others(client: Client, address: str, here: Mapping[str, str]) -> None:
    """Refuse a cluster of which the scheduler or a worker computes with something else than ``here``.

    A worker that joins later refuses its first part by itself (:class:`AreaPlugin`).

    Raises:
        CyrraeddError: which do, and what differs.
        OSError: the scheduler is lost.
    """
    faults = []
    for who, there in _each_computes_with(client, address).items():
        what = f"does not find it ({there})" if isinstance(there, Exception) else differences(there, here)
        faults += [f"  {who}: {what}"] if what else []
    if faults:
        more = [f"  … and {len(faults) - MOST_NAMED} more"] if len(faults) > MOST_NAMED else []
        said = ["The Dask cluster does not run the code that is here:", *faults[:MOST_NAMED], *more, AS_HERE]
        raise CyrraeddError("\n".join(said))


def _each_computes_with(client: Client, address: str) -> dict[str, dict[str, str] | Exception]:
    """Ask the scheduler and each worker; an exception says why one does not find the project."""
    said: dict[str, dict[str, str] | Exception] = {}
    try:
        said[f"scheduler at {address}"] = client.run_on_scheduler(computes_with)
    except OSError:  # it is lost
        raise
    except Exception as error:  # as Dask hands on whatever went wrong there
        said[f"scheduler at {address}"] = error
    found = client.run(computes_with, on_error="return")
    lost = {worker for worker, answer in found.items() if isinstance(answer, OSError)}
    return said | {f"worker at {worker}": found[worker] for worker in sorted(set(found) - lost)}


def _lost(address: str, when: str) -> CyrraeddError:
    return CyrraeddError(
        f"The Dask scheduler at {address} was lost {when}: it was stopped, or the connection to it broke. "
        "Nothing was written. Start it again with its workers and repeat the command; if it was stopped for lack of memory, give it more."
    )


@contextmanager
def cluster(scheduler: str | None, workers: int) -> Iterator[Client]:
    """Yield a client of the scheduler at an address, or of a cluster of so many processes on this machine.

    Raises:
        CyrraeddError: nothing answers at the address, it is lost again, or there are no workers.
    """
    if scheduler is None:
        with (
            LocalCluster(n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as local,
            Client(local) as client,
        ):
            yield client
        return
    try:
        client = Client(scheduler, timeout=JOIN_TIMEOUT_S)
    except (OSError, ValueError) as error:
        raise CyrraeddError(
            f"No Dask scheduler answers at {scheduler}: {error}. Start one with 'dask scheduler'."
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=JOIN_TIMEOUT_S)
        except TimeoutError as error:
            raise CyrraeddError(
                f"The Dask scheduler at {scheduler} has no workers. Start some with 'dask worker {scheduler}', "
                "with this folder on their PYTHONPATH."
            ) from error
        except OSError as error:
            raise _lost(scheduler, "before it had a worker") from error
        yield client


def _files(area: Area) -> dict[str, bytes]:
    """Return the files of the built area."""
    with tempfile.TemporaryDirectory(prefix="cyrraedd-") as folder:
        save_area(area, Path(folder) / "area")
        return {path.name: path.read_bytes() for path in sorted((Path(folder) / "area").iterdir())}
