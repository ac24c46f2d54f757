"""`motionapp bench FILE`: how long each stage of the road takes, beside decoding alone."""

from __future__ import annotations

import argparse
import math
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from motionapp.cli.options import add_analysis_options, settings_from
from motionapp.core.errors import SettingsError, SourceError

if TYPE_CHECKING:
    from motionapp.core.models import Models
    from motionapp.settings import AnalysisSettings

DECODE = "decode only"
DECODED_S = 10.0
"""Of a recording, where nothing else is asked for: long enough to come past its first key picture
several times."""
USUAL_HZ = 25.0
"""Where a recording does not say its rate."""


@dataclass(slots=True)
class Timed:
    """One way of walking the road, and how long each walk took."""

    name: str
    walk: Callable[[], int]
    """Gives how many frames went by."""
    seconds: list[float] = field(default_factory=list)
    frames: int = 0

    @property
    def ms_per_frame(self) -> float:
        """Of the median round."""
        return statistics.median(self.seconds) / max(1, self.frames) * 1e3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the file, the number of rounds, and the analysis options."""
    parser.add_argument("file", metavar="FILE", help="a recording, or synthetic:NAME")
    parser.add_argument(
        "--rounds", type=int, default=3, metavar="N", help="how often each is timed (default: 3)"
    )
    parser.add_argument(
        "--seconds", type=float, metavar="S", help="time only so much of the recording"
    )
    parser.add_argument(
        "--decoding",
        action="store_true",
        help="time decoding alone: threads for each file against files at the same time",
    )
    add_analysis_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Time everything in interleaved rounds, and print two tables."""
    if arguments.rounds < 1:
        raise SettingsError(f"--rounds {arguments.rounds}: at least 1 is needed")
    if arguments.seconds is not None and not arguments.seconds > 0:
        raise SettingsError(f"--seconds {arguments.seconds:g}: more than 0 is needed")
    if arguments.decoding:
        print("\n".join(_decoding(arguments)))
        return 0
    settings = settings_from(arguments).analysis
    from motionapp.assembly import load_models, open_source
    from motionapp.core.models import Models
    from motionapp.runtime import apply_threads, plan_threads

    threads = plan_threads()
    apply_threads(threads)
    models = load_models(settings, threads=threads.network)
    probe = open_source(arguments.file)
    is_live = probe.info.is_live
    probe.close()
    if is_live:
        raise SourceError(f"{probe.info.name} has its own clock: time a recording")

    def walk(road: tuple[AnalysisSettings, Models] | None) -> Callable[[], int]:
        return lambda: _walk(arguments.file, road, arguments.seconds, threads.decode)[0]

    timed = [
        Timed(DECODE, walk(None)),
        Timed(f"{settings.frontend}, tracking, events", walk((settings, Models()))),
    ]
    if models.recogniser is not None:
        named = settings.recognition.classifier
        timed.append(Timed(f"... and the classifier {named}", walk((settings, models))))
    elif models.note:
        print(f"motionapp: {models.note}", file=sys.stderr)
    _time(timed, arguments.rounds)
    print("\n".join(ratio_table(timed)))
    # A walk of its own, since the stopwatch takes time too.
    frames, stage_s = _walk(
        arguments.file,
        (settings, models),
        arguments.seconds,
        threads.decode,
        time.perf_counter_ns,
    )
    print()
    print("\n".join(stage_table(stage_s, frames)))
    return 0


def _decoding(arguments: argparse.Namespace) -> list[str]:
    """How fast each way of sharing the cores decodes, as a table."""
    from motionapp.assembly import open_source
    from motionapp.runtime.decoding_speed import rates, sharings
    from motionapp.runtime.threads import usable_cores

    probe = open_source(arguments.file)
    info = probe.info
    probe.close()
    if info.is_live:
        raise SourceError(f"{info.name} has its own clock: time a recording")
    seconds = DECODED_S if arguments.seconds is None else arguments.seconds
    found = rates(
        [arguments.file],
        sharings(usable_cores()),
        lambda spec, threads: open_source(spec, decode_threads=threads),
        rounds=arguments.rounds,
        frames=max(1, round(seconds * (info.rate_hz or USUAL_HZ))),
    )
    base = next(iter(found.values()))
    lines = [f"{'':44}{'frames/s':>10}{'to the first':>14}"]
    lines += [f"{way.name:44}{rate:10.0f}{rate / base:14.2f}" for way, rate in found.items()]
    lines.append(f"medians of {arguments.rounds} interleaved rounds; the first is what batch does")
    lines.append("with as many --workers as cores; one worker has the third. It changes no result.")
    return lines


def ratio_table(timed: list[Timed]) -> list[str]:
    """Milliseconds a frame, and speed as a share of that of decoding, round by round."""
    base = timed[0]
    lines = [f"{'':34}{'ms/frame':>10}{'frames/s':>10}{'of decoding':>13}"]
    for each in timed:
        ratios = [b / max(s, 1e-9) for b, s in zip(base.seconds, each.seconds, strict=True)]
        rate = 1e3 / max(each.ms_per_frame, 1e-9)
        ratio = statistics.median(ratios)
        lines.append(f"{each.name:34}{each.ms_per_frame:10.2f}{rate:10.0f}{ratio:13.2f}")
    lines.append(f"medians of {len(base.seconds)} interleaved rounds over {base.frames} frames")
    return lines


def stage_table(stage_s: dict[str, float], frames: int) -> list[str]:
    """Where the time goes within the analysis."""
    whole_s = sum(stage_s.values())
    lines = [f"{'stage':34}{'ms/frame':>10}{'share':>10}"]
    for stage, spent_s in stage_s.items():
        share = spent_s / whole_s if whole_s else 0.0
        lines.append(f"{stage:34}{spent_s / max(1, frames) * 1e3:10.3f}{share:10.0%}")
    return lines


def _time(timed: list[Timed], rounds: int) -> None:
    """All of them in every round: a machine that gets slower does so for all."""
    for _ in range(rounds):
        for each in timed:
            began_s = time.perf_counter()
            each.frames = each.walk()
            each.seconds.append(time.perf_counter() - began_s)
    if not timed[0].frames:
        raise SourceError("there is no picture to time")


def _walk(
    spec: str,
    road: tuple[AnalysisSettings, Models] | None,
    until_s: float | None,
    decode_threads: int,
    clock: Callable[[], int] | None = None,
) -> tuple[int, dict[str, float]]:
    """Read a recording once; how many frames went by, and the seconds of each stage."""
    from motionapp.assembly import make_analysis, open_source
    from motionapp.runtime.span import Span
    from motionapp.runtime.vectors import with_vectors
    from motionapp.runtime.walk import walk

    span = Span(end_s=math.inf if until_s is None else until_s)
    source = open_source(spec, decode_threads=decode_threads)
    if road is not None:
        source = with_vectors(source, road[0])
    try:
        frames = span.until_end(source.frames())
        if road is None:
            return sum(1 for _ in frames), {}
        analysis = make_analysis(*road, source_name=source.info.name, clock=clock)
        return sum(moment.frame is not None for moment in walk(frames, analysis)), analysis.stage_s
    finally:
        source.close()
