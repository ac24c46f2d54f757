"""Regions become tracks, and tracks become groups of one body."""

from motionapp.tracking.groups import groups_of
from motionapp.tracking.tracker import RegionTracker

__all__ = ["RegionTracker", "groups_of"]
