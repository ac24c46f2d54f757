"""Some megabytes held back on the disk, so that on a full one there is room for what must be noted.

Retention frees room, but to note that it has, and what happens meanwhile, the database needs some.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from typing import Final

FILE: Final = "motionapp.room"
SIZE_BYTES: Final = 8 << 20
"""The log grows by half of that before it begins anew; then it is some hundred events."""


def hold_room(folder: Path) -> bool:
    """Take the room, if nobody has; False: there is none at present."""
    path = folder / FILE
    with contextlib.suppress(OSError):
        if path.stat().st_size == SIZE_BYTES:
            return True
    try:
        # Tried every few minutes: where there is hardly any, writing would only wear the card.
        if shutil.disk_usage(folder).free < 2 * SIZE_BYTES:
            return False
        with path.open("wb") as file:
            # Written, not only sized: a hole in a file takes no room.
            file.write(bytes(SIZE_BYTES))
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        give_room(folder)
        return False
    return True


def give_room(folder: Path) -> bool:
    """Give it to whoever writes next; False: it was given before."""
    try:
        (folder / FILE).unlink()
    except OSError:
        return False
    return True
