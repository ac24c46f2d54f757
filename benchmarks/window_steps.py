"""What a person does on the walk through the window, step by step: for `window_walk.py`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from PyQt6.QtCore import QPoint
from PyQt6.QtWidgets import QComboBox, QWidget
from window_hands import SCREEN, Failed
from window_parts import Parts

from motionapp.gui.event_model import FOUND_ROLE
from motionapp.gui.found.log import Found
from motionapp.gui.teaching.films import LEAST_S
from motionapp.gui.words import tr

MOVEMENTS = (("clap", 1.0, 7.0), ("box", 8.0, 14.0), ("crouch", 15.0, 21.0))
"""What is done in the recording that is taught from, and from when to when."""
JACKS_S = 47.0
"""When somebody does jumping jacks in the shipped clip, who goes nowhere."""
TAKES = 3
TAKE_S = 1.5
CORNERS = ((0.1, 0.2), (0.6, 0.15), (0.7, 0.9), (0.12, 0.85))
"""Of the zone that is drawn, in shares of the picture."""


class Steps(Parts):
    """Each method is a step; what it gives is said behind its name."""

    def all(self) -> list[tuple[str, Callable[[], object]]]:
        """In the order in which they are done."""
        return [
            ("the demo is seen", self.see),
            ("open by dialog", self.open_by_dialog),
            ("open by drop", self.open_by_drop),
            ("open again by the menu", self.open_recent),
            ("change the front-end", self.change_frontend),
            ("change the model", self.change_model),
            ("draw a zone", self.draw_zone),
            ("edit the zone", self.edit_zone),
            ("undo it", self.undo_zone),
            ("step back through an event", self.step_back),
            ("ask why", self.ask_why),
            ("apply the remedy, and undo it", self.apply_remedy),
            ("compare A with B", self.compare),
            ("make B the setting", self.adopt),
            ("record by event", self.record_event),
            ("play what was recorded", self.play_recorded),
            ("name three movements", self.name_movements),
            ("record their takes", self.record_takes),
            ("look at a take", self.preview),
            ("begin to train", self.train),
        ]

    # -- opening ----------------------------------------------------------------------------

    def see(self) -> None:
        """The first picture."""
        self.hands.until(lambda: self.window.view.painted.count > 5, "a picture is seen", 60.0)

    def open_by_dialog(self) -> None:
        """Ctrl+O, the path, Enter."""
        self.open(self.folder / "front door.mp4")

    def open_by_drop(self) -> str:
        """Out of another program's window."""
        place = QPoint(SCREEN[0] - 200, SCREEN[1] - 90)
        source = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("window_drop.py")),
             str(self.folder / "figures.mp4"), str(place.x()), str(place.y())],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            assert source.stdout is not None  # a pipe was asked for
            source.stdout.readline()
            self.hands.wait(0.5)
            view = self.hands.place(self.window.view)
            self.hands.drag(place + QPoint(60, 30), view)
            taken = source.stdout.readline().strip()
        finally:
            source.terminate()
            source.wait()
        self.is_seen("figures.mp4")
        return taken

    def open_recent(self) -> None:
        """The last but one, by the menu."""
        self.hands.menu(tr("&File").replace("&", ""), tr("Open recent"))
        self.hands.key("Down", "Down", "Return")
        self.is_seen("front door.mp4")
        self.hands.key("shift+l")
        self.hands.until(lambda: self.window.wish.play.loop is not None, "it is looped")

    # -- analysis ---------------------------------------------------------------------------

    def change_frontend(self) -> str:
        """By the list, and back by a key."""
        choice = self.named(QComboBox, tr("Front-end"))
        self.hands.choose(choice, "flow")
        took = self.in_force("frontend", "flow")
        self.hands.click(self.window.view)
        self.hands.key("1")
        self.in_force("frontend", "absdiff")
        return f"flow after {took:.1f} s"

    def change_model(self) -> str:
        """By the list, and back by undo."""
        choice = self.named(QComboBox, tr("Model"))
        before = self.window.wish.settings.recognition.classifier
        self.hands.choose(choice, "actions-rendered")
        took = self.hands.until(
            lambda: self.force().recognition.classifier == "actions-rendered", "another model"
        )
        self.hands.key("ctrl+z")
        self.hands.until(lambda: self.force().recognition.classifier == before, "the first model")
        return f"after {took:.1f} s"

    # -- zones ------------------------------------------------------------------------------

    def draw_zone(self) -> None:
        """Corner by corner; the first again closes it."""
        self.hands.raise_dock(tr("Zones"))
        self.hands.click(self.window.panels.zones.button("watch"))
        for corner in (*CORNERS, CORNERS[0]):
            self.hands.click(self.window.view, self.in_picture(corner))
        self.hands.until(lambda: len(self.force().zones) == 1, "a zone is in force")

    def edit_zone(self) -> None:
        """A corner is dragged, and the zone gets a name."""
        view = self.window.view
        begin, end = self.in_picture(CORNERS[2]), self.in_picture((0.9, 0.95))
        self.hands.drag(self.hands.place(view, begin), self.hands.place(view, end))
        self.hands.until(lambda: self.force().zones[0].polygon[2][0] > 0.85, "a corner has moved")
        name = self.named(QWidget, tr("Name"))
        self.hands.click(name, times=3)
        self.hands.write("door")
        self.hands.key("Return")
        self.hands.until(lambda: self.force().zones[0].name == "door", "it has a name")

    def undo_zone(self) -> None:
        """Name, corner, zone; then all of it again, and taken out by a key."""
        listed = self.hands.ask(self.window.panels.zones.list.viewport)
        assert listed is not None  # Qt makes one
        self.hands.click(listed, QPoint(20, listed.height() - 10))
        for holds in (
            lambda: self.force().zones[0].name == "zone 1",
            lambda: self.force().zones[0].polygon[2][0] < 0.75,
            lambda: not self.force().zones,
        ):
            self.hands.key("ctrl+z")
            self.hands.until(holds, "it is as it was before")
        for _ in range(3):
            self.hands.key("ctrl+shift+z")
        self.hands.until(
            lambda: [zone.name for zone in self.force().zones] == ["door"], "it is there again"
        )
        self.hands.click(listed, QPoint(30, 10))
        self.hands.key("Delete")
        self.hands.until(lambda: not self.force().zones, "it is gone")
        self.hands.raise_dock(tr("Source"))

    # -- events -----------------------------------------------------------------------------

    def step_back(self) -> str:
        """Into an event, hold, and picture by picture to before it."""
        listed = self.window.panels.events.list
        self.hands.raise_dock(tr("Events"))
        self.hands.until(self.whole_event, "an event is over", 40.0)
        index = self.hands.ask(lambda: self.whole_event())
        assert index is not None  # waited for
        found: Found = self.hands.ask(lambda: index.data(FOUND_ROLE))
        start_s = found.event.start_s
        viewport = self.hands.ask(listed.viewport)
        assert viewport is not None  # Qt makes one
        self.hands.click(viewport, self.hands.ask(lambda: listed.visualRect(index)))
        self.hands.until(lambda: start_s + 0.1 < self.shown_s() < start_s + 1.5, "it is played")
        self.hands.key("space")
        self.hands.until(lambda: self.window.is_paused, "it is held")
        self.hands.wait(0.4)
        seen = [self.hands.ask(self.shown_s)]
        while seen[-1] > start_s - 0.1 and len(seen) < 60:
            self.hands.key("comma")
            before = seen[-1]
            self.hands.until(
                lambda: self.shown_s() < before - 0.001,  # noqa: B023  waited for here
                "one picture back",
                5.0,
            )
            seen.append(self.hands.ask(self.shown_s))
        gaps = {round(a - b, 3) for a, b in pairwise(seen)}
        if gaps != {0.04}:
            raise Failed(f"steps are {sorted(gaps)} s, not a picture each")
        return f"{len(seen) - 1} pictures, each 0.04 s"

    def ask_why(self) -> str:
        """As docs/why-not.md has it: the preset for outdoors, and jumping jacks at second 47."""
        self.hands.raise_dock(tr("Settings"))
        self.hands.choose(self.named(QComboBox, tr("Preset")), "outdoor")
        self.hands.until(lambda: self.window.wish.settings.events.travel > 0, "it is outdoors")
        line = self.window.timeline
        scale = self.hands.ask(lambda: line.scale)
        if scale is None:
            raise Failed("there is no timeline")
        self.hands.click(line, QPoint(round(scale.x_of(JACKS_S)), line.height() // 2))
        self.hands.until(lambda: abs(self.shown_s() - JACKS_S) < 0.5, "the picture is there")
        self.hands.key("w")
        why = self.window.panels.why
        took = self.hands.until(lambda: why.text() and not why.is_waiting, "an answer", 60.0)
        said = self.hands.ask(why.text).splitlines()
        if not self.hands.ask(lambda: why.can_remedy):
            raise Failed(f"no remedy is offered: {said}")
        return f"after {took:.1f} s: {said[0]}; {said[1]}"

    def apply_remedy(self) -> str:
        """By its button, then taken back, then made so again."""
        before = self.hands.ask(lambda: self.window.wish.settings)
        self.hands.click(self.button(tr("Make it so")))
        self.hands.until(lambda: self.window.wish.settings != before, "the remedy is in force")
        self.hands.key("ctrl+z")
        self.hands.until(lambda: self.window.wish.settings == before, "it is taken back")
        self.hands.key("ctrl+y")
        self.hands.until(lambda: self.window.wish.settings != before, "it is in force again")
        travel = self.hands.ask(lambda: self.window.wish.settings.events.travel)
        return f"they need go {travel:g} of the height"

    # -- comparing --------------------------------------------------------------------------

    def compare(self) -> str:
        """B sees by flow, side by side."""
        self.hands.raise_dock(tr("A and B"))
        self.hands.click(self.button(tr("Compare with B from here")))
        self.hands.until(lambda: self.window.crew.comparing.is_on, "they are compared")
        self.hands.choose(self.named(QComboBox, tr("Front-end of B")), "flow")
        self.hands.choose(self.named(QComboBox, tr("Shown as")), tr("Side by side"))
        if self.hands.ask(lambda: self.window.is_paused):
            self.hands.click(self.window.stage.buttons["pause"])
        beside = self.window.stage.beside
        self.hands.until(lambda: beside.painted.count > 20, "both are seen")
        panel = self.window.panels.compare
        self.hands.until(
            lambda: len(self.window.crew.comparing.second) > 0, "B finds something", 40.0
        )
        self.hands.wait(4.0)
        return f"differences: {self.hands.ask(panel.differences)}"

    def adopt(self) -> None:
        """By its button, and taken back."""
        self.hands.click(self.button(tr("Make B the setting")))
        self.in_force("frontend", "flow")
        self.hands.until(lambda: self.window.stage.beside.isHidden(), "one picture")
        self.hands.key("ctrl+z")
        self.in_force("frontend", "absdiff")

    # -- recording --------------------------------------------------------------------------

    def record_event(self) -> str:
        """Switched by the menu; the next event is written."""
        self.hands.menu(tr("&Playback").replace("&", ""), tr("Record events"))
        self.hands.click(self.window.view)
        self.hands.key("Home")
        self.hands.until(lambda: bool(self.films()), "a film is written", 40.0)
        self.hands.until(lambda: self.window.stage.line(), "it is said where", 5.0)
        self.hands.key("shift+r")
        return f"{self.films()[0].name}; said: {self.hands.ask(self.window.stage.line)}"

    def play_recorded(self) -> None:
        """By the dialog."""
        self.open(self.films()[0])

    # -- teaching ---------------------------------------------------------------------------

    def name_movements(self) -> None:
        """Three, by the field and Enter."""
        self.open(self.folder / "movements.mp4")
        self.hands.key("shift+l")
        self.hands.raise_dock(tr("Teach"))
        box = self.window.panels.teach.takes
        for name, _, _ in MOVEMENTS:
            self.hands.click(box.name)
            self.hands.write(name)
            self.hands.key("Return")
        takes = self.window.crew.taking.takes
        names = () if takes is None else takes.labels
        if list(names) != [name for name, _, _ in MOVEMENTS]:
            raise Failed(f"named are {names}")

    def record_takes(self) -> str:
        """While a movement is done, its button is held."""
        box, taking = self.window.panels.teach.takes, self.window.crew.taking
        for _ in range(TAKES):
            for row, (name, from_s, until_s) in enumerate(MOVEMENTS):
                self.choose_movement(row)
                self.hands.reveal(box.hold)
                self.hands.until(
                    lambda: from_s < self.shown_s() < until_s - TAKE_S - 0.6,  # noqa: B023
                    f"somebody does {name}", 40.0,
                )  # fmt: skip
                count = len(taking.takes.of(name))
                self.hands.hold(box.hold, TAKE_S)
                self.hands.until(
                    lambda: len(taking.takes.of(name)) == count + 1,  # noqa: B023
                    f"a take of {name} is kept",
                )  # fmt: skip
        seconds = [one.seconds for one in taking.takes.takes]
        if min(seconds) < LEAST_S:
            raise Failed(f"takes last {seconds} s")
        return f"{len(seconds)} takes of {min(seconds):.1f} to {max(seconds):.1f} s"

    def preview(self) -> None:
        """A click plays it, small."""
        listed = self.hands.ask(self.window.panels.teach.takes.takes.viewport)
        assert listed is not None  # Qt makes one
        self.hands.click(listed, QPoint(46, 40))
        self.hands.until(lambda: self.window.panels.teach.takes.player.isVisible(), "it is played")

    def train(self) -> str:
        """Until it tells how it goes."""
        box = self.window.panels.teach.training
        self.hands.reveal(box.train)
        self.hands.click(box.train)
        took = self.hands.until(lambda: "%" in box.text(), "it learns", 120.0)
        self.hands.reveal(box.curves)
        return f"after {took:.1f} s: {self.hands.ask(box.text)}"
