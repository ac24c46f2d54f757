"""Pictures inside the page, up to a bound, and links that no name can turn into something else."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from urllib.parse import quote

import cv2
import numpy as np
from numpy.typing import NDArray

MOST_INLINED_BYTES: Final = 2_300_000
"""Of all thumbnails of a page, as they stand in it; what is beyond is linked."""
LARGEST_INLINED_BYTES: Final = 400_000
"""Of one picture, before it is encoded."""
_QUALITIES: Final = (85, 60, 30)
"""Of JPEG, the first one with which a picture is small enough."""
_KINDS: Final = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))


def data_uri(picture: bytes) -> str | None:
    """A JPEG or PNG as an address that holds it; None if it is neither, or too large."""
    if len(picture) > LARGEST_INLINED_BYTES:
        return None
    for beginning, kind in _KINDS:
        if picture.startswith(beginning):
            return f"data:{kind};base64,{base64.b64encode(picture).decode('ascii')}"
    return None


def jpeg_uri(bgr: NDArray[np.uint8]) -> str | None:
    """A picture as an address that holds it as a JPEG; None where it is too large even so.

    Parameters
    ----------
    bgr : ndarray of uint8, shape (h, w, 3)
    """
    for quality in _QUALITIES:
        _, content = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
        uri = data_uri(content.tobytes())
        if uri is not None:
            return uri
    return None


def inlined(
    folder: Path, names: Iterable[str], *, most_bytes: int = MOST_INLINED_BYTES
) -> dict[str, str]:
    """The pictures of a folder as addresses, as many as fit, the first ones first.

    Parameters
    ----------
    folder : Path
    names : iterable of str
        Paths below it, with forward slashes. One that cannot be read is left out: the page links
        to it, and the browser shows its alternative text.
    most_bytes : int
        Of all addresses together.
    """
    found: dict[str, str] = {}
    left_bytes = most_bytes
    for name in names:
        if name in found:
            continue
        uri = _read(folder / name)
        if uri is None:
            continue
        left_bytes -= len(uri)
        if left_bytes < 0:
            break
        found[name] = uri
    return found


def link(path: str) -> str:
    """A path below the page's folder as a relative address.

    It begins with ``./`` and has no colon: whatever a file is called, it is neither a script nor
    another machine. Bytes of a name that are no UTF-8 come back as they were.
    """
    try:
        name = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half of a pair, as Windows allows it in names
        name = path.encode("utf-8", "surrogatepass")
    return "./" + quote(name, safe="/")


def _read(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return data_uri(file.read(LARGEST_INLINED_BYTES + 1))
    except OSError:
        return None
