"""What the dock that teaches says of what is missing, and how long words find room in it."""

from __future__ import annotations

import re
from typing import Final

from motionapp.gui.teaching.needs import ENOUGH, need_of
from motionapp.gui.teaching.splitting import HeldOut
from motionapp.gui.teaching.takes import TakeSet
from motionapp.gui.words import tr

BREAK: Final = "\u200b"
"""Where a word may go on in the next line; nothing is seen of it."""
_LONG: Final = re.compile(r"(\S{24})(?=\S)")


def breakable(text: str) -> str:
    """A text whose words, paths above all, make no label wider than its dock."""
    return _LONG.sub(rf"\1{BREAK}", text)


def unbroken(text: str) -> str:
    """The text that was made breakable."""
    return text.replace(BREAK, "")


def need_text(takes: TakeSet, held_out: HeldOut = "take") -> str:
    """What is missing most; empty where all is there."""
    need = need_of(takes, held_out)
    texts = {
        "movements": tr("Record takes of two movements at least"),
        "take": tr("{label} has one take: record another, so that one can be held out"),
        "person": tr("One person only does {label}: takes of a second one are needed"),
        "more": tr("{label} has {n} takes: from {enough} on, figures mean something"),
        "nothing": tr(
            "Record what is none of them, too, or they will be seen in everything that moves"
        ),
        "": "",
    }
    return texts[need.kind].format(label=need.label, n=need.count, enough=ENOUGH)
