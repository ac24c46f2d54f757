"""A take that is played is seen, also on a small screen."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PyQt6.QtWidgets import QApplication, QLabel, QScrollArea, QVBoxLayout, QWidget

from motionapp.gui.teaching.films import Preview
from motionapp.gui.teaching.pictures import TakePlayer

Until = Callable[[Callable[[], object]], None]


def test_a_take_that_plays_comes_into_sight(app: QApplication, until: Until) -> None:
    area, inside, player = QScrollArea(), QWidget(), TakePlayer()
    above = QLabel("much")
    above.setFixedHeight(900)
    column = QVBoxLayout(inside)
    column.addWidget(above)
    column.addWidget(player)
    area.setWidgetResizable(True)
    area.setWidget(inside)
    area.resize(260, 200)
    area.show()
    until(area.isVisible)

    player.play(Preview(1.2, (np.zeros((90, 160, 3), np.uint8),) * 3))

    until(lambda: player.visibleRegion().contains(player.rect().center()))
    player.clear_take()
    area.close()
    area.deleteLater()
