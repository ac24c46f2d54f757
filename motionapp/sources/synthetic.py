"""A rendered scene as a source: frames like a camera's, with the truth beside them.

The same scene may be seen at any rate, thinned, at uneven times or with frames shown again.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from fractions import Fraction

from motionapp.core.addresses import shown
from motionapp.core.errors import SourceError
from motionapp.core.frame import Epoch, Frame
from motionapp.core.seams import Damage, SourceInfo
from motionapp.scenes.named import SCENES
from motionapp.scenes.render import Renderer
from motionapp.scenes.scene import Scene
from motionapp.sources.passes import FramePass
from motionapp.sources.picture import BgrPicture
from motionapp.sources.timeline import ROUNDING_S


@dataclass(frozen=True, slots=True)
class Sampling:
    """Which of a scene's moments, `rate_hz` of them a second, become frames.

    `steps` are the ways from one moment that is shown to the next, over and over: (2,) shows every
    second one, (1, 2, 3) comes at uneven times. `repeats` shows every picture so often, at as many
    times the rate.
    """

    rate_hz: int = 25
    steps: tuple[int, ...] = (1,)
    repeats: int = 1

    @property
    def time_base(self) -> Fraction:
        """Seconds per tick of a frame's `pts`."""
        return Fraction(1, self.rate_hz * self.repeats)

    @property
    def mean_rate_hz(self) -> float:
        """Frames per second, on average."""
        return self.rate_hz * self.repeats * len(self.steps) / sum(self.steps)

    def shown(self, duration_s: float) -> Iterator[tuple[int, int, float]]:
        """Every frame's `pts`, its duration in ticks, and the moment it shows, in seconds."""
        last, moment, number = round(duration_s * self.rate_hz), 0, 0
        while moment < last:
            step = self.steps[number % len(self.steps)]
            for repeat in range(self.repeats):
                yield moment * self.repeats + repeat * step, step, moment / self.rate_hz
            moment, number = moment + step, number + 1


class SyntheticSource:
    """Renders a scene at its frame rate.

    Parameters
    ----------
    scene : Scene
    rate_hz : int
        Frames per second: the scene itself knows only seconds.
    name : str
    sampling : Sampling, optional
        Instead of every frame at `rate_hz`.
    """

    def __init__(
        self,
        scene: Scene,
        *,
        rate_hz: int = 25,
        name: str = "synthetic",
        sampling: Sampling | None = None,
    ) -> None:
        self.scene = scene
        self._sampling = Sampling(rate_hz) if sampling is None else sampling
        self.info = SourceInfo(
            name=name,
            size=scene.size,
            rate_hz=self._sampling.mean_rate_hz,
            duration_s=scene.duration_s,
        )
        self.damage = Damage()
        self.is_damaged = False
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
            raise SourceError(
                f"there is no synthetic scene {shown(name)!r}: use {', '.join(SCENES)}"
            )
        return cls(SCENES[name](), name=f"synthetic:{name}")

    def frames(self, start_s: float = 0.0) -> FramePass:
        """Render from `start_s` on; a fresh iteration ends the former."""
        self.close()
        self._pass = FramePass(self._read(start_s))
        return self._pass

    def stop(self) -> None:
        """Nothing to do: a frame always comes soon."""

    def close(self) -> None:
        """End the iteration; safe to call twice."""
        if self._pass is not None:
            self._pass.close()

    def _read(self, start_s: float) -> Generator[Frame, None, None]:
        renderer = Renderer(self.scene)
        time_base = self._sampling.time_base
        epoch = Epoch(0, self.scene.size, time_base)
        index, shown_s, picture = 0, -1.0, None
        for pts, ticks, moment_s in self._sampling.shown(self.scene.duration_s):
            pts_s = pts * time_base.numerator / time_base.denominator
            if pts_s < start_s - ROUNDING_S:
                continue
            if picture is None or moment_s != shown_s:  # else it is shown again
                shown_s, picture = moment_s, BgrPicture(renderer.render(moment_s))
            yield Frame(
                index=index,
                pts=pts,
                pts_s=pts_s,
                duration_s=ticks * time_base.numerator / time_base.denominator,
                epoch=epoch,
                pixels=picture,
            )
            index += 1
