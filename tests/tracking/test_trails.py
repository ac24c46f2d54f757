"""Where bodies have been: bounded, in seconds, and forgotten with their number."""

from __future__ import annotations

import pytest

from motionapp.core.geometry import Box
from motionapp.core.motion import Region
from motionapp.core.track import Group
from motionapp.settings.tree import TrackingSettings
from motionapp.steady.back import InPicture
from motionapp.steady.way import Way
from motionapp.tracking import RegionTracker
from motionapp.tracking.trails import STEP_S, TRAIL_S, Trails


def body(x: float, *, number: int = 1, is_seen: bool = True) -> Group:
    box = Box(round(x), 40, round(x) + 20, 100)
    return Group(number, box, box, (1,), is_seen, True, 0.0)


@pytest.mark.parametrize("rate_hz", [5, 25, 50])
def test_a_trail_is_bounded_in_seconds_and_points_at_any_rate(rate_hz: int) -> None:
    trails = Trails()

    for k in range(10 * rate_hz + 1):
        (group,) = trails.step((body(k * 100 / rate_hz),), k / rate_hz)

    times = [point[0] for point in group.trail]
    assert times == sorted(times)
    assert TRAIL_S - 0.3 <= times[-1] - times[0] <= TRAIL_S
    assert len(times) <= TRAIL_S / STEP_S + 2
    assert group.trail[-1] == pytest.approx((times[-1], 100 * times[-1] + 10, 70), abs=1)


def test_where_nobody_was_seen_there_is_no_point() -> None:
    trails = Trails()

    trails.step((body(0),), 0.0)
    (group,) = trails.step((body(50, is_seen=False),), 1.0)

    assert [t_s for t_s, _, _ in group.trail] == [0.0]


def test_who_is_gone_is_forgotten_also_under_the_same_number() -> None:
    trails = Trails()

    trails.step((body(0),), 0.0)
    trails.step((), 1.0)
    (group,) = trails.step((body(300),), 2.0)

    assert len(group.trail) == 1


def test_the_tracker_gives_bodies_their_trails_and_forgets_them_at_a_rest() -> None:
    tracker = RegionTracker(TrackingSettings())

    def seen(k: int) -> Group:
        region = Region(Box(10 * k, 40, 10 * k + 20, 100), 900.0, 2.0)
        return tracker.step([region], k / 10).groups[0]

    for k in range(10):
        group = seen(k)
    assert len(group.trail) == 8  # the first two looks do not make it sure that it moves
    tracker.restart()
    assert [len(seen(k).trail) for k in (20, 21, 22)] == [0, 0, 1]


def test_a_camera_that_turns_takes_trails_along_with_the_scene() -> None:
    group = body(0)._replace(trail=((1.0, 100.0, 50.0),))

    (moved,) = InPicture((320, 240), Way(24, -10, 1, 0)).groups((group,))

    assert moved.trail == ((1.0, pytest.approx(124.0), pytest.approx(40.0)),)
