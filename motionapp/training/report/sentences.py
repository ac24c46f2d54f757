"""What each figure means and what to do about it, in a sentence or two.

Figures are those of `motionapp.training.scores.document`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

SEEN_ENOUGH: Final = 0.02
"""So close to the best, what is still gained by watching longer is not worth the wait."""
WELL_CALIBRATED: Final = 0.05
"""Scores that are off by less: nobody chooses a threshold more finely."""
ROUGHLY_CALIBRATED: Final = 0.1
"""Scores that are off by more are no probabilities."""
WEAK: Final = 0.8
"""A label, a group below it is worth a look."""
WIDE: Final = 0.2
"""An interval wider than this says little."""

Figures = Mapping[str, Any]


def percent(value: float | None) -> str:
    """A share for people, with a tenth only where it counts."""
    if value is None:
        return "–"
    number = 100 * value
    return f"{number:.0f}\u202f%" if number in (0, 100) else f"{number:.1f}\u202f%"


def listed(names: Sequence[str], most: int = 3) -> str:
    """Some names, as many as one can read."""
    more = len(names) - most
    if more > 0:
        return f"{', '.join(names[:most])} and {more} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def headline(figures: Figures) -> str:
    """How sure the headline is."""
    found = figures["interval"]["clips"]
    groups = len(figures["groups"])
    if found is None:
        return (
            f"All of it is of {groups} group{'' if groups == 1 else 's'}: how it would fare with "
            "another person, day or camera is not known. Record more groups."
        )
    said = (
        f"With recordings of other groups (other people, days or cameras), expect between "
        f"{percent(found['low'])} and {percent(found['high'])}: so far the figure may be off, with "
        f"95\u202f% certainty, for what {groups} groups can tell"
    )
    if found["high"] - found["low"] > WIDE:
        return f"{said}. That is wide: more groups, not more recordings of the same, narrow it."
    return f"{said}. Two models that differ by less are equally good."


def method(figures: Figures) -> str:
    """How the interval was found."""
    found, groups = figures["interval"]["clips"], len(figures["groups"])
    if found is None:
        return ""
    if found["method"] == "bootstrap over groups":
        return f"The interval is a bootstrap's: the {groups} groups, drawn again and again."
    return (
        f"The interval is Wilson's, for as many independent recordings as {groups} groups are "
        "worth: too few to be drawn again and again."
    )


def by_label(figures: Figures) -> str:
    """The weakest label, and which way it is weak."""
    rows = [row for row in figures["per_label"] if row["clips"]]
    weakest = min(rows, key=lambda row: row["f1"], default=None)
    if weakest is None:
        return ""
    if weakest["f1"] >= 1:
        return (
            "Every recording has its right name: the windows tell which label is the next to fail."
        )
    recall, precision = weakest["recall"], weakest["precision"]
    if precision is None:
        return (
            f"Nothing was ever called {weakest['label']}: look whether its recordings show it in "
            "the clip's time, and record more of it."
        )
    if recall < precision:
        return (
            f"The weakest is {weakest['label']}: only {percent(recall)} of its recordings are "
            "called so. Record more of it, by more groups."
        )
    return (
        f"The weakest is {weakest['label']}: of what is called so, {percent(precision)} is. Record "
        "more of what is taken for it, or label that unknown if it has no name."
    )


def confusion(figures: Figures) -> str:
    """The commonest mistake."""
    labels = figures["labels"]
    worst = max(
        (
            (count, truth, said)
            for truth, row in enumerate(figures["confusion"])
            for said, count in enumerate(row[:-1])
            if said != truth and count
        ),
        key=lambda one: one[0],
        default=None,
    )
    silent = sum(row[-1] for row in figures["confusion"])
    nothing = (
        f" Of {silent}, no window was cut: nothing moved for long enough; shorter clips "
        "(--clip-s) or longer recordings help."
        if silent
        else ""
    )
    if worst is None:
        return f"No recording was called something else.{nothing}"
    count, truth, said = worst
    whole = sum(figures["confusion"][truth])
    return (
        f"Most often {labels[truth]} is called {labels[said]} ({count} of {whole}). Look at these "
        "recordings first: where you cannot tell them apart either, give the two one label, or the "
        f"network longer clips (--clip-s).{nothing}"
    )


def rejection(figures: Figures) -> str:
    """What declining costs and saves."""
    after, before = figures["after_rejection"], figures["window_accuracy"]
    if before is None or after["right"] is None:
        return ""
    wrong_before = 1 - before
    if not after["unknown"]:
        return (
            "The model is sure enough of every window, and declines none. A higher threshold "
            "(analysis.recognition.threshold) would decline some of the wrong names, and of the "
            "right ones."
        )
    return (
        f"By declining what it is not sure of, the model gives {percent(after['wrong'])} wrong "
        f"names instead of {percent(wrong_before)}, and loses "
        f"{percent(max(0.0, before - after['right']))} right ones. A higher threshold "
        "(analysis.recognition.threshold) trades more of the one for more of the other."
    )


def calibration(figures: Figures) -> str:
    """Whether a score means what it says."""
    found = figures["calibration"]
    if found is None or found["error"] is None:
        return ""
    before = found["error_before"]
    was = "" if before is None else f" (before calibration {100 * before:.1f})"
    said = f"A score is off by {100 * found['error']:.1f} points on average{was}."
    if found["error"] <= WELL_CALIBRATED:
        return f"{said} Scores mean what they say: of windows at 0.8, about 80\u202f% are right."
    if found["error"] <= ROUGHLY_CALIBRATED:
        return (
            f"{said} Scores mean roughly what they say: bars below the diagonal promise too much, "
            "bars above too little. More held-out windows (--protocol logo or kfold) calibrate "
            "better."
        )
    return (
        f"{said} Bars below the diagonal promise too much, bars above too little: do not read "
        "scores as probabilities, and choose thresholds by the table of what is declined. More "
        "held-out windows (--protocol logo or kfold) calibrate better."
    )


def seconds_seen(figures: Figures) -> str:
    """How long it takes to be as right as it gets."""
    steps = figures["seconds_seen"]
    if not steps:
        return ""
    best = max(step["right"] for step in steps)
    enough = next(step for step in steps if step["right"] >= best - SEEN_ENOUGH)
    later = steps[-1]["seconds"] > enough["seconds"]
    said = f"After {enough['seconds']:g} s of movement {percent(enough['right'])} are named rightly"
    if later:
        return (
            f"{said}, and hardly more later: events need not last longer to be named. Where names "
            "must come sooner, train with shorter clips (--clip-s)."
        )
    return f"{said}, and each second before helped: longer recordings or clips may help, too."


def groups(figures: Figures) -> str:
    """Who or what is named worst."""
    rows = [row for row in figures["groups"] if row["window_accuracy"] is not None]
    silent = [row["group"] for row in figures["groups"] if row["window_accuracy"] is None]
    if not silent:
        return _weakest(rows, is_all=True)
    return (
        f"There is no window of {', '.join(silent)}: in those recordings nothing moves for long "
        f"enough, or nobody is found; `motionapp why` says which. {_weakest(rows, is_all=False)}"
    )


def _weakest(rows: list[Figures], *, is_all: bool) -> str:
    """Of the groups with windows."""
    if len(rows) < 2:
        return "With one group only, nothing can be compared."
    weakest = min(rows, key=lambda row: (row["clip_accuracy"], row["window_accuracy"]))
    if weakest["clip_accuracy"] >= WEAK:
        return (
            f"{'All' if is_all else 'The other'} groups fare alike; the weakest is "
            f"{weakest['group']} with "
            f"{percent(weakest['window_accuracy'])} of windows."
        )
    return (
        f"The weakest is {weakest['group']}: {percent(weakest['clip_accuracy'])} of its "
        "recordings. Look what is different there (clothes, distance, side, light, camera) and "
        "record more of its kind: the network has seen nothing like it."
    )


def folds(figures: Figures) -> str:
    """What differences mean nothing."""
    spread = figures["fold_spread"]["windows"]
    if spread is None:
        return ""
    if spread["deviation"] is None:
        return (
            "One part was held out: by chance it may be an easy or a hard one. --protocol kfold:5 "
            "or logo holds out each group once."
        )
    return (
        f"From fold to fold the windows' figure differs by ± {100 * spread['deviation']:.1f} "
        "points: what another choice gains by less is chance until both are compared fold by fold."
    )


def history(records: Sequence[Mapping[str, Any]]) -> str:
    """Whether training went on for too long, or not for long enough."""
    held = [one for one in records if one.get("held_out_loss") is not None]
    if len(held) >= 3:
        best, last = min(held, key=lambda one: one["held_out_loss"]), held[-1]
        if last["held_out_loss"] > 1.05 * best["held_out_loss"]:
            return _past_its_best(best, last)
    losses = [one["loss"] for one in records if one.get("loss") is not None]
    if len(losses) >= 8 and min(losses[-2:]) < 0.95 * min(losses[: -len(losses) // 4]):
        return "The loss still falls at the end: more epochs may help."
    return "The loss has come to rest: more epochs would not help."


WORST: Final = (
    "The most confident mistakes teach most. Is the label wrong? Mend it in the data set. Do the "
    "maps show another body, or nothing? Mark the body by a box (x0,y0,x1,y1), or shorten the "
    "stretch. Do they look like what was said? Then record more of both. Does it show none of the "
    "labels? Then label it unknown."
)
UNREADABLE: Final = (
    "These are part of no figure. Encode them anew (ffmpeg -i OLD NEW.mp4), or take them out of "
    "the data set."
)


def _past_its_best(best: Mapping[str, Any], last: Mapping[str, Any]) -> str:
    """What came after the best step; its network is the one that was kept (`early.Watch`)."""
    kept = f"The network of step {best['step']} was kept."
    if last["loss"] < best["loss"]:
        return (
            "The loss on what was held out rises again while that of training falls: it learns "
            f"its recordings by heart. {kept} More dropout, a smaller network or more recordings "
            "help."
        )
    return (
        f"The loss on what was held out got no better after step {best['step']}. {kept} More "
        "epochs would not help."
    )
