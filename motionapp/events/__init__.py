"""Tracks and labels become events with segments."""

from motionapp.events.builder import EventBuilder, EventChanges

__all__ = ["EventBuilder", "EventChanges"]
