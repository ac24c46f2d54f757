"""Clips depend on seconds alone: not on the frame rate, repeated frames or a body's birth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.clip import MotionClip
from motionapp.core.frame import Epoch, Frame
from motionapp.core.geometry import Box
from motionapp.core.motion import Motion, Region
from motionapp.core.representation import Representation
from motionapp.core.track import Group
from motionapp.recognition import clips, framing
from motionapp.recognition.clips import ClipBuilder, crop
from motionapp.recognition.framing import square_around
from motionapp.testing import GreyPixels

SIZE = (96, 64)
EPOCH = Epoch(0, SIZE, Fraction(1, 1000))
SHAPE = Representation("absdiff", side_px=16)
BODY = Box(30, 10, 50, 50)


def group(
    box: Box = BODY,
    *,
    reach: Box | None = None,
    group_id: int = 1,
    tracks: tuple[int, ...] = (1,),
    person: int = 0,
    moving: Box | None = None,
) -> Group:
    return Group(
        group_id, box, reach or box, tracks, is_seen=True, is_confirmed=True, born_s=0.0,
        person=person, moving=moving,
    )  # fmt: skip


Seen = tuple[Motion, np.ndarray | None]
"""What a front-end saw of a frame, and its map."""


def stepped(
    builder: ClipBuilder, frame: Frame, seen: Seen, groups: Sequence[Group]
) -> tuple[MotionClip, ...]:
    return builder.step(frame, seen[0], groups, seen[1])


def motion(value: int, *boxes: Box) -> Seen:
    """A map whose upper left pixel of each box carries `value`: which frame it was can be read."""
    picture = np.zeros((SIZE[1], SIZE[0]), np.uint8)
    for box in boxes:
        inside = box.clipped(SIZE)
        picture[inside.y0 : inside.y1, inside.x0 : inside.x1] = value
    regions = tuple(Region(box, box.area, 1.0) for box in boxes)
    return Motion(regions=regions, mask=np.where(picture > 0, np.uint8(255), 0)), picture


def faint(seen: Seen, *sure: Box) -> Seen:
    """What moves, of which only some is strong enough to be a region."""
    regions = tuple(Region(box, box.area, 1.0) for box in sure)
    return replace(seen[0], regions=regions), seen[1]


def frame(pts_s: float, duration_s: float = 0.04) -> Frame:
    return Frame(0, round(pts_s * 1000), pts_s, duration_s, EPOCH, GreyPixels())


def brightness_at(pts_s: float) -> int:
    """Changes every 0.08 s: what a recording of 12.5 frames per second can show."""
    return 100 + int((pts_s + 0.005) / 0.08) % 100


def clips_of(
    times_s: Iterable[float], *, cadence_s: float = 0.16, duration_s: float = 0.04
) -> list[MotionClip]:
    builder = ClipBuilder(SHAPE, cadence_s=cadence_s)
    found: list[MotionClip] = []
    for pts_s in times_s:
        found += stepped(
            builder, frame(pts_s, duration_s), motion(brightness_at(pts_s), BODY), [group()]
        )
    return found


def rate(rate_hz: float, duration_s: float = 2.0) -> list[float]:
    return [number / rate_hz for number in range(round(duration_s * rate_hz))]


def assert_same(some: Sequence[MotionClip], others: Sequence[MotionClip]) -> None:
    assert [(clip.end_s, clip.box) for clip in some] == [(clip.end_s, clip.box) for clip in others]
    for clip, other in zip(some, others, strict=True):
        np.testing.assert_array_equal(clip.maps, other.maps)


def test_clips_end_at_multiples_of_the_cadence() -> None:
    ends = [clip.end_s for clip in clips_of(rate(25))]

    assert ends == pytest.approx([0.48, 0.64, 0.8, 0.96, 1.12, 1.28, 1.44, 1.6, 1.76, 1.92])


def test_a_clip_covers_its_representations_span() -> None:
    first = clips_of(rate(25))[0]

    assert first.start_s == pytest.approx(0.0)
    assert first.centre_s == pytest.approx(0.24)
    assert first.maps.shape == (6, 16, 16)
    assert not first.maps.flags.writeable


@pytest.mark.parametrize("rate_hz", [12.5, 50, 100, 200])
def test_the_frame_rate_changes_no_clip(rate_hz: float) -> None:
    assert_same(clips_of(rate(rate_hz), duration_s=1 / rate_hz), clips_of(rate(25)))


def test_repeated_frames_change_no_clip() -> None:
    repeated = [time for pts_s in rate(12.5) for time in (pts_s, pts_s + 0.037)]

    assert_same(clips_of(repeated), clips_of(rate(12.5), duration_s=0.08))


def test_stamps_a_little_off_change_no_clip() -> None:
    jittered = [max(0.0, pts_s + 0.004 * (-1) ** n) for n, pts_s in enumerate(rate(12.5))]

    assert_same(clips_of(jittered), clips_of(rate(12.5)))


@given(st.integers(0, 40))
def test_a_body_born_later_is_cut_at_the_same_times(first: int) -> None:
    builder = ClipBuilder(SHAPE, cadence_s=0.16)
    ends = []
    for number, pts_s in enumerate(rate(25, 4.0)):
        boxes, groups = ([BODY], [group()]) if number >= first else ([], [])
        clips = stepped(builder, frame(pts_s), motion(brightness_at(pts_s), *boxes), groups)
        ends += [clip.end_s for clip in clips]

    assert all(end_s / 0.16 == pytest.approx(round(end_s / 0.16)) for end_s in ends)


def test_no_clip_is_cut_before_there_are_maps_for_all_of_it() -> None:
    """A start in the middle of a recording warms up like one at its beginning."""
    ends = [clip.end_s for clip in clips_of([10.03 + number / 25 for number in range(40)])]

    assert ends[0] == pytest.approx(10.56)


def test_a_frame_without_a_map_leaves_a_gap_that_no_clip_bridges() -> None:
    builder = ClipBuilder(SHAPE, cadence_s=0.08)
    ends = []
    for pts_s in rate(12.5):
        is_lost = 0.9 < pts_s < 1.1
        seen = (Motion(), None) if is_lost else motion(90, BODY)
        ends += [clip.end_s for clip in stepped(builder, frame(pts_s, 0.04), seen, [group()])]

    assert not [end_s for end_s in ends if 0.97 < end_s < 1.5]
    assert [end_s for end_s in ends if end_s > 1.5]


def test_after_a_long_pause_between_frames_only_the_newest_time_is_cut() -> None:
    times = [*rate(25, 0.6), 0.6 + 0.32]

    assert len(clips_of(times, duration_s=0.4)) == 2


def test_a_restart_forgets_all_maps() -> None:
    builder = ClipBuilder(SHAPE, cadence_s=0.16)
    for pts_s in rate(25, 1.0):
        stepped(builder, frame(pts_s), motion(90, BODY), [group()])

    builder.restart()

    assert stepped(builder, frame(1.12), motion(90, BODY), [group()]) == ()


def test_a_body_that_was_still_for_most_of_the_time_is_not_asked_about() -> None:
    builder = ClipBuilder(SHAPE, cadence_s=0.16)
    clips = []
    for pts_s in rate(25, 1.0):
        boxes = [BODY] if pts_s < 0.2 else []
        clips += stepped(builder, frame(pts_s), motion(90, *boxes), [group()])

    assert clips == []


def test_every_body_gets_a_clip_of_its_own() -> None:
    other = Box(70, 10, 90, 50)
    builder = ClipBuilder(SHAPE, cadence_s=0.16)
    clips: list[MotionClip] = []
    for pts_s in rate(25, 0.6):
        clips += stepped(
            builder,
            frame(pts_s),
            motion(90, BODY, other),
            [group(), group(other, group_id=2, tracks=(5,))],
        )

    assert [clip.subject_id for clip in clips] == [1, 2]
    assert clips[0].box == square_around(BODY, SIZE)
    assert clips[1].box == square_around(other, SIZE)


def clips_at(
    seen: Seen, groups: Sequence[Group], shape: Representation = SHAPE
) -> list[MotionClip]:
    """The first clips of bodies that stay as they are."""
    builder = ClipBuilder(shape, cadence_s=0.16)
    return [
        clip for pts_s in rate(25, 0.6) for clip in stepped(builder, frame(pts_s), seen, groups)
    ]


def test_what_several_bodies_share_is_cut_once(monkeypatch: pytest.MonkeyPatch) -> None:
    cuts: list[Box] = []
    cut = clips._Kept.cut

    def counted(kept: clips._Kept, box: Box, side_px: int) -> clips.Map:
        cuts.append(box)
        return cut(kept, box, side_px)

    monkeypatch.setattr(clips._Kept, "cut", counted)
    other = Box(70, 10, 90, 50)
    bodies = [group(), group(other, group_id=2, tracks=(5,))]

    one, two = clips_at(motion(90, BODY, other), bodies, replace(SHAPE, scope="frame"))

    assert (one.subject_id, two.subject_id) == (1, 2)
    assert one.maps is two.maps
    assert len(cuts) == SHAPE.steps


def test_a_persons_clip_shows_the_whole_of_them_but_to_older_networks() -> None:
    arm = Box(30, 10, 46, 18)
    seen, person = motion(90, arm), group(BODY, person=1, moving=arm)

    (clip,) = clips_at(seen, [person])
    (older,) = clips_at(seen, [person], replace(SHAPE, scope="moving"))

    assert clip.box == square_around(BODY, SIZE)
    assert older.box == square_around(arm, SIZE)


def test_two_people_in_one_region_have_a_clip_each() -> None:
    left, right = Box(10, 10, 30, 50), Box(34, 10, 54, 50)

    clips = clips_at(
        motion(90, left.union(right)),
        [
            group(left, person=1, moving=left),
            group(right, group_id=2, tracks=(2,), person=2, moving=right),
        ],
    )

    assert [(clip.subject_id, clip.box) for clip in clips] == [
        (1, square_around(left, SIZE)),
        (2, square_around(right, SIZE)),
    ]


def test_a_region_that_reaches_over_a_person_makes_nobody_elses_clip_larger() -> None:
    left, right, wide = Box(10, 10, 30, 50), Box(60, 10, 80, 50), Box(6, 10, 62, 50)
    _, picture = motion(90, wide, right)
    regions = tuple(Region(box, float(box.area), 1.0) for box in (wide, right))

    clips = clips_at(
        (Motion(regions=regions), picture),
        [group(left, person=1, moving=left), group(right, group_id=2, tracks=(2,))],
    )

    assert [clip.box for clip in clips] == [square_around(box, SIZE) for box in (left, right)]


def test_faint_motion_beside_a_part_tells_how_large_the_body_is() -> None:
    """Only an arm has a region; a few pixels of trunk and feet move with it."""
    arm, foot = Box(30, 10, 46, 18), Box(40, 24, 42, 26)
    builder = ClipBuilder(SHAPE, cadence_s=0.16)
    clips: list[MotionClip] = []
    for pts_s in rate(25, 0.6):
        seen = faint(motion(90, arm, foot), arm)
        clips += stepped(builder, frame(pts_s), seen, [group(arm)])

    (clip,) = clips
    assert clip.box.intersection(foot) == foot.area


def test_what_moves_further_than_a_bodys_length_away_is_not_its_own() -> None:
    far = Box(90, 60, 92, 62)
    builder = ClipBuilder(SHAPE, cadence_s=0.16)
    arm = Box(10, 10, 26, 18)
    clips: list[MotionClip] = []
    for pts_s in rate(25, 0.6):
        seen = faint(motion(90, arm, far), arm)
        clips += stepped(builder, frame(pts_s), seen, [group(arm)])

    assert clips[0].box == square_around(arm, SIZE)


def test_the_box_holds_everything_that_moved_of_a_body_under_whatever_number() -> None:
    """Two arms, first two bodies, then one: the clip shows both all along."""
    left, right = Box(20, 10, 30, 20), Box(60, 10, 70, 20)
    builder = ClipBuilder(SHAPE, cadence_s=0.16)
    clips: list[MotionClip] = []
    for pts_s in rate(25, 0.6):
        apart = [group(left), group(right, group_id=2, tracks=(2,))]
        joined = [group(Box(20, 10, 70, 20), tracks=(1, 2))]
        groups = apart if pts_s < 0.3 else joined
        clips += stepped(builder, frame(pts_s), motion(90, left, right), groups)

    (clip,) = clips
    assert clip.box.x0 <= 20
    assert clip.box.x1 >= 70


def test_maps_are_kept_for_no_longer_than_a_clip_and_a_cadence() -> None:
    builder = ClipBuilder(SHAPE, cadence_s=0.16)
    for pts_s in rate(240, 3.0):
        stepped(builder, frame(pts_s, 1 / 240), motion(90, BODY), [group()])

    assert len(builder._kept) <= 16


@given(st.integers(0, 60), st.integers(0, 40), st.integers(1, 60), st.integers(1, 60))
def test_the_square_holds_what_moved(x0: int, y0: int, width: int, height: int) -> None:
    box = Box(x0, y0, x0 + width, y0 + height)

    square = square_around(box, SIZE)

    assert square.width == square.height
    assert square.intersection(box) == box.area


def test_a_tiny_part_gets_a_square_of_a_sensible_size() -> None:
    assert square_around(Box(10, 10, 11, 11), (1280, 720)).width == 72


def test_what_lies_outside_the_picture_is_zero() -> None:
    picture = np.full((40, 40), 200, np.uint8)

    cut = crop(picture, Box(-20, -20, 20, 20), 0, 16)

    assert cut[:8].max() == 0
    assert cut[:, :8].max() == 0
    assert cut[9:, 9:].min() == 200


def test_a_box_far_outside_the_picture_is_all_zero() -> None:
    assert crop(np.full((40, 40), 200, np.uint8), Box(100, 100, 120, 120), 0, 16).max() == 0


def test_a_halved_map_is_cut_where_the_full_picture_has_the_box() -> None:
    picture = np.zeros((40, 60), np.uint8)
    picture[10:20, 30:40] = 255

    cut = crop(picture, Box(60, 20, 80, 40), 1, 16)

    assert cut.min() == 255


def test_flow_gives_both_planes_of_each_step_together() -> None:
    shape = Representation("flow", side_px=16, planes=2, mirror="flip-negate-x")
    builder = ClipBuilder(shape, cadence_s=0.16)
    flow = np.zeros((SIZE[1], SIZE[0], 2), np.float32)
    flow[..., 0] = 120.0
    seen = Motion(regions=(Region(BODY, BODY.area, 1.0),)), flow
    clips: list[MotionClip] = []
    for pts_s in rate(25, 0.6):
        clips += stepped(builder, frame(pts_s), seen, [group()])

    (clip,) = clips
    assert clip.maps.shape == (12, 16, 16)
    assert clip.maps[0::2].mean() > 0.9
    assert abs(clip.maps[1::2]).max() == 0


@pytest.mark.parametrize("side", [60, 128, 200, 333])
def test_a_large_body_looks_as_it_would_without_halving_first(side: int) -> None:
    picture = np.zeros((400, 400), np.uint8)
    cv2.circle(picture, (190, 200), side // 3, 200, -1)
    kept = clips._Kept(0.0, 0.04, picture, 0, framing.Seen((), (), None, 0))
    box = Box(20, 30, 20 + side, 30 + side)

    cut, whole = kept.cut(box, 64), crop(picture, box, 0, 64)

    assert cut.shape == whole.shape == (64, 64)
    # On average a hundredth of the range: borders lie up to half a halved pixel elsewhere.
    assert np.abs(cut.astype(int) - whole).mean() < 2.55


@pytest.mark.parametrize(("rate_hz", "names"), [(30, True), (7.5, True), (5, False), (3, False)])
def test_below_the_rates_that_it_was_trained_on_a_network_names_nothing(
    rate_hz: float, names: bool
) -> None:
    builder = ClipBuilder(replace(SHAPE, steps=12, slowest_hz=7.5), cadence_s=0.16)
    found: list[MotionClip] = []
    for pts_s in rate(rate_hz, 3.0):
        seen = motion(brightness_at(pts_s), BODY)
        found += stepped(builder, frame(pts_s, 1 / rate_hz), seen, [group()])

    assert bool(found) == names
