"""How alike the movements of two recordings are, wherever the one begins in the other."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

LEAST_OVERLAP: Final = 0.5
"""Share of the shorter recording that has to be in the longer one, too."""
LEAST_MOVEMENT: Final = 0.3
"""Share of the movement of one of them, at least: where hardly anything moves, all are alike."""


def likeness(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Cosine of the changes of two recordings, at the offset in time at which it is largest.

    Parameters
    ----------
    one, other : ndarray of float32, shape (steps, h, w)
        How each cell changes; the number of steps may differ.

    Returns
    -------
    float
        -1 to 1; 1 is the same, 0 has nothing in common, as have those in which nothing moves.

    Notes
    -----
    The largest, over offsets o, of sum a(t + o) b(t) / sqrt(sum a(t + o)^2 sum b(t)^2), summed over
    all cells and the moments t that both have.
    """
    if not len(one) or not len(other):
        return 0.0
    first, second = one.reshape(len(one), -1), other.reshape(len(other), -1)
    fewest = int(np.ceil(LEAST_OVERLAP * min(len(first), len(second))))
    offsets = np.arange(fewest - len(second), len(first) - fewest + 1)
    begins, begins_other = np.maximum(offsets, 0), np.maximum(-offsets, 0)
    lengths = np.minimum(len(first) - begins, len(second) - begins_other)
    energy, whole = _energy(first, begins, lengths)
    energy_other, whole_other = _energy(second, begins_other, lengths)
    moves = (energy >= LEAST_MOVEMENT * whole) | (energy_other >= LEAST_MOVEMENT * whole_other)
    moves &= (energy > 0) & (energy_other > 0)
    if not moves.any():
        return 0.0
    products = _diagonal_sums(first @ second.T)[offsets + len(second) - 1]
    return float(np.max(products[moves] / np.sqrt(energy[moves] * energy_other[moves])))


def _energy(
    changes: NDArray[np.float32], begins: NDArray[np.int64], lengths: NDArray[np.int64]
) -> tuple[NDArray[np.float64], float]:
    """Sums of squares of stretches, and of all."""
    squares = np.square(changes).sum(1, dtype=np.float64)
    summed = np.concatenate([[0.0], np.cumsum(squares)])
    return summed[begins + lengths] - summed[begins], float(summed[-1])


def _diagonal_sums(products: NDArray[np.float32]) -> NDArray[np.float64]:
    """Sums along all diagonals of a matrix (n, m), from its upper right corner, n + m - 1."""
    rows, columns = products.shape
    padded = np.zeros((rows, rows + columns), np.float32)
    padded[:, :columns] = products[:, ::-1]
    # Read one column shorter, each row lies one place further to the right than the one above.
    slanted = padded.reshape(-1)[: rows * (rows + columns - 1)]
    sums: NDArray[np.float64] = slanted.reshape(rows, -1).sum(0, dtype=np.float64)
    return sums
