"""How long front-ends and networks take here: in turns, so that a machine that is busy for a moment
is so for all of them.
"""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from motionapp.assembly import load_models, make_analysis, open_source
from motionapp.core.errors import SourceError
from motionapp.core.frame import Frame
from motionapp.core.models import Models
from motionapp.core.representation import Representation
from motionapp.frontends import registry
from motionapp.ort import onnxruntime
from motionapp.recognition.dataset import DataSet
from motionapp.runtime import apply_threads
from motionapp.runtime.threads import ThreadPlan
from motionapp.training.gather import Collector, has_people, road_settings, wanting

THREADS: Final = (1, 2)
WARM: Final = 3
"""Calls that are not counted: memory is made ready in them."""
CALLS: Final = 3
"""In a row, of which the shortest counts: another program may have had the core meanwhile."""
ROUNDS: Final = 41
LEAST_ROUNDS: Final = 5
RECORDINGS: Final = 3
"""Of a data set, spread evenly, pictures are taken ..."""
PICTURES: Final = 60
"""... so many of each ..."""
PRIMING: Final = 12
"""... of which the first are not counted: front-ends begin by learning."""
MOST_PICTURE_BYTES: Final = 300_000_000
"""Held at a time; of large pictures there are fewer."""
STAGES: Final = ("gate", "frontend")
"""What is counted: maps included; people, tracks and events cost the same behind each of them."""

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class CallTimes:
    """Milliseconds of a network for one clip: medians."""

    one_thread: float
    two_threads: float

    @property
    def both(self) -> tuple[float, float]:
        """On one thread, and on two."""
        return self.one_thread, self.two_threads


@dataclass(frozen=True, slots=True)
class Footage:
    """What the recordings of a data set are like."""

    recordings: int
    groups: int
    seconds: float
    """Of all recordings that say how long they are."""
    rate_hz: float
    """Pictures a second: the median."""


USUAL_HZ: Final = 25.0
"""Where no recording says its rate."""


def footage_of(data: DataSet) -> Footage:
    """How long recordings are, and how many pictures a second they have; each is opened."""
    lengths_s, rates_hz = [], []
    recordings = data.recordings()
    for places in recordings:
        try:
            source = open_source(data.samples[places[0]].path, decode_threads=1)
        except SourceError:
            continue  # it is left out, and has been told
        lengths_s.append(source.info.duration_s or 0.0)
        rates_hz += [source.info.rate_hz] if source.info.rate_hz else []
        source.close()
    rate_hz = statistics.median(rates_hz) if rates_hz else USUAL_HZ
    return Footage(len(recordings), len(data.fold_groups), sum(lengths_s), rate_hz)


def time_networks(
    contents: Mapping[str, bytes], until_s: float = float("inf"), clock: Clock = time.perf_counter
) -> dict[str, CallTimes]:
    """How long networks take for one clip on one thread and on two.

    Parameters
    ----------
    contents : mapping of str to bytes
        ONNX files by name.
    until_s : float
        No round begins later by the clock, once there are a few.
    clock : callable
    """
    sessions = {
        (name, threads): _session(content, threads)
        for name, content in contents.items()
        for threads in THREADS
    }
    fed = {key: _example(session) for key, session in sessions.items()}
    spent: dict[tuple[str, int], list[float]] = {key: [] for key in sessions}
    for number in range(WARM + ROUNDS):
        if number >= WARM + LEAST_ROUNDS and clock() > until_s:
            break
        for key, session in sessions.items():
            took_s = min(_call(session, fed[key], clock) for _ in range(CALLS))
            if number >= WARM:
                spent[key].append(took_s)
    ms = {key: 1e3 * statistics.median(each) for key, each in spent.items()}
    return {name: CallTimes(*(ms[name, threads] for threads in THREADS)) for name in contents}


def time_frontends(
    data: DataSet,
    shapes: Sequence[Representation],
    until_s: float = float("inf"),
    clock: Clock = time.perf_counter,
) -> dict[str, float]:
    """Milliseconds that front-ends take for a picture of a data set: medians, by name.

    Parameters
    ----------
    data : DataSet
    shapes : sequence of Representation
        What networks see of them: making maps counts, too.
    until_s : float
        No recording is begun later by the clock, after the first.
    clock : callable
    """
    apply_threads(ThreadPlan(decode=1, opencv=1, network=1))
    spent_s: dict[str, list[float]] = {shape.frontend: [] for shape in shapes}
    recordings = data.recordings()
    for places in recordings[:: max(1, len(recordings) // RECORDINGS)][:RECORDINGS]:
        if any(spent_s.values()) and clock() > until_s:
            break
        frames = _pictures(data, places[0])
        roads = {shape.frontend: _road(shape) for shape in shapes}
        warm = _road(registry.representation(registry.GATE))
        for number, frame in enumerate(frames):
            warm.step(
                frame
            )  # grey pictures are made once and shared: not by whose turn it is first
            for name, road in roads.items():
                took_s = _step(road, frame)
                if number >= min(PRIMING, len(frames) - 1):
                    spent_s[name].append(took_s)
    return {name: 1e3 * statistics.median(each) if each else 0.0 for name, each in spent_s.items()}


def _road(shape: Representation) -> Any:
    settings = road_settings(shape.frontend)
    people = load_models(settings).people if has_people(shape) else None
    models = Models(Collector(wanting(shape)), people=people)
    return make_analysis(settings, models, source_name="data", clock=time.perf_counter_ns)


def _step(road: Any, frame: Frame) -> float:
    """Seconds that a road's front-end took for a picture."""
    before = sum(road.stage_s.get(stage, 0.0) for stage in STAGES)
    road.step(frame)
    return float(sum(road.stage_s.get(stage, 0.0) for stage in STAGES) - before)


def _pictures(data: DataSet, place: int) -> list[Frame]:
    """The first pictures of a recording, in memory, so that no decoder is timed."""
    try:
        source = open_source(data.samples[place].path, decode_threads=1)
    except SourceError:
        return []
    try:
        width, height = source.info.size or (1920, 1080)
        most = max(PRIMING + 4, MOST_PICTURE_BYTES // (3 * width * height))
        return list(itertools.islice(source.frames(), min(PRIMING + PICTURES, most)))
    except SourceError:
        return []
    finally:
        source.close()


def _session(content: bytes, threads: int) -> Any:
    """An onnxruntime session (it ships no types), as at run time."""
    runtime = onnxruntime()
    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return runtime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def _call(session: Any, fed: dict[str, Any], clock: Clock) -> float:
    """Seconds of one call."""
    began_s = clock()
    session.run(None, fed)
    return clock() - began_s


def _example(session: Any) -> dict[str, Any]:
    """One clip of noise: zeros may be multiplied more quickly than numbers."""
    drawing = np.random.default_rng(1)
    return {
        one.name: drawing.random([1, *one.shape[1:]], np.float32) for one in session.get_inputs()
    }
