"""The door to Dask: the only module that imports it.

Dask's own processes speak pickle with each other. We send them functions by name and texts, and
read nothing but texts.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import logging
import queue
import shutil
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping
from concurrent.futures import CancelledError
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from motionapp.batch.cluster import task
from motionapp.batch.cluster.errors import ClusterError
from motionapp.batch.cluster.order import Told
from motionapp.batch.cluster.target import Target
from motionapp.core.errors import MissingExtraError

if TYPE_CHECKING:
    from distributed import Client, Future, LocalCluster

CONNECT_S: Final = 10.0
"""A scheduler that answers at all answers within a second."""
READY_S: Final = 60.0
"""Until the first worker is there: on a busy machine, starting one takes ten seconds."""
AGAIN_S: Final = 1.0
"""Between two attempts to reach a scheduler that is away."""
CLOSE_S: Final = 5.0
"""Longest wait for processes that are to end; then they are killed."""
NO_MODULE: Final = "No module named 'motionapp"
UNREADABLE: Final = "deserialization of the task graph"
"""So Dask speaks of a scheduler that cannot import what a client names."""
THE_SAME: Final = "which all machines need in the same version"
_PLUGIN: Final = "motionapp"


@dataclass(frozen=True, slots=True)
class Heard:
    """A worker has told something about a bundle."""

    told: Told


@dataclass(frozen=True, slots=True)
class Ended:
    """A task has come to its end."""

    number: int
    answer: str


@dataclass(frozen=True, slots=True)
class Lost:
    """A task will not come to its end."""

    number: int
    is_blamed: bool
    """Its worker has died; else the scheduler has."""
    problem: str = ""
    """An error within Dask, in words; empty mostly."""


News = Heard | Ended | Lost


def check_dask() -> None:
    """See that Dask is installed.

    Raises
    ------
    MissingExtraError
        It is not.
    """
    if importlib.util.find_spec("distributed") is None:
        raise MissingExtraError("--cluster", "cluster")


def tell_client(token: str) -> Any:
    """Within a task: a function that tells the batch a document at once."""
    from distributed import get_worker

    worker = get_worker()
    topic = _topic(token)
    return lambda told: worker.log_event(topic, {"text": json.dumps(told)})


class Engine:
    """A connection to a scheduler. What it says comes through a queue; nothing is called back.

    Parameters
    ----------
    target : Target
    token : str
        Names this run.

    Raises
    ------
    ClusterError
        There is no scheduler, or it has no worker.
    """

    def __init__(self, target: Target, token: str) -> None:
        self.target, self._token = target, token
        self._news: queue.SimpleQueue[News] = queue.SimpleQueue()
        self._futures: dict[int, Future] = {}
        self._is_cut = False
        """What we had handed out is gone: a client that finds another scheduler by itself goes on
        as if nothing had been, and hears nothing of what it had subscribed to."""
        self._cluster: LocalCluster | None = None
        self._client: Client | None = None
        self._scratch = tempfile.mkdtemp(prefix="motionapp-dask-") if target.is_local else ""

    def open(self) -> None:
        """Connect; start scheduler and workers first where they are ours."""
        _quiet()
        if self.target.is_local:
            self._cluster = _local_cluster(self.target.workers, self._scratch)
        self._client = self._connected()
        self._wait_for_workers()

    @property
    def dashboard(self) -> str:
        """Address of Dask's own page; empty where it has none."""
        if self._client is None or importlib.util.find_spec("bokeh") is None:
            return ""
        return str(self._client.dashboard_link or "")

    @property
    def is_connected(self) -> bool:
        """Whether the scheduler is there."""
        return self._client is not None and self._client.status == "running" and not self._is_cut

    def workers(self) -> int:
        """How many tasks can be done at the same time; 0 where nobody answers."""
        if not self.is_connected:
            return 0
        assert self._client is not None
        with contextlib.suppress(OSError, TimeoutError):
            return sum(self._client.nthreads().values())
        return 0

    def ask_workers(self, text: str) -> dict[str, dict[str, Any]]:
        """What each worker says of itself, by its address.

        Raises
        ------
        ClusterError
            One of them has no motionapp.
        """
        assert self._client is not None
        try:
            said = self._client.run(task.check_worker, text)
        except Exception as error:
            raise self._unusable(error) from error
        return {address: json.loads(answer) for address, answer in said.items()}

    def submit(self, number: int, text: str) -> None:
        """Hand out a bundle; its end comes with the news."""
        assert self._client is not None
        future = self._client.submit(
            task.do_bundle, text, key=f"motionapp-{self._token}-{number}", pure=False
        )
        self._futures[number] = future
        future.add_done_callback(lambda done: self._note(number, done))

    def news(self, timeout_s: float) -> Iterator[News]:
        """What has come, after waiting for the first of it."""
        with contextlib.suppress(queue.Empty):
            yield self._news.get(timeout=timeout_s)
            while True:
                yield self._news.get_nowait()

    def drop(self, number: int) -> None:
        """Forget a bundle, which frees what the scheduler keeps of it."""
        future = self._futures.pop(number, None)
        if future is not None:
            future.release()

    def cancel(self, number: int) -> None:
        """Take a bundle back: whatever becomes of it, it is not waited for."""
        future = self._futures.pop(number, None)
        if future is not None and self.is_connected:
            with contextlib.suppress(OSError, TimeoutError):
                future.cancel()

    def reconnect(self, within_s: float) -> bool:
        """Look for a scheduler at the same address; bundles that were out have to go out again."""
        if self.target.is_local:
            return False
        self._let_go()
        deadline_s = time.monotonic() + within_s
        while time.monotonic() < deadline_s:
            try:
                self._client = self._connected()
                self._wait_for_workers(max(AGAIN_S, deadline_s - time.monotonic()))
                return True
            except ClusterError:
                self._let_go()
                time.sleep(AGAIN_S)
        return False

    def close(self, *, stop: bool) -> None:
        """Leave. With `stop`, what is under way for us on the workers ends as well."""
        if stop and self.is_connected:
            assert self._client is not None
            with contextlib.suppress(Exception):  # we leave: what cannot be told stays untold
                self._client.run(task.stop, self._token, wait=False)
        self._let_go()
        if self._cluster is not None:
            with contextlib.suppress(OSError, TimeoutError):
                self._cluster.close(timeout=CLOSE_S)
            self._cluster = None
        if self._scratch:
            shutil.rmtree(self._scratch, ignore_errors=True)

    def _connected(self) -> Client:
        from distributed import Client

        address: Any = self._cluster if self._cluster is not None else self.target.address
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # versions are compared by us, in sentences
                client = Client(address, timeout=CONNECT_S, set_as_default=False)
                client.register_plugin(_plugin(self.target.is_local), name=_PLUGIN)
        except (OSError, TimeoutError, ValueError) as error:
            raise ClusterError(
                f"no scheduler answers at {self.target} within {CONNECT_S:g} s: is it running, "
                "and can this machine reach it?"
            ) from error
        except Exception as error:
            raise self._unusable(error) from error
        self._is_cut = False
        client.subscribe_topic(_topic(self._token), self._hear)
        return client

    def _unusable(self, error: Exception) -> ClusterError:
        """Dask raises here what a worker has met there, mostly in a wrapping of its own."""
        if NO_MODULE in str(error):
            return ClusterError(f"a worker of {self.target} has no motionapp, {THE_SAME}")
        return ClusterError(
            f"a worker of {self.target} cannot be used ({type(error).__name__}: {error}): see its "
            "log"
        )

    def _wait_for_workers(self, within_s: float = READY_S) -> None:
        assert self._client is not None
        try:
            self._client.wait_for_workers(1, timeout=within_s)
        except (OSError, TimeoutError) as error:
            raise ClusterError(
                f"the scheduler at {self.target} has no worker after {within_s:.0f} s: start some "
                f"(dask worker {self.target} --nthreads 1)"
            ) from error

    def _hear(self, event: tuple[float, Mapping[str, str]]) -> None:
        self._news.put(Heard(json.loads(event[1]["text"])))

    def _note(self, number: int, future: Future) -> None:
        """Called by Dask, on a thread of its own, when a task has ended in any way."""
        from distributed.scheduler import KilledWorker

        if future.status == "finished":
            try:
                self._news.put(Ended(number, future.result(timeout=CONNECT_S)))
            # Its worker went before it was fetched, or we have left.
            except (OSError, TimeoutError, RuntimeError, CancelledError):
                self._news.put(Lost(number, is_blamed=False))
        elif future.status == "error":
            error = future.exception()
            is_killed = isinstance(error, KilledWorker)
            problem = "" if is_killed else _problem(error)
            self._news.put(Lost(number, is_blamed=is_killed, problem=problem))
        elif number in self._futures:  # else it was we who took it back
            self._is_cut = True
            self._news.put(Lost(number, is_blamed=False))

    def _let_go(self) -> None:
        self._futures.clear()
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(OSError, TimeoutError):
                client.close(timeout=CLOSE_S)


def _problem(error: object) -> str:
    if UNREADABLE in str(error):
        return f"its scheduler has no motionapp, {THE_SAME}"
    return f"{type(error).__name__}: {error}"


def _topic(token: str) -> str:
    return f"motionapp-{token}"


def _quiet() -> None:
    """Dask's log tells of every lost worker; ours does, in a sentence, where it matters."""
    if not logging.getLogger("motionapp").isEnabledFor(logging.DEBUG):
        import distributed  # noqa: F401  which sets up its loggers

        # Some of them have a level of their own, which stands above that of the whole.
        for name in ("distributed", *logging.root.manager.loggerDict):
            if name.partition(".")[0] == "distributed":
                logging.getLogger(name).setLevel(logging.CRITICAL)


def _local_cluster(workers: int, scratch: str) -> LocalCluster:
    import dask

    # A lost worker's tasks come back to us at once: which file is to blame is known here.
    ours = {
        "distributed.scheduler.allowed-failures": 0,
        "temporary-directory": scratch,
        # Dask looks a hundred times a second where its threads are, and fifty times whether it is
        # late: on a machine that has other things to do, that is as much as the work itself.
        "distributed.worker.profile.enabled": False,
        "distributed.admin.tick.interval": "5s",
        "distributed.admin.tick.cycle": "1m",
        # Figures of each process for Dask's page, twice a second; and a search for copies of data,
        # of which we have none.
        "distributed.admin.system-monitor.interval": "5s",
        "distributed.scheduler.active-memory-manager.start": False,
    }
    with dask.config.set(ours):
        return _started(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            memory_limit=0,  # each child has ours
            dashboard_address="127.0.0.1:0",  # a page with bokeh, else figures for machines
            worker_dashboard_address=None,
            local_directory=scratch,
            silence_logs=logging.CRITICAL,
        )


def _started(**how: Any) -> LocalCluster:
    from distributed import LocalCluster

    try:
        return LocalCluster(**how)
    except (RuntimeError, OSError, TimeoutError) as error:
        raise ClusterError(f"the workers on this machine could not be started: {error}") from error


def _plugin(is_local: bool) -> Any:
    from motionapp.batch.cluster.plugin import ChildrenPlugin

    return ChildrenPlugin(is_local=is_local)
