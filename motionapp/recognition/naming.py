"""Naming: one network at work over the bodies of the road, or several beside one another.

A naming has its maps, clips, calls and smoothing to itself; maps of equal representations are made
once and shared. The first naming's labels are those of events.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from motionapp.core.clip import Going, MotionClip, Prediction
from motionapp.core.contract import ModelContract
from motionapp.core.frame import Epoch, Frame
from motionapp.core.geometry import Box
from motionapp.core.motion import Map, Motion
from motionapp.core.representation import Representation
from motionapp.core.seams import FrontEnd, MapMaker, Recogniser
from motionapp.core.stopwatch import Stopwatch
from motionapp.core.track import Group
from motionapp.core.window import TIME_TOLERANCE_S
from motionapp.recognition.clips import ClipBuilder, Wants
from motionapp.recognition.pictures import LaterPicture, PictureMaps
from motionapp.recognition.smoothing import Smoother
from motionapp.settings.tree import RecognitionSettings

Maps = Mapping[Representation, Map | LaterPicture | None]
"""The maps of one frame, by what they show."""


class Naming:
    """One network: cuts the clips that it wants, asks it, and steadies its answers.

    Parameters
    ----------
    recogniser : Recogniser
    settings : RecognitionSettings
    """

    def __init__(self, recogniser: Recogniser, settings: RecognitionSettings) -> None:
        self.recogniser = recogniser
        self.name = recogniser.contract.name
        self.representation = recogniser.contract.representation
        self._clips = ClipBuilder(self.representation, cadence_s=settings.cadence_s)
        self._smoother = _smoother(recogniser, settings)
        self._settings = settings

    @property
    def forget_s(self) -> float:
        """After so many seconds, nothing that was stepped through matters any more."""
        return max(self._clips.forget_s, self._smoother.forget_s)

    @property
    def lag_s(self) -> float:
        """How far a label stands behind what it names."""
        return names_after_s(self.recogniser.contract, self._settings)

    def step(
        self,
        frame: Frame,
        motion: Motion,
        groups: Sequence[Group],
        maps: Maps,
        stopwatch: Stopwatch,
    ) -> tuple[Prediction, ...]:
        """What the network says at a frame; mostly nothing, since it looks on a cadence.

        Parameters
        ----------
        frame : Frame
        motion : Motion
            Whose regions the bodies are made of.
        groups : sequence of Group
            The bodies at this frame, seen or coasting.
        maps : mapping
            The frame's map for every representation that is in use; empty for a damaged frame.
        stopwatch : Stopwatch
        """
        with stopwatch("clips"):
            map_ = maps.get(self.representation)
            clips = self._clips.step(frame, motion, groups, map_, self._wants(frame.pts_s))
        with stopwatch("network"):
            predictions = self._ask(clips) if clips else ()
        self._smoother.step(predictions, frame.pts_s)
        return predictions

    def _ask(self, clips: Sequence[MotionClip]) -> tuple[Prediction, ...]:
        """About clips that are the same the network is asked once: of one square and time, and of
        bodies that go alike where it is told how they go."""
        told = self.representation.going
        keys = [(clip.box, clip.going if told else Going()) for clip in clips]
        asked: dict[tuple[Box, Going], MotionClip] = {}
        for key, clip in zip(keys, clips, strict=True):
            asked.setdefault(key, clip)
        answers = dict(zip(asked, self.recogniser.classify(tuple(asked.values())), strict=True))
        return tuple(
            replace(answers[key], subject_id=clip.subject_id)
            for key, clip in zip(keys, clips, strict=True)
        )

    def _wants(self, pts_s: float) -> Wants:
        """Bodies that go on as they did are looked at less often, and for that a network call at
        every second multiple is enough: they are due together."""
        settings = self._settings
        # A label must not go before the next look.
        longest_s = min(settings.steady_cadence_s, self._smoother.forget_s / 2)
        every = max(1, int(longest_s / settings.cadence_s + TIME_TOLERANCE_S))
        steady = self._smoother.is_steady
        return lambda group, due: (
            (self.recogniser.takes_nobody or not group.may_be_nobody)
            and (due % every == 0 or not steady(group.group_id, pts_s))
        )

    def label_of(self, group_id: int) -> tuple[str, float] | None:
        """A body's smoothed label and its score; None while the network has not looked at it."""
        return self._smoother.label_of(group_id)

    def retune(self, settings: RecognitionSettings) -> None:
        """Look and smooth otherwise from the next step on."""
        if settings != self._settings:
            self._settings = settings
            self._smoother = _smoother(self.recogniser, settings)
            self._clips.cadence_s = settings.cadence_s

    def restart(self) -> None:
        """Forget everybody: a new epoch, or a rest."""
        self._clips.restart()
        self._smoother.restart()


class MapRoom:
    """Makes each frame's maps, one for every representation, however many namings share it.

    Parameters
    ----------
    representations : iterable of Representation
    """

    def __init__(self, representations: Iterable[Representation]) -> None:
        self._representations = tuple(dict.fromkeys(representations))
        self._makers: dict[Representation, MapMaker | PictureMaps] = {}

    def start(self, frontend: FrontEnd, epoch: Epoch) -> None:
        """Begin on an epoch, with maps of what `frontend` sees, or pictures for who wants them."""
        self._makers = {
            each: PictureMaps(epoch, each) if each.is_picture else frontend.maps(epoch, each)
            for each in self._representations
        }

    def step(self, frame: Frame, motion: Motion, *, is_wanted: bool = True) -> Maps:
        """The maps of a frame, None where priming or not wanted."""
        return {
            each: maker.step(frame, motion, is_wanted=is_wanted)
            for each, maker in self._makers.items()
        }


def names_after_s(contract: ModelContract, settings: RecognitionSettings) -> float:
    """Seconds from what is to be seen to its name: half a clip and half of the smoothing."""
    return contract.representation.span_s / 2 + settings.smooth_s / 2


def _smoother(recogniser: Recogniser, settings: RecognitionSettings) -> Smoother:
    contract, threshold = recogniser.contract, settings.threshold
    return Smoother(
        contract.labels,
        smooth_s=settings.smooth_s,
        threshold=contract.threshold if threshold is None else threshold,
        cadence_s=settings.cadence_s,
    )
