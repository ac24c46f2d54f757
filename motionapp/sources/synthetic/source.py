"""A rendered scene as a source: frames like a camera's, with the truth beside them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from motionapp.core.errors import SourceError
from motionapp.core.frame import Epoch, Frame
from motionapp.core.seams import Damage, SourceInfo
from motionapp.sources.picture import BgrPicture
from motionapp.sources.synthetic.render import Renderer
from motionapp.sources.synthetic.scene import Scene
from motionapp.sources.synthetic.scenes import SCENES


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
        self._rate_hz = rate_hz
        self._iteration = 0

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

    def frames(self, start_s: float = 0.0) -> Iterator[Frame]:
        """Render from `start_s` on; a fresh iteration ends the former."""
        self._iteration += 1
        iteration = self._iteration
        renderer = Renderer(self.scene)
        epoch = Epoch(0, self.scene.size, Fraction(1, self._rate_hz))
        first = max(0, round(start_s * self._rate_hz))
        for index in range(first, round(self.scene.duration_s * self._rate_hz)):
            if iteration != self._iteration:
                return
            time_s = index / self._rate_hz
            yield Frame(
                index=index,
                pts=index,
                pts_s=time_s,
                duration_s=1 / self._rate_hz,
                epoch=epoch,
                pixels=BgrPicture(renderer.render(time_s)),
            )

    def close(self) -> None:
        """End the iteration; safe to call twice."""
        self._iteration += 1
