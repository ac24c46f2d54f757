"""A picture that stands still though time goes on: a camera or a relay that repeats itself.

Sensors have noise, so that of a live picture something changes, if only with each key frame: codecs
repeat what is quiet exactly, but not beyond the next one. What is not found: a still picture that
is encoded anew at a fixed rate. Its key frames change as much as those of a live one; waiting for a
picture that comes back exactly was tried and did not help. Nor does it show by its noise. Still
scenes with a sensor's (sigma 0.35 to 1.5) and single pictures of twelve recordings, five of them
held out, through H.264 at 100 and 30 kbit a picture and at qualities 26 and 36, changed from look
to look by 0.00 to 1.57 grey levels on average, the single pictures by 0.00 to 0.82. Nearest of the
last twelve looks, and how one change goes with the next, overlap as widely. Seen from what is usual
for the same camera the single pictures have 0.0 to 1.1 times that; a lower gain leaves 0.2 to 0.7.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

STILL_SHARE = 0.02
"""Of the pixels may change all the same: a clock that is written into the picture."""
FROZEN_S = 300.0
"""The longest stretch without a change in good recordings is below half a second; in still scenes
with little noise, through H.264, it was 54 s (quality 44, key frames 100 s apart) and less.
Five times that."""


class Frozen:
    """For how long a picture has stood still."""

    def __init__(self) -> None:
        self._first: NDArray[np.uint8] | None = None
        self._first_s = 0.0
        self.changed_share = 1.0
        """Of the pixels, between the first picture of this stretch and the newest."""

    def step(self, luma: NDArray[np.uint8], pts_s: float) -> float:
        """Take note of a look.

        Returns
        -------
        float
            Seconds since the first picture of the stretch, which this one is like; 0 when another
            stretch begins.
        """
        if self._first is not None:
            self.changed_share = cv2.countNonZero(cv2.absdiff(luma, self._first)) / luma.size
        if self._first is None or self.changed_share > STILL_SHARE:
            self._first, self._first_s = luma.copy(), pts_s
        return pts_s - self._first_s
