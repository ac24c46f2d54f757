"""Tracks and labels become events with segments; and why something did not."""

from motionapp.events.builder import EventBuilder, EventChanges
from motionapp.events.refusals import Refusal, Refusals
from motionapp.events.whynot import Answer, Inquiry
from motionapp.events.zones import Masks, ZoneEvents

__all__ = [
    "Answer",
    "EventBuilder",
    "EventChanges",
    "Inquiry",
    "Masks",
    "Refusal",
    "Refusals",
    "ZoneEvents",
]
