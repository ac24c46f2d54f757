"""What is remembered and told of a camera: values that store, broker, page and webhooks share.

Nothing here or in what the parent process imports needs PyAV, OpenCV or ONNX Runtime.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

CameraState = Literal["starting", "live", "stalled", "lost", "disabled"]
"""``starting``: its process runs and has given no picture yet. ``stalled``: no picture for some
seconds. ``lost``: looked for again. ``disabled``: switched off, or disarmed by its schedule."""
EventKind = Literal["motion", "outage", "covered", "turned", "blurred", "frozen"]
EventState = Literal["open", "closed", "lost"]
"""``lost``: it was open when the service ended without a word; its end is the last known second."""
Change = Literal["new", "update", "end"]


@dataclass(frozen=True, slots=True)
class EventRecord:
    """An event as it is remembered."""

    number: int
    """Of the store, which counts them all: the order in which they began, whatever clocks said."""
    camera: str
    kind: EventKind
    state: EventState
    start_utc: datetime
    end_utc: datetime | None
    """None while it is open."""
    last_utc: datetime
    """The last second of it that is known."""
    zone: str = "all"
    label: str = "motion"
    score: float | None = None
    why: str = ""
    """Of an outage: how it was lost."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """Of motion: the event as `events.json` has it (box, segments, peak, crossings)."""
    recording: str | None = None
    """Path of its recording in the folder of the store, if there is one."""
    recording_start_utc: datetime | None = None
    snapshot: str | None = None
    """Path of its picture in the folder of the store."""
    is_locked: bool = False
    """Kept, however old."""

    @property
    def event_id(self) -> str:
        """What others call it: unique over all cameras and restarts."""
        return f"{self.camera}-{self.number}"


@dataclass(frozen=True, slots=True)
class CameraStatus:
    """How a camera is now."""

    name: str
    state: CameraState
    since_utc: datetime
    """When that state began."""
    why: str = ""
    """Of a state that is not wanted: how it came."""
    is_enabled: bool = True
    """Whether it is switched on; `is_armed` is its schedule's."""
    is_armed: bool = True
    open_events: int = 0
    """Of motion."""
    pictures: int = 0
    """Analysed since its process began."""
    pictures_hz: float = 0.0
    age_s: float | None = None
    """How old the newest picture is; None before the first, and after a loss until the next."""
    dropped: int = 0
    starts: int = 0
    """How often its process has been started."""
    size: tuple[int, int] | None = None
    frontend: str = ""
    sensitivity: float = 1.0
    written_bytes: int = 0
    """By its recorder, since its process began."""
    written_day_bytes: int = 0
    """By its recorder in the last 24 hours, over all its processes: a card wears by it."""
    lost_events: int = 0
    """Events that could not be written down, since it is watched: more than could wait for a store
    that takes nothing."""
    unrecorded_why: str = ""
    """Why nothing is recorded where something should be, or was when it was tried last; mostly
    nothing."""

    @property
    def is_unrecorded(self) -> bool:
        """Whether nothing is recorded where something should be."""
        return bool(self.unrecorded_why)


def utc_text(moment: datetime) -> str:
    """A moment as ISO 8601 in UTC with milliseconds."""
    text = moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")
    return f"{text}Z"


def event_document(event: EventRecord) -> dict[str, Any]:
    """An event as the broker, webhooks and the API tell it."""
    return {
        "id": event.event_id,
        "number": event.number,
        "camera": event.camera,
        "kind": event.kind,
        "state": event.state,
        "zone": event.zone,
        "label": event.label,
        "score": event.score,
        "start_utc": utc_text(event.start_utc),
        "end_utc": None if event.end_utc is None else utc_text(event.end_utc),
        "last_utc": utc_text(event.last_utc),
        "why": event.why,
        "has_recording": event.recording is not None,
        "recording_start_utc": (
            None if event.recording_start_utc is None else utc_text(event.recording_start_utc)
        ),
        "has_snapshot": event.snapshot is not None,
        "is_locked": event.is_locked,
        "box": event.details.get("box"),
        "segments": event.details.get("segments", []),
    }


def camera_document(status: CameraStatus) -> dict[str, Any]:
    """A camera's state as the broker and the API tell it."""
    return {
        "name": status.name,
        "state": status.state,
        "since_utc": utc_text(status.since_utc),
        "why": status.why,
        "is_enabled": status.is_enabled,
        "is_armed": status.is_armed,
        "is_moving": status.open_events > 0,
        "open_events": status.open_events,
        "pictures": status.pictures,
        "pictures_hz": round(status.pictures_hz, 2),
        "age_s": None if status.age_s is None else round(status.age_s, 3),
        "dropped": status.dropped,
        "starts": status.starts,
        "size": None if status.size is None else list(status.size),
        "frontend": status.frontend,
        "sensitivity": status.sensitivity,
        "written_bytes": status.written_bytes,
        "lost_events": status.lost_events,
        "unrecorded_why": status.unrecorded_why,
        "written_day_bytes": status.written_day_bytes,
    }
