"""The seams of the road: what each room promises to the next."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from motionapp.core.clip import MotionClip, Prediction
from motionapp.core.contract import ModelContract
from motionapp.core.frame import Epoch, Frame
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.core.motion import Map, Motion, Region
from motionapp.core.person import Person
from motionapp.core.representation import Mirror, Representation
from motionapp.core.track import Bodies


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What is known of a source before it is read."""

    name: str
    size: tuple[int, int] | None
    """Width and height of the display picture, where known before the first frame."""
    rate_hz: float | None
    duration_s: float | None = None
    """None for a live source, or where the file does not say."""
    start_utc: datetime | None = None
    is_live: bool = False
    """Frames come at the source's own clock; who is late misses some."""
    is_seekable: bool = True
    """Reading from a later second on is quick; if not, all that comes before is read, too."""
    note: str = ""
    """What of it is left out, in words: other videos in the same recording; or what a camera
    gives that it was not asked for."""


MOST_TOLD = 5
"""Lost stretches that are named in a sentence; how many more there are is said."""


@dataclass(frozen=True, slots=True)
class Damage:
    """What could not be read of a source, known once an iteration has ended."""

    first_error: str = ""
    """The first thing that went wrong, in words; empty if nothing did."""
    lost: tuple[tuple[float, float], ...] = ()
    """Stretches `(from_s, to_s)` without usable frames."""
    flagged_frames: int = 0
    dropped_stamps: int = 0
    """Frames left out because their time stamp repeated the one before."""

    @property
    def is_partial(self) -> bool:
        """Whether anything could not be read. Repeated time stamps are a habit, not a damage."""
        return bool(self.first_error or self.lost or self.flagged_frames)

    def sentence(self, name: str) -> str:
        """What could not be read of the source called `name`, for the person who named it."""
        said = [self.first_error.rstrip(". ") or "some pictures are damaged"]
        if self.lost:
            stretches = ", ".join(
                f"{from_s:.2f} to {to_s:.2f} s" for from_s, to_s in self.lost[:MOST_TOLD]
            )
            untold = len(self.lost) - MOST_TOLD
            more = f" and {untold} more" if untold > 0 else ""
            lost_s = sum(to_s - from_s for from_s, to_s in self.lost)
            said.append(f"{lost_s:.2f} s are lost ({stretches}{more})")
        if self.flagged_frames:
            are = "picture is" if self.flagged_frames == 1 else "pictures are"
            said.append(f"{self.flagged_frames} {are} damaged")
        return f"{name} could be read in part only: {'; '.join(said)}"


class Source(Protocol):
    """Where frames come from."""

    @property
    def info(self) -> SourceInfo:
        """What is known before reading."""
        ...

    @property
    def damage(self) -> Damage:
        """What could not be read so far."""
        ...

    @property
    def is_damaged(self) -> bool:
        """Whether a decode error or a flagged picture was met by now: with several threads, what
        follows is not repeatable."""
        ...

    def frames(self, start_s: float = 0.0) -> Iterator[Frame]:
        """Iterate afresh, which ends the former iteration. Raises `SourceError` once."""
        ...

    def stop(self) -> None:
        """End reading soon, for good, also where no frame comes. From any thread; never waits."""
        ...

    def close(self) -> None:
        """Let go of the file or device; safe to call twice."""
        ...


@runtime_checkable
class TellsVectors(Protocol):
    """A source whose frames can bring the vectors of their encoder (`core.frame.Vectors`)."""

    def tell_vectors(self) -> None:
        """From the next iteration on they do. Raises `SourceError` where there are none."""
        ...


@runtime_checkable
class DecodesOn(Protocol):
    """A source that a graphics chip may decode in place of the processor."""

    def decode_on(self, device: str) -> None:
        """From the next iteration on it does, if it can; `info.note` tells what came of it."""
        ...


def no_vectors(name: str) -> str:
    """What is said of a source that is asked for vectors and has none."""
    return (
        f"{name} has no vectors of an encoder, which the front-end codec looks at: "
        "choose --frontend flow"
    )


class PersonFinder(Protocol):
    """Finds people in a picture, where something moves."""

    def search(
        self,
        bgr: NDArray[np.uint8],
        boxes: Sequence[Box],
        *,
        known: Container[int] = (),
        wide: Container[int] = (),
    ) -> tuple[tuple[Person, ...], ...]:
        """The persons at each body: as long as `boxes`, each person at one of them at most.

        `known` are places in `boxes` where the box is a person's already: that is quicker. At
        those of `wide` an earlier look has found nobody: more is seen around them.
        """
        ...


class Session(Protocol):
    """A front-end at work on one epoch."""

    @property
    def forget_s(self) -> float:
        """After so many seconds, nothing that it saw matters any more."""
        ...

    @property
    def lead_in_s(self) -> float:
        """So long before a border must it start to judge as if it had always run."""
        ...

    def step(self, frame: Frame) -> Motion:
        """What moves at `frame`; with a `contrast` where the regions are left open."""
        ...

    def pass_by(self, frame: Frame) -> None:
        """Keep of a frame that nobody looks at what later ones are compared with."""
        ...

    def retune(self, frontend: FrontEnd) -> None:
        """Take over the thresholds of a front-end of the same name, from the next frame on."""
        ...


@runtime_checkable
class Heeding(Protocol):
    """A session that would take for background who stands still."""

    def heed(self, people: Sequence[Box]) -> None:
        """These are people, from the next frame on."""
        ...


@runtime_checkable
class Guided(Protocol):
    """A session that looks where the gate has seen something."""

    def guide(self, gate: Motion) -> None:
        """Take what the gate saw at the frame of the next step."""
        ...


class FrontEnd(Protocol):
    """A way to see motion."""

    name: ClassVar[str]
    planes: ClassVar[int]
    """Planes of its maps: 1 for magnitudes, 2 for vectors."""
    mirror: ClassVar[Mirror]
    """What a mirrored scene does to its maps."""

    def start(self, epoch: Epoch) -> Session:
        """Begin on `epoch`."""
        ...

    def maps(self, epoch: Epoch, representation: Representation) -> MapMaker:
        """What makes the maps of a network that sees motion in this way."""
        ...


class MapMaker(Protocol):
    """Makes a network's maps, by its representation and no setting of the detection."""

    def step(self, frame: Frame, motion: Motion, *, is_wanted: bool = True) -> Map | None:
        """The map of a frame; None while priming, and where nobody wants it."""
        ...


class Tracker(Protocol):
    """Regions become tracks, and tracks bodies."""

    @property
    def forget_s(self) -> float:
        """After so many seconds without a region, nothing that it saw matters any more."""
        ...

    def step(self, regions: Sequence[Region], pts_s: float, step_s: float = 0.0) -> Bodies:
        """The tracks and bodies at this time, seen or coasting."""
        ...

    def restart(self) -> None:
        """Forget everything; the next track is number 1."""
        ...


class Recogniser(Protocol):
    """Names clips."""

    takes_nobody: ClassVar[bool]
    """Whether it is shown what a search took for nobody, too."""

    @property
    def contract(self) -> ModelContract:
        """What the network says about itself."""
        ...

    def classify(self, clips: Sequence[MotionClip]) -> tuple[Prediction, ...]:
        """One prediction a clip, in one network call."""
        ...


class Sink(Protocol):
    """Where moments go. One of `close` and `abandon` is called on every way out."""

    def accept(self, moment: Moment) -> None:
        """Take note of a moment."""
        ...

    def close(self) -> None:
        """Publish what was written; safe to call twice."""
        ...

    def abandon(self) -> None:
        """After an error: remove the temporary files; safe to call twice."""
        ...
