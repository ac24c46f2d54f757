"""A rendered scene as a source: frames like a camera's, with the truth beside them."""

from __future__ import annotations

import math
from collections.abc import Generator
from fractions import Fraction

from motionapp.core.errors import SourceError
from motionapp.core.frame import Epoch, Frame
from motionapp.core.seams import Damage, SourceInfo
from motionapp.sources.passes import FramePass
from motionapp.sources.picture import BgrPicture
from motionapp.sources.synthetic.render import Renderer
from motionapp.sources.synthetic.scene import Scene
from motionapp.sources.synthetic.scenes import SCENES
from motionapp.sources.timeline import ROUNDING_S


class SyntheticSource:
    """Renders a scene at its frame rate.

    Parameters
    ----------
    scene : Scene
    rate_hz : int
        Frames per second: the scene itself knows only seconds.
    name : str
    """

    def __init__(self, scene: Scene, *, rate_hz: int = 25, name: str = "synthetic") -> None:
        self.scene = scene
        self.info = SourceInfo(
            name=name, size=scene.size, rate_hz=float(rate_hz), duration_s=scene.duration_s
        )
        self.damage = Damage()
        self.is_damaged = False
        self._rate_hz = rate_hz
        self._pass: FramePass | None = None

    @classmethod
    def named(cls, name: str) -> SyntheticSource:
        """The source called ``synthetic:NAME`` on the command line.

        Raises
        ------
        SourceError
            There is no scene of that name.
        """
        if name not in SCENES:
            raise SourceError(f"there is no synthetic scene {name!r}: use {', '.join(SCENES)}")
        return cls(SCENES[name](), name=f"synthetic:{name}")

    def frames(self, start_s: float = 0.0) -> FramePass:
        """Render from `start_s` on; a fresh iteration ends the former."""
        self.close()
        self._pass = FramePass(self._read(start_s))
        return self._pass

    def close(self) -> None:
        """End the iteration; safe to call twice."""
        if self._pass is not None:
            self._pass.close()

    def _read(self, start_s: float) -> Generator[Frame, None, None]:
        renderer = Renderer(self.scene)
        epoch = Epoch(0, self.scene.size, Fraction(1, self._rate_hz))
        first = max(0, math.ceil((start_s - ROUNDING_S) * self._rate_hz))
        last = round(self.scene.duration_s * self._rate_hz)
        for index, number in enumerate(range(first, last)):
            time_s = number / self._rate_hz
            yield Frame(
                index=index,
                pts=number,
                pts_s=time_s,
                duration_s=1 / self._rate_hz,
                epoch=epoch,
                pixels=BgrPicture(renderer.render(time_s)),
            )
