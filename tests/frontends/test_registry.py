"""The registry: front-ends by name, and what a network sees of their maps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from motionapp.core.errors import SettingsError
from motionapp.core.representation import Representation
from motionapp.frontends import registry
from motionapp.scenes.named import SCENES
from motionapp.sources.synthetic import SyntheticSource
from motionapp.training.gather import Collector, road_settings, walk_past, wanting
from motionapp.training.windows import pack


def test_an_unknown_name_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(SettingsError, match="choose from absdiff, flow, pose"):
        registry.representation("telepathy")


def test_differences_have_one_plane_and_flow_has_two_that_turn_with_the_mirror() -> None:
    assert registry.representation("absdiff") == Representation("absdiff", going=True)
    flow = registry.representation("flow")
    assert (flow.planes, flow.mirror, flow.channels) == (2, "flip-negate-x", 12)


@pytest.mark.parametrize("name", ["absdiff", "flow"])
def test_what_a_front_end_shows_can_be_packed_for_training(name: str) -> None:
    """`motionapp train --frontend flow` took its vectors for magnitudes, and failed."""
    representation = registry.representation(name)
    collector = Collector(wanting(representation))
    scene = replace(SCENES["wave2"](), size=(320, 180), duration_s=3.0)

    walk_past(SyntheticSource(scene), collector, road_settings(name))

    side = representation.side_px
    windows = pack([collector.clips], representation)
    assert windows.maps.shape == (len(collector.clips), side, side, representation.channels)
    assert len(windows)
