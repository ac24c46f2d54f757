"""What `motionapp find` prints for a person: a line an event, in columns."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Final

from motionapp.catalogue.wording import label_text, when_text

if TYPE_CHECKING:
    from motionapp.catalogue.hit import Hit

LEAST_NAME: Final = 16
"""Letters of a recording's name that are shown at least."""


def lines_of(hits: Sequence[Hit], zone: tzinfo | None, width: int | None) -> list[str]:
    """A head line, and one for each event.

    Parameters
    ----------
    hits : sequence of Hit
    zone : tzinfo or None
        Of the times that are shown; None: of each recording.
    width : int or None
        Of the terminal; None cuts nothing off.
    """
    has_distance = any(hit.distance is not None for hit in hits)
    has_zones = any(hit.zone != "all" for hit in hits)
    head = ["event", "when", "camera", "zone", "label", "lasts", "size", "distance", "recording"]
    rows = [head, *(_cells(hit, zone) for hit in hits)]
    shown = [
        column
        for column, name in enumerate(head)
        if (has_distance or name != "distance") and (has_zones or name != "zone")
    ]
    widths = [max(len(row[column]) for row in rows) for column in shown]
    if width is not None:
        widths[-1] = max(LEAST_NAME, width - sum(widths[:-1]) - 2 * (len(widths) - 1))
    right = {head.index(name) for name in ("lasts", "size", "distance")}
    return [
        "  ".join(
            _fitted(row[column], room, is_right=column in right)
            for column, room in zip(shown, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def terminal_width() -> int | None:
    """How many letters fit on a line of standard output; None where it is no terminal."""
    if not sys.stdout.isatty():
        return None
    return os.get_terminal_size(sys.stdout.fileno()).columns


def _cells(hit: Hit, zone: tzinfo | None) -> list[str]:
    size = "" if hit.size is None else f"{100 * hit.size:.1f}%"
    distance = "" if hit.distance is None else f"{hit.distance:.3f}"
    label = label_text(hit)
    lasts = f"{hit.duration_s:.1f} s"
    return [
        hit.event, when_text(hit, zone), hit.camera, hit.zone, label, lasts, size, distance,
        hit.recording,
    ]  # fmt: skip


def _fitted(text: str, room: int, *, is_right: bool) -> str:
    """A text in so many letters; of what is too long, the end is what tells it from others."""
    if len(text) > room:
        text = "…" + text[1 - room :]
    return text.rjust(room) if is_right else text.ljust(room)
