"""Windows are cut by the road itself, and the label belongs to who moves most."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from motionapp.core.clip import MotionClip
from motionapp.core.frame import Epoch, Frame
from motionapp.core.geometry import Box
from motionapp.core.representation import Representation
from motionapp.recognition.dataset import read_data_set
from motionapp.scenes.people.actions import ACTIONS
from motionapp.scenes.people.gestures import GESTURES
from motionapp.testing import GreyPixels
from motionapp.training import workers
from motionapp.training.gather import Collector, gather, gather_for, thinned, wanting
from motionapp.training.progress import Silent
from motionapp.training.recipe import CADENCE_S, Recipe
from motionapp.training.rendered import render_for, rendered_clips

SHAPE = Representation("absdiff", side_px=16)
NO_PIXELS = GreyPixels()


def clip(side: int, subject_id: int) -> MotionClip:
    return MotionClip(
        subject_id, 0.0, 0.48, Box(0, 0, side, side), np.zeros((6, 16, 16), np.float32)
    )


def test_of_each_time_the_largest_bodys_clip_is_kept() -> None:
    collector = Collector(wanting(SHAPE))

    collector.classify([clip(10, 1), clip(30, 2), clip(20, 3)])
    collector.classify([])
    collector.classify([clip(10, 1)])

    assert [kept.subject_id for kept in collector.clips] == [2, 1]
    assert [kept.subject_id for kept in collector.predictions] == [2, 1]


def test_a_recording_gives_windows_at_the_denser_cadence(recordings: Path) -> None:
    data = read_data_set(recordings, extensions={".mp4"})

    windows = gather(data, SHAPE, Silent())

    counts = np.bincount(windows.samples, minlength=len(data.samples))
    possible = int((34 / 25 - SHAPE.span_s) / CADENCE_S) + 1
    assert counts.min() >= possible - 4
    assert counts.max() <= possible + 1
    assert windows.maps.max() == 255


def test_at_a_quicker_tempo_a_recording_is_shorter(recordings: Path) -> None:
    data = read_data_set(recordings, extensions={".mp4"})

    slow, quick = (gather(data, SHAPE, Silent(), tempo=tempo) for tempo in (0.5, 2.0))

    assert len(slow) > len(gather(data, SHAPE, Silent())) > len(quick) > 0


def test_the_same_recording_gives_the_same_windows(recordings: Path) -> None:
    data = read_data_set(recordings, extensions={".mp4"})

    np.testing.assert_array_equal(
        gather(data, SHAPE, Silent()).maps, gather(data, SHAPE, Silent()).maps
    )


def test_windows_are_the_same_however_many_processes_gather_them(
    recordings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = read_data_set(recordings, extensions={".mp4"})
    assert len(data.samples) > 2
    alone = gather(data, SHAPE, Silent())

    monkeypatch.setattr(workers, "usable_cores", lambda: 2)
    monkeypatch.setattr(workers, "WORTH_S", -1.0)
    together = gather(data, SHAPE, Silent())

    assert together.maps.tobytes() == alone.maps.tobytes()
    assert together.goings.tobytes() == alone.goings.tobytes()
    assert together.samples.tolist() == alone.samples.tolist()


def test_rendered_figures_do_every_movement_once_and_clutter_is_unknown() -> None:
    clips = rendered_clips(2, 3, seed=1)

    assert len(clips) == 2 * len(ACTIONS) + 3
    assert {clip.label for clip in clips} == {*ACTIONS, "unknown"}
    assert len({(clip.label, clip.person, clip.seed) for clip in clips}) == len(clips)


def test_other_seeds_render_other_people() -> None:
    people = [{clip.person for clip in rendered_clips(3, 0, seed=seed)} for seed in (1, 2)]

    assert people[0].isdisjoint(people[1])


@pytest.mark.parametrize("seed", [98, 99, 998, 1000, 10**9])
def test_every_seed_renders_scenes_of_training(seed: int) -> None:
    """From 99 on there were no more figures, from 999 on no clutter."""
    clips = rendered_clips(3, 3, seed=seed)

    assert all(clip.scene().duration_s > 0 for clip in clips)
    assert all(clip.person >= 1000 for clip in clips if clip.label != "unknown")


def test_only_movements_that_the_recordings_name_are_rendered() -> None:
    rendered = render_for(Recipe(rendered=1, clutter=1), ("wave2", "juggle"), SHAPE, Silent())

    assert rendered is not None
    assert set(rendered.labels.tolist()) <= {"wave2", "unknown"}
    assert len(rendered.windows) == len(rendered.labels) > 0


def test_a_recipe_of_recordings_alone_renders_nothing() -> None:
    assert render_for(Recipe(), ("walk",), SHAPE, Silent()) is None


def test_no_clutter_shows_what_the_recordings_name() -> None:
    """Rendered claps were taught as unknown, also to who trained a clap."""
    recipe = Recipe(clutter=9)
    shown = [clip.movements() for clip in rendered_clips(0, recipe.clutter, seed=recipe.seed)]
    named = set(sorted(frozenset[str]().union(*shown) & GESTURES.keys())[:2])
    progress = Counted()

    render_for(recipe, tuple(named), Representation("absdiff", side_px=8), progress)

    assert len(named) == 2
    assert progress.total == sum(named.isdisjoint(movements) for movements in shown) > 0


def test_a_recipe_says_how_often_and_how_quickly_recordings_are_shown(recordings: Path) -> None:
    data = read_data_set(recordings, extensions={".mp4"})
    data = replace(data, samples=data.samples[:2])
    recipe = Recipe(cadence_s=0.08, tempos=(0.5,))

    gathered = gather_for(recipe, data, SHAPE, Silent())

    assert gathered.paced is not None
    assert len(gathered.paced) > len(gathered.windows)
    assert len(gathered.windows) < len(gather(data, SHAPE, Silent()))
    assert gather_for(replace(recipe, tempos=()), data, SHAPE, Silent()).paced is None


@pytest.mark.parametrize(
    ("given_hz", "rate_hz", "left"), [(25, 7.5, 30), (30, 7.5, 30), (6, 7.5, 24)]
)
def test_of_a_recording_the_newest_picture_at_each_time_is_left(
    given_hz: float, rate_hz: float, left: int
) -> None:
    """At 6 a second there are no 7.5: no picture is shown twice."""
    epoch = Epoch(0, (8, 8), Fraction(1, 1000))
    frames = [
        Frame(k, 0, k / given_hz, 1 / given_hz, epoch, NO_PIXELS)
        for k in range(round(4 * given_hz))
    ]

    seen = list(thinned(frames, rate_hz))

    assert abs(len(seen) - left) <= 1
    assert len({frame.index for frame in seen}) == len(seen)
    for frame in seen:
        newest = max(f.index for f in frames if f.pts_s <= frame.pts_s + 0.005)
        assert frame.index == newest
    assert list(thinned(frames, 0.0)) == frames


def test_a_model_says_which_frame_rate_it_was_trained_on_at_least() -> None:
    assert Recipe(rates_hz=(12.5, 7.5)).slowest_hz == 7.5
    assert Recipe().slowest_hz == 0.0
    assert Recipe(tempos=(), rates_hz=(12.5,)).slowest_hz == 0.0
    assert Recipe(tempos=(0.8,), rates_hz=(12.5, 7.5)).slowest_hz == 12.5
    assert Recipe(tempos=(0.8, 1.2), rates_hz=(12.5,)).passes() == ((0.8, 12.5), (1.2, 0.0))
    assert Recipe(tempos=(), rates_hz=(12.5,)).passes() == ()


class Counted(Silent):
    """Remembers how many steps there were."""

    total = 0

    def advance(self, stage: str, done: int, total: int, said: str = "") -> None:
        """Remember them."""
        self.total = total


def test_what_a_search_takes_for_nobody_is_learnt_from_all_the_same(recordings: Path) -> None:
    """Silhouettes, and the blocks of these recordings; at run time they would have no name."""
    data = read_data_set(recordings, extensions={".mp4"})
    moving = replace(SHAPE, scope="moving")

    track, before = (gather(data, each, Silent(), tempo=0.3) for each in (SHAPE, moving))

    assert len(track) == pytest.approx(len(before), rel=0.05)
