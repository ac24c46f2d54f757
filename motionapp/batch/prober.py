"""Files whose names say nothing are looked into by a process of its own.

What lies in a folder may be anything. A file at which FFmpeg crashes or hangs must end neither the
batch nor the search.
"""

from __future__ import annotations

import queue
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, TextIO

from motionapp.batch.process import Worker, start_worker
from motionapp.batch.protocol import Message, decode, encode
from motionapp.processes import own_command

PROBE: Final = tuple(own_command("_probe"))
"""Starts the process."""
LONGEST_S: Final = 20.0
"""For one file. FFmpeg reads 5 MB at most, also from a disk that has to start first."""


class Prober:
    """Asks another process whether files are recordings; it is started for the first of them.

    Parameters
    ----------
    command : sequence of str
    longest_s : float
        How long an answer may take.
    """

    def __init__(self, command: Sequence[str] = PROBE, *, longest_s: float = LONGEST_S) -> None:
        self._command, self._longest_s = command, longest_s
        self._worker: Worker | None = None
        self._answers: queue.SimpleQueue[Message | None] = queue.SimpleQueue()

    def __enter__(self) -> Prober:
        """The prober itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """End the process."""
        if self._worker is not None:
            self._worker.let_go()
            self._worker = None

    def __call__(self, path: Path) -> bool:
        """Whether it is a recording; also where the process dies of it or gives no answer.

        Nobody can say then that it is none, so it becomes an input that fails by name.
        """
        if self._worker is None:
            self._start()
        assert self._worker is not None
        self._worker.tell(encode({"type": "probe", "path": str(path)}))
        try:
            answer = self._answers.get(timeout=self._longest_s)
        except queue.Empty:
            answer = None
        if answer is not None:
            return bool(answer.get("is_recording", True))
        self._worker.end("it gave no answer")
        self._worker.let_go()
        self._worker = None
        return True

    def _start(self) -> None:
        # A queue of its own for each process: the end of the former one may still be under way.
        answers: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._answers = answers
        self._worker = start_worker(self._command, lambda _, message: answers.put(message))


def serve_probes(lines: Iterable[str], answers: TextIO) -> None:
    """Answer until `lines` ends; the other side of `Prober`."""
    from motionapp.sources.probing import holds_recording

    for line in lines:
        is_recording = holds_recording(Path(decode(line)["path"]))
        answers.write(encode({"type": "probed", "is_recording": is_recording}))
        answers.flush()
