"""Times as a person types them."""

from __future__ import annotations

import argparse
import re
from datetime import datetime
from typing import Final

from motionapp.core.limits import LONGEST_S

_CLOCK: Final = re.compile(r"(?:([0-9]+):)?([0-9]{1,2}):([0-9]{1,2}(?:\.[0-9]+)?)")


def seconds_of(text: str) -> float:
    """Seconds, of ``90``, ``1:30`` or ``0:01:30.0``.

    Raises
    ------
    argparse.ArgumentTypeError
        It is no time.
    """
    clock = _CLOCK.fullmatch(text.strip())
    if clock is not None:
        hours, minutes, seconds = clock.groups()
        if float(minutes) < 60 and float(seconds) < 60:
            time_s = float(hours or 0) * 3600 + int(minutes) * 60 + float(seconds)
            if time_s <= LONGEST_S:
                return time_s
    elif re.fullmatch(r"[0-9]+(\.[0-9]+)?", text.strip()) and float(text) <= LONGEST_S:
        return float(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no time: give seconds, or [HH:]MM:SS")


def instant_of(text: str) -> datetime:
    """An instant, of ``2026-05-01T18:00:00+02:00``; its offset from UTC has to be there.

    Raises
    ------
    argparse.ArgumentTypeError
        It is none, or has no offset.
    """
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no instant: give date, time and offset, 2026-05-01T18:00:00+02:00 say"
        )
    return instant
