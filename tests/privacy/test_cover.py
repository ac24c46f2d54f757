"""What is covered is covered at every scale, in grey and in colour, and cannot be told beneath."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from motionapp.core.cover import Cover, Patch
from motionapp.core.errors import SettingsError
from motionapp.core.frame import Frame
from motionapp.privacy import CoveredSource, cover_of, covered, covered_by, covered_mask
from motionapp.privacy.frames import LEVEL
from motionapp.settings.zones import ZoneSettings
from motionapp.sources.picture import BgrPicture
from motionapp.testing import EPOCH, ScriptedSource, frame_at

SQUARE = ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75))
ZONE = ZoneSettings(name="window", kind="privacy", polygon=SQUARE)

shares = st.integers(0, 20).map(lambda value: value / 20)
corners = st.lists(st.tuples(shares, shares), min_size=3, max_size=5).map(tuple)


def of(pixels: BgrPicture, size: tuple[int, int]) -> Frame:
    return replace(frame_at(0, epoch=replace(EPOCH, size=size)), pixels=pixels)


def noisy(seed: int, size: tuple[int, int] = (203, 117)) -> Frame:
    rng = np.random.default_rng(seed)
    bgr = rng.integers(0, 256, (size[1], size[0], 3)).astype(np.uint8)
    deep = rng.integers(0, 65536, (size[1], size[0])).astype(np.uint16)
    return of(BgrPicture(bgr, deep), size)


def pictures(frame: Frame) -> list[NDArray[np.uint8] | NDArray[np.uint16]]:
    levels = range(4)
    deep = [frame.pixels.deep_at(level) for level in levels]  # type: ignore[attr-defined]  # these pixels have it
    return [frame.bgr(), *(frame.luma_at(level) for level in levels), *deep]


def with_other_inside(frame: Frame, seed: int) -> Frame:
    """Everything within the square is another, to the pixel."""
    size = frame.epoch.size
    bgr, other = frame.bgr().copy(), noisy(seed, size).bgr()
    rows, columns = (slice(round(0.25 * side), round(0.75 * side)) for side in size[::-1])
    bgr[rows, columns] = other[rows, columns]
    deep = frame.pixels.deep_at(0).copy()  # type: ignore[attr-defined]
    deep[rows, columns] = noisy(seed, size).pixels.deep_at(0)[rows, columns]  # type: ignore[attr-defined]
    return of(BgrPicture(bgr, deep), size)


@given(st.integers(0, 1000), st.tuples(st.integers(9, 80), st.integers(9, 80)))
def test_nothing_that_lies_beneath_changes_any_picture(seed: int, size: tuple[int, int]) -> None:
    """Two frames that differ there alone give the same pixels, at every scale, odd sizes too."""
    cover = cover_of([ZONE])
    frame = noisy(seed, size)

    first, second = covered(frame, cover), covered(with_other_inside(frame, seed + 1), cover)

    for one, other in zip(pictures(first), pictures(second), strict=True):
        np.testing.assert_array_equal(one, other)


def test_what_is_not_covered_is_as_it_came() -> None:
    frame, cover = noisy(1), cover_of([ZONE])

    shown = covered(frame, cover)

    is_open = covered_mask(cover, frame.epoch.size, 0) == 0
    np.testing.assert_array_equal(shown.bgr()[is_open], frame.bgr()[is_open])
    assert (shown.bgr()[~is_open] == LEVEL).all()
    assert 0.2 < 1 - is_open.mean() < 0.3
    assert not shown.bgr().flags.writeable
    assert not shown.luma_at(2).flags.writeable


@given(st.lists(corners, min_size=1, max_size=4), st.integers(0, 3))
def test_all_that_is_covered_is_filled_and_nothing_else(zones: list[Any], level: int) -> None:
    """Apart, across each other, one within another: wherever zones lie."""
    cover = Cover(tuple(Patch(f"{number}", zone) for number, zone in enumerate(zones)))
    frame = noisy(3)

    shown = covered(frame, cover)

    mask = covered_mask(cover, frame.epoch.size, level) > 0
    was, now = frame.luma_at(level), shown.luma_at(level)
    np.testing.assert_array_equal(now, np.where(mask, LEVEL, was))
    if not level:
        np.testing.assert_array_equal(shown.bgr(), np.where(mask[..., None], LEVEL, frame.bgr()))


def test_another_cover_is_another_epoch_and_the_same_one_the_same_frame() -> None:
    frame, cover = noisy(1), cover_of([ZONE])

    shown = covered(frame, cover)

    assert shown.epoch != frame.epoch
    assert covered(shown, cover) is shown
    assert covered(frame, cover_of([])) is frame
    assert covered(noisy(2), cover).epoch == shown.epoch


def test_what_is_covered_stays_so_where_more_is_asked_for() -> None:
    left = ZoneSettings(name="left", kind="privacy", polygon=((0, 0), (0.1, 0), (0.1, 1), (0, 1)))
    shown = covered(covered(noisy(1), cover_of([ZONE])), cover_of([left]))

    assert (shown.bgr()[:, 5] == LEVEL).all()
    assert (shown.bgr()[58, 100] == LEVEL).all()


def test_who_takes_a_cover_away_sees_what_lay_beneath() -> None:
    frame = noisy(1)
    shown = covered_by(covered(frame, cover_of([ZONE])), cover_of([]))

    np.testing.assert_array_equal(shown.bgr(), frame.bgr())
    assert shown.epoch == frame.epoch


def test_a_border_that_crosses_itself_hides_all_that_it_goes_round() -> None:
    star = ((0.5, 0.05), (0.8, 0.95), (0.05, 0.4), (0.95, 0.4), (0.2, 0.95))
    zone = ZoneSettings(name="star", kind="privacy", polygon=star)

    mask = covered_mask(cover_of([zone]), (200, 200), 0)

    assert mask[110, 100] == 255  # its middle is gone round twice


def test_a_zone_beyond_the_picture_would_cover_nothing_and_is_refused() -> None:
    far = ZoneSettings(name="far", kind="privacy", unit="px",
                       polygon=((900, 10), (990, 10), (990, 90)))  # fmt: skip

    with pytest.raises(SettingsError, match="privacy zone far lies outside of the picture"):
        covered(noisy(1), cover_of([far]))


def test_a_source_is_covered_from_the_next_frame_on() -> None:
    source = CoveredSource(ScriptedSource(4), cover_of([]))
    frames = source.frames()
    first = next(frames)
    source.cover = cover_of([ZONE])

    second = next(frames)

    size = second.epoch.size
    assert first.epoch.cover.is_empty
    assert (second.bgr()[size[1] // 2, size[0] // 2] == LEVEL).all()
