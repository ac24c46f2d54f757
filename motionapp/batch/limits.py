"""How far a worker may go before it is ended: memory, and time without progress."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from motionapp.settings.tree import RunSettings

CHECK_EVERY_S: Final = 0.1
"""A process that runs away fills some gigabytes a second: it is seen within a few hundred MB."""

USUAL_PX: Final = 4096 * 2304
"""Up to 4K every recording stays far below `run.memory_mb` as it is by default."""
PER_LARGE_PX: Final = 100
"""A decoder holds about 20 pictures of up to 3 bytes a pixel, the encoder another 8 of 1.5 to 3:
5.3K (15.9 million pixels), annotated and with clips, takes 1600 MB in all."""

_STATM: Final = "/proc/{}/statm"
_MB: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What a worker may take.

    Notes
    -----
    The memory that counts is what lies in the machine's own. A limit on the address space
    (``RLIMIT_AS``) would be kept by the system itself, but a worker at 145 MB has 812 MB of
    addresses on two cores and far more on sixty-four: libraries map files and reserve room for
    every thread.
    """

    memory_bytes: int
    silence_s: float
    """Without progress, however alive the process looks."""
    per_large_px: int = PER_LARGE_PX
    """Bytes more for every pixel that a picture has beyond `USUAL_PX`."""
    start_s: float = 60.0
    """Until it is ready for its first job: on a busy machine, loading libraries takes seconds."""


def memory_for(limits: Limits, picture_px: int) -> int:
    """Bytes that a worker may take while it reads pictures of so many pixels."""
    return limits.memory_bytes + limits.per_large_px * max(0, picture_px - USUAL_PX)


def limits_of(settings: RunSettings) -> Limits:
    """The limits that the settings ask for."""
    return Limits(memory_bytes=settings.memory_mb * _MB, silence_s=settings.silence_s)


def can_see_memory() -> bool:
    """Whether this system says how much memory a process has."""
    return Path(_STATM.format(os.getpid())).is_file()


def resident_bytes(pid: int) -> int | None:
    """Memory that a process holds for itself; None where it has ended, or the system does not say.

    Files that are mapped, libraries above all, do not count: the system takes them away where
    memory is short, and reads them again.
    """
    try:
        _, resident, shared, *_ = Path(_STATM.format(pid)).read_text(encoding="ascii").split()
        return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):  # AttributeError: no sysconf
        return None


def in_mb(size_bytes: int) -> str:
    """A size as a person reads it."""
    return f"{size_bytes / _MB:.0f} MB"
