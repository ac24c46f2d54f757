"""By what events are alike: the mean of what the network saw of the deciding segment."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from motionapp.catalogue.features import (
    MOST_BODIES,
    MOST_CLIPS,
    EventFeatures,
    mean_direction,
    with_features,
)
from motionapp.core.clip import Prediction
from motionapp.core.event import Event, Segment
from motionapp.core.geometry import Box
from motionapp.core.models import Models
from motionapp.core.moment import Moment
from motionapp.testing import EPOCH, frame_at

BOX = Box(0, 0, 10, 10)


def said(group: int, centre_s: float, *numbers: float) -> Prediction:
    features = np.array(numbers, np.float32)
    return Prediction(group, centre_s - 0.5, centre_s + 0.5, "walk", 0.9, (0.9,), "", features)


def segment(group: int, start_s: float, end_s: float, label: str = "walk") -> Segment:
    return Segment(label, 0.9, start_s, end_s, group, (group,), BOX, ())


def event(*segments: Segment, label: str = "walk") -> Event:
    start_s, end_s = segments[0].start_s, max(one.end_s for one in segments)
    return Event("all@0", "all", start_s, end_s, label, 0.9, start_s, BOX, segments, "motion")


def moment(t_s: float, *predictions: Prediction, **changes: Any) -> Moment:
    return Moment("a", frame_at(round(t_s * 25)), predictions=predictions, **changes)


def closed(features: EventFeatures, *segments: Segment, label: str = "walk") -> Any:
    features.accept(Moment("a", None, closed=(event(*segments, label=label),)))
    return features.of("all@0")


def test_an_event_is_like_the_mean_of_its_longest_segments_clips() -> None:
    features = EventFeatures()
    features.accept(moment(0.0))
    features.accept(moment(1.0, said(1, 1.0, 2, 0), said(2, 1.0, 0, 1)))
    features.accept(moment(2.0, said(1, 2.0, 0, 5)))
    features.accept(moment(9.0, said(1, 9.0, -1, -1)))

    vector = closed(features, segment(1, 0.5, 3.0), segment(2, 0.5, 2.0))

    assert vector == pytest.approx([0.5**0.5, 0.5**0.5], abs=1e-3)
    assert vector.dtype == np.float16


def test_a_segment_of_another_name_does_not_decide() -> None:
    features = EventFeatures()
    features.accept(moment(0.0))
    features.accept(moment(1.0, said(1, 1.0, 1, 0), said(2, 1.0, 0, 1)))

    vector = closed(features, segment(1, 0.5, 1.5), segment(2, 0.0, 9.0, "unknown"))

    assert vector == pytest.approx([1, 0])


def test_a_segment_shorter_than_a_clip_takes_the_nearest() -> None:
    features = EventFeatures()
    features.accept(moment(0.0))
    features.accept(moment(1.0, said(1, 0.6, 1, 0)))
    features.accept(moment(2.0, said(1, 1.6, 0, 1)))

    assert closed(features, segment(1, 0.7, 0.9)) == pytest.approx([1, 0])


def test_of_whom_the_network_saw_nothing_there_is_no_vector() -> None:
    features = EventFeatures()
    features.accept(moment(0.0))
    features.accept(moment(1.0, said(1, 1.0, 1, 0)))

    assert closed(features, segment(7, 0.5, 1.5)) is None
    assert closed(features, segment(1, 0.5, 1.5, "run"), label="walk") is None


def test_after_a_rest_and_in_a_new_epoch_number_one_is_somebody_else() -> None:
    for changes in ({"is_resting": True}, {}):
        features = EventFeatures()
        features.accept(moment(0.0))
        features.accept(moment(1.0, said(1, 1.0, 1, 0)))
        after = moment(5.0, **changes)
        if not changes:
            after = replace(after, frame=frame_at(125, epoch=replace(EPOCH, number=1)))
        features.accept(after)

        assert closed(features, segment(1, 0.5, 6.0)) is None


def test_an_event_that_closes_as_the_rest_begins_has_its_vector() -> None:
    features = EventFeatures()
    features.accept(moment(0.0))
    features.accept(moment(1.0, said(1, 1.0, 1, 0)))
    features.accept(moment(5.0, is_resting=True, closed=(event(segment(1, 0.5, 2.0)),)))

    assert features.of("all@0") == pytest.approx([1, 0])


def test_memory_is_bounded_however_long_and_crowded_it_is() -> None:
    features = EventFeatures()
    features.accept(moment(0.0))
    for step in range(3000):
        t_s = 0.16 * step
        features.accept(moment(t_s, *(said(n, t_s, 1, 0) for n in (1, 1000 + step))))

    bodies = features._bodies
    assert len(bodies) <= MOST_BODIES
    assert len(bodies[1].at_s) <= MOST_CLIPS
    assert bodies[1].at_s[0] == 0.0
    assert bodies[1].at_s[-1] > 400


def test_who_has_gone_is_kept_as_long_as_an_event_may_need_it() -> None:
    features = EventFeatures()
    opened = replace(event(segment(1, 0.0, 1.0)), ended_by=None)
    features.accept(moment(0.0, opened=(opened,)))
    features.accept(moment(1.0, said(1, 1.0, 1, 0)))
    features.accept(moment(300.0, said(2, 300.0, 0, 1)))

    assert closed(features, segment(1, 0.0, 2.0)) == pytest.approx([1, 0])

    features.accept(moment(301.0, said(2, 301.0, 0, 1)))
    assert set(features._bodies) == {2}


def test_vectors_of_parts_are_handed_on() -> None:
    first = EventFeatures()
    first.accept(moment(0.0))
    first.accept(moment(1.0, said(1, 1.0, 0, 1)))
    closed(first, segment(1, 0.5, 1.5))

    assert EventFeatures(first.known).of("all@0") == pytest.approx([0, 1])


def test_numbers_that_point_nowhere_give_none() -> None:
    assert mean_direction([np.zeros(3, np.float32)]) is None
    assert mean_direction([np.array([1.0, 0]), np.array([-1.0, 0])]) is None
    assert mean_direction([np.array([np.nan, 1.0])]) is None


def test_a_run_without_a_network_has_none() -> None:
    models = Models()

    assert with_features(models) is models
