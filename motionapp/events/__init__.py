"""Bodies and labels become events with segments."""

from motionapp.events.builder import Beside, EventBuilder
from motionapp.events.changes import EventChanges
from motionapp.events.zones import Masks, ZoneEvents

__all__ = ["Beside", "EventBuilder", "EventChanges", "Masks", "ZoneEvents"]
