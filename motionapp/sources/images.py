"""A folder of numbered images as one recording."""

from __future__ import annotations

import re
from collections.abc import Generator
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.errors import SourceError
from motionapp.core.frame import Frame
from motionapp.core.seams import SourceInfo
from motionapp.sources.extensions import IMAGE_EXTENSIONS
from motionapp.sources.passes import BaseSource, DamageLedger
from motionapp.sources.picture import BgrPicture
from motionapp.sources.timeline import ROUNDING_S, Shape, Timeline

DEEP_EXTENSIONS = frozenset({".png", ".tif", ".tiff", ".pgm", ".jp2"})
"""Of files that may hold 16 bits."""


class ImagesSource(BaseSource):
    """Images of one folder in the order of their numbers, each one frame.

    An image that cannot be read leaves a gap of its length.

    Parameters
    ----------
    folder : str or Path
    rate_hz : float
        Images per second; greater than 0.
    start_utc : datetime or None
        When the first image was taken, with its zone.

    Raises
    ------
    SourceError
        The folder is missing, or no image in it can be read.
    """

    def __init__(
        self, folder: str | Path, *, rate_hz: float = 25.0, start_utc: datetime | None = None
    ) -> None:
        super().__init__()
        if rate_hz <= 0:
            raise SourceError(f"{rate_hz:g} images per second cannot be shown: use more than 0")
        self._folder = Path(folder)
        self._paths = images_in(self._folder)
        # Exact for every whole rate and for those of television, 30000/1001 say.
        self._rate = Fraction(rate_hz).limit_denominator(1001)
        first = next((bgr for path in self._paths if (bgr := read_image(path)) is not None), None)
        if first is None:
            raise SourceError(f"{self._folder}: none of its {len(self._paths)} images can be read")
        self.info: SourceInfo = SourceInfo(
            name=self._folder.absolute().name,
            size=_size(first),
            rate_hz=float(self._rate),
            duration_s=float(len(self._paths) / self._rate),
            start_utc=start_utc,
        )

    @property
    def is_damaged(self) -> bool:
        """Always false: images do not depend on one another, so reading them is repeatable."""
        return False

    def _read(self, start_s: float, ledger: DamageLedger) -> Generator[Frame, None, None]:
        timeline = Timeline(
            1 / self._rate, first_pts=0, rate_hz=self._rate, start_utc=self.info.start_utc
        )
        index = 0
        for number, path in enumerate(self._paths):
            if self._stopping.is_set():  # here, because none of a thousand images may be readable
                return
            if float((number + 1) / self._rate) <= start_s:
                continue
            bgr, deep = read_picture(path)
            if bgr is None:
                ledger.note_error(f"{path.name} is not an image that can be read")
                ledger.note_lost(float(number / self._rate), float((number + 1) / self._rate))
                continue
            stamp = timeline.step(number, Shape(_size(bgr)), 1)
            assert stamp is not None  # numbers never repeat
            if stamp.pts_s < start_s - ROUNDING_S:
                continue
            yield Frame(
                index=index,
                pts=stamp.pts,
                pts_s=stamp.pts_s,
                duration_s=stamp.duration_s,
                epoch=stamp.epoch,
                pixels=BgrPicture(bgr, deep),
            )
            index += 1


def images_in(folder: Path) -> tuple[Path, ...]:
    """The images of `folder` in the order of the numbers in their names: 2 before 10.

    Raises
    ------
    SourceError
        There is no such folder, or no image in it.
    """
    try:
        paths = [path for path in folder.iterdir() if is_image(path.name) and not path.is_dir()]
    except FileNotFoundError as error:
        raise SourceError(f"there is no folder {folder}") from error
    except OSError as error:
        raise SourceError(f"the folder {folder} cannot be read: {error.strerror}") from error
    if not paths:
        raise SourceError(f"{folder} holds no images")
    return tuple(sorted(paths, key=lambda path: natural_key(path.name)))


def is_image(name: str) -> bool:
    """Whether a file of that name is a picture of a sequence.

    A Mac leaves `._001.jpg` beside `001.jpg`, which holds everything but the picture.
    """
    return not name.startswith(".") and Path(name).suffix.lower() in IMAGE_EXTENSIONS


def natural_key(name: str) -> tuple[tuple[tuple[int, int, str], ...], str]:
    """A sort key that takes runs of digits as numbers; the name itself decides ties."""
    parts = re.findall(r"[0-9]+|[^0-9]+", name.lower())
    key = tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)
    return key, name


def read_image(path: Path) -> NDArray[np.uint8] | None:
    """The image upright and in colour; None where it cannot be read."""
    try:
        stored = np.frombuffer(path.read_bytes(), np.uint8)
        bgr = cv2.imdecode(stored, cv2.IMREAD_COLOR) if stored.size else None
    except (OSError, cv2.error):
        return None
    return None if bgr is None else np.asarray(bgr, np.uint8)


def read_picture(path: Path) -> tuple[NDArray[np.uint8] | None, NDArray[np.uint16] | None]:
    """The image upright and in colour, and its luma if it is stored with 16 bits."""
    bgr = read_image(path)
    if bgr is None or path.suffix.lower() not in DEEP_EXTENSIONS:
        return bgr, None
    try:
        deep = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE | cv2.IMREAD_ANYDEPTH)
    except cv2.error:
        return bgr, None
    if deep is None or deep.dtype != np.uint16 or deep.shape != bgr.shape[:2]:
        return bgr, None
    return bgr, np.asarray(deep, np.uint16)


def _size(bgr: NDArray[np.uint8]) -> tuple[int, int]:
    return bgr.shape[1], bgr.shape[0]
