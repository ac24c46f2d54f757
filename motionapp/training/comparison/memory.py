"""How much memory a stretch of work takes at most."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

EVERY_S: Final = 0.02
"""A step of training takes longer."""
_STATM: Final = Path("/proc/self/statm")


class Peak:
    """The most that this process has held for itself while somebody watched."""

    def __init__(self) -> None:
        self.bytes: int | None = resident_bytes()
        """None where the system does not say."""

    def look(self) -> None:
        """See what it holds now."""
        now = resident_bytes()
        if now is not None and self.bytes is not None:
            self.bytes = max(self.bytes, now)


@contextmanager
def peak_memory() -> Iterator[Peak]:
    """Watch, until the block is left; what earlier work has let go of is given back first."""
    _give_back()
    peak = Peak()
    if peak.bytes is None:
        yield peak
        return
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.wait(EVERY_S):
            peak.look()

    thread = threading.Thread(target=watch, name="memory", daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        is_over.set()
        thread.join()
        peak.look()


def resident_bytes() -> int | None:
    """What this process holds for itself, without files that are mapped; None where the system
    does not say."""
    try:
        _, resident, shared, *_ = _STATM.read_text(encoding="ascii").split()
        return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):  # AttributeError: no sysconf
        return None


def _give_back() -> None:
    """Else what the last candidate has let go of would count as this one's: glibc keeps it."""
    gc.collect()
    with contextlib.suppress(AttributeError, OSError, TypeError):  # another library, or none
        ctypes.CDLL(None).malloc_trim(0)
