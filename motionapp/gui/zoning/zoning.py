"""Zones in the window: from the picture and the dock to the settings, and back."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import get_args

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QDockWidget, QFileDialog

from motionapp.core.errors import MotionAppError
from motionapp.core.seams import SourceInfo
from motionapp.files.atomic import write_whole
from motionapp.gui.desk import Desk
from motionapp.gui.found.crossings import CrossingLog
from motionapp.gui.picture import PictureView
from motionapp.gui.play.listener import Happening
from motionapp.gui.play.wish import Wish
from motionapp.gui.tuning.tuning import Tuning
from motionapp.gui.words import tr
from motionapp.gui.zoning.keys import ZoneKeys
from motionapp.gui.zoning.overlay import ZoneOverlay
from motionapp.gui.zoning.panel import Edited, ZonesPanel
from motionapp.gui.zoning.sketch import Sketch, Zones, in_shares
from motionapp.gui.zoning.tool import ZoneTool
from motionapp.settings.zones import Kind, read_zones, zones_text

KIND = "TOML (*.toml)"


class Zoning(QObject):
    """Keeps sketch, picture, dock and settings alike.

    While its dock is seen, the pointer edits zones; else it moves the picture.

    Parameters
    ----------
    panel : ZonesPanel
    view : PictureView
    beside : PictureView
        Shows the same zones, while two pictures are shown.
    tuning : Tuning
        Makes changes so, in a way that can be undone.
    desk : Desk
    parent : QObject
    """

    def __init__(
        self,
        panel: ZonesPanel,
        view: PictureView,
        beside: PictureView,
        tuning: Tuning,
        desk: Desk,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._panel, self._view, self._beside, self._tuning = panel, view, beside, tuning
        self._failed = desk.failed
        self._sketch = Sketch()
        self._in_force: Zones = ()
        self._crossings, self._spec = CrossingLog(), ""
        self._overlay = ZoneOverlay(self._crossings.counts)
        self.tool = ZoneTool(self._sketch, changed=self._change, drawn=self._show)
        for each in (view, beside):
            each.lay_over(self._overlay)
        panel.drawing_asked.connect(self.draw)
        panel.chosen.connect(self._choose)
        panel.edited.connect(self._edit)
        panel.removal_asked.connect(self.remove)
        panel.reading_asked.connect(self._ask_to_read)
        panel.writing_asked.connect(self._ask_to_write)
        ZoneKeys(self.tool, self._sketch, view, panel.list, nudged=self._nudge, parent=self)

    def opened(self, wish: Wish, info: SourceInfo) -> None:
        """It is played from somewhere else: what is seen again is not counted again."""
        if wish.spec != self._spec:
            self._spec = wish.spec
            self._crossings.clear()
        self._crossings.begin(may_repeat=not info.is_live)
        self._show_counts()

    def note(self, happening: Happening) -> None:
        """Count who went over a line."""
        if happening.road or not happening.moment.crossings:
            return
        for crossing in happening.moment.crossings:
            self._crossings.note(crossing)
        self._show_counts()

    def follow(self, dock: QDockWidget) -> None:
        """Edit while a dock is seen."""
        dock.visibilityChanged.connect(
            lambda is_seen: self._view.use(self.tool if is_seen else None)
        )

    def show(self, zones: Zones) -> None:
        """Those in force."""
        picture = self._view.picture
        if picture is not None:
            zones = in_shares(zones, picture.size)
        self._crossings.forget(_drawn_elsewhere(self._in_force, zones))
        self._in_force = zones
        if zones != self._sketch.zones:
            self._sketch.zones = zones
            if self._sketch.chosen is not None and self._sketch.chosen >= len(zones):
                self._sketch.chosen = None
        self._show()

    def draw(self, kind: str) -> None:
        """Another zone, corner by corner."""
        known: dict[str, Kind] = {one: one for one in get_args(Kind)}
        self._sketch.begin(known.get(kind, "include"))
        self._view.use(self.tool)
        self._view.setFocus()
        self._show()

    def leave(self) -> bool:
        """Give up what is being drawn. False: nothing is."""
        left = self._sketch.leave()
        self._show()
        return left

    def remove(self) -> None:
        """Take the chosen zone out."""
        if self._sketch.remove():
            self._change(self._sketch.zones)

    def read(self, path: Path) -> None:
        """Take over the zones of a file; what is wrong with it is said, and changes nothing."""
        try:
            zones = read_zones(path)
        except MotionAppError as error:
            self._failed(str(error))
            return
        self._change(zones)

    def write(self, path: Path) -> None:
        """Write them as ``--zones`` takes them."""
        try:
            write_whole(path, zones_text(self._sketch.zones))
        except MotionAppError as error:
            self._failed(str(error))

    def _choose(self, row: int) -> None:
        self._sketch.chosen = row if 0 <= row < len(self._sketch.zones) else None
        self._show()

    def _edit(self, said: Edited) -> None:
        chosen, zones = self._sketch.chosen, self._sketch.zones
        if chosen is None or chosen >= len(zones):
            return
        tree = [zone.model_dump() for zone in zones]
        tree[chosen] |= asdict(said)
        self._tuning.try_values(tr("zones"), {"zones": tree}, merges=f"zone {chosen}")

    def _change(self, zones: Zones) -> None:
        tree = [zone.model_dump() for zone in zones]
        self._tuning.try_values(tr("zones"), {"zones": tree})

    def _nudge(self) -> None:
        tree = [zone.model_dump() for zone in self._sketch.zones]
        merges = f"moved zone {self._sketch.chosen}"
        self._tuning.try_values(tr("zones"), {"zones": tree}, merges=merges)

    def _show(self) -> None:
        sketch = self._sketch
        self._overlay.zones = sketch.zones
        self._panel.show_zones(sketch.zones, sketch.chosen, drawn=sketch.kind)
        self._show_counts()

    def _show_counts(self) -> None:
        words = tr("left {left}, right {right}")
        said = {}
        for zone in self._sketch.zones:
            if zone.kind == "line":
                counts = self._crossings.counts(zone.name)
                said[zone.name] = words.format(left=counts.left, right=counts.right)
        self._panel.show_counts(said)
        for each in (self._view, self._beside):
            each.update()

    def _ask_to_read(self) -> None:
        window = self._panel.window()
        path, _ = QFileDialog.getOpenFileName(window, tr("Zones from a file"), "", KIND)
        if path:
            self.read(Path(path))

    def _ask_to_write(self) -> None:
        window = self._panel.window()
        path, _ = QFileDialog.getSaveFileName(window, tr("Zones to a file"), "zones.toml", KIND)
        if path:
            self.write(Path(path))


def _drawn_elsewhere(before: Zones, after: Zones) -> set[str]:
    """The lines that are not where they were, by name."""
    drawn = {zone.name: zone.polygon for zone in after if zone.kind == "line"}
    return {
        zone.name for zone in before if zone.kind == "line" and drawn.get(zone.name) != zone.polygon
    }
