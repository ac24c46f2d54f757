"""How times and names are written for a person: the same in window, video and lines."""

from __future__ import annotations

from motionapp.core.event import MOTION, UNKNOWN


def clock_text(seconds: float) -> str:
    """Minutes and seconds, with hours where there are some: ``01:02.5``."""
    tenths = max(0, round(seconds * 10))
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    short = f"{minutes:02d}:{rest // 10:02d}.{rest % 10}"
    return f"{hours}:{short}" if hours else short


def name_text(label: str, score: float | None) -> str:
    """A label, with its score where a network gave it that name: ``walk 0.93``."""
    return label if score is None or label in (MOTION, UNKNOWN) else f"{label} {score:.2f}"
