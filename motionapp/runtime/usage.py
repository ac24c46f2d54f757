"""What this process uses of the machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

STATM: Final = Path("/proc/self/statm")


def memory_bytes() -> int | None:
    """Memory that is in use now (RSS); None where the system does not say so."""
    try:
        return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        return None
