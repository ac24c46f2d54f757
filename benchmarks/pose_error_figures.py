"""How wrong points are, in figures: what `pose_errors` measures, by kind of point and height."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from motionapp.training.pose_errors import HEIGHTS_PX, KIND_OF, KINDS

Points = NDArray[np.float64]

ASTRAY: Final = 0.15
"""A point that is drawn and farther off than that is not where its limb is: a forearm's length."""
GAP: Final = 0.1
"""`draw_limbs` leaves out what scores less."""
NEIGHBOURS: Final = (
    (0, 1), (0, 2), (1, 3), (2, 4), (5, 7), (7, 9), (6, 8), (8, 10), (11, 13), (13, 15), (12, 14),
    (14, 16),
)  # fmt: skip
"""Pairs of points of a limb."""
APART: Final = ((0, 9), (0, 10), (0, 15), (0, 16), (7, 8), (9, 15), (10, 16), (13, 14), (7, 13))
"""Pairs of points of two limbs."""
LAGS_S: Final = np.arange(0.0, 1.21, 0.04)
FEW: Final = 50
"""Of fewer points nothing is taken."""


@dataclass(slots=True)
class Seen:
    """One frame of somebody: errors in statures, left and right put right, and scores."""

    t_s: float
    pose: NDArray[np.float32]
    """As it was found, in pixels."""
    errors: Points
    scores: NDArray[np.float32]
    is_hidden: NDArray[np.bool_]
    swaps: tuple[bool | None, bool | None]
    """Of arms and legs; None where both sides fit."""


@dataclass(slots=True)
class Spells:
    """How much of the time something is so, and for how long at once."""

    so_s: float = 0.0
    all_s: float = 0.0
    ends: int = 0

    def add(self, states: Sequence[bool], step_s: float) -> None:
        """States of successive frames."""
        self.all_s += len(states) * step_s
        self.so_s += sum(states) * step_s
        self.ends += sum(a and not b for a, b in pairwise(states))

    @property
    def told(self) -> tuple[float, float]:
        """Share and mean length in s; what ends with the recording counts as far as it is seen."""
        return self.so_s / max(self.all_s, 1e-9), self.so_s / max(self.ends, 1)


@dataclass(slots=True)
class Measured:
    """Everything that was seen, by height."""

    tracks: list[tuple[int, float, list[Seen | None]]] = field(default_factory=list)
    """Height, seconds between frames, and the frames; None where nobody was found."""
    looked_for: dict[int, list[int]] = field(default_factory=dict)


def figures(measured: Measured) -> dict[str, Any]:
    """All figures of the table."""
    told: dict[str, Any] = {
        name: kind_figures(measured, number) for number, name in enumerate(KINDS)
    }
    told["hidden"] = kind_figures(measured, None)
    swaps = [Spells(), Spells(), Spells()]
    lost = {tall_px: Spells() for tall_px in HEIGHTS_PX}
    for tall_px, step_s, frames in measured.tracks:
        lost[tall_px].add([frame is None for frame in frames], step_s)
        kept = [frame for frame in frames if frame is not None]
        states = list(zip(*(held([f.swaps[k] for f in kept]) for k in (0, 1)), strict=True))
        for spells, of in zip(swaps, ((True, False), (False, True), (True, True)), strict=True):
            spells.add([state == of for state in states], step_s)
    told["swaps"] = dict(zip(("arms", "legs", "both"), (s.told for s in swaps), strict=True))
    told["lost"] = [lost[tall_px].told[0] for tall_px in HEIGHTS_PX]
    everybody = sum(s.so_s for s in lost.values()), sum(s.ends for s in lost.values())
    told["lost_s"] = everybody[0] / max(everybody[1], 1)
    told["together"] = together_of(measured)
    told["found"] = [measured.looked_for.get(tall_px, [0, 0]) for tall_px in HEIGHTS_PX]
    return told


def together_of(measured: Measured) -> dict[str, float]:
    """How alike the errors and scores of two points of a person are at one time.

    Correlations: of errors of neighbours in a limb, of scores in different limbs. `astray` and
    `gap`: of two neighbours, while the rarer is so, how much of the time the other is.
    """
    frames = [f for _, _, track in measured.tracks for f in track if f is not None]
    scores = np.array([f.scores for f in frames], np.float64)
    errors = np.array([f.errors for f in frames])
    off = np.linalg.norm(errors, axis=2)
    is_shown = ~np.array([f.is_hidden for f in frames])
    is_near = is_shown & (scores >= GAP) & (off <= ASTRAY)
    is_far, is_gap = is_shown & (scores >= GAP) & (off > ASTRAY), is_shown & (scores < GAP)
    limb, score = list[float](), list[float]()
    for a, b in NEIGHBOURS:
        both = is_near[:, a] & is_near[:, b]
        limb.append(alike(errors[both, a], errors[both, b]))
    for a, b in APART:
        both = is_near[:, a] & is_near[:, b]
        score.append(alike(*(scores[both, k] - scores[both, k].mean() for k in (a, b))))
    told = {"limb": float(np.mean(limb)), "score": float(np.mean(score))}
    for name, are_so in (("astray", is_far), ("gap", is_gap)):
        jointly = sum(int((are_so[:, a] & are_so[:, b]).sum()) for a, b in NEIGHBOURS)
        rarer = sum(int(are_so[:, [a, b]].sum(axis=0).min()) for a, b in NEIGHBOURS)
        told[name] = jointly / max(rarer, 1)
    return told


def alike(one: Points, other: Points) -> float:
    """Correlation of numbers whose mean is 0; 0 of nothing."""
    size = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / size if size else 0.0


def held(states: Sequence[bool | None]) -> list[bool]:
    """States where those that nobody can tell are as before."""
    last, told = False, []
    for state in states:
        last = last if state is None else state
        told.append(last)
    return told


def kind_figures(measured: Measured, kind: int | None) -> dict[str, Any]:
    """Of one kind of point; of all behind a screen where `kind` is None."""
    of = np.ones(17, np.bool_) if kind is None else kind == KIND_OF
    lines = [
        Line(tall_px, step_s, *columns)
        for tall_px, step_s, frames in measured.tracks
        for run in unbroken(frames, step_s)
        for columns in lines_of(run, of, is_hidden=kind is None)
    ]
    gap, far = ({tall_px: Spells() for tall_px in HEIGHTS_PX} for _ in range(2))
    for line in lines:
        gap[line.tall_px].add((line.scores < GAP).tolist(), line.step_s)
        far[line.tall_px].add((line.is_drawn & ~line.is_near).tolist(), line.step_s)
    told: dict[str, Any] = {"points": [], "sd": [], "score": []}
    for tall_px in HEIGHTS_PX:
        own = [line for line in lines if line.tall_px == tall_px]
        told["points"].append(sum(len(line.scores) for line in own))
        told["sd"].append(rms([line.errors[line.is_near] for line in own]))
        told["score"].append(mean([line.scores[line.is_drawn] for line in own]))
    usual = dict(zip(HEIGHTS_PX, told["score"], strict=True))
    offs = [(line.scores - usual[line.tall_px])[line.is_drawn] for line in lines]
    return told | {
        "gap": [gap[t].told[0] for t in HEIGHTS_PX], "gap_s": length_of(gap.values()),
        "astray": [far[t].told[0] for t in HEIGHTS_PX], "astray_s": length_of(far.values()),
        "astray_sd": rms([line.errors[line.is_drawn & ~line.is_near] for line in lines]),
        "all_sd": rms([line.errors[line.is_drawn] for line in lines]),
        "slope": slope_of(lines), "score_sd": rms([off[:, None] for off in offs]),
        **memory_of(lines, usual),
    }  # fmt: skip


@dataclass(slots=True)
class Line:
    """One point through successive frames."""

    tall_px: int
    step_s: float
    errors: Points
    scores: Points

    @property
    def is_drawn(self) -> NDArray[np.bool_]:
        """Whether limbs with this point are."""
        return self.scores >= GAP

    @property
    def is_near(self) -> NDArray[np.bool_]:
        """Whether it is drawn and not astray."""
        return self.is_drawn & (np.linalg.norm(self.errors, axis=1) <= ASTRAY)


def lines_of(
    run: Sequence[Seen], of: NDArray[np.bool_], *, is_hidden: bool
) -> Iterator[tuple[Points, Points]]:
    """Errors and scores of each point that is (not) behind a screen all the while."""
    where = np.array([frame.is_hidden == is_hidden for frame in run]) & of
    for point in np.flatnonzero(where.all(axis=0)):
        errors = np.array([frame.errors[point] for frame in run])
        yield errors, np.array([frame.scores[point] for frame in run], np.float64)


def unbroken(frames: Sequence[Seen | None], step_s: float) -> Iterator[list[Seen]]:
    """Runs of frames in which somebody was found."""
    run: list[Seen] = []
    for frame in (*frames, None):
        if frame is not None and (not run or frame.t_s - run[-1].t_s < 1.5 * step_s):
            run.append(frame)
        elif run:
            yield run
            run = [] if frame is None else [frame]


def slope_of(lines: Sequence[Line]) -> float:
    """How much the logarithm of an error falls from score 0 to 1."""
    errors = np.concatenate([np.zeros((0, 2)), *(line.errors[line.is_near] for line in lines)])
    scores = np.concatenate([np.zeros(0), *(line.scores[line.is_near] for line in lines)])
    bands = np.clip((10 * scores).astype(int), 1, 8)
    rows = [
        (scores[bands == k].mean(), np.log(rms([errors[bands == k]])), (bands == k).sum())
        for k in range(1, 9)
        if (bands == k).sum() >= FEW
    ]
    if len(rows) < 2:
        return 0.0
    x, y, weight = (np.array(column) for column in zip(*rows, strict=True))
    return float(-np.polyfit(x, y, 1, w=np.sqrt(weight))[0])


def memory_of(lines: Sequence[Line], usual: dict[int, float]) -> dict[str, float]:
    """What of errors and scores stays for a second, and when the rest is forgotten."""
    products = [[list[Points]() for _ in LAGS_S] for _ in range(2)]
    for line in lines:
        near, off = line.is_near, (line.scores - usual[line.tall_px])[:, None]
        for k, lag_s in enumerate(LAGS_S):
            shift = round(lag_s / line.step_s)
            if shift >= len(near) or abs(shift * line.step_s - lag_s) > 0.02:
                continue
            both = near[: len(near) - shift] & near[shift:]
            for kept, values in zip(products, (line.errors, off), strict=True):
                kept[k].append((values[: len(near) - shift] * values[shift:])[both].ravel())
    told: dict[str, float] = {}
    for name, kept in zip(("", "score_"), products, strict=True):
        covariance = np.array([mean(parts) for parts in kept])
        alike = covariance / max(covariance[0], 1e-12)
        steady = float(np.clip(np.mean(alike[LAGS_S >= 0.6]), 0.0, 0.95))
        # The rest, at the first lags: an exponential with this mean over 0.4 s.
        rest = np.clip((alike[LAGS_S <= 0.4] - steady) / (1 - steady), 0.0, 1.0)
        told |= {f"{name}steady": steady, f"{name}memory_s": float(np.trapezoid(rest, dx=0.04))}
    return told


def rms(parts: Sequence[Points]) -> float:
    """Root of the mean square; 0 of nothing."""
    whole = np.concatenate([np.zeros(0), *(part.ravel() for part in parts)])
    return float(np.sqrt((whole**2).mean())) if whole.size else 0.0


def mean(parts: Sequence[Points]) -> float:
    """0 of nothing."""
    whole = np.concatenate([np.zeros(0), *(part.ravel() for part in parts)])
    return float(whole.mean()) if whole.size else 0.0


def length_of(spells: Iterable[Spells]) -> float:
    """Seconds at once, of all together."""
    every = list(spells)
    return sum(one.so_s for one in every) / max(sum(one.ends for one in every), 1)
