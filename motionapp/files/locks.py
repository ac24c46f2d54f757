"""Locks that the system itself holds, and lets go of when the process ends, however it ends."""

from __future__ import annotations

import errno
import os
import sys
from typing import Final

_TAKEN: Final = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
_WITHOUT_LOCKS: Final = (errno.ENOTSUP, errno.ENOSYS, errno.ENOLCK)
_FAR: Final = 1 << 30
"""Windows hides what is locked: the byte lies behind the text, which others may read."""


def take(descriptor: int) -> bool:
    """Lock an open file without waiting; False: somebody else holds it.

    A file system without locks lets everybody in.
    """
    try:
        _lock(descriptor)
    except OSError as error:
        if error.errno in _TAKEN:
            return False
        if error.errno not in _WITHOUT_LOCKS:
            raise
    return True


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
