"""Privacy zones: what of a picture is covered before analysis, sinks or windows see it."""

from motionapp.privacy.cover import cover_of, covered_mask
from motionapp.privacy.frames import covered, covered_by
from motionapp.privacy.source import CoveredSource, bare_source, covered_source

__all__ = [
    "CoveredSource",
    "bare_source",
    "cover_of",
    "covered",
    "covered_by",
    "covered_mask",
    "covered_source",
]
