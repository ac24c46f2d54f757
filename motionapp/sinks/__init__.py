"""Where moments go: files of events, clips, pictures, annotated video, lines."""

from importlib import import_module

from motionapp.files.atomic import write_whole
from motionapp.sinks.documents import event_document, events_document
from motionapp.sinks.events import Attachments, EventsSink
from motionapp.sinks.jsonlines import JsonLinesSink

__all__ = [
    "AnnotatedVideoSink",
    "Attachments",
    "ClipsSink",
    "EventsSink",
    "FramesSink",
    "HeatSink",
    "JsonLinesSink",
    "MasksSink",
    "ThumbnailsSink",
    "clips_sink",
    "event_document",
    "events_document",
    "write_whole",
]

_LATE = {
    "AnnotatedVideoSink": "video",
    "ClipsSink": "clips.sink",
    "FramesSink": "frames",
    "HeatSink": "heat",
    "MasksSink": "masks",
    "ThumbnailsSink": "thumbnails",
    "clips_sink": "clips.sink",
}
"""What needs PyAV or OpenCV is imported only where it is used."""


def __getattr__(name: str) -> object:
    """Import a sink of `_LATE`."""
    if name in _LATE:
        return getattr(import_module(f"motionapp.sinks.{_LATE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
