"""Ids that stay, bodies that hold together: on boxes that are known exactly."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.geometry import Box
from motionapp.core.motion import STILL, Motion, Region
from motionapp.core.track import Bodies, Track
from motionapp.settings.tree import TrackingSettings
from motionapp.tracking import RegionTracker, groups_of
from motionapp.tracking.tracker import MOST_TRACKS

STEP_S = 0.04
Path = Callable[[float], Box | None]


def seen(*boxes: Box | None) -> Motion:
    return Motion(
        regions=tuple(Region(box, float(box.area), 2.0) for box in boxes if box is not None)
    )


def walk(
    x: float, y: float, vx: float, vy: float = 0.0, *, size: tuple[int, int] = (20, 50)
) -> Path:
    return lambda t_s: Box(0, 0, *size).shifted(x + vx * t_s, y + vy * t_s)


def followed(
    motions: Iterable[Motion],
    *,
    tracker: RegionTracker | None = None,
    step_s: float = STEP_S,
    start_s: float = 0.0,
) -> list[tuple[Track, ...]]:
    tracker = tracker or RegionTracker(TrackingSettings())
    return [
        tracker.step(motion.regions, start_s + k * step_s).tracks
        for k, motion in enumerate(motions)
    ]


def scene(duration_s: float, *paths: Path, step_s: float = STEP_S) -> list[Motion]:
    times = [k * step_s for k in range(round(duration_s / step_s))]
    return [seen(*(path(t_s) for path in paths)) for t_s in times]


def id_at(tracks: Sequence[Track], box: Box) -> int:
    return max(tracks, key=lambda track: track.box.iou(box)).track_id


def test_one_walker_is_one_track_all_the_way() -> None:
    path = walk(10, 40, 80)
    tracks = followed(scene(3.0, path))

    assert {track.track_id for step in tracks for track in step} == {1}
    for k, step in enumerate(tracks):
        assert step[0].box == path(k * STEP_S)
        assert step[0].born_s == 0.0
        assert step[0].is_seen
    assert tracks[-1][0].velocity_px_s == pytest.approx((80, 0), abs=4)


@pytest.mark.parametrize("step_s", [0.01, 0.02, 0.04, 0.08])
def test_a_track_counts_as_motion_after_so_many_seconds_at_any_frame_rate(step_s: float) -> None:
    tracks = followed(scene(1.0, walk(10, 40, 80), step_s=step_s), step_s=step_s)

    first = next(k for k, step in enumerate(tracks) if step[0].is_confirmed)
    assert first * step_s == pytest.approx(TrackingSettings().confirm_s, abs=step_s + 1e-9)


def test_a_speck_is_never_confirmed_and_soon_forgotten() -> None:
    motions = [seen(Box(5, 5, 9, 9)), *[STILL] * 20]

    tracks = followed(motions)

    assert not any(track.is_confirmed for step in tracks for track in step)
    assert tracks[8] == ()


@pytest.mark.parametrize("gap_s", [0.12, 0.3, 0.5])
def test_a_short_gap_is_coasted_through(gap_s: float) -> None:
    path = walk(10, 40, 80)
    motions = scene(3.0, path)
    first = round(1.0 / STEP_S)
    hidden = range(first, first + round(gap_s / STEP_S))
    for k in hidden:
        motions[k] = STILL

    tracks = followed(motions)

    assert all(len(step) == 1 and step[0].track_id == 1 for step in tracks)
    assert not any(tracks[k][0].is_seen for k in hidden)
    assert tracks[hidden[-1]][0].seen_s == pytest.approx(hidden[0] * STEP_S - STEP_S)
    assert tracks[-1][0].is_seen


def test_after_a_long_gap_it_is_somebody_new() -> None:
    coast_s = TrackingSettings().coast_s
    motions = scene(1.0, walk(10, 40, 80))
    motions += [STILL] * (round(coast_s / STEP_S) + 2)
    motions += scene(1.0, walk(90, 40, 80))

    tracks = followed(motions)

    assert {track.track_id for track in tracks[-1]} == {2}
    assert tracks[26 + round(coast_s / STEP_S)] == ()


def crossing(seed: int) -> tuple[Path, Path]:
    """Two bodies of different speed that meet somewhere in the middle."""
    rng = np.random.default_rng(seed)
    slow, fast = rng.uniform(40, 70), rng.uniform(80, 140)
    tall = (int(rng.integers(18, 26)), int(rng.integers(48, 70)))
    other = (int(rng.integers(18, 26)), int(rng.integers(48, 70)))
    meet = rng.uniform(140, 180)
    lower = rng.uniform(-8, 8)
    return (
        walk(meet - slow * 1.5, 40, slow, size=tall),
        walk(meet + fast * 1.5, 40 + lower, -fast, size=other),
    )


def merged(boxes: Sequence[Box]) -> list[Box]:
    """A front-end sees two that touch as one region."""
    a, b = boxes
    return [a.union(b)] if a.gap(b) == (0, 0) else [a, b]


def test_two_that_cross_keep_their_ids() -> None:
    """Ten crossings, at most one of them switched."""
    kept = 0
    for seed in range(10):
        paths = crossing(seed)
        both = [[path(k * STEP_S) for path in paths] for k in range(75)]
        tracks = followed(
            [seen(*merged([box for box in boxes if box is not None])) for boxes in both]
        )
        before = [id_at(tracks[8], box) for box in both[8] if box is not None]
        after = [id_at(tracks[-1], box) for box in both[-1] if box is not None]
        kept += before == after and len(set(before)) == 2

    assert kept >= 9


def test_two_on_their_own_ways_never_swap() -> None:
    upper, lower = walk(10, 20, 80), walk(300, 120, -60)
    tracks = followed(scene(3.0, upper, lower))

    for k, step in enumerate(tracks):
        assert id_at(step, upper(k * STEP_S) or Box(0, 0, 1, 1)) == 1
        assert id_at(step, lower(k * STEP_S) or Box(0, 0, 1, 1)) == 2


def test_ids_count_from_1_after_a_restart() -> None:
    tracker = RegionTracker(TrackingSettings())
    motions = scene(1.0, walk(10, 40, 80), walk(200, 40, 80))
    first = followed(motions, tracker=tracker)

    tracker.restart()
    second = followed(motions, tracker=tracker, start_s=50.0)

    assert [[track.track_id for track in step] for step in first] == [
        [track.track_id for track in step] for step in second
    ]
    assert second[0][0].born_s == 50.0
    assert {track.group_id for track in second[-1]} == {1, 2}


def test_two_trackers_do_not_share_their_counting() -> None:
    followed(scene(0.4, walk(10, 40, 80)))

    assert followed(scene(0.4, walk(10, 40, 80)))[0][0].track_id == 1


def test_rain_gives_a_bounded_number_of_tracks() -> None:
    rng = np.random.default_rng(0)
    tracker = RegionTracker(TrackingSettings())

    for k in range(60):
        corners = rng.integers(0, 600, (48, 2)).tolist()
        drops = seen(*(Box(x, y, x + 4, y + 12) for x, y in corners))
        assert len(tracker.step(drops.regions, k * STEP_S).tracks) <= MOST_TRACKS


@given(
    st.lists(
        st.lists(
            st.tuples(
                st.integers(-9, 90), st.integers(-9, 90), st.integers(1, 40), st.integers(1, 40)
            ),
            max_size=5,
        ),
        max_size=25,
    ),
    st.lists(st.sampled_from([0.01, 0.04, 0.3, 2.0]), min_size=25, max_size=25),
)
def test_whatever_is_seen_tracks_and_groups_stay_consistent(
    pictures: list[list[tuple[int, int, int, int]]], gaps_s: list[float]
) -> None:
    tracker = RegionTracker(TrackingSettings())
    times = itertools.accumulate(gaps_s)
    known: dict[int, float] = {}

    for picture, pts_s in zip(pictures, times, strict=False):
        boxes = [Box(x, y, x + w, y + h) for x, y, w, h in picture]
        tracks, groups = tracker.step(seen(*boxes).regions, pts_s)

        ids = [track.track_id for track in tracks]
        assert ids == sorted(set(ids))
        assert sum(track.is_seen for track in tracks) >= bool(boxes)
        for track in tracks:
            assert known.setdefault(track.track_id, track.born_s) == track.born_s
            assert track.born_s <= track.seen_s <= pts_s
            assert track.is_seen == (track.seen_s == pts_s)
            assert track.box.area > 0
        assert sorted(i for group in groups for i in group.track_ids) == ids
        assert all(track.group_id >= 1 for track in tracks)


# -- bodies ------------------------------------------------------------------------------------


def arms(t_s: float) -> tuple[Box, Box]:
    """Two arms that wave beside a trunk that is still and 16 px wide."""
    lift = round(15 * np.sin(6 * t_s))
    return Box(100, 60 + lift, 130, 96 + lift), Box(146, 60 - lift, 176, 96 - lift)


def test_two_waving_arms_are_one_body() -> None:
    tracks = followed([seen(*arms(k * STEP_S)) for k in range(50)])

    for step in tracks[1:]:
        assert {track.group_id for track in step} == {1}
        (group,) = groups_of(step)
        assert group.track_ids == (1, 2)


def test_a_body_keeps_its_number_while_its_parts_come_and_go() -> None:
    whole = Box(100, 40, 160, 160)
    motions = [seen(whole) for _ in range(25)]
    motions += [seen(Box(100, 40, 160, 70), Box(105, 130, 155, 160)) for _ in range(25)]
    motions += [seen(whole) for _ in range(25)]

    tracks = followed(motions)

    assert {group.group_id for step in tracks for group in groups_of(step)} == {1}


def test_two_people_apart_are_two_bodies() -> None:
    tracks = followed(scene(2.0, walk(20, 40, 60), walk(220, 40, -30)))

    assert all(len(groups_of(step)) == 2 for step in tracks[:25])


def test_people_who_part_are_two_bodies_and_the_older_keeps_the_number() -> None:
    left, right = walk(100, 40, -60), walk(122, 40, 60)
    tracks = followed(scene(2.5, left, right))

    assert len(groups_of(tracks[0])) == 1
    first, second = groups_of(tracks[-1])
    assert (first.group_id, first.track_ids) == (1, (1,))
    assert second.track_ids == (2,)


def test_a_group_has_the_box_of_what_is_seen_of_it() -> None:
    head, foot = Box(100, 40, 130, 60), Box(100, 66, 130, 90)
    motions = [seen(head, foot)] * 12 + [seen(head)] * 4

    tracks = followed(motions)

    assert groups_of(tracks[11])[0].box == head.union(foot)
    assert groups_of(tracks[-1])[0].box == head


def test_a_group_is_motion_only_where_a_confirmed_part_is_seen() -> None:
    motions = [*scene(1.0, walk(10, 40, 80)), *[STILL] * 10]

    groups = [groups_of(step)[0] for step in followed(motions)]

    assert not groups[0].is_confirmed
    assert not groups[0].is_seen
    assert groups[24].is_seen
    assert groups[25].is_confirmed
    assert not groups[25].is_seen


def test_nothing_gives_no_groups() -> None:
    assert groups_of(()) == ()


# -- people ------------------------------------------------------------------------------------


def person(number: int, box: Box, *, moving: Box | None = None) -> Region:
    return Region(box, float(box.area), 2.0, (0.0, 0.0), number, moving)


def at_each(tracker: RegionTracker, steps: Iterable[Sequence[Region]]) -> list[Bodies]:
    return [tracker.step(regions, k * STEP_S) for k, regions in enumerate(steps)]


def test_a_person_takes_over_the_track_and_the_number_of_what_moved_there() -> None:
    box, whole = walk(40, 60, 60, size=(20, 40)), walk(36, 40, 60, size=(28, 90))
    steps = [
        [*seen(walk(250, 40, 0)(0), box(k * STEP_S)).regions]
        if k < 12
        else [person(1, whole(k * STEP_S) or Box(0, 0, 1, 1))]
        for k in range(20)
    ]

    bodies = at_each(RegionTracker(TrackingSettings()), steps)

    before, after = bodies[11], bodies[-1]
    was = max(before.tracks, key=lambda track: track.box.x0 < 200)
    is_now = next(track for track in after.tracks if track.person)
    assert (is_now.track_id, is_now.group_id) == (was.track_id, was.group_id)
    assert is_now.born_s == was.born_s
    assert is_now.is_confirmed
    assert is_now.box == whole(19 * STEP_S)
    (group,) = [group for group in after.groups if group.person == 1]
    assert (group.group_id, group.box) == (was.group_id, is_now.box)


def test_the_moving_parts_of_a_person_are_one_track_from_then_on() -> None:
    steps: list[Sequence[Region]] = [seen(*arms(k * STEP_S)).regions for k in range(20)]
    steps += [[person(1, Box(100, 40, 176, 160), moving=Box(100, 60, 130, 96))]] * 10

    bodies = at_each(RegionTracker(TrackingSettings()), steps)

    (track,) = bodies[-1].tracks
    (group,) = bodies[-1].groups
    assert (track.track_id, track.person, group.group_id) == (1, 1, 1)
    assert group.moving == Box(100, 60, 130, 96)
    assert group.box == Box(100, 40, 176, 160)


def test_two_people_found_in_one_body_become_two_and_the_first_keeps_the_number() -> None:
    both, left, right = Box(100, 40, 160, 140), Box(100, 40, 128, 140), Box(132, 40, 160, 140)
    steps: list[Sequence[Region]] = [seen(both).regions] * 12
    steps += [[person(1, left), person(2, right)]] * 12

    bodies = at_each(RegionTracker(TrackingSettings()), steps)

    assert [group.group_id for group in bodies[11].groups] == [1]
    assert [(g.group_id, g.person, g.box) for g in bodies[-1].groups] == [
        (1, 1, left),
        (2, 2, right),
    ]


@pytest.mark.parametrize("gap_px", [10, 0, -14], ids=["near", "touching", "overlapping"])
def test_two_people_who_touch_stay_two_bodies(gap_px: int) -> None:
    left = Box(100, 40, 128, 140)
    right = left.shifted(left.width + gap_px, 4)

    bodies = at_each(RegionTracker(TrackingSettings()), [[person(1, left), person(2, right)]] * 30)

    for step in bodies:
        assert [(group.person, group.box) for group in step.groups] == [(1, left), (2, right)]
        assert [group.group_id for group in step.groups] == [1, 2]


def test_people_who_walk_through_each_other_keep_track_and_number() -> None:
    paths = walk(20, 40, 80), walk(220, 40, -80)
    steps = []
    for k in range(60):
        boxes = [path(k * STEP_S) for path in paths]
        steps.append([person(n, box) for n, box in enumerate(boxes, start=1) if box is not None])

    for bodies in at_each(RegionTracker(TrackingSettings()), steps):
        assert [(t.track_id, t.person, t.group_id) for t in bodies.tracks] == [
            (1, 1, 1),
            (2, 2, 2),
        ]


def test_what_moves_beside_a_person_is_a_body_of_its_own() -> None:
    whole, bag = Box(100, 40, 130, 140), Box(132, 90, 150, 120)

    bodies = at_each(
        RegionTracker(TrackingSettings()), [[person(1, whole), *seen(bag).regions]] * 12
    )

    assert [(group.person, group.box) for group in bodies[-1].groups] == [(1, whole), (0, bag)]


def test_a_person_who_stops_is_not_seen_and_goes_on_under_the_same_number() -> None:
    box = Box(100, 40, 130, 140)
    tracker = RegionTracker(TrackingSettings())
    coasting: list[Sequence[Region]] = [()] * 5
    steps: list[Sequence[Region]] = [[person(1, box)]] * 12
    bodies = at_each(tracker, [*steps, *coasting, [person(1, box)]])

    assert not bodies[14].groups[0].is_seen
    assert [(group.group_id, group.is_seen) for group in bodies[-1].groups] == [(1, True)]
    assert bodies[-1].groups[0].box == box


@pytest.mark.parametrize("still", [1, 4])
def test_two_who_overlap_and_stop_at_once_go_on_each_under_their_own_number(still: int) -> None:
    near, far = Box(100, 40, 140, 140), Box(118, 50, 150, 130)
    both: Sequence[Region] = [person(1, near), person(2, far)]
    steps: list[Sequence[Region]] = [[person(2, far)]] * 2 + [both] * 10  # the far one is older
    steps += [[]] * still + [both] * 3

    bodies = at_each(RegionTracker(TrackingSettings()), steps)

    before, after = ({track.person: track.track_id for track in bodies[k].tracks} for k in (11, -1))
    assert after == before
    assert len(after) == 2
    assert [group.person for group in bodies[-1].groups] == [
        group.person for group in bodies[11].groups
    ]


def test_who_has_lost_their_track_takes_none_from_who_moves_again_with_them() -> None:
    near, far = Box(100, 40, 160, 160), Box(120, 50, 160, 150)
    both: Sequence[Region] = [person(1, near), person(2, far)]
    steps = [both] * 12 + [[person(2, far)]] * 60 + [[]] * 3 + [both]  # the near one is forgotten

    bodies = at_each(RegionTracker(TrackingSettings()), steps)

    before, after = ({track.person: track.track_id for track in bodies[k].tracks} for k in (11, -1))
    assert 1 not in {track.person for track in bodies[-2].tracks}
    assert after[2] == before[2]
    assert after[1] != before[2]


def test_who_is_no_person_any_more_is_followed_as_a_region() -> None:
    box = Box(100, 40, 130, 140)
    steps: list[Sequence[Region]] = [[person(1, box)]] * 12
    steps += [seen(box).regions] * 40

    bodies = at_each(RegionTracker(TrackingSettings()), steps)

    assert [(group.person, group.box) for group in bodies[-1].groups] == [(0, box)]


def test_who_is_no_person_any_more_keeps_track_and_number() -> None:
    box = Box(100, 40, 130, 140)
    steps: list[Sequence[Region]] = [[person(1, box)]] * 12
    steps += [seen(box).regions] * 12

    bodies = at_each(RegionTracker(TrackingSettings()), steps)

    seen_now = [group for group in bodies[-1].groups if group.is_seen]
    assert [(group.group_id, group.person) for group in seen_now] == [(1, 0)]


def test_at_the_most_tracks_people_are_followed_and_nothing_breaks() -> None:
    specks = [Box(10 * n, 0, 10 * n + 4, 4) for n in range(MOST_TRACKS)]
    crowd = [person(n, Box(20 * n, 100, 20 * n + 16, 160)) for n in range(1, MOST_TRACKS + 9)]
    over_a_speck = person(MOST_TRACKS + 20, Box(-2, -2, 14, 40))
    tracker = RegionTracker(TrackingSettings())

    full = at_each(tracker, [seen(*specks).regions] * 12)
    taken = tracker.step([over_a_speck, *crowd, *seen(*specks[2:]).regions], 12 * STEP_S)

    assert len(full[-1].tracks) == MOST_TRACKS
    assert len(taken.tracks) <= MOST_TRACKS
    assert [t.track_id for t in taken.tracks if t.person == over_a_speck.person] == [1]
    numbers = [track.track_id for track in taken.tracks]
    assert numbers == sorted(set(numbers))


def test_after_a_restart_people_are_numbered_from_1() -> None:
    tracker = RegionTracker(TrackingSettings())
    at_each(tracker, [[person(1, Box(100, 40, 130, 140)), person(2, Box(10, 40, 40, 140))]] * 5)

    tracker.restart()

    (bodies,) = at_each(tracker, [[person(1, Box(10, 40, 40, 140))]])
    assert [(t.track_id, t.group_id) for t in bodies.tracks] == [(1, 1)]
