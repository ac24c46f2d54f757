"""Where moments go: files of events, annotated video, lines."""

from motionapp.sinks.documents import event_document, events_document
from motionapp.sinks.events import EventsSink
from motionapp.sinks.jsonlines import JsonLinesSink
from motionapp.sinks.whole import write_whole

__all__ = [
    "AnnotatedVideoSink",
    "EventsSink",
    "JsonLinesSink",
    "event_document",
    "events_document",
    "write_whole",
]


def __getattr__(name: str) -> object:
    """Import the video sink, and with it PyAV, only where video is written."""
    if name == "AnnotatedVideoSink":
        from motionapp.sinks.video import AnnotatedVideoSink

        return AnnotatedVideoSink
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
