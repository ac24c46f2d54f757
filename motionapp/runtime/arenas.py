"""Where the C library keeps what threads allocate, and that it gives back what is free."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from typing import Final

M_ARENA_MAX: Final = -8
"""As glibc's malloc.h numbers it."""
ARENAS: Final = 2
"""By default there are eight for each core, and each keeps what was freed in it: after five hundred
actions in a window, which begin and end some threads each, 925 MB were resident and 500 with two;
after a thousand 958 and 736.
"""


def few_arenas() -> bool:
    """Let all threads share few places to allocate from; before there are threads.

    Returns
    -------
    bool
        False where the C library has no such setting.
    """
    with suppress(AttributeError, OSError, TypeError):
        return bool(ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS))
    return False


def give_back() -> bool:
    """Let the system have what is free between what is used.

    Pictures leave holes that smaller things settle in, and a heap that is never given back grows
    for hours. To have each picture given back at once (``M_MMAP_THRESHOLD``) takes half as much
    processor time again; this takes some milliseconds, for who asks once a minute.

    Returns
    -------
    bool
        False where the C library cannot, or there was nothing.
    """
    with suppress(AttributeError, OSError, TypeError):
        return bool(ctypes.CDLL(None).malloc_trim(0))
    return False
