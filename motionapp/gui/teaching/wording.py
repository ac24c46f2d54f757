"""What the dock that teaches says of what is missing."""

from __future__ import annotations

from motionapp.gui.teaching.needs import ENOUGH, need_of
from motionapp.gui.teaching.splitting import HeldOut
from motionapp.gui.teaching.takes import TakeSet
from motionapp.gui.words import tr


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
