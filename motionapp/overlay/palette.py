"""Colours, chosen to differ for colour-blind eyes too. All are (blue, green, red), 0 to 255."""

from __future__ import annotations

import zlib
from typing import Final

from motionapp.core.event import MOTION, UNKNOWN

Colour = tuple[int, int, int]


def _bgr(hexadecimal: str) -> Colour:
    red, green, blue = bytes.fromhex(hexadecimal)
    return blue, green, red


# Okabe and Ito's seven without black, then five of Paul Tol's "light" and "muted" schemes that are
# told from them by brightness.
COLOURS: Final = tuple(
    _bgr(colour)
    for colour in (
        *("E69F00", "56B4E9", "009E73", "F0E442", "3E8EDE", "E8702A", "CC79A7"),
        *("AAAA00", "FFAABB", "44DDC1", "DDCC77", "B39DFF"),
    )
)
MOTION_COLOUR: Final = _bgr("F5473B")
"""What moves and has no name: red, as in most programs of the field; white is lost on walls."""
UNKNOWN_COLOUR: Final = _bgr("B4B4B4")
"""What a network looked at and declined."""
TRACK_COLOUR: Final = _bgr("D8D8D8")
LEFT_COLOUR: Final = _bgr("F2A13C")
RIGHT_COLOUR: Final = _bgr("57B8FF")
MIDDLE_COLOUR: Final = _bgr("EDEDED")
PLATE_COLOUR: Final = _bgr("14171A")
TEXT_COLOUR: Final = _bgr("FFFFFF")
OUTLINE_COLOUR: Final = _bgr("101010")
BORDER_COLOUR: Final = _bgr("F2F2F2")
"""Of what is part of the scene."""
RULE_COLOURS: Final = {
    "light": _bgr("F0E442"),
    "stirring": _bgr("44DDC1"),
    "clock": _bgr("56B4E9"),
    "restless": _bgr("B39DFF"),
}
"""The rules of suppression that have something to show, by the names that they are told by. None is
near the red of what moves."""

_SALT = 222
"""The smallest number that gives the ten names of the shipped models ten different colours."""


def label_colour(label: str | None) -> Colour:
    """The colour of a label: the same in every run and on every machine."""
    if label is None or label == MOTION:
        return MOTION_COLOUR
    if label == UNKNOWN:
        return UNKNOWN_COLOUR
    return COLOURS[zlib.crc32(f"{_SALT}{label}".encode()) % len(COLOURS)]


def rule_colour(rule: str) -> Colour:
    """The tint of what a rule of suppression took: the same in every run."""
    known = RULE_COLOURS.get(rule)
    return COLOURS[zlib.crc32(rule.encode()) % len(COLOURS)] if known is None else known
