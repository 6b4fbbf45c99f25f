"""Compute the parts of a week on a Dask cluster (optional: requirements-distributed.txt).

The area goes to the scheduler once, as the files of its built folder, and from there to each worker once, when the worker starts or joins:
a worker that takes a lost one's place gets it too. A part is a pure function of the area and its number, so what a lost worker had not
handed over is computed again elsewhere, to the same bytes. Only a lost scheduler ends the run: it alone knew what
was to do. The scheduler and its workers must trust each other: Dask pickles what it sends.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from uuid import uuid4

from distributed import Client, KilledWorker, LocalCluster, Worker, as_completed, get_worker
from distributed.diagnostics.plugin import WorkerPlugin

from access.network import AreaNetwork
from access.query import TravelRules
from access.week import Part, Run, compute_part
from geo.area import Area
from geo.errors import CyrraeddError
from geo.store import load_area, save_area

JOIN_TIMEOUT_S = 60


class AreaPlugin(WorkerPlugin):
    """An area on a worker: unpacked and loaded when the worker starts."""

    def __init__(self, name: str, files: dict[str, bytes], rules: TravelRules) -> None:
        self.name, self.files, self.rules = name, files, rules

    def setup(self, worker: Worker) -> None:
        """Unpack and load the area."""
        self._folder = Path(tempfile.mkdtemp(prefix="area-", dir=worker.local_directory))
        for name, content in self.files.items():
            (self._folder / name).write_bytes(content)
        self.files = {}
        self._network, self._lock = AreaNetwork(load_area(self._folder), self.rules), Lock()

    def teardown(self, worker: Worker) -> None:
        """Remove the files."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def compute(self, part: Part) -> bytes:
        """Return the file of a part; one at a time, since each uses every processor."""
        with self._lock:
            return compute_part(self._network, part)


def _compute(name: str, part: Part) -> bytes:
    plugin = get_worker().plugins[name]
    assert isinstance(plugin, AreaPlugin)
    return plugin.compute(part)


def on_cluster(client: Client, network: AreaNetwork) -> Run:
    """Return what computes parts on the cluster of ``client``. They are handed back in the order in which they are done."""

    def run(parts: Sequence[Part]) -> Iterator[tuple[Part, bytes]]:
        name = f"cyrraedd-{uuid4().hex}"  # of this run alone: another on the same cluster may part the week otherwise
        assert client.scheduler is not None  # it has answered (cluster)
        address, is_lost = client.scheduler.address, False
        client.register_plugin(AreaPlugin(name, _files(network.area), network.rules))
        futures = {client.submit(_compute, name, part, key=f"{name}-{part.path}", pure=False): part for part in parts}
        try:
            for future in as_completed(list(futures)):
                content = future.result()
                yield futures.pop(future), content
                future.release()
        except KilledWorker as error:
            raise CyrraeddError(
                f"Several workers were lost one after another over the same part ({error}). They may lack memory: "
                "give each more, or ask for fewer rows at once."
            ) from error
        except CancelledError as error:  # the client cancels all that it waits for when the scheduler goes
            is_lost = True
            raise CyrraeddError(
                f"The Dask scheduler at {address} was lost when {len(parts) - len(futures)} of {len(parts)} parts were done: it was "
                "stopped, or the connection to it broke. Nothing was written. Start it again with its workers and repeat the command; "
                "if it was stopped for lack of memory, give it more."
            ) from error
        finally:
            if not is_lost:  # nobody is left to tell, and a scheduler that took its place knows nothing of this run
                client.unregister_worker_plugin(name)

    return run


@contextmanager
def cluster(scheduler: str | None, workers: int) -> Iterator[Client]:
    """Yield a client of the scheduler at an address, or of a cluster of so many processes on this machine.

    Raises:
        CyrraeddError: nothing answers at the address, or there are no workers.
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
        yield client


def _files(area: Area) -> dict[str, bytes]:
    """Return the files of the built area."""
    with tempfile.TemporaryDirectory(prefix="cyrraedd-") as folder:
        save_area(area, Path(folder) / "area")
        return {path.name: path.read_bytes() for path in sorted((Path(folder) / "area").iterdir())}
