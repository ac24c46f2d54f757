"""The truth of a rendered scene: boxes, masks, joints, flow and events, exact by construction.

Follows from the same outlines that are drawn, never from pixels' values.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.scenes.clutter import clutter_parts
from motionapp.scenes.outline import Part, bounds
from motionapp.scenes.people.performance import UNKNOWN, label_of
from motionapp.scenes.render import figure_parts, figure_sprite
from motionapp.scenes.scene import Clutter, Figure, Scene, ground_y, joints_px
from motionapp.scenes.sprite import clipped_box

_HALF_S: Final = 0.002  # flow is the difference over twice this, about the instant
_SEARCH_S: Final = 0.04  # a figure is looked for this often, then the border is halved upon
_VISIBLE_ALPHA: Final = 128


@dataclass(frozen=True, slots=True, eq=False)
class FigureTruth:
    """One figure at one time.

    Attributes
    ----------
    index : int
        Its place in `scene.figures`.
    action : str or None
        The label of what it does (`unknown` for none of the ten); None while it stands still.
    box : tuple of int, or None
        Half-open box of the pixels drawn, also those that something nearer covers; None when no
        pixel lies in the picture.
    mask : ndarray of bool, shape (h, w)
        The pixels that are seen: more than half covered by this figure, by no nearer one.
    joints : ndarray of float64, shape (n_joints, 2)
        Pixels, in the order of `JOINTS`; also outside the picture.
    """

    index: int
    action: str | None
    box: tuple[int, int, int, int] | None
    mask: NDArray[np.bool_]
    joints: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """All that is true at a time; `figures` holds those that are there, in the scene's order."""

    t_s: float
    figures: tuple[FigureTruth, ...]


def truth(scene: Scene, t_s: float) -> Truth:
    """Who is where and does what at a time.

    Parameters
    ----------
    scene : Scene
    t_s : float
        Seconds since the scene's start.
    """
    w, h = scene.size
    found: list[FigureTruth] = []
    covered = np.zeros((h, w), np.bool_)
    order = sorted(
        (index for index, figure in enumerate(scene.figures) if figure.is_present(t_s)),
        key=lambda index: -ground_y(scene, scene.figures[index], t_s),
    )
    for index in order:
        figure = scene.figures[index]
        projected = joints_px(scene, figure, t_s)
        assert projected is not None
        drawn = _mask(scene, figure, t_s)
        cue = figure.cue_at(t_s)
        label = label_of(cue.performance.action) if cue is not None else None
        found.append(FigureTruth(index, label, _box_of(drawn), drawn & ~covered, projected[0]))
        covered |= drawn
    return Truth(t_s, tuple(sorted(found, key=lambda one: one.index)))


def flow(scene: Scene, t_s: float) -> NDArray[np.float32]:
    """The true movement of every pixel at a time.

    Every part moves by the affine map that fits its vertices just before and just after. Weather,
    light, curtains and shadows have none, and the background stands still.

    Returns
    -------
    ndarray of float32, shape (h, w, 2)
        Pixels per second: x to the right, y down.
    """
    w, h = scene.size
    field = np.zeros((h, w, 2), np.float32)
    before, after = t_s - _HALF_S, t_s + _HALF_S
    for item in _in_order(scene, t_s):
        earlier, later = ({p.name: p for p in _parts(scene, item, t)} for t in (before, after))
        for part in _parts(scene, item, t_s):
            if part.name in earlier and part.name in later:
                start, end = earlier[part.name].outline, later[part.name].outline
                _lay_flow(field, part, (end - start) / (2 * _HALF_S))
            else:
                _lay_flow(field, part, np.zeros_like(part.outline))
    return field


@lru_cache(maxsize=64)
def events(scene: Scene) -> tuple[tuple[float, float, str], ...]:
    """What happens in a scene: `(start_s, end_s, label)`, ordered by time.

    A performance is one event, from the first moment in which any of it is in the picture to the
    last; so is a thing that travels (a vehicle, a ball, a dog), as `unknown`. Half-open, within
    the scene's length.
    """
    spans: list[tuple[float, float, str]] = []
    for figure in scene.figures:
        for cue in figure.cues:
            label = label_of(cue.performance.action)
            if label is not None:
                spans += _visible(scene, figure, cue.start_s, cue.end_s, label)
    for thing in scene.clutter:
        if thing.makes_events:
            spans += _visible(scene, thing, thing.start_s, thing.end_s, UNKNOWN)
    return tuple(sorted(spans))


def _visible(
    scene: Scene, item: Figure | Clutter, start_s: float, end_s: float, label: str
) -> list[tuple[float, float, str]]:
    """From the first moment of a span in which the item is in the picture to the last; or none."""
    start_s, end_s = max(0.0, start_s), min(scene.duration_s, end_s)
    if start_s >= end_s:
        return []
    times = [*np.arange(start_s, end_s, _SEARCH_S).tolist(), end_s - 1e-6]
    first = next((k for k, t in enumerate(times) if _is_in_picture(scene, item, t)), None)
    if first is None:
        return []
    last = next(k for k in reversed(range(len(times))) if _is_in_picture(scene, item, times[k]))
    opened = start_s if first == 0 else _border(scene, item, times[first - 1], times[first])
    is_end = last == len(times) - 1
    closed = end_s if is_end else _border(scene, item, times[last], times[last + 1])
    return [(opened, closed, label)]


def _border(scene: Scene, item: Figure | Clutter, before: float, after: float) -> float:
    was = _is_in_picture(scene, item, before)
    for _ in range(6):  # to under a millisecond
        middle = 0.5 * (before + after)
        if _is_in_picture(scene, item, middle) == was:
            before = middle
        else:
            after = middle
    return after


def _is_in_picture(scene: Scene, item: Figure | Clutter, t_s: float) -> bool:
    parts = _parts(scene, item, t_s)
    return bool(parts) and clipped_box(bounds(parts), scene.size) is not None


def _parts(scene: Scene, item: Figure | Clutter, t_s: float) -> list[Part]:
    if isinstance(item, Figure):
        return figure_parts(scene, item, t_s)
    return clutter_parts(item, scene.size, t_s)


def _in_order(scene: Scene, t_s: float) -> list[Figure | Clutter]:
    rows: list[tuple[float, Figure | Clutter]] = [
        (ground_y(scene, f, t_s), f) for f in scene.figures if f.is_present(t_s)
    ]
    rows += [(thing.place[1] * scene.size[1], thing) for thing in scene.clutter]
    return [item for _, item in sorted(rows, key=lambda row: row[0])]


def _mask(scene: Scene, figure: Figure, t_s: float) -> NDArray[np.bool_]:
    w, h = scene.size
    mask = np.zeros((h, w), np.bool_)
    sprite = figure_sprite(scene, figure, t_s)
    if sprite is not None:
        tall, wide = sprite.alpha.shape
        view = mask[sprite.y : sprite.y + tall, sprite.x : sprite.x + wide]
        view[:] = sprite.alpha >= _VISIBLE_ALPHA
    return mask


def _box_of(mask: NDArray[np.bool_]) -> tuple[int, int, int, int] | None:
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    if len(columns) == 0:
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _lay_flow(field: NDArray[np.float32], part: Part, velocity: NDArray[np.float64]) -> None:
    h, w = field.shape[:2]
    box = clipped_box(bounds([part]), (w, h), margin=1)
    if box is None:
        return
    x0, y0, x1, y1 = box
    centre = part.outline.mean(axis=0)
    away = np.column_stack([part.outline - centre, np.ones(len(part.outline))])
    fit = np.linalg.lstsq(away, velocity, rcond=None)[0]
    inside = np.zeros((y1 - y0, x1 - x0), np.uint8)
    vertices = np.rint((part.outline - [x0, y0]) * 16 - 8).astype(np.int32)
    cv2.fillPoly(inside, [vertices], 1, cv2.LINE_8, 4)
    ys, xs = np.nonzero(inside)
    places = np.column_stack(
        [xs + x0 + 0.5 - centre[0], ys + y0 + 0.5 - centre[1], np.ones(len(xs))]
    )
    field[y0:y1, x0:x1][ys, xs] = places @ fit
