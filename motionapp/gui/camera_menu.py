"""The menu of cameras: which there are, and at which size and rate the one that plays is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMenu, QWidget

from motionapp.core.errors import SourceError
from motionapp.gui.words import tr
from motionapp.sources import CameraInfo, CameraSpec, camera_spec, offered, spec_of

Mode = tuple[tuple[int, int] | None, float | None]
"""Size and rate that are asked for; None: what is usual."""


class CameraMenu(QMenu):
    """Lists the cameras that it was told of, and asks for them anew each time it is opened."""

    source_asked = pyqtSignal(str)
    cameras_asked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Camera"), parent)
        self._cameras: tuple[CameraInfo, ...] | None = None
        self._spec: CameraSpec | None = None
        self._modes = QMenu(tr("Size and rate"), self)
        self.aboutToShow.connect(self.cameras_asked)
        self.set_cameras(())

    def set_cameras(self, cameras: Sequence[CameraInfo]) -> None:
        """List these; the same ones again leave the menu as it is, which may be open."""
        if tuple(cameras) != self._cameras:
            self._cameras = tuple(cameras)
            self._list()

    def show_spec(self, text: str) -> None:
        """Say which one plays, if a camera does."""
        spec = None
        if text.startswith("camera:"):
            try:
                spec = camera_spec(text)
            except SourceError:  # which is said where it is opened
                spec = None
        if spec != self._spec:
            self._spec = spec
            self._list()

    @property
    def playing(self) -> CameraInfo | None:
        """The camera that plays, if it is one of those that are listed."""
        spec = self._spec
        if spec is None:
            return None
        wanted = spec.which.casefold()
        for camera in self._cameras or ():
            if spec.index == camera.index or camera.name.strip().casefold() == wanted:
                return camera
        return None

    def _list(self) -> None:
        self.clear()
        cameras, playing = self._cameras or (), self.playing
        for camera in cameras:
            title = f"{camera.index}: {camera.name}".replace("&", "&&")
            action = self._add(self, title, str(spec_of(camera, cameras)))
            action.setCheckable(camera == playing)
            action.setChecked(camera == playing)
        if not cameras:
            self._say(tr("No camera found"))
        self.addSeparator()
        self._list_modes(playing)
        self.addMenu(self._modes)
        self.addAction(tr("Look again"), self.cameras_asked.emit)

    def _list_modes(self, playing: CameraInfo | None) -> None:
        """Of the camera that plays; of one that the system does not list, the usual ones."""
        self._modes.clear()
        for rates in self._modes.findChildren(QMenu):  # which clearing leaves
            rates.deleteLater()
        self._modes.setEnabled(self._spec is not None)
        if self._spec is None:
            return
        self._add_mode(self._modes, tr("As usual"), (None, None))
        self._modes.addSeparator()
        for size, rates_hz in offered(() if playing is None else playing.modes):
            title = f"{size[0]} × {size[1]}"
            if len(rates_hz) < 2:
                rate = f", {rates_hz[0]:g} /s" if rates_hz else ""
                self._add_mode(self._modes, title + rate, (size, *(rates_hz or (None,))))
                continue
            rates = QMenu(title, self._modes)
            self._modes.addMenu(rates)
            for rate_hz in reversed(rates_hz):
                self._add_mode(rates, f"{rate_hz:g} /s", (size, rate_hz))

    def _add_mode(self, menu: QMenu, title: str, mode: Mode) -> None:
        assert self._spec is not None  # modes are those of a camera that plays
        size, rate_hz = mode
        action = self._add(menu, title, str(replace(self._spec, size=size, rate_hz=rate_hz)))
        action.setCheckable(True)
        action.setChecked(mode == (self._spec.size, self._spec.rate_hz))

    def _add(self, menu: QMenu, title: str, spec: str) -> QAction:
        action = QAction(title, menu)
        action.triggered.connect(lambda: self.source_asked.emit(spec))
        menu.addAction(action)
        return action

    def _say(self, line: str) -> None:
        action = QAction(line, self)
        action.setEnabled(False)
        self.addAction(action)
