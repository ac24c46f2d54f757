"""What the window says, as plain text and numbers: tested without a window."""

from __future__ import annotations

import math
from pathlib import PurePath

from motionapp.core.addresses import shown
from motionapp.core.errors import SourceError
from motionapp.core.event import WHOLE_PICTURE, Event, Segment
from motionapp.core.wording import clock_text, name_text
from motionapp.gui.found.log import Found
from motionapp.gui.words import tr
from motionapp.runtime import Snapshot
from motionapp.sources import camera_spec

SLIDER_STEPS = 40
"""Of the sensitivity slider, from a quarter to four times; the middle is 1."""

WIDEST = 4.0


def position_text(pts_s: float, duration_s: float | None) -> str:
    """Where a recording is and how long it is; only the time where that is not known."""
    now = clock_text(pts_s)
    return now if duration_s is None else f"{now} / {clock_text(duration_s)}"


def event_times(event: Event) -> str:
    """When it began and how long it took, an open one being still going on; and in which zone,
    where some are drawn."""
    length = tr("now") if event.ended_by is None else f"{event.duration_s:.1f} s"
    zone = "" if event.zone == WHOLE_PICTURE else f"   {event.zone}"
    return f"{clock_text(event.start_s)}   {length}{zone}"


def found_text(found: Found) -> str:
    """A row of the list of events, for who hears it."""
    more = "".join(f", {word}" for word in _words_of(found))
    return f"{name_text(found.event.label, found.event.score)}, {event_times(found.event)}{more}"


def found_times(found: Found) -> str:
    """The second line of an event in the list."""
    return "   ".join((event_times(found.event), *_words_of(found)))


def _words_of(found: Found) -> list[str]:
    marks = ((tr("cut"), found.is_cut), (tr("stored"), found.is_stored))
    return [word for word, holds in marks if holds]


def segment_name(segment: Segment) -> str:
    """Who did what: ``#3 walk 0.93``."""
    return f"#{segment.group} {name_text(segment.label, segment.score)}"


def segment_times(segment: Segment) -> str:
    """From when to when: ``00:01.2 to 00:03.4``."""
    words = tr("{start} to {end}")
    return words.format(start=clock_text(segment.start_s), end=clock_text(segment.end_s))


def segment_text(segment: Segment) -> str:
    """Who did what, and when: ``#3 walk 0.93, 00:01.2 to 00:03.4``."""
    return f"{segment_name(segment)}, {segment_times(segment)}"


def sensitivity_at(position: int) -> float:
    """The sensitivity of a slider position from 0 to `SLIDER_STEPS`: equal steps are factors."""
    share = 2 * position / SLIDER_STEPS - 1
    return round(float(WIDEST**share), 2)


def position_of(sensitivity: float) -> int:
    """The slider position nearest to a sensitivity; its ends stand for all beyond."""
    share = math.log(sensitivity) / math.log(WIDEST)
    return min(SLIDER_STEPS, max(0, round((share + 1) * SLIDER_STEPS / 2)))


def source_title(spec: str) -> str:
    """A short name for a source: a file's base name, else what was asked for."""
    kind, _, rest = spec.partition(":")
    if kind == "camera":
        return _camera_title(spec, rest)
    if kind == "synthetic":
        return tr("Rendered: {scene}").format(scene=rest.replace("_", " "))
    seen = shown(spec)
    return seen if seen != spec or "://" in spec else PurePath(spec).name or spec


def _camera_title(spec: str, rest: str) -> str:
    """``Camera 0 (1280x720, 30 /s)``; what is not understood is shown as it was typed."""
    try:
        camera = camera_spec(spec)
    except SourceError:
        return f"{tr('Camera')} {shown(rest)}"
    asked = ["{}x{}".format(*camera.size)] if camera.size else []
    asked += [f"{camera.rate_hz:g} /s"] if camera.rate_hz else []
    name = f"{tr('Camera')} {camera.which}"
    return f"{name} ({', '.join(asked)})" if asked else name


def rate_words(rate: float) -> str:
    """``2 ×``; empty at the usual speed."""
    return "" if rate == 1 else f"{rate:g} ×"


def rate_text(rate_hz: float) -> str:
    """``30.0 /s``; a dash while there is none."""
    return f"{rate_hz:.1f} /s" if rate_hz > 0 else "–"


def age_text(age_ms: float | None) -> str:
    """``12 ms``; a dash where it is not known."""
    return "–" if age_ms is None else f"{age_ms:.0f} ms"


def status_items(
    snapshot: Snapshot, painted_hz: float, age_ms: float | None
) -> tuple[tuple[str, str], ...]:
    """The status line, as pairs of what and how much.

    Parameters
    ----------
    snapshot : Snapshot
        Of the pipeline.
    painted_hz : float
        Distinct pictures painted per second.
    age_ms : float or None
        How old the shown pictures were when they were painted.
    """
    return (
        ("Capture", rate_text(snapshot.capture_hz)),
        ("Shown", rate_text(painted_hz)),
        ("Analysis", rate_text(snapshot.analysis_hz)),
        ("Age", age_text(age_ms)),
        ("Missed", str(snapshot.dropped)),
    )


def stage_lines(snapshot: Snapshot) -> str:
    """Milliseconds per frame by stage, one a line; for the status line's tool tip."""
    return "\n".join(f"{stage}: {ms:.2f} ms" for stage, ms in snapshot.stage_ms.items())
