"""Who did what: labels become segments, and segments an event's label."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.clip import Prediction
from motionapp.core.event import MOTION, UNKNOWN, Segment
from motionapp.core.geometry import Box
from motionapp.core.track import Group
from motionapp.events.labels import MOST_RUNS
from motionapp.events.segments import MOST_TRAIL_POINTS, GroupHistory, main_label

BOX = Box(0, 0, 10, 20)


def segment(label: str, start_s: float, end_s: float, score: float | None = 0.8) -> Segment:
    return Segment(label, None if label == MOTION else score, start_s, end_s, 1, (1,), BOX, ())


def test_where_no_classifier_looked_it_is_motion() -> None:
    assert main_label([segment(MOTION, 0, 5)]) == (MOTION, None)
    assert main_label([]) == (MOTION, None)


def test_the_label_with_most_seconds_wins() -> None:
    parts = [segment("walk", 0, 2), segment("run", 2, 5), segment("walk", 5, 7.5)]

    assert main_label(parts)[0] == "walk"


def test_unknown_is_the_label_only_if_no_name_was_found() -> None:
    assert main_label([segment(UNKNOWN, 0, 5), segment("bend", 5, 5.2)])[0] == "bend"
    assert main_label([segment(UNKNOWN, 0, 5, 0.3)]) == (UNKNOWN, pytest.approx(0.3))


def test_unknown_is_more_than_motion() -> None:
    """One body was looked at and declined, another one never looked at."""
    assert main_label([segment(MOTION, 0, 9), segment(UNKNOWN, 1, 2)])[0] == UNKNOWN
    assert main_label([segment(MOTION, 0, 9), segment("jump", 1, 2)])[0] == "jump"


def test_of_equals_the_earlier_wins() -> None:
    parts = [segment("walk", 0, 2), segment("run", 2, 4)]

    assert main_label(parts)[0] == "walk"
    assert main_label([segment("run", 0, 2), segment("walk", 2, 4)])[0] == "run"


def test_the_score_is_the_mean_by_seconds() -> None:
    parts = [segment("walk", 0, 3, 1.0), segment("run", 3, 4, 0.1), segment("walk", 4, 5, 0.5)]

    assert main_label(parts) == ("walk", pytest.approx((3 * 1.0 + 1 * 0.5) / 4))


labels = st.sampled_from([MOTION, UNKNOWN, "walk", "run"])


@given(st.lists(st.tuples(labels, st.integers(1, 9), st.floats(0, 1)), max_size=8))
def test_main_label_is_the_one_a_count_of_seconds_gives(
    parts: list[tuple[str, int, float]],
) -> None:
    at, segments = 0, []
    for label, seconds, score in parts:
        segments.append(segment(label, at, at + seconds, score))
        at += seconds

    best, score = main_label(segments)

    total = {label: sum(n for known, n, _ in parts if known == label) for label, _, _ in parts}
    names = {label: n for label, n in total.items() if label not in (MOTION, UNKNOWN)}
    if names:
        assert total[best] == max(names.values())
        assert best in names
    else:
        assert best == (UNKNOWN if UNKNOWN in total else MOTION)
    assert (score is None) == (best == MOTION)
    assert score is None or 0 <= score <= 1 + 1e-9


# -- one body's history ------------------------------------------------------------------------


def group(x: int = 0) -> Group:
    return Group(1, Box(x, 0, x + 10, 20), Box(x, 0, x + 10, 20), (1,), True, True, 0.0)


def look(label: str, end_s: float, score: float = 0.9) -> Prediction:
    return Prediction(1, end_s - 0.5, end_s, label, score, (score, 1 - score))


def moving(history: GroupHistory, from_s: float, to_s: float) -> None:
    for k in range(round(from_s * 25), round(to_s * 25)):
        history.seen(group(k), k / 25, (k + 1) / 25)


def test_a_body_nobody_looked_at_is_one_segment_of_motion() -> None:
    history = GroupHistory(1, 0.0, BOX)
    moving(history, 0, 2)

    (only,) = history.segments()
    assert (only.label, only.score, only.start_s, only.end_s) == (MOTION, None, 0.0, 2.0)


def test_the_first_label_holds_from_the_bodys_beginning() -> None:
    history = GroupHistory(1, 0.0, BOX)
    moving(history, 0, 1)
    history.named([look("walk", 1.0)], "walk", 0.9)
    moving(history, 1, 2)

    (only,) = history.segments()
    assert (only.label, only.start_s, only.end_s) == ("walk", 0.0, 2.0)
    assert only.score == pytest.approx(0.9)


def test_what_may_be_nobody_has_no_name_until_it_is_somebody() -> None:
    history = GroupHistory(1, 0.0, BOX)
    faint = group(0)._replace(person=7, is_faint=True)
    history.seen(faint, 0.0, 1.0)
    history.named([look("walk", 1.0)], "walk", 0.9)
    assert [one.label for one in history.segments()] == [MOTION]

    history.seen(faint._replace(is_faint=False), 1.0, 2.0)
    (only,) = history.segments()
    assert (only.label, only.start_s, only.end_s) == ("walk", 0.0, 2.0)


def test_what_was_never_sure_to_be_somebody_and_is_nobody_now_keeps_no_name() -> None:
    history = GroupHistory(1, 0.0, BOX)
    history.seen(group(0)._replace(person=7, is_faint=True), 0.0, 1.0)
    history.named([look("wave2", 1.0)], "wave2", 0.9)
    history.seen(group(0), 1.0, 2.0)

    assert [one.label for one in history.segments()] == [MOTION]


def test_who_was_somebody_keeps_their_names_when_nobody_is_found_any_more() -> None:
    history = GroupHistory(1, 0.0, BOX)
    history.seen(group(0)._replace(person=7), 0.0, 1.0)
    history.named([look("bend", 1.0)], "bend", 0.9)
    history.seen(group(0)._replace(is_nobody=True), 1.0, 2.0)

    assert [one.label for one in history.segments()] == ["bend"]


def test_a_new_label_begins_half_way_between_the_clips_of_both() -> None:
    """Smoothing turned a second later than the clips did."""
    history = GroupHistory(1, 0.0, BOX)
    moving(history, 0, 4)
    assert history.named([look("walk", 1.0)], "walk", 0.9)
    assert not history.named([look("run", 2.0)], "walk", 0.7)
    assert not history.named([look("run", 2.5)], "walk", 0.6)
    assert history.named([look("run", 3.0)], "run", 0.6)

    walk, run = history.segments()
    assert (walk.end_s, run.start_s, run.end_s) == (1.25, 1.25, 4.0)
    assert walk.score == pytest.approx((0.9 + 0.7 + 0.6) / 3)


def test_a_mean_that_declines_for_a_moment_between_two_names_leaves_no_gap() -> None:
    """Half of the smoothed clips said walk, half run: neither reached the threshold."""
    history = GroupHistory(1, 0.0, BOX)
    moving(history, 0, 4)
    for end_s, raw, smoothed in [
        (1.0, "walk", "walk"),
        (2.0, "run", "walk"),
        (2.5, "run", UNKNOWN),
        (3.0, "run", "run"),
    ]:
        history.named([look(raw, end_s)], smoothed, 0.8)

    assert [(part.label, part.start_s) for part in history.segments()] == [
        ("walk", 0.0),
        ("run", 1.25),
    ]


@pytest.mark.parametrize("between", [UNKNOWN, "jack"])
def test_clips_that_show_the_end_of_one_and_the_beginning_of_another_are_neither(
    between: str,
) -> None:
    """A mixture is declined, or called something that nobody did."""
    history = GroupHistory(1, 0.0, BOX)
    moving(history, 0, 4)
    for end_s, raw, smoothed in [
        (1.5, "bend", "bend"),
        (1.7, between, "bend"),
        (1.9, between, UNKNOWN),
        (2.1, "wave", UNKNOWN),
        (2.3, "wave", "wave"),
    ]:
        history.named([look(raw, end_s)], smoothed, 0.8)

    assert [(part.label, part.start_s) for part in history.segments()] == [
        ("bend", 0.0),
        ("wave", pytest.approx(1.55)),
    ]


@pytest.mark.parametrize("raw", [UNKNOWN, "bend"])
def test_a_name_ends_where_the_last_clips_say_otherwise_though_their_mean_has_not(raw: str) -> None:
    """Whoever sits down and is still from then on has not walked until the end. What they do
    instead a third of a second does not tell."""
    history = GroupHistory(1, 0.0, BOX)
    moving(history, 0, 4)
    for end_s, label in [(1.0, "walk"), (2.0, "walk"), (2.2, raw), (2.4, raw), (2.6, raw)]:
        history.named([look(label, end_s)], "walk", 0.8)

    assert [(part.label, part.start_s, part.end_s) for part in history.segments()] == [
        ("walk", 0.0, pytest.approx(1.85)),
        (UNKNOWN, pytest.approx(1.85), 4.0),
    ]


def test_a_slip_of_the_last_clip_is_no_movement() -> None:
    history = GroupHistory(1, 0.0, BOX)
    moving(history, 0, 3)
    for end_s, label in [(1.0, "walk"), (2.0, "walk"), (2.2, "bend")]:
        history.named([look(label, end_s)], "walk", 0.8)

    assert [part.label for part in history.segments()] == ["walk"]


def test_what_was_declined_gets_no_name_of_its_last_clips() -> None:
    history = GroupHistory(1, 0.0, BOX)
    moving(history, 0, 4)
    for end_s, label in [(1.0, UNKNOWN), (2.0, "wave"), (2.2, "wave"), (2.4, "wave")]:
        history.named([look(label, end_s)], UNKNOWN, 0.3)

    assert [part.label for part in history.segments()] == [UNKNOWN]


def test_what_the_last_clips_say_is_taken_back_where_they_were_wrong() -> None:
    history = GroupHistory(1, 0.0, BOX)
    moving(history, 0, 4)
    for end_s, label in [(1.0, "walk"), (2.0, "bend"), (2.4, "bend"), (2.6, "walk")]:
        history.named([look(label, end_s)], "walk", 0.8)

    assert [part.label for part in history.segments()] == ["walk"]


def test_clips_that_were_declined_remain_unknown_between_two_names() -> None:
    history = GroupHistory(1, 0.0, BOX)
    moving(history, 0, 5)
    for end_s, raw, smoothed in [
        (1.0, "walk", "walk"),
        (2.0, UNKNOWN, "walk"),
        (2.5, UNKNOWN, UNKNOWN),
        (3.0, "run", UNKNOWN),
        (3.5, "run", "run"),
    ]:
        history.named([look(raw, end_s)], smoothed, 0.8)

    assert [(part.label, part.start_s) for part in history.segments()] == [
        ("walk", 0.0),
        (UNKNOWN, 1.75),
        ("run", 2.75),
    ]


def test_a_clip_that_says_otherwise_breaks_the_support() -> None:
    history = GroupHistory(1, 0.0, BOX)
    moving(history, 0, 4)
    for end_s, label, smoothed in [
        (1.0, "walk", "walk"),
        (1.5, "run", "walk"),
        (2.0, "walk", "walk"),
        (2.5, "run", "walk"),
        (3.0, "run", "run"),
    ]:
        history.named([look(label, end_s)], smoothed, 0.8)

    assert history.segments()[1].start_s == 2.0


def test_a_name_that_held_for_no_time_leaves_one_segment_of_those_around_it() -> None:
    """The mean alone turned, and was contradicted before it had any time."""
    history = GroupHistory(1, 0.0, BOX)
    for end_s, label, smoothed in [
        (1.0, "run", "run"),
        (1.2, "walk", "walk"),
        (3.0, "walk", "walk"),
        (3.2, "walk", "run"),
        (3.4, "walk", "walk"),
    ]:
        moving(history, end_s - 0.2, end_s)
        history.named([look(label, end_s)], smoothed, 0.8)

    assert [(part.label, part.start_s) for part in history.segments()] == [
        ("run", 0.0),
        ("walk", pytest.approx(0.85)),
    ]


def test_who_did_one_thing_from_the_first_clip_on_is_not_called_so_twice_at_one_time() -> None:
    history = GroupHistory(1, 0.0, BOX)
    moving(history, 0, 4)
    for end_s, smoothed in [(1.0, "walk"), (2.0, "run"), (2.5, "run"), (3.0, "walk")]:
        history.named([look("walk", end_s)], smoothed, 0.8)

    assert [(part.label, part.start_s, part.end_s) for part in history.segments()] == [
        ("walk", 0.0, 4.0)
    ]


def test_no_label_holds_for_longer_than_its_body_was_seen() -> None:
    """Clips go on for a moment where nobody moves any more."""
    history = GroupHistory(1, 0.0, BOX)
    moving(history, 0, 1)
    history.named([look("walk", 1.0)], "walk", 0.8)
    history.named([look("run", 2.0)], "run", 0.8)

    assert [(part.label, part.end_s) for part in history.segments()] == [("walk", 1.0)]


def test_labels_never_overlap_nor_go_back_in_time() -> None:
    history = GroupHistory(1, 0.0, BOX)
    moving(history, 0, 6)
    for k, label in enumerate(["walk", "run", "walk", "jump", "walk", "run"]):
        history.named([look(label, 1.0 + 0.16 * k)], label, 0.8)

    segments = history.segments()
    for before, after in itertools.pairwise(segments):
        assert before.start_s < before.end_s == after.start_s


said = st.sampled_from(["a", "b", UNKNOWN])


@given(
    st.lists(st.tuples(st.lists(said, min_size=1, max_size=2), said), max_size=20),
    st.sampled_from([0.32, 0.96, 2.0]),
    st.sampled_from([0, 0, 1, 2, 7]),
    st.integers(0, 20),
)
def test_whatever_the_network_says_segments_tile_the_bodys_time(
    looks: list[tuple[list[str], str]], span_s: float, unseen: int, parted: int
) -> None:
    """Whatever its clips' length, though the last looks see it move no more, and in an event that
    follows one of full length."""
    history, now_s = GroupHistory(1, 0.0, BOX), span_s
    history.seen(group(), 0.0, now_s)
    for number, (raws, smoothed) in enumerate(looks):
        if number == parted:
            history = history.continued(now_s)
        now_s += 0.16
        if number < max(parted + 1, len(looks) - unseen):
            history.seen(group(number), now_s - 0.16, now_s)
        clips = [Prediction(1, now_s - span_s, now_s, raw, 0.5, (0.5, 0.5)) for raw in raws]
        history.named(clips, smoothed, 0.5)
        history.named_beside("same", clips, smoothed, 0.5)

    segments = history.segments()

    assert segments[0].start_s == history.start_s
    assert segments[-1].end_s == history.end_s
    for before, after in itertools.pairwise(segments):
        assert before.end_s == after.start_s
        assert before.label != after.label
    assert all(part.duration_s > 0 for part in segments)
    assert all(name.label == part.label for part in segments for name in part.names)
    for part in segments:
        assert part.score is None or 0 <= part.score <= 1
        assert all(part.start_s <= t_s < part.end_s for t_s, _, _ in part.trail)


def test_a_network_that_wavers_leaves_a_bounded_number_of_segments() -> None:
    history = GroupHistory(1, 0.0, BOX)
    for k in range(1000):
        moving(history, 0.16 * k, 0.16 * (k + 1))
        label = "walk" if k % 2 else "run"
        history.named([look(label, 0.16 * (k + 1))], label, 0.8)

    segments = history.segments()

    assert len(segments) <= MOST_RUNS
    assert (segments[0].start_s, segments[-1].end_s) == (0.0, pytest.approx(160.0))
    for before, after in itertools.pairwise(segments):
        assert before.end_s == after.start_s
        assert before.label != after.label


@pytest.mark.parametrize("duration_s", [1, 30, 600])
def test_a_trail_is_bounded_and_covers_the_whole_time(duration_s: int) -> None:
    history = GroupHistory(1, 0.0, BOX)
    moving(history, 0, duration_s)

    (only,) = history.segments()
    assert len(only.trail) <= MOST_TRAIL_POINTS
    assert only.trail[0][0] == 0.0
    assert only.trail[-1][0] >= 0.9 * duration_s - 0.2
    assert list(only.trail) == sorted(only.trail)
