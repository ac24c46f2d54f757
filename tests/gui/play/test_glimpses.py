"""Small pictures of who was seen: each at its best instant, in bounded room."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.cover import Cover, Patch
from motionapp.core.event import Event, Segment
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.core.track import Group
from motionapp.gui.play import glimpses as module
from motionapp.gui.play.glimpses import Glimpse, Glimpses, best_of, part_round, picture_of
from motionapp.privacy import cover_of, covered, covered_by
from motionapp.settings.zones import ZoneSettings
from motionapp.testing import Stage

FRAMES = list(Stage(()).frames(4.0, rate_hz=10.0))
SIZE = FRAMES[0].epoch.size


def body(group: int, box: Box, label: str | None = "walk") -> Group:
    return Group(group, box, box, (group,), True, True, 0.0, label, 0.9)


def segment(group: int, start_s: float, end_s: float, label: str = "walk") -> Segment:
    return Segment(label, 0.9, start_s, end_s, group, (group,), Box(0, 0, 9, 9), ())


def event(*segments: Segment, label: str = "walk", is_open: bool = False) -> Event:
    return Event(
        "all@0", "all", 0.0, 4.0, label, 0.9, 1.0, Box(0, 0, *SIZE), segments,
        ended_by=None if is_open else "motion",
    )  # fmt: skip


def seen(glimpses: Glimpses, at: int, *groups: Group, **more: tuple[Event, ...]):
    return glimpses.note(Moment("t", FRAMES[at], groups=groups, **more))


def test_a_body_is_pictured_when_most_of_it_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "picture_of", lambda bgr, box: bytes(f"{box.height}", "ascii"))
    glimpses = Glimpses()
    for at, height in ((0, 20), (3, 40), (6, 41), (9, 30)):
        assert not seen(glimpses, at, body(1, Box(20, 20, 30, 20 + height)))

    (pictures,) = seen(glimpses, 12, closed=(event(segment(1, 0.0, 1.0)),))

    assert pictures.jpeg == b"40"  # 41 is hardly more
    assert [(one.group, one.jpeg) for one in pictures.segments] == [(1, b"40")]


def test_one_body_under_two_names_has_a_picture_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "picture_of", lambda bgr, box: bytes(f"{box.height}", "ascii"))
    glimpses = Glimpses()
    seen(glimpses, 0, body(1, Box(20, 20, 30, 60)))
    seen(glimpses, 10, body(1, Box(20, 20, 30, 50), "wave"))
    parts = segment(1, 0.0, 0.9), segment(1, 0.9, 3.5, "wave")

    (pictures,) = seen(glimpses, 20, closed=(event(*parts, label="wave"),))

    assert [one.jpeg for one in pictures.segments] == [b"40", b"30"]
    assert pictures.jpeg == b"30"


def test_an_event_of_which_nobody_knows_yet_who_did_it_shows_who_is_there() -> None:
    glimpses = Glimpses()

    (pictures,) = seen(
        glimpses, 0, body(1, Box(20, 20, 30, 60)), opened=(event(is_open=True, label="motion"),)
    )

    assert pictures.jpeg
    assert pictures.segments == ()


def test_after_a_rest_the_same_number_is_somebody_else() -> None:
    glimpses = Glimpses()
    seen(glimpses, 0, body(1, Box(20, 20, 30, 60)))
    glimpses.note(Moment("t", FRAMES[5], is_resting=True))

    assert seen(glimpses, 10, closed=(event(segment(1, 0.8, 1.0)),)) == ()


def test_what_was_seen_before_it_was_covered_is_in_no_picture_any_more() -> None:
    """Not even in one of the event that ends as the privacy zone comes."""
    glimpses = Glimpses()
    seen(glimpses, 0, body(1, Box(20, 20, 60, 80)))
    zone = ZoneSettings(name="yard", kind="privacy", polygon=((0, 0), (1, 0), (1, 1)))
    frame = covered(FRAMES[9], cover_of([zone]))

    said = glimpses.note(Moment("t", frame, closed=(event(segment(1, 0.0, 0.9)),)))

    assert said == ()


def test_who_may_be_cut_by_the_edge_is_worth_less(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "picture_of", lambda bgr, box: bytes(f"{box.x0}", "ascii"))
    glimpses = Glimpses()
    seen(glimpses, 0, body(1, Box(20, 20, 30, 60)))
    seen(glimpses, 3, body(1, Box(0, 20, 15, 60)))

    (pictures,) = seen(glimpses, 10, closed=(event(segment(1, 0.0, 1.0)),))

    assert pictures.jpeg == b"20"


def test_what_was_seen_before_it_was_covered_is_in_no_later_picture() -> None:
    glimpses = Glimpses()
    seen(glimpses, 0, body(1, Box(20, 20, 30, 60)))
    patch = Patch("door", ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)))
    covered = covered_by(FRAMES[5], Cover((patch,)))
    glimpses.note(Moment("t", covered))

    whole = event(segment(1, 0.0, 1.0))
    later = covered_by(FRAMES[10], Cover((patch,)))
    assert glimpses.note(Moment("t", later, closed=(whole,))) == ()


def test_in_a_crowd_everybody_has_their_turn() -> None:
    glimpses = Glimpses()
    crowd = [body(n, Box(20, 20, 30, 60)) for n in range(1, 11)]
    whole = event(*(segment(n, 0.0, 2.0) for n in range(1, 11)))
    counts = []
    for at in (0, 3, 6):
        grown = [one._replace(box=Box(20, 20, 30 + at, 60)) for one in crowd]
        (pictures,) = seen(glimpses, at, *grown, changed=(whole,))
        counts.append(len(pictures.segments))

    assert counts == [module.MOST_AT_ONCE, 2 * module.MOST_AT_ONCE, 10]


def test_what_is_remembered_is_bounded() -> None:
    glimpses = Glimpses()
    for at in range(0, 39, 3):
        crowd = [body(1000 * at + n, Box(20, 20, 30, 60), f"label {at}") for n in range(90)]
        seen(glimpses, at, body(7, Box(20, 20, 30, 60), f"label {at}"), *crowd)

    assert len(glimpses._seen) == module.MOST_GROUPS
    busy = module._Seen()
    for n in range(30):
        busy.run(f"label {n}")
    assert len(busy.runs) == module.MOST_RUNS


@given(
    x0=st.integers(-50, 700), y0=st.integers(-50, 500), width=st.integers(1, 900),
    height=st.integers(1, 700),
)  # fmt: skip
def test_what_is_cut_out_lies_in_the_picture_and_is_square_where_it_can_be(
    x0: int, y0: int, width: int, height: int
) -> None:
    part = part_round(Box(x0, y0, x0 + width, y0 + height), (640, 480))

    assert part == part.clipped((640, 480))
    assert part.area
    assert part.width == part.height or part.height == 480


def test_a_picture_is_small_and_shows_the_body() -> None:
    bgr = np.full((480, 640, 3), 30, np.uint8)
    bgr[100:300, 400:480] = (0, 0, 250)

    jpeg = picture_of(bgr, Box(400, 100, 480, 300))

    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert image.shape == (module.SIDE_PX, module.SIDE_PX, 3)
    assert image[48, 48, 2] > 200
    assert len(jpeg) < 6000


def test_outside_of_its_time_the_nearest_is_shown() -> None:
    early, late = (Glimpse(1, at_s, Box(0, 0, 9, 9), 5.0, b"x") for at_s in (1.0, 5.0))

    assert best_of([early, late], segment(1, 6.0, 7.0)) is late
    assert best_of([], segment(1, 6.0, 7.0)) is None
