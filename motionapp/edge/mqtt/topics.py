"""Topics and payloads: what is said where, and which commands are understood.

Pure functions. `PREFIX` is the configuration's; a camera's name needs no quoting in a topic.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from motionapp.edge.records import (
    CameraStatus,
    Change,
    EventRecord,
    camera_document,
    event_document,
)
from motionapp.edge.seams import CHANGEABLE
from motionapp.settings.edge import NAME

ONLINE, OFFLINE = "online", "offline"
ON, OFF = "ON", "OFF"
FRONTENDS = ("absdiff", "flow", "pose", "background")
"""What `set/frontend` takes: those that need nothing more of a camera that runs. A test compares it
with the registry, whose import needs OpenCV."""
LEAST_SENSITIVITY, MOST_SENSITIVITY = 0.1, 10.0
"""As in the settings of every front-end."""
LONGEST_COMMAND_BYTES = 64
"""The longest one that is understood has 10."""

Kept = Literal["state", "motion", "counters", "snapshot"]
KEPT: tuple[Kept, ...] = ("state", "motion", "counters", "snapshot")
"""What the broker keeps of a camera: retained, and emptied when the camera is gone."""
_CAMERA = re.compile(NAME)
_NUMBER = re.compile(r"\d{1,2}(\.\d{1,6})?")


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics below one prefix."""

    prefix: str

    @property
    def available(self) -> str:
        """Whether the service runs: `online` or `offline`, retained."""
        return f"{self.prefix}/available"

    @property
    def commands(self) -> str:
        """All commands, as a subscription."""
        return f"{self.prefix}/+/set/+"

    @property
    def states(self) -> str:
        """The states of all cameras, as a subscription."""
        return f"{self.prefix}/+/state"

    def kept(self, camera: str, what: Kept) -> str:
        """Something of a camera that the broker keeps."""
        return f"{self.prefix}/{camera}/{what}"

    def is_picture(self, topic: str) -> bool:
        """Whether a topic is that of a camera's picture."""
        return topic.startswith(f"{self.prefix}/") and topic.endswith("/snapshot")

    def events(self, camera: str) -> str:
        """The events of a camera; not retained."""
        return self.whole(events_topic(camera))

    def command(self, camera: str, key: str) -> str:
        """Where one of `CHANGEABLE` is changed."""
        return f"{self.prefix}/{camera}/set/{key}"

    def whole(self, below: str) -> str:
        """A topic below the prefix, with it."""
        return f"{self.prefix}/{below}"

    def camera_of_state(self, topic: str) -> str | None:
        """Whose state a topic is; None if it is another topic."""
        camera, slash, what = topic.removeprefix(f"{self.prefix}/").partition("/")
        is_state = topic.startswith(f"{self.prefix}/") and slash and what == "state"
        return camera if is_state and _CAMERA.fullmatch(camera) else None


def events_topic(camera: str) -> str:
    """Where the events of a camera are told, below the prefix."""
    return f"{camera}/events"


def event_payload(change: Change, event: EventRecord) -> bytes:
    """An event as it is told."""
    return _json({"type": change, "event": event_document(event)})


def state_payload(status: CameraStatus) -> bytes:
    """A camera's state as it is told."""
    return _json(camera_document(status))


def counters_payload(status: CameraStatus) -> bytes:
    """What a camera's process has counted since it began, as it is told."""
    return _json(
        {
            "pictures": status.pictures,
            "pictures_hz": round(status.pictures_hz, 2),
            "dropped": status.dropped,
            "starts": status.starts,
            "open_events": status.open_events,
            "written_bytes": status.written_bytes,
            "written_day_bytes": status.written_day_bytes,
        }
    )


def motion_payload(is_moving: bool) -> bytes:
    """Whether something moves, as it is told."""
    return (ON if is_moving else OFF).encode()


@dataclass(frozen=True, slots=True)
class Command:
    """What somebody wants changed."""

    camera: str
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ignored:
    """A message that is no command."""

    why: str


def read_command(
    topics: Topics, topic: str, payload: bytes, *, is_retained: bool
) -> Command | Ignored:
    """What a message on a topic of `Topics.commands` says.

    Parameters
    ----------
    topics : Topics
    topic : str
        Whole, as it came.
    payload : bytes
    is_retained : bool
        The broker had kept it. It is as old as it may be, and would come again after each
        reconnection, so it is no command.

    Returns
    -------
    Command or Ignored
        `Ignored` says why in words that hold nothing of the payload.
    """
    camera, *rest = topic.removeprefix(f"{topics.prefix}/").split("/")
    if len(rest) != 2 or rest[0] != "set" or not _CAMERA.fullmatch(camera):
        return Ignored("no camera can have that name")
    if (key := rest[1]) not in CHANGEABLE:
        return Ignored(f"what can be set is {', '.join(CHANGEABLE)}")
    if is_retained:
        return Ignored("it was retained: send commands without that flag")
    text = payload[: LONGEST_COMMAND_BYTES + 1].decode("ascii", errors="replace")
    value = _VALUES[key](text)
    if value is None:
        return Ignored(f"{key} is {_WANTED[key]}")
    return Command(camera, {key: value})


def _switch(text: str) -> bool | None:
    return {ON: True, OFF: False}.get(text)


def _sensitivity(text: str) -> float | None:
    value = float(text) if _NUMBER.fullmatch(text) else 0.0
    return value if LEAST_SENSITIVITY <= value <= MOST_SENSITIVITY else None


def _frontend(text: str) -> str | None:
    return text if text in FRONTENDS else None


_VALUES = {"is_enabled": _switch, "sensitivity": _sensitivity, "frontend": _frontend}
_WANTED = {
    "is_enabled": f"{ON} or {OFF}",
    "sensitivity": f"a number from {LEAST_SENSITIVITY:g} to {MOST_SENSITIVITY:g}",
    "frontend": f"one of {', '.join(FRONTENDS)}",
}


def _json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
