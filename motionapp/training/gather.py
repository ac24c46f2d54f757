"""Cuts the windows of recordings by the road itself: the same code as at run time."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import ClassVar

import numpy as np

from motionapp.assembly import load_models, make_analysis, open_source
from motionapp.core.clip import MotionClip, Prediction
from motionapp.core.contract import ModelContract
from motionapp.core.errors import SourceError
from motionapp.core.event import UNKNOWN
from motionapp.core.frame import Frame
from motionapp.core.models import Models
from motionapp.core.representation import Representation
from motionapp.core.seams import Damage, PersonFinder, Recogniser, Source
from motionapp.core.window import TIME_TOLERANCE_S
from motionapp.recognition.dataset import DataSet, Sample, subjects_of
from motionapp.recognition.subject import LARGEST, Subject
from motionapp.runtime.vectors import with_vectors
from motionapp.runtime.walk import walk
from motionapp.settings import AnalysisSettings, Settings, apply_changes
from motionapp.training.gathering import Gathering
from motionapp.training.kept import KeptWindows, Shown, recording_digest
from motionapp.training.progress import Progress
from motionapp.training.readable import Readings
from motionapp.training.recipe import CADENCE_S, Recipe
from motionapp.training.windows import Cut, Windows, join, nothing_of, packed_clips, stack


class Collector:
    """A recogniser that keeps what it is shown: of each time, the clip of each of its subjects.

    Unless a data set says by a box whom it is about, a recording's label belongs to who moves most;
    a shadow or a second person beside it would be learnt under the wrong name.

    Parameters
    ----------
    contract : ModelContract
        Says which maps are wanted.
    asked : Recogniser, optional
        Is asked about each clip; without one every clip is `unknown`.
    subjects : tuple of Subject
        A clip that two of them share is kept for each.
    """

    takes_nobody: ClassVar[bool] = True
    """What a search takes for nobody has a label all the same: silhouettes are people."""

    def __init__(
        self,
        contract: ModelContract,
        asked: Recogniser | None = None,
        subjects: tuple[Subject, ...] = (LARGEST,),
    ) -> None:
        self.contract = contract
        self.clips: list[MotionClip] = []
        self.predictions: list[Prediction] = []
        self.whose: list[int] = []
        """Which of the subjects each clip is of."""
        self._asked = asked
        self._subjects = subjects

    def classify(self, clips: Sequence[MotionClip]) -> tuple[Prediction, ...]:
        """Keep those of `clips` that are the subjects', and what was made of them."""
        answers = (
            tuple(self._decline(clip) for clip in clips)
            if self._asked is None
            else self._asked.classify(clips)
        )
        for number, subject in enumerate(self._subjects):
            place = subject.place_in(clips)
            if place is not None:
                self.clips.append(clips[place])
                self.predictions.append(answers[place])
                self.whose.append(number)
        return answers

    def said_of(self, subject: Subject) -> list[Prediction]:
        """What was made of the clips of one of the subjects."""
        number = self._subjects.index(subject)
        return [
            prediction
            for prediction, whose in zip(self.predictions, self.whose, strict=True)
            if whose == number
        ]

    def clips_of(self, subject: Subject) -> list[MotionClip]:
        """The clips of one of the subjects, as `said_of` has what was made of them."""
        number = self._subjects.index(subject)
        kept = zip(self.clips, self.whose, strict=True)
        return [clip for clip, whose in kept if whose == number]

    def _decline(self, clip: MotionClip) -> Prediction:
        none_of_them = (0.0,) * len(self.contract.labels)
        return Prediction(clip.subject_id, clip.start_s, clip.end_s, UNKNOWN, 0.0, none_of_them)


def wanting(representation: Representation) -> ModelContract:
    """A contract that asks for maps and knows no names."""
    return ModelContract(
        name="collector",
        version="0",
        labels=(UNKNOWN,),
        representation=representation,
        architecture="none",
    )


def road_settings(frontend: str, cadence_s: float = CADENCE_S) -> AnalysisSettings:
    """The usual settings with a front-end and another cadence."""
    changes = {
        "analysis.frontend": frontend,
        "analysis.recognition.cadence_s": cadence_s,
        "analysis.recognition.steady_cadence_s": cadence_s,
        "analysis.recognition.classifier": "none",
    }
    return apply_changes(Settings(), changes).analysis


def has_people(representation: Representation) -> bool:
    """Whether people are looked for where its clips are cut: older models' never were."""
    return representation.scope != "moving"


@cache
def _finder(settings: AnalysisSettings) -> PersonFinder | None:
    """Opened once for all recordings."""
    return load_models(settings).people


def walk_past(
    source: Source,
    collector: Collector,
    settings: AnalysisSettings,
    *,
    tempo: float = 1.0,
    rate_hz: float = 0.0,
) -> Damage:
    """Lead a source along the road, past a collector, and close it.

    Parameters
    ----------
    source : Source
    collector : Collector
    settings : AnalysisSettings
    tempo : float
        2 shows it twice as quickly.
    rate_hz : float
        Pictures a second that are left, then; 0 leaves all.

    Returns
    -------
    Damage
        What could not be read of it.

    Raises
    ------
    SourceError
        It cannot be read.
    """
    people = _finder(settings) if has_people(collector.contract.representation) else None
    models = Models(collector, people=people)
    analysis = make_analysis(settings, models, source_name=source.info.name)
    try:
        for _ in walk(thinned(_quickened(source.frames(), tempo), rate_hz), analysis):
            pass  # the collector keeps what it is asked about
        return source.damage
    finally:
        source.close()


def walk_sample(
    sample: Sample,
    collector: Collector,
    settings: AnalysisSettings,
    *,
    tempo: float = 1.0,
    rate_hz: float = 0.0,
) -> Damage:
    """Lead a data set's recording along the road, past a collector; see `walk_past`.

    Raises
    ------
    SourceError
        It cannot be read.
    """
    source = with_vectors(open_source(sample.path, decode_threads=1), settings)
    return walk_past(source, collector, settings, tempo=tempo, rate_hz=rate_hz)


def gather(
    data: DataSet,
    representation: Representation,
    progress: Progress,
    *,
    tempo: float = 1.0,
    rate_hz: float = 0.0,
    cadence_s: float = CADENCE_S,
    kept: KeptWindows | None = None,
    readings: Readings | None = None,
) -> Windows:
    """The windows of all samples of a data set, shown at a tempo.

    A recording is led along the road once, whatever stretches and bodies of it are asked for. Of
    one that cannot be read, there are none.

    Parameters
    ----------
    data : DataSet
    representation : Representation
    progress : Progress
    tempo : float
        2 shows them twice as quickly.
    rate_hz : float
        Pictures a second that are left, then; 0 leaves all.
    cadence_s : float
        Seconds between two windows.
    kept : KeptWindows, optional
        Those that were gathered before; without it all are gathered.
    readings : Readings, optional
        Knows which recordings cannot be read, which are passed by, and learns of others.
    """
    readings = Readings(data, progress) if readings is None else readings
    settings = road_settings(representation.frontend, cadence_s)
    way = _Showing(settings, representation, tempo, rate_hz)
    stage = "recordings" if tempo == 1.0 else f"recordings at tempo {tempo:g}"
    kind = "recordings" if tempo == 1.0 else "at other tempos"
    one = Gathering(kind, way.cut, way.shown, representation, kept)
    recordings = [p for p in data.recordings() if readings.holds(data.samples[p[0]])]
    wanted = [_Recording.of([data.samples[place] for place in places]) for places in recordings]
    parts = [packed_clips((), representation)] * len(data.samples)
    cuts = one.cuts(wanted, progress, stage=stage)
    for places, recording, whole in zip(recordings, wanted, cuts, strict=True):
        if whole.failed:
            readings.fail(recording.first, whole.failed)
        readings.lose(recording.first, whole.damage)
        for place in places:
            sample = data.samples[place]
            number = recording.subjects.index(sample.subject)
            parts[place] = whole.of_subject(number).within(sample.stretch)
    return stack(parts, representation)


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """What a recipe shows of a data set."""

    data: DataSet
    """Without what cannot be read."""
    windows: Windows
    """Of all recordings."""
    paced: Windows | None
    """The same once more at other tempos, to be trained on only; None without recordings or
    tempos."""


def gather_for(
    recipe: Recipe,
    data: DataSet,
    representation: Representation,
    progress: Progress,
    *,
    kept: KeptWindows | None = None,
    readings: Readings | None = None,
) -> Gathered:
    """What a recipe shows of a data set: all recordings, and once more at its other tempos.

    Parameters
    ----------
    recipe : Recipe
    data : DataSet
    representation : Representation
    progress : Progress
    kept : KeptWindows, optional
        See `gather`.
    readings : Readings, optional
        See `gather`. What cannot be read at one tempo counts at none.

    Raises
    ------
    DataSetError
        No recording of a label can be read.
    """
    known = Readings(data, progress) if readings is None else readings

    def at(tempo: float, rate_hz: float) -> Windows:
        return gather(
            data, representation, progress,
            tempo=tempo, rate_hz=rate_hz, cadence_s=recipe.cadence_s, kept=kept, readings=known,
        )  # fmt: skip

    windows = at(1.0, 0.0)
    paced = [at(tempo, rate_hz) for tempo, rate_hz in recipe.passes()] if data.samples else []
    left = known.left()
    held = np.array([known.holds(sample) for sample in data.samples], np.bool_)
    return Gathered(left, windows.of_samples(held), join(paced).of_samples(held) if paced else None)


@dataclass(frozen=True, slots=True)
class _Recording:
    """What is wanted of a recording."""

    first: Sample
    """Of those that are of it."""
    subjects: tuple[Subject, ...]

    @classmethod
    def of(cls, samples: Sequence[Sample]) -> _Recording:
        """All that `samples` ask of it."""
        return cls(samples[0], subjects_of(samples))


@dataclass(frozen=True, slots=True)
class _Showing:
    """How recordings are led along the road."""

    settings: AnalysisSettings
    representation: Representation
    tempo: float
    rate_hz: float

    def cut(self, recording: _Recording) -> Cut:
        """Its subjects' windows, of each time; none where the recording cannot be read."""
        subjects = tuple(subject.shown_at(self.tempo) for subject in recording.subjects)
        collector = Collector(wanting(self.representation), subjects=subjects)
        try:
            damage = walk_sample(
                recording.first, collector, self.settings, tempo=self.tempo, rate_hz=self.rate_hz
            )
        except SourceError as error:
            return nothing_of(self.representation, str(error))
        clips = [_as_recorded(clip, self.tempo) for clip in collector.clips]
        return packed_clips(clips, self.representation, damage, whose=collector.whose)

    def shown(self, recording: _Recording) -> Shown | None:
        """What decides them."""
        what = recording_digest(recording.first.path)
        if what is None:
            return None
        return Shown(
            what, self.settings, self.representation, self.tempo, self.rate_hz, recording.subjects
        )


def _as_recorded(clip: MotionClip, tempo: float) -> MotionClip:
    """With the times of the recording, where stretches are told, and not of how it was shown."""
    return replace(clip, start_s=clip.start_s * tempo, end_s=clip.end_s * tempo)


def _quickened(frames: Iterable[Frame], tempo: float) -> Iterator[Frame]:
    for frame in frames:
        yield replace(frame, pts_s=frame.pts_s / tempo, duration_s=frame.duration_s / tempo)


def thinned(frames: Iterable[Frame], rate_hz: float) -> Iterator[Frame]:
    """What a camera of `rate_hz` pictures a second would have given: at each of its times the
    newest frame, and none of them twice. 0 leaves all."""
    held: Frame | None = None
    due = 0
    for frame in frames:
        if not rate_hz:
            yield frame
            continue
        if held is not None and due / rate_hz < frame.pts_s - TIME_TOLERANCE_S:
            yield replace(held, pts_s=due / rate_hz, duration_s=1 / rate_hz)
            due = math.ceil((frame.pts_s - TIME_TOLERANCE_S) * rate_hz)
        elif held is None:
            due = math.ceil((frame.pts_s - TIME_TOLERANCE_S) * rate_hz)
        held = frame
