"""Rendered figures and clutter as training material: never the figures that tests look at.

Each figure does each movement once, in a scene of its own; each piece of clutter is a scene where
something moves that is nobody. A crop is one look at somebody from any side, without a scene.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from motionapp.core.errors import SettingsError
from motionapp.core.event import UNKNOWN
from motionapp.core.representation import Representation
from motionapp.scenes.people.actions import ACTIONS
from motionapp.scenes.scene import Scene
from motionapp.settings import AnalysisSettings
from motionapp.sources.synthetic import SyntheticSource
from motionapp.training.crop_clips import CropCutter, check_croppable
from motionapp.training.crop_views import CropOrder
from motionapp.training.empty import NO_EMPTIES, Empties
from motionapp.training.gather import Collector, road_settings, walk_past, wanting
from motionapp.training.gathering import Gathering
from motionapp.training.kept import KeptWindows, Shown, scene_digest
from motionapp.training.progress import Progress
from motionapp.training.recipe import RENDERED_CADENCE_S, Recipe
from motionapp.training.rendered_clutter import clutter_clip
from motionapp.training.rendered_scenes import TRAINING_SEEDS, training_clip
from motionapp.training.windows import Cut, Windows, join, packed_clips

FIRST_PERSON = 1000
"""Training's figures start here; lower seeds are for tests, those from 9 000 000 for the demo."""
FIRST_CLUTTER = 1000
WALKS = 2
"""So many looks at each person who walks, for one at each other movement: gait differs most from
one to the next, and most of whom a street camera sees walk."""
CROPS_TOGETHER = 40
"""Kept in one file: one for each crop would hold a single window."""
CROP_PEOPLE = 104_729
"""From one seed's first person in crops to the next's: a prime, since they go round."""


@dataclass(frozen=True, slots=True)
class RenderedClip:
    """A scene and what is to be learnt from it."""

    label: str
    person: int
    seed: int

    def scene(self) -> Scene:
        """The scene, as it is rendered for training."""
        if self.label == UNKNOWN:
            return clutter_clip(self.seed)
        return training_clip(self.label, self.person, self.seed)

    def movements(self) -> frozenset[str]:
        """What its figures do, by the renderer's names."""
        cues = (cue for figure in self.scene().figures for cue in figure.cues)
        return frozenset(cue.performance.action for cue in cues)


@dataclass(frozen=True, slots=True, eq=False)
class Rendered:
    """Windows of rendered scenes with their labels."""

    windows: Windows
    labels: NDArray[np.str_]
    """Of each window."""


def rendered_clips(figures: int, clutter: int, *, seed: int) -> tuple[RenderedClip, ...]:
    """Which scenes are rendered: every movement by every figure, then the clutter."""
    people = [
        _within(FIRST_PERSON, TRAINING_SEEDS // len(ACTIONS), 1000 * seed + number)
        for number in range(figures)
    ]
    return tuple(
        RenderedClip(label, person, person * len(ACTIONS) + number)
        for person in people
        for number, label in enumerate(ACTIONS)
    ) + tuple(
        RenderedClip(UNKNOWN, 0, _within(FIRST_CLUTTER, TRAINING_SEEDS, 1000 * seed + number))
        for number in range(clutter)
    )


def _within(first: int, end: int, number: int) -> int:
    """The `number`-th seed from `first` on; after the last one they go round."""
    return first + number % (end - first)


def crop_orders(crops: int, labels: Sequence[str], *, seed: int) -> tuple[CropOrder, ...]:
    """Which crops are rendered: each person does every movement that is asked for, seen once."""
    every = (*ACTIONS, UNKNOWN, *["walk"] * (WALKS - 1))
    people = [(CROP_PEOPLE * seed + number) % TRAINING_SEEDS for number in range(crops)]
    orders = (
        CropOrder(label, person, number)
        for person in people
        for number, label in enumerate(every)
        if label in (*labels, UNKNOWN)
    )
    # Who does what the recordings name is not `unknown`.
    return tuple(order for order in orders if order.label != UNKNOWN or order.action not in labels)


def check_renderable(
    recipe: Recipe, representation: Representation, empties: Empties = NO_EMPTIES
) -> None:
    """Refuse what `render_for` cannot render; quick, and so to be asked before anything else.

    Raises
    ------
    SettingsError
        The front-end's maps cannot be made of crops, or the recipe means other empty pictures.
    """
    if not recipe.crops:
        return
    check_croppable(representation)
    if recipe.backgrounds != empties.digest:
        raise SettingsError(
            "the model's recipe shows rendered people before pictures that are not at hand: it can "
            "be measured with --protocol all, but not trained again"
        )


def render_for(
    recipe: Recipe,
    labels: Sequence[str],
    representation: Representation,
    progress: Progress,
    *,
    kept: KeptWindows | None = None,
    empties: Empties = NO_EMPTIES,
) -> Rendered | None:
    """What a recipe adds to recordings with these labels; None if nothing.

    Figures do those of their movements that the recordings name; other labels have none. Clutter
    in which somebody does what the recordings name is left out: that is not `unknown`.

    Raises
    ------
    SettingsError
        See `check_renderable`.
    """
    check_renderable(recipe, representation, empties)
    named = frozenset(labels)
    clips = tuple(
        clip
        for clip in rendered_clips(recipe.rendered, recipe.clutter, seed=recipe.seed)
        if (named.isdisjoint(clip.movements()) if clip.label == UNKNOWN else clip.label in named)
    )
    orders = crop_orders(recipe.crops, labels, seed=recipe.seed)
    parts = []
    if clips:
        scenes = render(
            clips, representation, progress,
            cadence_s=recipe.rendered_cadence_s, rates_hz=recipe.rates_hz, kept=kept,
        )  # fmt: skip
        parts.append(scenes)
    if orders:
        parts.append(render_crops(orders, representation, progress, empties, kept=kept))
    if len(parts) < 2:
        return parts[0] if parts else None
    return Rendered(
        join([part.windows for part in parts]), np.concatenate([part.labels for part in parts])
    )


@dataclass(frozen=True, slots=True)
class _CropBatch:
    """Crops of one label, kept together."""

    label: str
    orders: tuple[CropOrder, ...]


def render_crops(
    orders: Sequence[CropOrder],
    representation: Representation,
    progress: Progress,
    empties: Empties = NO_EMPTIES,
    *,
    kept: KeptWindows | None = None,
) -> Rendered:
    """Render crops, each into one window; those on which nothing can be seen are left out."""
    settings = road_settings(representation.frontend)
    batches = _batches(orders)

    def shown(batch: _CropBatch) -> Shown:
        what = hashlib.sha256(f"{batch!r} {empties.digest}".encode()).hexdigest()
        return Shown(f"crops {what}", settings, representation)

    cut = partial(_crops_cut, representation, empties)
    one = Gathering("batches of crops", cut, shown, representation, kept)
    windows = one.of(batches, progress, stage="people from any side")
    names = np.array([batch.label for batch in batches], dtype=np.str_)
    return Rendered(windows, names[windows.samples])


def _crops_cut(representation: Representation, empties: Empties, batch: _CropBatch) -> Cut:
    cutter = CropCutter(representation, empties.pictures)
    clips = (cutter.clip(order.crop()) for order in batch.orders)
    return packed_clips([clip for clip in clips if clip is not None], representation)


def _batches(orders: Sequence[CropOrder]) -> tuple[_CropBatch, ...]:
    by_label: dict[str, list[CropOrder]] = {}
    for order in orders:
        by_label.setdefault(order.label, []).append(order)
    return tuple(
        _CropBatch(label, tuple(own[first : first + CROPS_TOGETHER]))
        for label, own in by_label.items()
        for first in range(0, len(own), CROPS_TOGETHER)
    )


def render(
    clips: tuple[RenderedClip, ...],
    representation: Representation,
    progress: Progress,
    *,
    cadence_s: float = RENDERED_CADENCE_S,
    rates_hz: tuple[float, ...] = (),
    kept: KeptWindows | None = None,
) -> Rendered:
    """Render scenes and cut their windows by the road, or take those that are kept.

    They are seen in turn with all their pictures, and with so many a second.
    """
    way = _Filming(road_settings(representation.frontend, cadence_s), representation, rates_hz)
    one = Gathering("rendered scenes", way.cut, way.shown, representation, kept)
    windows = one.of(clips, progress, stage="rendering")
    names = np.array([clip.label for clip in clips], dtype=np.str_)
    return Rendered(windows, names[windows.samples])


@dataclass(frozen=True, slots=True)
class _Filming:
    """How rendered scenes are led along the road."""

    settings: AnalysisSettings
    representation: Representation
    rates_hz: tuple[float, ...]

    def cut(self, clip: RenderedClip) -> Cut:
        """The largest body's windows, of each time."""
        collector = Collector(wanting(self.representation))
        source = SyntheticSource(clip.scene(), name=clip.label)
        walk_past(source, collector, self.settings, rate_hz=self._rate_of(clip))
        return packed_clips(collector.clips, self.representation)

    def shown(self, clip: RenderedClip) -> Shown:
        """What decides them."""
        scene = scene_digest(clip.scene())
        return Shown(scene, self.settings, self.representation, rate_hz=self._rate_of(clip))

    def _rate_of(self, clip: RenderedClip) -> float:
        rates = (0.0, *self.rates_hz)
        return rates[clip.seed % len(rates)]
