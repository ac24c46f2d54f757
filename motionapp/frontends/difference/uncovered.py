"""The pixels that are seen of pictures of which a part is covered.

What is covered never differs: counted with the rest it would make a noisy picture look still, and
a change of light look smaller than it is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Epoch
from motionapp.frontends.difference.sampling import sampled
from motionapp.privacy import covered_mask


class Uncovered:
    """Which pixels of an epoch's samples are seen.

    Parameters
    ----------
    covered : ndarray of uint8, shape (h, w)
        At analysis scale: above 0 where a pixel is covered.
    """

    def __init__(self, covered: NDArray[np.uint8]) -> None:
        self.covered_px = int(np.count_nonzero(covered))
        """At analysis scale."""
        self._is_covered = covered > 0
        self._is_seen = sampled(covered) == 0

    @classmethod
    def of(cls, epoch: Epoch) -> Uncovered | None:
        """None where everything is seen, and where nothing is: then all is alike again."""
        if epoch.cover.is_empty:
            return None
        own = cls(covered_mask(epoch.cover, epoch.size, epoch.level))
        return own if own._is_seen.any() else None

    def of_sample(self, sample: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The values of a sample that are seen, shape (n,)."""
        return np.asarray(sample[self._is_seen], np.uint8)

    def kept(self, picture: NDArray[np.uint8], cover: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A picture with what is covered as it is in another one.

        Parameters
        ----------
        picture, cover : ndarray of uint8, shape (h, w)
            At analysis scale.
        """
        return np.where(self._is_covered, cover, picture)

    def rows_filled(self, sample: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A sample in which what is covered is as bright as the rest of its row.

        Parameters
        ----------
        sample : ndarray of uint8, shape (rows, columns)

        Returns
        -------
        ndarray of uint8, shape (rows, columns)
            Rows of which nothing is seen stay as they are.
        """
        seen = self._is_seen
        counts = np.count_nonzero(seen, axis=1)
        sums = np.where(seen, sample, 0).sum(axis=1, dtype=np.int64)
        means = np.rint(sums / np.maximum(counts, 1)).astype(np.uint8)
        is_filled = ~seen & (counts > 0)[:, None]
        return np.where(is_filled, means[:, None], sample)
