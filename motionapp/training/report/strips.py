"""The worst clips as picture files, for a program that shows them: what was recorded, and below it
what the network saw."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.errors import OutputError
from motionapp.core.representation import Representation
from motionapp.files.atomic import make_folder
from motionapp.files.staged import StagedFolder, names_in
from motionapp.training.album import Wrong
from motionapp.training.report.pictures import recorded_at, tiles

NAME: Final = "worst-{:02d}.png"
"""Numbered from 1, in the order of the figures' `worst`."""
MOST_PICTURES: Final = 99
SIDE_PX: Final = 60
"""Of a map: six of them are as wide as a dock."""
ACROSS: Final = 6
HEIGHT_PX: Final = 180
"""Of the recorded picture at most."""


def check_strips(folder: Path) -> None:
    """See that pictures can be written to a folder: before hours of work.

    Raises
    ------
    OutputError
        There is a file of its name, or it holds what is none of these pictures.
    """
    make_folder(folder.absolute().parent)
    if not folder.exists():
        return
    known = {NAME.format(number) for number in range(1, MOST_PICTURES + 1)}
    others = [name for name in names_in(folder) if name not in known]
    if others:
        raise OutputError(
            f"--pictures {folder} holds {others[0]}, which would be lost: name a folder that is "
            "not there yet"
        )


def write_strips(folder: Path, wrongs: Sequence[Wrong], representation: Representation) -> None:
    """Write a picture of each; those of before go.

    Parameters
    ----------
    folder : Path
        See `check_strips`.
    wrongs : sequence of Wrong
    representation : Representation
        Of their maps.

    Raises
    ------
    OutputError
        They cannot be written; those of before are still there.
    """
    check_strips(folder)
    staged = StagedFolder(folder.absolute())
    try:
        for number, wrong in enumerate(wrongs[:MOST_PICTURES], 1):
            _, content = cv2.imencode(".png", strip(wrong, representation))
            staged.write(NAME.format(number), content.tobytes())
        staged.publish()
    except BaseException:
        staged.discard()
        raise


def strip(wrong: Wrong, representation: Representation) -> NDArray[np.uint8]:
    """One of them, blue first: the recorded picture, where it can still be read, above the maps."""
    maps = [
        cv2.resize(one, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
        for one in tiles(wrong.maps, representation.planes)
    ]
    maps += [np.zeros_like(maps[0])] * (-len(maps) % ACROSS)
    rows = [np.hstack(maps[first : first + ACROSS]) for first in range(0, len(maps), ACROSS)]
    recorded = recorded_at(wrong.sample.path, wrong.middle_s)
    if recorded is not None:
        rows.insert(0, _fitted(recorded, ACROSS * SIDE_PX))
    return np.asarray(np.vstack(rows), np.uint8)


def _fitted(bgr: NDArray[np.uint8], width: int) -> NDArray[np.uint8]:
    """Within a row of that width, in its middle."""
    h, w = bgr.shape[:2]
    factor = min(width / w, HEIGHT_PX / h)
    size = max(1, round(w * factor)), max(1, round(h * factor))
    small = cv2.resize(bgr, size, interpolation=cv2.INTER_AREA)
    row = np.zeros((size[1], width, 3), np.uint8)
    left = (width - size[0]) // 2
    row[:, left : left + size[0]] = small
    return row
