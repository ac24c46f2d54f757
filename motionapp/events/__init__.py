"""Bodies and labels become events with segments."""

from motionapp.events.builder import EventBuilder, EventChanges
from motionapp.events.zones import Masks, ZoneEvents

__all__ = ["EventBuilder", "EventChanges", "Masks", "ZoneEvents"]
