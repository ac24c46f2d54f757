"""Which clips of a recording are explained."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import cv2
import numpy as np
import pytest

from motionapp.core.clip import MotionClip, Prediction
from motionapp.core.contract import ModelContract
from motionapp.core.errors import SourceError
from motionapp.core.event import UNKNOWN
from motionapp.core.geometry import Box
from motionapp.core.representation import Representation
from motionapp.training.explaining.finding import (
    SPARE,
    Keeper,
    Wish,
    find_clips,
    shares_of,
)
from motionapp.training.explaining.recorded import recorded_of, times_of

SHAPE = Representation("absdiff", steps=5, side_px=16, scope="moving")
CONTRACT = ModelContract("scripted", "1", ("walk", "wave"), SHAPE, "none", has_reject=True)
MAPS = np.zeros((5, 16, 16), np.float32)


class Scripted:
    """Says of each clip what was written down for its end."""

    takes_nobody: ClassVar[bool] = False
    contract = CONTRACT

    def __init__(self, said: dict[float, tuple[str, float]] | None = None) -> None:
        self._said = said or {}

    def classify(self, clips: Sequence[MotionClip]) -> tuple[Prediction, ...]:
        return tuple(self._of(clip) for clip in clips)

    def _of(self, clip: MotionClip) -> Prediction:
        label, score = self._said.get(round(clip.end_s, 3), ("walk", 0.6))
        other = (1 - score) / 2
        shares = (other, score) if label == "wave" else (score, other)
        return Prediction(clip.subject_id, clip.start_s, clip.end_s, label, score, shares)


def clip_at(end_s: float, body: int = 1) -> MotionClip:
    return MotionClip(body, end_s - 0.4, end_s, Box(0, 0, 32, 32), MAPS)


def ends(keeper: Keeper) -> list[tuple[int, float]]:
    return [(one.clip.subject_id, one.clip.end_s) for one in keeper.found]


def test_the_surest_comes_first_and_no_other_of_the_same_movement() -> None:
    said = {1.0: ("walk", 0.7), 1.2: ("walk", 0.9), 1.4: ("walk", 0.8), 3.0: ("walk", 0.75)}
    keeper = Keeper(Scripted(said), Wish(count=3))

    for end_s in said:
        keeper.classify([clip_at(end_s)])

    assert ends(keeper) == [(1, 1.2), (1, 3.0)]


def test_a_name_goes_before_what_was_declined_however_likely() -> None:
    keeper = Keeper(Scripted({1.0: (UNKNOWN, 0.9), 3.0: ("walk", 0.55)}), Wish())

    keeper.classify([clip_at(1.0)])
    keeper.classify([clip_at(3.0)])

    assert ends(keeper) == [(1, 3.0)]


def test_near_a_time_the_surest_body_comes_first() -> None:
    keeper = Keeper(Scripted({2.2: ("walk", 0.5)}), Wish(at_s=2.0, count=2))

    for end_s in (1.0, 2.2, 3.0):
        keeper.classify([clip_at(end_s), clip_at(end_s, body=2)])

    assert ends(keeper) == [(1, 2.2), (2, 2.2)]


def test_asked_about_a_label_the_clip_is_taken_that_it_is_likeliest_in() -> None:
    said = {1.0: ("walk", 0.95), 2.0: ("wave", 0.6), 3.0: ("wave", 0.5)}
    keeper = Keeper(Scripted(said), Wish(label="wave"))

    for end_s in said:
        keeper.classify([clip_at(end_s)])

    assert ends(keeper) == [(1, 2.0)]


def test_however_long_a_recording_is_few_clips_are_kept() -> None:
    keeper = Keeper(Scripted(), Wish(count=2))

    for second in range(1, 200):
        keeper.classify([clip_at(float(second))])

    assert keeper.seen == 199
    assert len(keeper._kept) == 2 * SPARE


def test_what_is_none_of_the_labels_has_a_share() -> None:
    said = Prediction(1, 0.0, 1.0, "walk", 0.6, (0.6, 0.1))

    assert shares_of(said, CONTRACT) == pytest.approx({"walk": 0.6, "wave": 0.1, UNKNOWN: 0.3})


def test_a_recording_is_led_along_the_road_and_its_pictures_found_again(recordings: Path) -> None:
    """A block of 14 pixels goes across: at each map's time it is in the middle of the square."""
    path = str(recordings / "across" / "ann.mp4")

    (found,), damage = find_clips(path, Scripted(), Wish(at_s=0.9))
    (recorded,) = recorded_of(path, [found.clip], SHAPE, 48)

    times = times_of(found.clip, SHAPE)
    index = round(times[2] * 25)
    left = 8 + 2 * index
    assert damage == ""
    assert abs(found.clip.centre_s - 0.9) <= 0.16
    assert recorded.whole[47, left + 2 : left + 12].min() > 150
    assert recorded.whole[47, left + 18 : left + 24].max() < 120
    assert len(recorded.squares) == 5
    assert recorded.middle.shape == (48, 48, 3)


def test_a_time_without_anybody_is_refused_with_the_nearest(recordings: Path) -> None:
    path = str(recordings / "across" / "ann.mp4")

    with pytest.raises(SourceError, match=r"ann\.mp4: nobody was looked at near 60 s; the nearest"):
        find_clips(path, Scripted(), Wish(at_s=60.0))


def test_a_recording_in_which_nothing_moves_is_refused(tmp_path: Path) -> None:
    for index in range(30):
        still = np.full((96, 128, 3), 60, np.uint8)
        assert cv2.imwrite(str(tmp_path / f"{index:03d}.png"), still)

    with pytest.raises(SourceError, match="nobody moves in it for as long as the network looks"):
        find_clips(str(tmp_path), Scripted(), Wish())
