"""Light that comes or goes, such as the shadow of a cloud that drifts across.

Light shades what is there: all of it becomes darker, or all of it lighter, and its texture stays.
A body covers it with a texture of its own. That texture outlives a shadow is what the methods that
compare large regions go by (Sanin, Sanderson, Lovell: "Shadow detection: a survey and comparative
evaluation of recent methods", Pattern Recognition 45, 2012, there "LR").
"""

from __future__ import annotations

from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.motion import Region
from motionapp.suppression.rule import Evidence, Removed

ONE_WAY = 0.9
"""Mean change over the mean size of changes, from which all of a region changes one way. Rendered
shadows of clouds have 0.97 to 1 in nine of ten looks, what moves in real recordings below 0.6 in
nine of ten: a body is darker here, lighter there, and uncovers behind what it covers ahead."""

ALIKE = 0.5
"""Correlation of the texture then and now, from which it is the same. Under clouds' shadows it is
0.8 to 1 (noise takes the rest). With both, 97 % of the looks at clouds' shadows are light and 1.1 %
of those at what moves in real recordings, most of which are shadows, too; with 0.8 and 0.3 it would
be 98 and 2.3 %, with 0.95 and 0.6 93 and 0.7 %."""

FINE_PX = 7
"""Texture is what differs from the mean of so many analysis pixels each way: wide enough for what
a camera resolves, narrow beside a shadow's soft border."""

LEAST_PX = 2 * FINE_PX
"""A region that is narrower or lower is not looked at: an edge that stirs changes one way too, and
looks as before. It holds too little texture to tell by; shadows of clouds are larger."""


class SoftShadow:
    """Takes out regions in which only light has changed; remembers nothing.

    Parameters
    ----------
    shape : tuple of int
        Height and width of the mask.
    """

    name: ClassVar[str] = "light"
    blocks: ClassVar[int] = 0

    def __init__(self, shape: tuple[int, int]) -> None:
        pass

    def step(self, evidence: Evidence) -> Removed:
        """Whatever has changed one way and kept its texture."""
        large = [one for one in evidence.regions if _is_large(evidence.part(one.box))]
        if not large:
            return Removed(None, self.name)
        changes = _Changes(evidence)
        taken: NDArray[np.uint8] | None = None
        most = 0.0
        for region in large:
            alike = changes.kept_texture(region)
            if alike >= ALIKE:
                taken = np.zeros_like(evidence.mask) if taken is None else taken
                part = evidence.part(region.box)
                taken[part] = evidence.mask[part]
                most = max(most, alike)
        return Removed(taken, self.name, (("texture", most),))


class _Changes:
    """How the pixels that move have changed, looked at once for all regions."""

    def __init__(self, evidence: Evidence) -> None:
        now, then = evidence.contrast.now, evidence.contrast.then
        self._evidence = evidence
        self._lighter = cv2.copyTo(cv2.subtract(now, then), evidence.mask)
        self._darker = cv2.copyTo(cv2.subtract(then, now), evidence.mask)

    def kept_texture(self, region: Region) -> float:
        """How alike the texture of a region is that has changed one way; 0 where it has not."""
        part = self._evidence.part(region.box)
        lighter = cv2.sumElems(self._lighter[part])[0]
        darker = cv2.sumElems(self._darker[part])[0]
        if abs(lighter - darker) < ONE_WAY * (lighter + darker):
            return 0.0
        contrast, is_inside = self._evidence.contrast, self._evidence.mask[part] > 0
        a = _texture(contrast.now[part])[is_inside]
        b = _texture(contrast.then[part])[is_inside]
        return float(np.dot(a, b) / max(1e-6, np.sqrt(np.dot(a, a) * np.dot(b, b))))


def _is_large(part: tuple[slice, slice]) -> bool:
    rows, columns = part
    return bool(min(rows.stop - rows.start, columns.stop - columns.start) >= LEAST_PX)


def _texture(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """What is left of a picture without its coarse light."""
    level = cv2.blur(picture, (FINE_PX, FINE_PX))
    return np.asarray(cv2.subtract(picture, level, dtype=cv2.CV_32F), np.float32)
