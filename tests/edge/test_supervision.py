"""What becomes of a camera's process, step by step, on a clock of the test."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.backoff import Backoff
from motionapp.edge.supervision import BLIND_S, DEAF_S, DUMB_S, STALLED_S, Supervision


def beat(age_s: float | None) -> dict[str, object]:
    return {"type": "beat", "age_s": age_s}


class Camera:
    """A supervision on a clock, and its orders."""

    def __init__(self, *, is_wanted: bool = True) -> None:
        self.now_s = 100.0
        backoff = Backoff(rng=random.Random(3))
        self.it = Supervision(self.now_s, is_wanted=is_wanted, backoff=backoff)
        self.orders: list[str] = []

    def pass_time(self, seconds: float, *, age_s: float | None = None, beats: bool = True) -> None:
        """Let time pass, with a beat and a tick each second."""
        for _ in range(round(seconds)):
            self.now_s += 1
            if beats:
                self.it.hear(beat(age_s), self.now_s)
            self.orders += self.it.tick(self.now_s)


def live_camera() -> Camera:
    camera = Camera()
    camera.orders += camera.it.tick(camera.now_s)
    camera.pass_time(3, age_s=0.1)
    assert camera.it.seen.state == "live"
    return camera


def test_it_is_started_at_once_and_live_with_its_first_picture() -> None:
    camera = Camera()

    camera.orders += camera.it.tick(camera.now_s)
    camera.pass_time(2)
    state_before = camera.it.seen.state
    camera.pass_time(1, age_s=0.05)

    assert camera.orders == ["start"]
    assert (state_before, camera.it.seen.state) == ("starting", "live")
    assert camera.it.seen.blind_since_s is None


def test_a_process_that_says_nothing_is_ended_and_begun_again_at_once() -> None:
    camera = live_camera()

    camera.pass_time(DEAF_S + 1, beats=False)
    lost = camera.it.seen
    camera.it.exited("its process was ended by SIGKILL", camera.now_s)
    camera.orders += camera.it.tick(camera.now_s)

    assert camera.orders == ["start", "kill", "start"]
    assert (lost.state, lost.why) == ("lost", "its process has said nothing for 10 s")
    assert lost.blind_since_s == pytest.approx(102.9)


def test_a_camera_without_pictures_stalls_and_is_begun_again_if_nobody_says_lost() -> None:
    camera = live_camera()
    last_s = camera.now_s - 0.1

    for second in range(round(BLIND_S) + 2):
        camera.pass_time(1, age_s=second + 1.1)
        if second == STALLED_S + 1:
            assert camera.it.seen.state == "stalled"

    assert camera.orders == ["start", "kill"]
    assert camera.it.seen.state == "lost"
    assert camera.it.seen.blind_since_s == pytest.approx(last_s)


def test_a_source_that_says_lost_is_left_to_come_back_by_itself() -> None:
    camera = live_camera()

    camera.it.hear({"type": "lost", "why": "it has sent nothing for 5 s"}, camera.now_s)
    camera.pass_time(3 * BLIND_S)
    lost = camera.it.seen
    camera.pass_time(1, age_s=0.1)

    assert camera.orders == ["start"]
    assert (lost.state, lost.why) == ("lost", "it has sent nothing for 5 s")
    assert camera.it.seen.state == "live"


def test_a_process_that_ends_is_started_again_after_a_while() -> None:
    camera = live_camera()

    camera.it.exited("its process was ended by SIGKILL", camera.now_s)
    camera.pass_time(3, beats=False)

    assert camera.orders == ["start", "start"]
    assert camera.it.seen.state == "lost"
    assert camera.it.starts == 2


def test_one_that_cannot_be_used_is_not_started_over_and_over() -> None:
    camera = Camera()
    starts = 0
    for _ in range(600):
        if camera.it.tick(camera.now_s) == ("start",):
            starts += 1
            camera.it.hear(
                {"type": "failed", "why": "there is no model of this name"}, camera.now_s
            )
            camera.it.exited("its process ended with exit code 0", camera.now_s)
        camera.now_s += 1

    assert camera.it.seen.why == "there is no model of this name"
    assert 10 <= starts <= 20  # 1, 2, 4 ... 60 s apart


def test_a_camera_that_is_switched_off_is_ended_and_no_loss() -> None:
    camera = live_camera()

    orders = camera.it.want(False, camera.now_s)
    camera.it.exited("its process ended with exit code 0", camera.now_s)
    camera.pass_time(10, beats=False)
    off = camera.it.seen
    orders += camera.it.want(True, camera.now_s)

    assert orders == ("kill", "start")
    assert (off.state, off.blind_since_s) == ("disabled", None)
    assert camera.it.seen.state == "starting"


def test_one_that_still_imports_its_libraries_is_not_taken_for_dead() -> None:
    camera = Camera()
    camera.orders += camera.it.tick(camera.now_s)

    camera.pass_time(DUMB_S - 1, beats=False)
    orders_before = list(camera.orders)
    camera.pass_time(2, beats=False)

    assert orders_before == ["start"]
    assert camera.orders == ["start", "kill"]


def test_a_source_that_has_no_more_is_ended_for_its_reason_and_begun_again_after_a_while() -> None:
    camera = live_camera()

    camera.it.hear({"type": "lost", "why": "hung up"}, camera.now_s)
    camera.it.hear({"type": "over"}, camera.now_s)
    camera.pass_time(2, age_s=0.1)
    camera.it.hear({"type": "failed", "why": "an extra is missing"}, camera.now_s)
    camera.it.exited("its process ended with exit code 0", camera.now_s)
    lost = camera.it.seen
    at_once = camera.it.tick(camera.now_s)
    camera.pass_time(3, beats=False)

    assert (lost.state, lost.why) == ("lost", "an extra is missing")
    assert at_once == ()
    assert camera.orders == ["start", "end", "start"]


@pytest.mark.parametrize("what", ["lost", "failed", "over"])
def test_what_a_process_says_on_its_way_out_is_no_loss(what: str) -> None:
    camera = live_camera()

    camera.it.want(False, camera.now_s)
    camera.it.hear({"type": what, "why": "the disk is full"}, camera.now_s)

    assert (camera.it.seen.state, camera.it.seen.blind_since_s) == ("disabled", None)


def test_a_camera_that_is_off_and_on_again_before_its_process_has_ended_is_not_lost() -> None:
    camera = live_camera()

    camera.it.want(False, camera.now_s)
    camera.it.want(True, camera.now_s)
    camera.it.exited("its process ended with exit code 0", camera.now_s)
    orders = camera.it.tick(camera.now_s)

    assert orders == ("start",)
    assert camera.it.seen.state == "starting"
    assert camera.it.seen.blind_since_s is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["beat", "old", "mute", "lost", "over", "exit", "off", "on", "wait"]),
            st.floats(0.1, 40),
        ),
        max_size=60,
    )
)
def test_whatever_happens_it_runs_or_will_and_is_killed_once(
    events: list[tuple[str, float]],
) -> None:
    camera = Camera()
    is_running, kills = False, 0
    for what, seconds in events:
        camera.now_s += seconds
        orders: tuple[str, ...] = ()
        if is_running and what in ("beat", "old", "mute"):
            age_s = {"beat": 0.1, "old": 20.0, "mute": None}[what]
            camera.it.hear(beat(age_s), camera.now_s)
        elif is_running and what in ("lost", "over"):
            camera.it.hear({"type": what, "why": "gone"}, camera.now_s)
        elif is_running and what == "exit":
            camera.it.exited("gone", camera.now_s)
            is_running = False
        elif what in ("off", "on"):
            orders = camera.it.want(what == "on", camera.now_s)
        for order in (*orders, *camera.it.tick(camera.now_s)):
            if order == "start":
                assert not is_running
                is_running, kills = True, 0
            elif order == "kill":
                kills += 1
                assert is_running
                assert kills == 1
    camera.it.want(True, camera.now_s)
    if is_running:
        camera.it.exited("gone", camera.now_s)
    started = False
    for _ in range(80):
        camera.now_s += 1
        started = started or camera.it.tick(camera.now_s) == ("start",)
    assert started or camera.it.starts > 0


def seldom_seen(camera: Camera, each_s: int, pictures: int, *, knows: bool = True) -> list[str]:
    """The states while a picture comes each so many seconds, of which FFmpeg holds one back."""
    states = []
    for _ in range(pictures):
        for second in range(each_s):
            camera.now_s += 1
            said = {**beat(each_s + second), "apart_s": each_s if knows else 0.0}
            camera.it.hear(said, camera.now_s)
            camera.orders += camera.it.tick(camera.now_s)
            states.append(camera.it.seen.state)
    return states


@pytest.mark.parametrize("each_s", [1, 3, 7, 10, 15])
def test_a_camera_that_sends_a_picture_now_and_then_stays_live(each_s: int) -> None:
    camera = Camera()
    camera.orders += camera.it.tick(camera.now_s)

    assert set(seldom_seen(camera, each_s, 20)) == {"live"}
    assert camera.orders == ["start"]


def test_it_stalls_once_it_misses_more_than_two_of_them_and_is_begun_again_later() -> None:
    camera = Camera()
    camera.orders += camera.it.tick(camera.now_s)
    seldom_seen(camera, 5, 5)

    newest_s = camera.now_s - 9
    states = {}
    while len(camera.orders) == 1 and camera.now_s < newest_s + 100:
        camera.now_s += 1
        camera.it.hear({**beat(camera.now_s - newest_s), "apart_s": 5.0}, camera.now_s)
        camera.orders += camera.it.tick(camera.now_s)
        states[round(camera.now_s - newest_s)] = camera.it.seen.state

    assert (states[20], states[21]) == ("live", "stalled")
    assert camera.orders == ["start", "kill"]
    assert camera.it.seen.why == f"no picture for {BLIND_S + 20 - STALLED_S:g} s"
