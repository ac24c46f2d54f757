"""What a worker of the cluster does at its beginning and end, for us."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
from typing import Final

import dask
from distributed import Worker, WorkerPlugin

from motionapp.batch.cluster import task

TRIM: Final = "MALLOC_TRIM_THRESHOLD_"
"""How much free memory the C library keeps at most."""


class ChildrenPlugin(WorkerPlugin):
    """Ends the children when their worker ends.

    Parameters
    ----------
    is_local : bool
        The worker was started by the batch: Ctrl-C on its terminal is for the batch alone.
    """

    # Work for a second batch must not take the first one's away from a worker.
    idempotent = True

    def __init__(self, is_local: bool = False) -> None:
        self.is_local = is_local

    def setup(self, worker: Worker) -> None:
        """Called when the worker begins, or is there already."""
        task.open_again()
        _let_children_keep_memory()
        if self.is_local:
            logging.getLogger("distributed").setLevel(logging.CRITICAL)
            with contextlib.suppress(ValueError):  # not on the main thread
                signal.signal(signal.SIGINT, signal.SIG_IGN)

    def teardown(self, worker: Worker) -> None:
        """Called when the worker closes."""
        task.close()


def _let_children_keep_memory() -> None:
    """Take Dask's bidding to give memory back at once out of what children inherit.

    Its nannies set it for workers that hold data. A child asks for every picture's arrays anew:
    with this, each of them comes from the system page by page.
    """
    of_dask = dask.config.get("distributed.nanny.pre-spawn-environ", {}).get(TRIM)
    if os.environ.get(TRIM) == str(of_dask):
        del os.environ[TRIM]
