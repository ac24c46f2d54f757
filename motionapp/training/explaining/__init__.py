"""Shows what a network looked at when it named a clip."""

from motionapp.training.explaining.explained import Explained, Explanation, Held, Layer, explain
from motionapp.training.explaining.finding import Found, Wish
from motionapp.training.explaining.write import (
    EXPLAIN_HTML,
    EXPLAIN_JSON,
    check_place,
    write_explanation,
)

__all__ = [
    "EXPLAIN_HTML",
    "EXPLAIN_JSON",
    "Explained",
    "Explanation",
    "Found",
    "Held",
    "Layer",
    "Wish",
    "check_place",
    "explain",
    "write_explanation",
]
