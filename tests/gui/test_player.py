"""Between the driver's threads and Qt: what waits, and what was never painted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PyQt6.QtWidgets import QApplication

from motionapp.core.geometry import Box
from motionapp.core.seams import SourceInfo
from motionapp.gui.play.canvas import Shown
from motionapp.gui.play.wish import Wish
from motionapp.gui.player import Player
from motionapp.settings import AnalysisSettings

PICTURE = Shown(np.zeros((2, 2, 4), np.uint8), (2, 2), Box(0, 0, 2, 2), False, 0, 0.0, 1)


def test_a_picture_that_another_one_replaced_is_counted_and_one_drawn_anew_is_not(
    app: QApplication,
) -> None:
    player = Player()
    relay = player._relay
    player.blockSignals(True)  # as if Qt were busy

    for index in (0, 1, 1, 2):
        relay.pictured(replace(PICTURE, index=index))
    relay.pictured(PICTURE, road=1)
    relay.pictured(replace(PICTURE, index=3), road=1)
    assert player.snapshot().drops["paint"] == 2

    relay.opened(Wish("film.mp4", AnalysisSettings()), SourceInfo("film.mp4", None, None))
    relay.pictured(PICTURE)
    assert player.snapshot().drops["paint"] == 0
