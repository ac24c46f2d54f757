"""The service's figures as Prometheus reads them (text format 0.0.4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import get_args

from motionapp.edge.records import CameraState, CameraStatus

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_CAMERA_FIGURES = (
    ("pictures_total", "counter", "Analysed since its process began.", "pictures"),
    ("pictures_per_second", "gauge", "Analysed lately.", "pictures_hz"),
    ("picture_age_seconds", "gauge", "How old the newest picture is.", "age_s"),
    ("pictures_dropped_total", "counter", "Not analysed for lack of time.", "dropped"),
    ("starts_total", "counter", "How often its process was started.", "starts"),
    ("open_events", "gauge", "Events of motion that go on.", "open_events"),
    ("is_armed", "gauge", "Whether it is armed.", "is_armed"),
    ("written_bytes_total", "counter", "Recorded since its process began.", "written_bytes"),
    ("is_unrecorded", "gauge", "1 where nothing can be recorded.", "is_unrecorded"),
    ("lost_events_total", "counter", "Events that could not be written down.", "lost_events"),
    ("written_day_bytes", "gauge", "Recorded in the last 24 hours.", "written_day_bytes"),
)
_NO_NAME = re.compile(r"[^a-z0-9_]+")


def metrics_text(
    cameras: Sequence[CameraStatus],
    figures: Mapping[str, float],
    *,
    streams: int,
    answered: Mapping[int, int],
) -> str:
    """All figures.

    Parameters
    ----------
    cameras : sequence of CameraStatus
    figures : mapping of str to float
        Of the service.
    streams : int
        Live pictures that are watched.
    answered : mapping of int to int
        Answers by their status.
    """
    lines: list[str] = []
    for name, kind, text, field in _CAMERA_FIGURES:
        values = [(camera.name, getattr(camera, field)) for camera in cameras]
        rows = [(f'camera="{_quoted(who)}"', value) for who, value in values if value is not None]
        lines += _family(f"camera_{name}", kind, text, rows)
    states = [
        (f'camera="{_quoted(camera.name)}",state="{state}"', float(camera.state == state))
        for camera in cameras
        for state in get_args(CameraState)
    ]
    lines += _family("camera_state", "gauge", "1 for the state that it is in.", states)
    for name, value in figures.items():
        plain = _NO_NAME.sub("_", name.lower())
        lines += _family(f"service_{plain}", "gauge", "Of the whole service.", [("", value)])
    lines += _family("web_streams", "gauge", "Live pictures that are watched.", [("", streams)])
    by_status = [(f'status="{status}"', number) for status, number in sorted(answered.items())]
    lines += _family("web_answers_total", "counter", "Answers by their status.", by_status)
    return "\n".join(lines) + "\n"


def _family(name: str, kind: str, text: str, rows: Iterable[tuple[str, float]]) -> Iterable[str]:
    """One figure with all its labels."""
    yield f"# HELP motionapp_{name} {text}"
    yield f"# TYPE motionapp_{name} {kind}"
    for labels, value in rows:
        yield f"motionapp_{name}{f'{{{labels}}}' if labels else ''} {_number(value)}"


def _number(value: float) -> str:
    number = float(value)
    return str(int(number)) if number.is_integer() else repr(number).replace("inf", "Inf")


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
