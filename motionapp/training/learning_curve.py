"""Would more recordings help? Trains on parts of the groups, and looks how much the last doubling
gained.

Knows groups and figures; how a network is trained and asked, it is told.

References
----------
Cortes, Jackel, Solla, Vapnik, Denker, "Learning curves: asymptotic values and rate of convergence",
NIPS 1993.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Collection, Container, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final, Literal

import numpy as np

from motionapp.core.errors import DataSetError, SettingsError
from motionapp.runtime.threads import usable_cores
from motionapp.training.intervals import spread_of
from motionapp.training.named import Named
from motionapp.training.progress import Progress
from motionapp.training.rejection import share

SHARES: Final = (0.25, 0.5, 1.0)
"""Of the groups that a fold trains on."""
SURE: Final = 2.0
"""Standard errors: a gain below so many could be chance (one in twenty)."""
LITTLE: Final = 0.01
"""One point more for twice the recordings is not worth recording them."""

Verdict = Literal["more", "enough", "worse", "open"]

NameHeldOut = Callable[[frozenset[str], frozenset[str], Progress], Sequence[Named]]
"""Trains without two sets of groups, those held out and those left out, and names the recordings of
the first."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a training on a part of a fold's training side may look at."""

    fold: int
    held_out: frozenset[str]
    taught: frozenset[str]
    left_out: frozenset[str]
    """Groups of the training side that are in no part so small."""


def nested_parts(
    shown: Mapping[str, frozenset[str]],
    held_out: frozenset[str],
    *,
    shares: Sequence[float] = SHARES,
    seed: int,
    fold: int = 0,
) -> tuple[Part, ...]:
    """Parts of a fold's training side: whole groups, each part within the next larger one.

    Parameters
    ----------
    shown : mapping of str to frozenset of str
        What each group of the data set shows.
    held_out : frozenset of str
        The fold's groups, which are in no part.
    shares : sequence of float
        Above 0, at most 1, rising.
    seed : int
        Decides which groups come first, with `fold`.
    fold : int
        Its number.

    Returns
    -------
    tuple of Part
        As long as `shares`. Every part shows all that the whole side shows, so that a small one may
        be larger than its share, and two of them may be the same.
    """
    side = sorted(set(shown) - held_out)
    drawing = np.random.default_rng([seed, fold])
    drawn = [side[place] for place in drawing.permutation(len(side))]
    first = _covering(drawn, shown)
    ordered = [*first, *(group for group in drawn if group not in first)]
    parts = []
    for part in shares:
        count = max(1, len(first), round(part * len(side)))
        taught = frozenset(ordered[:count])
        parts.append(Part(fold, held_out, taught, frozenset(side) - taught))
    return tuple(parts)


def _covering(drawn: Sequence[str], shown: Mapping[str, frozenset[str]]) -> list[str]:
    """The first groups, in the order drawn, that each show something new: together, all."""
    chosen: list[str] = []
    seen: set[str] = set()
    for group in drawn:
        if shown[group] - seen:
            chosen.append(group)
            seen |= shown[group]
    return chosen


def learning_curve(
    shown: Mapping[str, frozenset[str]],
    folds: Sequence[frozenset[str]],
    labels: Sequence[str],
    whole: Sequence[Named],
    name_held_out: NameHeldOut,
    progress: Progress,
    *,
    seed: int,
) -> dict[str, Any] | None:
    """How right names are by how many groups were trained on.

    Parameters
    ----------
    shown : mapping of str to frozenset of str
        What each group shows.
    folds : sequence of frozenset of str
        The groups that each holds out.
    labels : sequence of str
        In the order of the probabilities.
    whole : sequence of Named
        What networks that were trained on all of each fold's side made of what it held out.
    name_held_out : callable
        Is called once for each smaller part of each fold, from several threads.
    progress : Progress
    seed : int
        Decides which groups the parts have.

    Returns
    -------
    dict or None
        `points`, that of the smallest share first, and `gain`: what twice as many groups brought
        last. None where no fold has groups enough for two parts.

    Notes
    -----
    Parts that cannot be learnt from (no group can be spared to tell when to end, say) are told and
    left out: all else has been measured by then.
    """
    parts = [
        nested_parts(shown, held_out, seed=seed, fold=fold) for fold, held_out in enumerate(folds)
    ]
    smaller = list(dict.fromkeys(part for each in parts for part in each if part.left_out))
    if not smaller:
        return None
    named = _train_all(smaller, name_held_out, progress)
    for each in parts:
        held_out = each[-1].held_out
        named[each[-1]] = [one for one in whole if one.sample.fold_group in held_out]
    rights = {part: _by_group(answers, labels) for part, answers in named.items()}
    distinct = _distinct(parts, rights)
    if len(distinct) < 2:
        return None
    return {
        "points": [_point(column, rights) for column in distinct],
        "gain": _gain(distinct[-2], distinct[-1], rights),
    }


def _distinct(parts: Sequence[Sequence[Part]], measured: Container[Part]) -> list[list[Part]]:
    """The parts of all folds by share, where each was measured and some differ from the next."""
    columns = [[each[place] for each in parts] for place in range(len(SHARES))]
    columns = [one for one in columns if all(part in measured for part in one)]
    return [one for one, after in zip(columns, [*columns[1:], None], strict=True) if one != after]


@dataclass(slots=True)
class _Right:
    """How many of a group's recordings and windows are right, of how many."""

    clips: int = 0
    right_clips: int = 0
    windows: int = 0
    right_windows: int = 0


_Rights = Mapping[Part, Mapping[str, _Right]]
"""By part and by group held out."""


def _by_group(named: Sequence[Named], labels: Sequence[str]) -> dict[str, _Right]:
    order = {label: number for number, label in enumerate(labels)}
    found: dict[str, _Right] = {}
    for one in named:
        if not one.has_name:
            continue
        truth, right = order[one.sample.label], found.setdefault(one.sample.fold_group, _Right())
        right.clips += 1
        right.right_clips += one.best == truth
        right.windows += len(one.probabilities)
        if len(one.probabilities):
            right.right_windows += int(np.sum(one.probabilities.argmax(1) == truth))
    return found


def _point(column: Sequence[Part], rights: _Rights) -> dict[str, Any]:
    """The figures of all folds together, trained on one share."""
    groups = [one for part in column for one in rights[part].values()]
    of_folds = [
        right / windows
        for part in column
        for right, windows in [_windows(rights[part].values())]
        if windows
    ]
    spread = spread_of(of_folds)
    deviation = None if spread is None else spread.deviation
    clips, (right, windows) = sum(one.clips for one in groups), _windows(groups)
    return {
        "groups": round(statistics.fmean(len(part.taught) for part in column), 2),
        "clip_accuracy": share(sum(one.right_clips for one in groups), clips),
        "window_accuracy": share(right, windows),
        "window_deviation": None if deviation is None else round(deviation, 4),
    }


def _windows(groups: Collection[_Right]) -> tuple[int, int]:
    """How many windows are right, and of how many."""
    return sum(one.right_windows for one in groups), sum(one.windows for one in groups)


def _gain(before: Sequence[Part], after: Sequence[Part], rights: _Rights) -> dict[str, Any] | None:
    """What twice as many groups brought: the mean over the groups held out, each against itself.

    Slopes are per doubling, since parts are not of exactly half the groups. They are of windows:
    of a few recordings of a group, one more is ten points.
    """
    slopes = [
        (_accuracy(rights[large][group]) - _accuracy(rights[small][group])) / doublings
        for small, large in zip(before, after, strict=True)
        if (doublings := math.log2(len(large.taught) / len(small.taught)))
        for group in sorted(rights[large])
        if group in rights[small] and rights[large][group].windows
    ]
    spread = spread_of(slopes)
    if spread is None:
        return None
    error = None if spread.deviation is None else spread.deviation / math.sqrt(spread.count)
    return {
        "per_doubling": round(spread.mean, 4),
        "standard_error": None if error is None else round(error, 4),
        "groups": spread.count,
        "verdict": verdict_of(spread.mean, error),
    }


def _accuracy(right: _Right) -> float:
    return right.right_windows / right.windows


def verdict_of(gain: float, error: float | None) -> Verdict:
    """Whether more recordings would help.

    Parameters
    ----------
    gain : float
        What twice as many groups brought, as a share of windows.
    error : float or None
        Its standard error; None where one group cannot tell it.

    Returns
    -------
    str
        ``more`` or ``worse`` where the gain is further from 0 than chance would take it, ``enough``
        where at most `LITTLE` could be hidden by chance, else ``open``.
    """
    if error is None:
        return "open"
    if gain - SURE * error > 0:
        return "more"
    if gain + SURE * error < 0:
        return "worse"
    return "enough" if gain + SURE * error <= LITTLE else "open"


def curve_line(curve: Mapping[str, Any] | None) -> str:
    """Whether more recordings would help, as a sentence."""
    if curve is None or curve["gain"] is None:
        return (
            "whether more recordings would help cannot be told: there are too few groups to train "
            "on a part of them"
        )
    gain = curve["gain"]
    points = f"{100 * gain['per_doubling']:+.1f}"
    error = gain["standard_error"]
    off = "" if error is None else f" ± {100 * error:.1f}"
    of = f"the last doubling of groups brought {points}{off} points of windows"
    return {
        "more": f"more recordings would help, best of new groups: {of}",
        "enough": f"more recordings of this kind would hardly help: {of}",
        "worse": f"more recordings of this kind made it worse: {of}; look at the labels of the "
        "recordings it is worst at",
        "open": f"whether more recordings would help is not certain: {of}, which chance alone "
        "could bring",
    }[gain["verdict"]]


def _train_all(
    parts: Sequence[Part], name_held_out: NameHeldOut, progress: Progress
) -> dict[Part, Sequence[Named]]:
    """Train on each part, side by side, and end them all when one has to.

    Returns
    -------
    dict
        Without those that cannot be learnt from.
    """
    bar = _PartsBar(progress, len(parts))
    named: dict[Part, Sequence[Named]] = {}
    with ThreadPoolExecutor(min(usable_cores(), len(parts)), thread_name_prefix="part") as threads:
        running = {
            threads.submit(name_held_out, part.held_out, part.left_out, bar.listener(number)): part
            for number, part in enumerate(parts)
        }
        try:
            for future in as_completed(running):
                part = running[future]
                try:
                    named[part] = future.result()
                except (DataSetError, SettingsError) as error:
                    groups = f"{len(part.taught)} group{'' if len(part.taught) == 1 else 's'}"
                    progress.say(f"the learning curve has no figure of {groups}: {error}")
        except BaseException:
            bar.stop()  # Ctrl-C, or one that failed: the others would go on for minutes
            raise
    return named


class _Stopped(Exception):
    """Ends a training of which nobody wants to know any more."""


class _PartsBar:
    """Adds up the steps of trainings that run side by side."""

    def __init__(self, progress: Progress, parts: int) -> None:
        self._progress = progress
        self._done = [0.0] * parts
        self._lock = Lock()
        self._is_stopped = False

    def stop(self) -> None:
        """Let every training end at its next step."""
        self._is_stopped = True

    def listener(self, number: int) -> Progress:
        """What one training tells its steps to."""
        return _PartProgress(self, number)

    def advance(self, number: int, share: float) -> None:
        """One of them is so far, 0 to 1."""
        if self._is_stopped:
            raise _Stopped
        with self._lock:
            self._done[number] = share
            whole = 100 * len(self._done)
            self._progress.advance("learning curve", int(100 * sum(self._done)), whole)


@dataclass(frozen=True, slots=True)
class _PartProgress:
    """Hears one training."""

    bar: _PartsBar
    number: int

    def say(self, line: str) -> None:
        """The same would be said of every part."""

    def advance(self, stage: str, done: int, total: int, said: str = "") -> None:
        """A step is done."""
        self.bar.advance(self.number, done / max(total, 1))
