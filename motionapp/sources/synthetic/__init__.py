"""Rendered scenes as a source: articulated figures with exact truth, a pure function of time."""
