"""How an event that was found is told to a person: in lines, on pictures, in lists."""

from __future__ import annotations

from datetime import UTC, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from motionapp.catalogue.hit import Hit
from motionapp.core.event import WHOLE_PICTURE
from motionapp.core.wording import clock_text, name_text


def when_text(hit: Hit, zone: tzinfo | None = None, *, at_s: float | None = None) -> str:
    """When it began, by the clock on the wall where that is known, else in its recording.

    Parameters
    ----------
    hit : Hit
    zone : tzinfo or None
        Of the clock; None: of its recording.
    at_s : float, optional
        Another second of the recording.
    """
    t_s = hit.start_s if at_s is None else at_s
    moment = hit.at_utc(t_s)
    if moment is None:
        return clock_text(t_s)
    local = moment.astimezone(zone_of(hit) if zone is None else zone)
    return f"{local:%Y-%m-%d %H:%M:%S}.{local.microsecond // 100_000}"


def label_text(hit: Hit) -> str:
    """What it is called, and how it is called besides."""
    name = name_text(hit.label, hit.score)
    others = [label for label in hit.labels if label != hit.label]
    return f"{name} + {', '.join(others)}" if others else name


def place_text(hit: Hit) -> str:
    """Whose picture it is, and where in it."""
    return hit.camera if hit.zone == WHOLE_PICTURE else f"{hit.camera} · {hit.zone}"


def zone_of(hit: Hit) -> tzinfo:
    """The zone of its recording's clock; UTC where this machine does not know it."""
    return _zone(hit.time_zone)


@lru_cache(maxsize=64)
def _zone(name: str) -> tzinfo:
    try:
        return UTC if name.upper() == "UTC" else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
