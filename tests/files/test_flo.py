"""The Middlebury format of optical flow."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from motionapp.files.flo import flo_bytes, flo_field


def test_what_is_written_is_read_again() -> None:
    field = np.random.default_rng(0).normal(0, 9, (5, 7, 2)).astype(np.float32)

    assert np.array_equal(flo_field(flo_bytes(field)), field)


def test_the_bytes_are_those_of_the_format() -> None:
    """Number, width, height, then x and y of each pixel, row by row."""
    field = np.array([[[1, 2], [3, 4], [5, 6]]], np.float32)

    content = flo_bytes(field)

    assert struct.unpack("<fii6f", content) == (np.float32(202021.25), 3, 1, 1, 2, 3, 4, 5, 6)


def test_a_part_of_a_larger_field_is_written_as_it_is() -> None:
    field = np.arange(48, dtype=np.float32).reshape(4, 6, 2)[1:3, ::2]

    assert np.array_equal(flo_field(flo_bytes(field)), field)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PIEH",
        b"PIEX" + bytes(16),
        struct.pack("<4sii", b"PIEH", 2, 2) + bytes(31),
        struct.pack("<4sii", b"PIEH", -1, 2),
    ],
)
def test_what_is_no_flo_file_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="it"):
        flo_field(content)
