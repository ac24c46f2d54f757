"""Who runs which files where tests run side by side: those that wait have a worker of their own.

A camera that falls silent for five seconds, a service that starts, a cluster whose worker dies:
such tests mostly wait, and a core that waits could work. With a third worker beside two that work,
what waits takes hardly any time of theirs, and what works never runs three at a time.
"""

from __future__ import annotations

from typing import Final

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

WAITING: Final = (
    "tests/batch/cluster/",
    "tests/edge/",
    "tests/sources/test_patience.py",
    "tests/sources/test_stream",
    "tests/watch/",
)
"""How the names of files begin that wait for more of their time than they compute."""
FEWEST_WORKERS: Final = 3
"""With fewer, all files are everybody's."""


class WaitingApart(LoadFileScheduling):
    """Whole files in their order; of three or more workers, the last has those that wait.

    It takes no others, and the rest take of its own only when they have nothing else to do.
    """

    def _assign_work_unit(self, node: WorkerController) -> None:
        waits = self._is_for_waiting(node)
        own = next((file for file in self.workqueue if is_waiting(file) == waits), None)
        if own is not None and self.numnodes >= FEWEST_WORKERS:
            self.workqueue.move_to_end(own, last=False)
        super()._assign_work_unit(node)

    def _reschedule(self, node: WorkerController) -> None:
        is_left = any(map(is_waiting, self.workqueue))
        if self._is_for_waiting(node) and not is_left:
            if not node.shutting_down:
                node.shutdown()
            return
        super()._reschedule(node)

    def _is_for_waiting(self, node: WorkerController) -> bool:
        last = f"gw{self.numnodes - 1}"
        return self.numnodes >= FEWEST_WORKERS and bool(node.gateway.id == last)


def is_waiting(file: str) -> bool:
    """Whether a file, named as pytest names it, is one of those that wait."""
    return file.startswith(WAITING)
