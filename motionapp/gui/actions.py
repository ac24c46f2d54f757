"""Everything that can be done in the window, in one table: menus, keys, tips and the list of keys
are made from it. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Needs(StrEnum):
    """What there has to be for something to be done."""

    NOTHING = "nothing"
    PICTURE = "picture"
    """Something is shown."""
    RECORDING = "recording"
    """What is shown has places to go to."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be done."""

    key: str
    """How the program calls it."""
    words: str
    """How people call it: what a menu says, and the list of keys."""
    keys: tuple[str, ...] = ()
    """As Qt writes them; the first one is shown."""
    menu: str = ""
    """In which menu it stands; empty: in none."""
    needs: Needs = Needs.NOTHING
    is_checkable: bool = False
    """It is on or off."""
    ends_section: bool = False
    """A line is drawn below it."""


FILE, EDIT, PLAY, EVENTS = "&File", "&Edit", "&Playback", "Eve&nts"
VIEW, LAYERS, HELP = "&View", "&Layers", "&Help"
MENUS: Final = (FILE, EDIT, PLAY, EVENTS, VIEW, LAYERS, HELP)

_R, _P = Needs.RECORDING, Needs.PICTURE

ACTIONS: Final = (
    Action("open", "Open a recording …", ("Ctrl+O",), FILE),
    Action("open folder", "Open a folder of pictures …", ("Ctrl+Shift+O",), FILE),
    Action("open address", "Open an address …", ("Ctrl+L",), FILE, ends_section=True),
    Action("open results", "Open results of a batch …", (), FILE, _R),
    Action("snapshot", "Save the picture …", ("Ctrl+S",), FILE, _P),
    Action(
        "export", "Export events, clips and a report …", ("Ctrl+E",), FILE, _R
    ),
    Action("stop export", "Stop exporting", (), FILE, ends_section=True),
    Action("quit", "Quit", ("Ctrl+Q",), FILE),
    Action("undo", "Undo", ("Ctrl+Z",), EDIT),
    Action("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), EDIT, ends_section=True),
    Action("open settings", "Settings from a file …", (), EDIT),
    Action("save settings", "Settings to a file …", (), EDIT),
    Action("go to event", "Go there", ("G",), EVENTS),
    Action("play event", "Play it once", ("N",), EVENTS),
    Action("loop event", "Play it again and again", ("Shift+N",), EVENTS, ends_section=True),
    Action("confirm", "It is right", ("+",), EVENTS),
    Action("reject", "It is wrong", ("-",), EVENTS),
    Action("rename", "It is something else …", ("F2",), EVENTS),
    Action("take out", "Take it out of the list", ("Del",), EVENTS, ends_section=True),
    Action("why", "Why is there no event here?", ("W",), EVENTS, _P, ends_section=True),
    Action("why here", "Why is there nothing at this place?", (), "", _P),
    Action("save review", "Save the reviewed events …", (), EVENTS),
    Action("pause", "Pause, or go on", ("Space", "K"), PLAY, _P, ends_section=True),
    Action("step back", "One picture back", (",",), PLAY, _R),
    Action("step on", "One picture on", (".",), PLAY, _R),
    Action("back", "Five seconds back", ("Left",), PLAY, _R),
    Action("on", "Five seconds on", ("Right",), PLAY, _R),
    Action("far back", "Ten seconds back", ("J",), PLAY, _R),
    Action("far on", "Ten seconds on", ("L",), PLAY, _R),
    Action("beginning", "To the beginning", ("Home",), PLAY, _R),
    Action("end", "To the end", ("End",), PLAY, _R, ends_section=True),
    Action("slower", "Slower", ("<", "["), PLAY, _R),
    Action("faster", "Faster", (">", "]"), PLAY, _R),
    Action("usual speed", "Usual speed", ("Backspace",), PLAY, _R, ends_section=True),
    Action("loop from", "Loop from here", ("I",), PLAY, _R),
    Action("loop to", "Loop up to here", ("O",), PLAY, _R),
    Action(
        "loop all", "Loop all of it", ("Shift+L",), PLAY, _R, is_checkable=True, ends_section=True
    ),
    Action("record", "Record", ("R",), PLAY, _P, is_checkable=True),
    Action("record events", "Record events", ("Shift+R",), PLAY, is_checkable=True),
    Action("record where", "Where recordings go …", (), PLAY),
    Action("nearer", "Nearer", ("Ctrl++", "Ctrl+="), VIEW, _P),
    Action("further", "Further away", ("Ctrl+-",), VIEW, _P),
    Action("whole", "The whole picture", ("Ctrl+0",), VIEW, _P, ends_section=True),
    Action("mirror", "As in a mirror", ("Ctrl+M",), VIEW, _P, is_checkable=True),
    Action(
        "synced", "Show the picture that was analysed, not the newest", ("Ctrl+T",), VIEW, _P,
        is_checkable=True,
    ),
    Action("full screen", "Full screen", ("F", "F11"), VIEW, is_checkable=True, ends_section=True),
    Action("boxes", "Boxes and labels", ("B",), LAYERS, is_checkable=True),
    Action("tracks", "Tracks", ("T",), LAYERS, is_checkable=True),
    Action("trails", "Trails of the last seconds", ("P",), LAYERS, is_checkable=True),
    Action("skeletons", "Skeletons", ("S",), LAYERS, is_checkable=True),
    Action("mask", "What moves, tinted", ("M",), LAYERS, is_checkable=True),
    Action("difference", "How much each place differs", ("D",), LAYERS, is_checkable=True),
    Action("flow", "Flow as colours", ("V",), LAYERS, is_checkable=True),
    Action("arrows", "Flow as arrows", ("A",), LAYERS, is_checkable=True),
    Action("suppressed", "What suppression took out", ("X",), LAYERS, is_checkable=True),
    Action("valid", "The edge of a moving camera's scene", ("E",), LAYERS, is_checkable=True),
    Action("front-end 1", "First front-end", ("1",)),
    Action("front-end 2", "Second front-end", ("2",)),
    Action("front-end 3", "Third front-end", ("3",)),
    Action("front-end 4", "Fourth front-end", ("4",)),
    Action("front-end 5", "Fifth front-end", ("5",)),
    Action("keys", "Keys", ("F1", "?"), HELP),
    Action("about", "About motionapp", (), HELP),
    Action("leave", "Leave full screen, or what is being drawn", ("Esc",)),
)  # fmt: skip
"""In the order in which menus show them."""


DOCK_KEY: Final = "Ctrl+{number}"
"""Brings a dock to the front; counted from 1, as they stand in the menu."""
ELSEWHERE: Final = (
    (("Ctrl+1", "Ctrl+2"), "Bring the first, the second … dock to the front"),
    (("Return",), "End the zone that is being drawn"),
    (("Del",), "Take out the zone, movement or take that is chosen in its list"),
    (("Space",), "Record a take while it is held, in the lists of the dock that teaches"),
)
"""Keys that are no action's, as the list of keys shows them."""

Keys = tuple[str, ...]


def key_sheet() -> list[tuple[str, list[tuple[Keys, str]]]]:
    """Keys and what they do, by menus, as the list of keys shows them; last those of no menu."""
    sheet = []
    for menu in (*MENUS, ""):
        rows = [(one.keys, one.words) for one in ACTIONS if one.keys and one.menu == menu]
        sheet.append((menu, rows if menu else [*rows, *ELSEWHERE]))
    return sheet
