"""Zones mean the same to every front-end."""

from __future__ import annotations

import pytest

from motionapp.core.geometry import Box
from motionapp.core.motion import Motion
from motionapp.frontends import registry
from motionapp.frontends.zone_mask import ZoneMask
from motionapp.gate import make_gate
from motionapp.settings import AnalysisSettings
from motionapp.settings.zones import ZoneSettings
from motionapp.testing import Mover, Stage

LEFT = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
SIZE = (320, 240)


def seen(name: str, *zones: ZoneSettings) -> list[Motion]:
    """Two bodies, one in each half."""
    movers = tuple(
        Mover(lambda t_s, x=x: (x + 60 * t_s, 80), size=(40, 80), seed=x) for x in (20, 200)
    )
    frames = list(Stage(size=SIZE, sigma=1.5, movers=movers).frames(0.6))
    settings = AnalysisSettings(zones=zones)
    maker = make_gate(settings) if name == registry.GATE else registry.make(name, settings)
    session = maker.start(frames[0].epoch)
    return [session.step(frame) for frame in frames][4:]


def sides(motions: list[Motion]) -> set[str]:
    boxes = [region.box for motion in motions for region in motion.regions]
    return {"left" if box.centre[0] < SIZE[0] / 2 else "right" for box in boxes}


@pytest.mark.parametrize("name", ["absdiff", "flow"])
def test_motion_counts_only_where_it_is_watched(name: str) -> None:
    include = ZoneSettings(name="door", polygon=LEFT)
    exclude = ZoneSettings(name="street", kind="exclude", polygon=LEFT)

    assert sides(seen(name)) == {"left", "right"}
    assert sides(seen(name, include)) == {"left"}
    assert sides(seen(name, exclude)) == {"right"}


@pytest.mark.parametrize("name", ["absdiff", "flow"])
def test_what_was_cut_out_is_told(name: str) -> None:
    everything = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))

    motions = seen(name, ZoneSettings(name="all of it", kind="exclude", polygon=everything))

    assert not any(motion.moved for motion in motions)
    assert all(motion.reasons.outside > 0.01 for motion in motions)
    assert {motion.reasons.declined for motion in motions} == {"zone"}


@pytest.mark.parametrize("name", ["absdiff", "flow"])
def test_a_dull_zone_sees_less(name: str) -> None:
    dull = ZoneSettings(name="tree", polygon=LEFT, sensitivity=0.1)
    plain = ZoneSettings(name="tree", polygon=LEFT)

    assert sum(m.strength for m in seen(name, dull)) < 0.3 * sum(
        m.strength for m in seen(name, plain)
    )


def test_a_box_is_watched_if_half_of_it_is() -> None:
    watched = ZoneMask([ZoneSettings(name="door", polygon=LEFT, sensitivity=2.0)], SIZE, 0)

    assert watched.is_watched(Box(100, 0, 200, 50))
    assert not watched.is_watched(Box(150, 0, 250, 50))
    assert watched.sensitivity_at(Box(150, 0, 250, 50)) == 2.0
    assert watched.sensitivity_at(Box(200, 0, 250, 50)) == 1.0


def test_without_zones_everything_is_watched() -> None:
    watched = ZoneMask([], SIZE, 0)

    assert watched.is_watched(Box(150, 0, 250, 50))
    assert watched.sensitivity_at(Box(150, 0, 250, 50)) == 1.0
