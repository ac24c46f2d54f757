"""The pose front-end on the road: whole people, one arm is enough, and nothing at rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import pytest

from motionapp.analysis import Analysis
from motionapp.assembly import load_models
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.frontends.pose.frontend import PoseFrontEnd
from motionapp.scenes.disturbances.shake import Shake
from motionapp.scenes.named import SCENES, crossing_scene
from motionapp.scenes.scene import Scene
from motionapp.scenes.truth import truth
from motionapp.settings.frontends import PoseSettings
from motionapp.settings.tree import AnalysisSettings
from motionapp.sources.synthetic import SyntheticSource

RATE_HZ = 12
WALK = crossing_scene(9_000_001)


def values(**changes: object) -> AnalysisSettings:
    names = {"frontend": "pose", "recognition": {"classifier": "none"}}
    return AnalysisSettings.model_validate({**names, **changes})


def run(
    scene: Scene, until_s: float, settings: AnalysisSettings | None = None, from_s: float = 0.0
) -> list[Moment]:
    settings = settings or values()
    analysis = Analysis(settings, load_models(settings))
    moments = []
    for frame in SyntheticSource(scene, rate_hz=RATE_HZ).frames(from_s):
        if frame.pts_s > until_s:
            break
        moments.append(analysis.step(frame))
    return moments


@cache
def walked() -> tuple[Moment, ...]:
    return tuple(run(WALK, 5.0))


def true_boxes(scene: Scene, t_s: float) -> list[Box]:
    """Of those who are wholly in the picture."""
    boxes = [Box(*one.box) for one in truth(scene, t_s).figures if one.box is not None]
    return [box for box in boxes if box.x0 > 0 and box.x1 < scene.size[0]]


def share_found(moments: Sequence[Moment], scene: Scene, from_s: float) -> float:
    """Of the people in the picture, those with a body's box of their own."""
    hits = []
    for moment in moments:
        assert moment.frame is not None
        if moment.frame.pts_s >= from_s:
            boxes = [group.box for group in moment.groups if group.is_seen]
            hits += [
                any(box.iou(one) >= 0.5 for one in boxes)
                for box in true_boxes(scene, moment.frame.pts_s)
            ]
    assert len(hits) >= 20
    return sum(hits) / len(hits)


def test_two_walkers_have_a_box_each_and_a_pose_of_17_points() -> None:
    assert share_found(walked(), WALK, 2.0) >= 0.85

    poses = [pose for moment in walked() for pose in moment.motion.poses]
    assert {pose.keypoints.shape for pose in poses} == {(17, 3)}
    assert {pose.person for pose in poses} >= {1, 2}


def test_a_region_is_a_person_with_what_moves_of_them() -> None:
    regions = [region for moment in walked() for region in moment.motion.regions]

    assert regions
    for region in regions:
        assert region.person > 0
        assert region.moving is not None
        assert region.moving.area > 0


def test_nobody_is_looked_for_beside_it() -> None:
    assert load_models(values()).people is None
    assert load_models(values(frontend="flow")).people is not None


@pytest.mark.parametrize("name", ["wave1", "wave2"])
def test_who_waves_an_arm_is_one_body_with_the_box_of_the_whole(name: str) -> None:
    scene = SCENES[name]()
    cue = next(cue for figure in scene.figures for cue in figure.cues)

    moments = run(scene, cue.start_s + 3.0)

    assert share_found(moments, scene, cue.start_s + 0.8) >= 0.85
    bodies = {len([g for g in m.groups if g.is_seen and g.is_confirmed]) for m in moments}
    assert bodies <= {0, 1}


def test_where_nothing_moves_no_network_is_asked() -> None:
    scene = SCENES["wave1"]()
    cue = next(cue for figure in scene.figures for cue in figure.cues)

    moments = run(scene, cue.start_s - 0.2)

    assert not any(moment.motion.poses for moment in moments)
    assert not any(moment.groups for moment in moments)


def test_people_keep_their_numbers_where_settings_change_while_it_runs() -> None:
    frames = list(SyntheticSource(WALK, rate_hz=RATE_HZ).frames(2.0))[:8]
    session = PoseFrontEnd(PoseSettings()).start(frames[0].epoch)
    before = [session.step(frame) for frame in frames[:4]][-1]

    session.retune(PoseFrontEnd(PoseSettings(max_persons=5, sensitivity=2.0)))
    after = [session.step(frame) for frame in frames[4:]][-1]

    assert [pose.person for pose in before.poses] == [1, 2]
    assert [pose.person for pose in after.poses] == [1, 2]


def test_two_keep_their_tracks_where_the_camera_begins_to_shake() -> None:
    """From then on the front-end begins anew, and numbers people as it finds them."""
    shaken = replace(WALK, disturbances=(Shake(2, start_s=2.8),))

    moments = run(shaken, 3.3, from_s=1.0)

    ids: dict[int, list[int]] = {0: [], 1: []}
    for moment in moments:
        assert moment.frame is not None
        for figure in truth(shaken, moment.frame.pts_s).figures:
            box = Box(*figure.box) if figure.box is not None else Box(0, 0, 0, 0)
            ids[figure.index] += [
                track.track_id
                for track in moment.tracks
                if track.is_seen and track.box.iou(box) > 0.4
            ]
    assert any(moment.motion.reasons.camera_px for moment in moments)
    assert [set(ids[0]), set(ids[1])] == [{1}, {2}]


def test_what_the_fastest_limb_does_is_told_beside_the_threshold() -> None:
    motions = [moment.motion for moment in walked() if moment.motion.moved]

    assert all(motion.reasons.threshold == pytest.approx(0.12) for motion in motions)
    assert sum(motion.reasons.strongest > 0.12 for motion in motions) >= 0.9 * len(motions)
