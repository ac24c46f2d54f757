"""Names of rendered people: two who do different things side by side, and one who does three.

    python benchmarks/sequences.py [--frontend pose] [--classifier MODEL.onnx] [--scenes 20]
                                   [--only beside in_turn] [--json FILE]

*Beside*: whoever is nearest to a person's true box has a name; the one that most of the time is
theirs should be right. *In turn*: a named segment is right if a true one of its label shares half
of what the two cover together, F1@50 of Lea, Flynn, Vidal, Reiter, Hager, "Temporal convolutional
networks for action segmentation and detection", CVPR 2017. Borders are those between two movements
that were both found.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from motionapp.assembly import load_models, make_analysis
from motionapp.core.event import MOTION, UNKNOWN, Event
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.runtime.walk import walk
from motionapp.scenes.named import IN_PLACE, foot_row
from motionapp.scenes.people.actions import ACTIONS
from motionapp.scenes.people.body import Body
from motionapp.scenes.people.performance import Performance
from motionapp.scenes.scene import Backdrop, BackdropKind, Cue, Figure, Scene
from motionapp.scenes.truth import truth
from motionapp.settings import Settings, apply_changes
from motionapp.settings.tree import AnalysisSettings
from motionapp.sources.synthetic import SyntheticSource

FIRST_SEED: Final = 9_200_000
"""Reserved for tests: training never renders these."""
SIZE: Final = (960, 540)
KINDS: Final[tuple[BackdropKind, ...]] = ("stone", "plaster", "bricks", "street", "room", "park")
BEGINS_S: Final = 1.5
BESIDE_S: Final = 6.0
EACH_S: Final = (3.0, 5.0)
NO_NAMES: Final = (MOTION, UNKNOWN)
MEETS: Final = 0.2
OVERLAP: Final = 0.5
BARS: Final = {"beside": 0.95, "f1": 0.9, "border_s": 0.4}

Stretch = tuple[str, float, float]


def beside(seed: int) -> Scene:
    """One who stays in place, and another who does something else or goes away from them."""
    rng = np.random.default_rng([seed, 7])
    first, second = (str(name) for name in rng.permutation([*ACTIONS])[:2])
    if first not in IN_PLACE:
        first = str(rng.choice([name for name in IN_PLACE if name != second]))
    figures = (_doing(first, 0.2, rng), _doing(second, 0.75 if second in IN_PLACE else 0.4, rng))
    return _scene(f"beside-{seed}", seed, figures, BEGINS_S + BESIDE_S, rng)


def in_turn(seed: int) -> Scene:
    """One who does three things in place, without a pause."""
    rng = np.random.default_rng([seed, 8])
    names = [str(name) for name in rng.permutation(list(IN_PLACE))[:3]]
    who = _doing(names[0], float(rng.uniform(0.3, 0.7)), rng)
    begins_s, cues = BEGINS_S, []
    for name in names:
        # Each is seen as people usually film it: a jack from the side can hardly be told.
        act = replace(Performance.random(name, rng, direction=1), style=who.style)
        whole = max(1, round(float(rng.uniform(*EACH_S)) / act.period_s))
        cues.append(Cue(act, begins_s, begins_s + whole * act.period_s))
        begins_s = cues[-1].end_s
    return _scene(f"in-turn-{seed}", seed, (replace(who, cues=tuple(cues)),), begins_s, rng)


def _doing(name: str, place: float, rng: np.random.Generator) -> Figure:
    body, px_per_m = Body.random(rng), float(rng.uniform(0.17, 0.23)) * SIZE[1]
    act = Performance.random(name, rng, direction=1)
    cue = Cue(act, BEGINS_S, BEGINS_S + BESIDE_S)
    foot_px = place * SIZE[0], foot_row(SIZE, px_per_m)
    return Figure(body, foot_px, px_per_m, (cue,), act.heading_deg, act.style)


def _scene(
    name: str, seed: int, figures: tuple[Figure, ...], end_s: float, rng: np.random.Generator
) -> Scene:
    kind = KINDS[int(rng.integers(len(KINDS)))]
    return Scene(name, SIZE, round(end_s + 2.0, 2), seed, Backdrop(kind, seed, 0.72), figures)


def moments_of(scene: Scene, settings: AnalysisSettings) -> tuple[list[Moment], list[Event]]:
    """All that the road says of a scene."""
    source = SyntheticSource(scene)
    analysis = make_analysis(settings, load_models(settings), source_name=source.info.name)
    moments = list(walk(source.frames(), analysis))
    return moments, [event for moment in moments for event in moment.closed]


def names_beside(scene: Scene, settings: AnalysisSettings) -> list[tuple[str, str]]:
    """What each figure does, and what it was called for most of the time."""
    moments, _ = moments_of(scene, settings)
    called = [Counter[str]() for _ in scene.figures]
    for moment in moments:
        if moment.frame is None or not moment.groups:
            continue
        for figure in truth(scene, moment.frame.pts_s).figures:
            if figure.action is None or figure.box is None:
                continue
            near = max(moment.groups, key=lambda group: group.box.iou(Box(*figure.box)))
            if near.box.iou(Box(*figure.box)) >= MEETS and near.label is not None:
                called[figure.index][near.label] += 1
    return [
        (figure.cues[0].performance.action, _most(counts))
        for figure, counts in zip(scene.figures, called, strict=True)
    ]


def _most(counts: Counter[str]) -> str:
    """The commonest name; what is no name where there is none."""
    named = Counter({name: n for name, n in counts.items() if name not in NO_NAMES})
    return (named or counts or Counter({"nothing": 1})).most_common(1)[0][0]


def stretches_of(scene: Scene, settings: AnalysisSettings) -> tuple[list[Stretch], list[Stretch]]:
    """What the only figure does when, and what it was called when."""
    _, events = moments_of(scene, settings)
    told = sorted(
        (s.start_s, s.end_s, s.label)
        for event in events
        for s in event.segments
        if s.label not in NO_NAMES
    )
    true = [(cue.performance.action, cue.start_s, cue.end_s) for cue in scene.figures[0].cues]
    return true, [(label, start_s, end_s) for start_s, end_s, label in told]


def paired(true: Sequence[Stretch], told: Sequence[Stretch]) -> dict[int, int]:
    """Which told stretch is which true one; each is one at most."""
    pairs: dict[int, int] = {}
    for j, (label, start_s, end_s) in enumerate(told):
        for i, (name, from_s, to_s) in enumerate(true):
            both = min(end_s, to_s) - max(start_s, from_s)
            either = max(end_s, to_s) - min(start_s, from_s)
            if label == name and i not in pairs and both >= OVERLAP * either:
                pairs[i] = j
    return pairs


def border_errors(
    true: Sequence[Stretch], told: Sequence[Stretch], pairs: dict[int, int]
) -> list[float]:
    """How far off each border is between two movements that were found, in seconds."""
    errors = []
    for i in range(len(true) - 1):
        if i in pairs and i + 1 in pairs:
            border_s = true[i][2]
            errors += [told[pairs[i]][2] - border_s, told[pairs[i + 1]][1] - border_s]
    return [abs(error) for error in errors]


def measure_beside(settings: AnalysisSettings, scenes: int) -> dict[str, Any]:
    """Print and sum up who is called what beside another."""
    pairs = [pair for k in range(scenes) for pair in names_beside(beside(FIRST_SEED + k), settings)]
    wrong = Counter(f"{name} -> {said}" for name, said in pairs if said != name)
    right = 1 - sum(wrong.values()) / len(pairs)
    print(f"beside: {right:.1%} of {len(pairs)} named rightly (bar {BARS['beside']:.0%})")
    for what, count in wrong.most_common():
        print(f"  {what}: {count}")
    return {"right": right, "people": len(pairs), "wrong": dict(wrong)}


def measure_in_turn(settings: AnalysisSettings, scenes: int) -> dict[str, Any]:
    """Print and sum up what one does in turn."""
    hits = all_true = all_told = 0
    errors: list[float] = []
    for k in range(scenes):
        true, told = stretches_of(in_turn(FIRST_SEED + k), settings)
        pairs = paired(true, told)
        hits, all_true, all_told = hits + len(pairs), all_true + len(true), all_told + len(told)
        errors += border_errors(true, told, pairs)
        if len(pairs) < len(true) or len(told) > len(true):
            print(f"  seed {FIRST_SEED + k}: {_words(true)} | told {_words(told)}")
    f1 = 2 * hits / (all_true + all_told)
    at = np.quantile(errors, [0.5, 0.95]).round(2).tolist() if errors else [math.nan, math.nan]
    print(
        f"in turn: F1@50 {f1:.3f} (bar {BARS['f1']}), {hits} of {all_true} found, {all_told} told"
    )
    print(f"  borders off by {at[0]} s, 95 % within {at[1]} s (bar {BARS['border_s']} s)")
    return {"f1": f1, "true": all_true, "told": all_told, "hits": hits, "border_s": at}


def _words(stretches: Sequence[Stretch]) -> str:
    return ", ".join(f"{label} {start_s:.1f}-{end_s:.1f}" for label, start_s, end_s in stretches)


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--frontend", default="absdiff")
    parser.add_argument("--classifier", default="actions")
    parser.add_argument("--scenes", type=int, default=20)
    parser.add_argument("--only", nargs="+", choices=["beside", "in_turn"])
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    changes = {
        "analysis.frontend": options.frontend,
        "analysis.recognition.classifier": options.classifier,
    }
    settings = apply_changes(Settings(), changes).analysis
    figures = {}
    for name, measured in (("beside", measure_beside), ("in_turn", measure_in_turn)):
        if not options.only or name in options.only:
            figures[name] = measured(settings, options.scenes)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
