"""Frozen values: what they promise by themselves."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import motionapp.core
from motionapp.core.clip import Prediction
from motionapp.core.event import Event, Segment
from motionapp.core.frame import ANALYSIS_WIDTH_PX, Epoch, level_for
from motionapp.core.geometry import Box
from motionapp.core.motion import STILL, Motion, Region
from motionapp.core.representation import Representation
from motionapp.core.track import Track


def dataclasses_of_the_core() -> list[type]:
    found: dict[str, type] = {}
    for module in pkgutil.iter_modules(motionapp.core.__path__, "motionapp.core."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, type) and dataclasses.is_dataclass(value):
                found[name] = value
    return [found[name] for name in sorted(found)]


@pytest.mark.parametrize("kind", dataclasses_of_the_core(), ids=lambda kind: kind.__name__)
def test_every_value_of_the_core_is_frozen_and_slotted(kind: type) -> None:
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert "__slots__" in vars(kind)
    assert "__dict__" not in dir(kind)


@pytest.mark.parametrize("kind", dataclasses_of_the_core(), ids=lambda kind: kind.__name__)
def test_values_that_hold_arrays_compare_by_identity(kind: type) -> None:
    """`==` of two arrays is an array: such a value must not pretend to have an equality."""
    compared = [field for field in dataclasses.fields(kind) if field.compare]
    holds_arrays = any("NDArray" in str(field.type) for field in compared)

    if holds_arrays:
        assert not kind.__dataclass_params__.eq  # type: ignore[attr-defined]


@given(st.integers(1, 20_000), st.integers(1, 2_000))
def test_a_level_is_the_fewest_halvings_that_suffice(width_px: int, at_most_px: int) -> None:
    level = level_for(width_px, at_most_px)

    assert width_px >> level <= at_most_px
    assert level == 0 or width_px >> (level - 1) > at_most_px


@pytest.mark.parametrize(
    ("width_px", "level"), [(1, 0), (480, 0), (481, 1), (640, 1), (1280, 2), (1920, 2), (3840, 3)]
)
def test_pictures_are_halved_to_analysis_width(width_px: int, level: int) -> None:
    epoch = Epoch(number=0, size=(width_px, 100), time_base=Fraction(1, 25))

    assert epoch.level == level
    assert Representation(frontend="absdiff").level(epoch.size) == level
    assert width_px >> level <= ANALYSIS_WIDTH_PX


def test_two_epochs_of_the_same_values_are_one() -> None:
    first = Epoch(number=0, size=(64, 48), time_base=Fraction(1, 25))
    second = Epoch(number=0, size=(64, 48), time_base=Fraction(2, 50))

    assert first == second
    assert hash(first) == hash(second)


def test_a_representation_counts_its_channels_and_seconds() -> None:
    flow = Representation(frontend="flow", grid_s=0.1, steps=5, planes=2)

    assert flow.channels == 10
    assert flow.span_s == pytest.approx(0.5)


def test_centres_and_durations_lie_between_start_and_end() -> None:
    prediction = Prediction(1, 2.0, 2.5, "walk", 0.9, (0.9, 0.1))
    segment = Segment("walk", 0.9, 1.0, 3.5, 1, (1,), Box(0, 0, 1, 1), ())
    event = Event("all@1000", "all", 1.0, 4.0, "walk", 0.9, 2.0, Box(0, 0, 1, 1))

    assert prediction.centre_s == 2.25
    assert segment.duration_s == 2.5
    assert event.duration_s == 3.0


def test_only_regions_make_a_motion_move() -> None:
    assert not STILL.moved
    assert STILL.reasons.declined == "priming"
    assert Motion(regions=(Region(Box(0, 0, 2, 2), 4.0, 1.0),)).moved


def test_a_track_is_frozen_as_the_other_values_are() -> None:
    track = Track(1, Box(0, 0, 1, 1), 0.0, 1.0, True, True, 1)

    with pytest.raises(AttributeError):
        track.box = Box(0, 0, 2, 2)  # type: ignore[misc]
