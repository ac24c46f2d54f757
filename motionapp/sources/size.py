"""How large a recording is, which tells it from others of its name."""

from __future__ import annotations

import os

from motionapp.sources.images import is_image


def bytes_of(spec: str) -> int | None:
    """The size of a file, or of all pictures in a folder.

    Parameters
    ----------
    spec : str
        What `open_source` understands.

    Returns
    -------
    int or None
        None of an address, or where it cannot be told.
    """
    try:
        if os.path.isfile(spec):
            return os.path.getsize(spec)
        if os.path.isdir(spec):
            with os.scandir(spec) as entries:
                return sum(one.stat().st_size for one in entries if is_image(one.name))
    except OSError:
        return None
    return None
