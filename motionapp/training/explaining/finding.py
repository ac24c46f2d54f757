"""Finds what is to be explained: leads a recording along the road and keeps a few of its clips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from motionapp.assembly import load_models, make_analysis, open_source
from motionapp.core.clip import MotionClip, Prediction
from motionapp.core.contract import ModelContract
from motionapp.core.errors import SourceError
from motionapp.core.event import UNKNOWN
from motionapp.core.models import Models
from motionapp.core.seams import Recogniser
from motionapp.frontends.registry import road_of
from motionapp.runtime.vectors import with_vectors
from motionapp.runtime.walk import walk
from motionapp.settings import AnalysisSettings
from motionapp.training.gather import has_people, road_settings

FAR_S: Final = 1.0
"""A clip whose middle is farther from the asked time says nothing about it."""
SPARE: Final = 4
"""So many times as many clips are kept as are wanted, until all have been seen."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Which clips are wanted."""

    at_s: float | None = None
    """The nearest to it; None takes those that the network was surest of."""
    label: str | None = None
    """The label that is asked about; None takes each clip's best."""
    count: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A clip, and what the network made of it."""

    clip: MotionClip
    said: Prediction

    def rank(self, wish: Wish, contract: ModelContract) -> tuple[float, float]:
        """The least is what is wanted most."""
        score = self.said.score
        if wish.label is not None:
            score = shares_of(self.said, contract)[wish.label]
        if wish.at_s is not None:
            return round(abs(self.clip.centre_s - wish.at_s), 6), -score
        return float(self.said.label == UNKNOWN and wish.label is None), -score

    def overlaps(self, other: Found) -> bool:
        """Whether both show the same body at the same time."""
        return (
            self.clip.subject_id == other.clip.subject_id
            and self.clip.start_s < other.clip.end_s
            and other.clip.start_s < self.clip.end_s
        )


class Keeper:
    """A recogniser that keeps of all clips that it is shown the few that are wanted most.

    Parameters
    ----------
    asked : Recogniser
    wish : Wish
    """

    takes_nobody: ClassVar[bool] = True
    """Silhouettes and things may be asked about, too."""

    def __init__(self, asked: Recogniser, wish: Wish) -> None:
        self.contract = asked.contract
        self.seen = 0
        self._asked, self._wish = asked, wish
        self._kept: list[Found] = []

    @property
    def found(self) -> list[Found]:
        """Those that are wanted most, first; of one body, none overlap."""
        return self._kept[: self._wish.count]

    def classify(self, clips: Sequence[MotionClip]) -> tuple[Prediction, ...]:
        """What the network makes of `clips`."""
        answers = self._asked.classify(clips)
        self.seen += len(clips)
        for clip, said in zip(clips, answers, strict=True):
            self._keep(Found(clip, said))
        return answers

    def _keep(self, one: Found) -> None:
        """Keep it, unless a better one shows the same: a long recording has thousands of clips."""
        rank = one.rank(self._wish, self.contract)
        same = [other for other in self._kept if other.overlaps(one)]
        if any(other.rank(self._wish, self.contract) <= rank for other in same):
            return
        kept = [other for other in self._kept if other not in same] + [one]
        kept.sort(key=lambda found: found.rank(self._wish, self.contract))
        self._kept = kept[: SPARE * self._wish.count]


def shares_of(said: Prediction, contract: ModelContract) -> dict[str, float]:
    """How probable each label is, and `unknown` where the network can say so."""
    shares = dict(zip(contract.labels, said.probabilities, strict=True))
    if contract.has_reject:
        shares[UNKNOWN] = max(0.0, 1.0 - sum(said.probabilities))
    return shares


def settings_for(contract: ModelContract) -> AnalysisSettings:
    """The usual settings, with the model's front-end and looks as frequent as at run time."""
    cadence_s = AnalysisSettings().recognition.cadence_s
    return road_settings(road_of(contract.representation), cadence_s)


def find_clips(spec: str, recogniser: Recogniser, wish: Wish) -> tuple[list[Found], str]:
    """The clips of a recording that are wanted, and a sentence about what could not be read.

    Parameters
    ----------
    spec : str
        A recording, a folder of numbered images, or ``synthetic:NAME``.
    recogniser : Recogniser
    wish : Wish

    Returns
    -------
    tuple of (list of Found, str)
        At least one clip; the sentence is empty where all could be read.

    Raises
    ------
    SourceError
        It cannot be read, or nothing that moves long enough to be named is in it at that time.
    """
    keeper = Keeper(recogniser, wish)
    settings = settings_for(recogniser.contract)
    source = with_vectors(open_source(spec, decode_threads=1), settings)
    people = (
        load_models(settings).people if has_people(recogniser.contract.representation) else None
    )
    try:
        name = source.info.name
        if source.info.is_live:
            raise SourceError(f"{name} never ends: record some seconds of it, and explain those")
        analysis = make_analysis(settings, Models(keeper, people=people), source_name=name)
        for _ in walk(source.frames(), analysis):
            pass  # the keeper keeps what it is asked about
        damage = source.damage.sentence(name) if source.damage.is_partial else ""
    finally:
        source.close()
    return _near_enough(keeper, name, wish), damage


def _near_enough(keeper: Keeper, name: str, wish: Wish) -> list[Found]:
    """Those near the asked time."""
    if not keeper.found:
        raise SourceError(
            f"{name}: nobody moves in it for as long as the network looks, "
            f"{keeper.contract.representation.span_s:.2g} s, so there is nothing to explain"
        )
    at_s = wish.at_s
    if at_s is None:
        return keeper.found
    near = [one for one in keeper.found if abs(one.clip.centre_s - at_s) <= FAR_S]
    if not near:
        raise SourceError(
            f"{name}: nobody was looked at near {at_s:g} s; the nearest is at "
            f"{keeper.found[0].clip.centre_s:.2f} s: use --at {keeper.found[0].clip.centre_s:.2f}"
        )
    return near
