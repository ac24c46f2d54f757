"""Rendering: the picture of a scene at a time, as a pure function of both.

Knows the order in which things are laid over each other and what may be kept between calls:
the background, and sprites of figures that stand still. Keeping changes nothing but the time.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motionapp.scenes.background import paint_backdrop
from motionapp.scenes.camera import Camera
from motionapp.scenes.clutter import clutter_parts
from motionapp.scenes.curtain import hang_curtain
from motionapp.scenes.outline import Part
from motionapp.scenes.people.figure import parts_of
from motionapp.scenes.scene import Clutter, Figure, Scene, ground_y, joints_px
from motionapp.scenes.sprite import Sprite, darken, lay, mean_sprite, sprite_of

_SHUTTER: Final = (-1 / 3, 0.0, 1 / 3)  # moments of a blurred frame, in parts of the open time


def figure_parts(scene: Scene, figure: Figure, t_s: float) -> list[Part]:
    """The outlines of a figure in the picture, back to front; empty when it is not there."""
    projected = joints_px(scene, figure, t_s)
    if projected is None:
        return []
    points, depths = projected
    return parts_of(
        figure.body, points, depths, stature_px=figure.stature_px, light=scene.light.side
    )


def figure_sprite(scene: Scene, figure: Figure, t_s: float) -> Sprite | None:
    """A figure as it is drawn at one instant; None when nothing of it is in the picture."""
    parts = figure_parts(scene, figure, t_s)
    return _filled(scene, parts, figure.stature_px) if parts else None


def clutter_sprite(scene: Scene, clutter: Clutter, t_s: float) -> Sprite | None:
    """A thing as it is drawn at one instant; None when it has no outline or is outside."""
    parts = clutter_parts(clutter, scene.size, t_s)
    return _filled(scene, parts, clutter.scale * scene.size[1]) if parts else None


def _filled(scene: Scene, parts: list[Part], tall_px: float) -> Sprite | None:
    # Small figures get a finer grid, so that all cost about the same.
    fineness = 4 if tall_px < 70 else 3 if tall_px < 110 else 2
    return sprite_of(parts, scene.size, fineness=fineness, soft_px=scene.sensor.soft_px)


class Renderer:
    """Renders one scene; the same time gives the same bytes, in any order of calls."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._backdrop = paint_backdrop(scene.backdrop, scene.size)
        self._camera = Camera(scene)
        self._still: dict[int, Sprite | None] = {}
        self._still_scene: NDArray[np.uint8] | None = None

    def render(self, t_s: float) -> NDArray[np.uint8]:
        """The frame at `t_s`: uint8 of shape (h, w, 3), BGR, a fresh array."""
        picture = self._disturbed(self._composed(t_s), t_s, is_burned_in=False)
        return self._disturbed(self._camera.expose(picture, t_s), t_s, is_burned_in=True)

    def _disturbed(
        self, picture: NDArray[np.uint8], t_s: float, *, is_burned_in: bool
    ) -> NDArray[np.uint8]:
        for disturbance in self._scene.disturbances:
            if disturbance.is_burned_in == is_burned_in:
                picture = disturbance.over(picture, t_s)
        return picture

    def _composed(self, t_s: float) -> NDArray[np.uint8]:
        scene = self._scene
        if scene.clutter or any(not _is_still(figure, t_s) for figure in scene.figures):
            return self._drawn(t_s)
        if self._still_scene is None:
            self._still_scene = self._drawn(t_s)
        return self._still_scene

    def _drawn(self, t_s: float) -> NDArray[np.uint8]:
        scene = self._scene
        canvas = self._backdrop.copy()
        for thing in scene.clutter:
            if thing.kind == "curtain":  # hangs on the wall, behind everybody
                hang_curtain(canvas, thing, t_s)
        for row, thing_or_figure in _in_depth(scene, t_s):
            self._lay(canvas, thing_or_figure, row, t_s)
        return canvas

    def _lay(
        self, canvas: NDArray[np.uint8], item: Figure | Clutter, row: float, t_s: float
    ) -> None:
        sprite = self._sprite(item, t_s)
        if sprite is None:
            return
        light = self._scene.light
        if light.shadow > 0.0 and not (isinstance(item, Clutter) and item.kind == "flag"):
            darken(
                canvas, sprite, ground_y=row, slant=-light.slant * light.side,
                length=light.length, strength=light.shadow,
            )  # fmt: skip
        lay(canvas, sprite)

    def _sprite(self, item: Figure | Clutter, t_s: float) -> Sprite | None:
        scene = self._scene
        if isinstance(item, Figure) and item.cue_at(t_s) is None:
            key = scene.figures.index(item)
            if key not in self._still:
                self._still[key] = figure_sprite(scene, item, t_s)
            return self._still[key]

        def at(t: float) -> Sprite | None:
            if isinstance(item, Figure):
                return figure_sprite(scene, item, t)
            return clutter_sprite(scene, item, t)

        if scene.sensor.shutter_s <= 0.0:
            return at(t_s)
        moments = [at(t_s + part * scene.sensor.shutter_s) for part in _SHUTTER]
        sprites = [sprite for sprite in moments if sprite is not None]
        return mean_sprite(sprites) if len(sprites) == len(moments) else at(t_s)


def _is_still(figure: Figure, t_s: float) -> bool:
    return figure.stays and figure.cue_at(t_s) is None


def _in_depth(scene: Scene, t_s: float) -> list[tuple[float, Figure | Clutter]]:
    """Everything that has a place, the farthest first, with its row on the ground."""
    items: list[tuple[float, Figure | Clutter]] = [
        (ground_y(scene, figure, t_s), figure) for figure in scene.figures if figure.is_present(t_s)
    ]
    items += [(thing.place[1] * scene.size[1], thing) for thing in scene.clutter]
    return sorted(items, key=lambda item: item[0])


@lru_cache(maxsize=4)
def _renderer(scene: Scene) -> Renderer:
    return Renderer(scene)


def render(scene: Scene, t_s: float) -> NDArray[np.uint8]:
    """The frame of a scene at a time.

    Parameters
    ----------
    scene : Scene
    t_s : float
        Seconds since the scene's start.

    Returns
    -------
    ndarray of uint8, shape (h, w, 3)
        BGR; a fresh array. The same scene and time give the same bytes.
    """
    return _renderer(scene).render(t_s)
