"""How a camera is written, and what it is asked for: ``camera:0,size=1280x720,rate=30``.

With commas, which no shell takes for its own: a question mark and an ampersand would need quotes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from motionapp.core.addresses import shown
from motionapp.core.errors import SourceError

NARROWEST, WIDEST = 16, 16384
"""Sides of a picture in pixels; beyond, it is a slip of the hand."""
FASTEST_HZ = 1000.0
EXAMPLE: Final = "camera:0,size=1280x720,rate=30"

_OPTIONS = re.compile(r"(?P<which>.*?)(?P<options>(?:,\s*[a-z_]+\s*=[^,]*)*)", re.IGNORECASE)
_NUMBER_AND_MORE = re.compile(r"\d+\s*[,?@;&/:]")


@dataclass(frozen=True, slots=True)
class CameraSpec:
    """Which camera is meant, and what it is asked for."""

    which: str
    """Its number, or a part of its name."""
    size: tuple[int, int] | None = None
    """Width and height in pixels; None: what is usual."""
    rate_hz: float | None = None
    """Pictures per second; None: what is usual."""

    @property
    def index(self) -> int | None:
        """Its number; None where it goes by its name."""
        return int(self.which) if self.which.isdecimal() else None

    @property
    def name(self) -> str:
        """The camera as it is written, whatever it is asked for."""
        return f"camera:{self.which}"

    def __str__(self) -> str:
        """As `camera_spec` reads it."""
        size = "" if self.size is None else f",size={self.size[0]}x{self.size[1]}"
        rate = "" if self.rate_hz is None else f",rate={self.rate_hz:g}"
        return f"{self.name}{size}{rate}"


def camera_spec(text: str) -> CameraSpec:
    """Read how a camera is written.

    Parameters
    ----------
    text : str
        ``camera:N`` or ``camera:NAME``, with ``,size=WxH`` and ``,rate=HZ`` behind it where the
        usual ones are not meant. Commas in a name are part of it.

    Raises
    ------
    SourceError
        Something of it is not understood, or beyond all cameras.
    """
    found = _OPTIONS.fullmatch(text.partition(":")[2])
    assert found is not None  # everything is a name
    which = found["which"].strip()
    if _NUMBER_AND_MORE.match(which):
        raise _refused(text, "what stands behind the number is not understood")
    asked: dict[str, str] = {}
    for option in filter(None, found["options"].split(",")):
        key, _, value = (part.strip() for part in option.partition("="))
        key = key.lower()
        if key not in ("size", "rate"):
            raise _refused(text, f"a camera is asked for size and rate, not for {key}")
        if key in asked:
            raise _refused(text, f"it has two of {key}")
        asked[key] = value
    return CameraSpec(
        which,
        _size(text, asked["size"]) if "size" in asked else None,
        _rate_hz(text, asked["rate"]) if "rate" in asked else None,
    )


def _size(text: str, value: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,5})\s*[x×]\s*(\d{1,5})", value, re.IGNORECASE | re.ASCII)
    if found is None:
        raise _refused(text, f"{value or 'nothing'} is no size of a picture")
    size = int(found[1]), int(found[2])
    if min(size) < NARROWEST or max(size) > WIDEST:
        raise _refused(text, f"sides of a picture have {NARROWEST} to {WIDEST} pixels")
    return size


def _rate_hz(text: str, value: str) -> float:
    if not re.fullmatch(r"\d{1,4}(\.\d{1,6})?", value, re.ASCII):
        raise _refused(text, f"{value or 'nothing'} is no number of pictures per second")
    rate_hz = float(value)
    if not 0 < rate_hz <= FASTEST_HZ:
        raise _refused(text, f"a rate is above 0 and at most {FASTEST_HZ:g} pictures per second")
    return rate_hz


def _refused(text: str, why: str) -> SourceError:
    return SourceError(f"{shown(text)} names no camera: {why}; write it as {EXAMPLE}")
