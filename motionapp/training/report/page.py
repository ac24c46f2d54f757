"""The report of a measurement: its figures become one page."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from motionapp.core.representation import Representation
from motionapp.sinks.report.templates import Pages, render
from motionapp.training.album import Wrong
from motionapp.training.learning_curve import curve_line
from motionapp.training.report import sentences
from motionapp.training.report.charts import (
    Axis,
    Bar,
    Chart,
    Line,
    Tick,
    chart,
    numbers_axis,
    shares_axis,
)
from motionapp.training.report.pictures import frame_at, tile_uris
from motionapp.training.report.sentences import percent
from motionapp.training.scores import title_of

MOST_LABELS_ACROSS: Final = 24
"""Of more, a table of who is called what cannot be read; the mistakes are listed all the same."""
MOST_MISTAKES: Final = 100
"""Cells of the confusion that are listed, the largest ones."""
MOST_NAMES: Final = 30
"""Recordings listed of one mistake."""
MOST_ROWS: Final = 200
"""Of a table of groups or folds, the weakest ones."""

FEW: Final = 10
"""Windows of one range of scores: of fewer, one window more is ten points."""

_PAGES: Final = Pages(__package__, ("evaluation.html",), "evaluation.css")

Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mistake:
    """Recordings of one label that were called the same other name."""

    label: str
    said: str | None
    """None where no window was cut."""
    count: int
    recordings: tuple[str, ...]
    """With their scores; not more than are listed."""


@dataclass(frozen=True, slots=True)
class Cell:
    """How often a label was called what."""

    count: int
    level: int
    """The share of the row, 0 to 10."""
    is_right: bool
    mistake: int | None
    """The number of the mistake that lists them, from 1."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A window as it is shown."""

    wrong: Wrong
    frame: str | None
    tiles: tuple[str, ...]


def page(figures: Figures, wrongs: Sequence[Wrong], representation: Representation) -> str:
    """The whole of a ``report.html``.

    Parameters
    ----------
    figures : mapping
        See `motionapp.training.scores.document`.
    wrongs : sequence of Wrong
        The worst windows. Their recordings are opened for a picture each.
    representation : Representation
        Of their maps.

    Returns
    -------
    str
        HTML that needs nothing else.
    """
    listed = mistakes(figures)
    return render(
        "evaluation.html",
        of=_PAGES,
        figures=figures,
        how=figures["how"],
        shape=representation,
        said=sentences,
        percent=percent,
        mistakes=listed,
        table=confusion_cells(figures, listed),
        groups=_weakest(figures["groups"]),
        folds=figures["folds"][:MOST_ROWS],
        few=FEW,
        calibration=calibration_chart(figures["calibration"]),
        seconds=seconds_chart(figures["seconds_seen"]),
        curve=curve_chart(figures["learning_curve"]),
        curve_said=curve_line(figures["learning_curve"]),
        history=history_charts(figures["history"]),
        shots=[_shot(wrong, representation) for wrong in wrongs],
        things="stretches" if any("start_s" in one for one in figures["clips"]) else "recordings",
    )


def mistakes(figures: Figures) -> tuple[Mistake, ...]:
    """Who was called something else, the commonest mistake first."""
    found: dict[tuple[str, str | None], list[str]] = {}
    for clip in figures["clips"]:
        if clip["predicted"] != clip["label"]:
            score = "" if clip["score"] is None else f" {clip['score']:.2f}"
            place = found.setdefault((clip["label"], clip["predicted"]), [])
            place.append(f"{title_of(clip)}{score}")
    ordered = sorted(found.items(), key=lambda one: (-len(one[1]), one[0][0], one[0][1] or ""))
    return tuple(
        Mistake(label, said, len(names), tuple(names[:MOST_NAMES]))
        for (label, said), names in ordered[:MOST_MISTAKES]
    )


def confusion_cells(
    figures: Figures, listed: Sequence[Mistake]
) -> tuple[tuple[Cell, ...], ...] | None:
    """The table of who was called what; None where it would be too wide, or nothing was named."""
    labels = figures["labels"]
    if not figures["clips"] or len(labels) > MOST_LABELS_ACROSS:
        return None
    numbers = {(one.label, one.said): number for number, one in enumerate(listed, 1)}
    return tuple(
        tuple(
            Cell(
                count,
                math.ceil(10 * count / max(1, sum(row))),
                truth == said,
                numbers.get((labels[truth], labels[said] if said < len(labels) else None)),
            )
            for said, count in enumerate(row)
        )
        for truth, row in enumerate(figures["confusion"])
    )


def calibration_chart(found: Figures | None) -> Chart | None:
    """How right windows are by their score, before and after calibration."""
    if found is None:
        return None
    bars = [
        Bar(
            one["low"], one["high"], one["right"],
            f"scores of {one['low']:.2f} to {one['high']:.2f}: {percent(one['right'])} of "
            f"{one['windows']} windows right",
            one["windows"] < FEW,
        )
        for one in found["bins"]
        if one["windows"]
    ]  # fmt: skip
    before = tuple(
        (one["score"], one["right"]) for one in found["bins_before"] if one["windows"] >= FEW
    )
    lines = [Line("as right as it says", ((0.0, 0.0), (1.0, 1.0)), "ideal")]
    if len(before) > 1:
        lines.append(Line("before calibration", before, "second"))
    axis = Axis(0.0, 1.0, tuple(Tick(n / 5, f"{n / 5:g}") for n in range(6)), "score")
    return chart(
        "Share of windows that are right, by their score", axis, shares_axis("right"), lines, bars
    )


def seconds_chart(steps: Sequence[Figures]) -> Chart | None:
    """How right recordings are by the seconds seen; None with fewer than two steps."""
    if len(steps) < 2:
        return None
    places = [math.log2(step["seconds"]) for step in steps]
    ticks = tuple(
        Tick(place, f"{step['seconds']:g} s") for place, step in zip(places, steps, strict=True)
    )
    said = tuple(
        f"after {step['seconds']:g} s: {percent(step['right'])} right, "
        f"{percent(step['named'])} have a name; {step['long_enough']} last so long"
        for step in steps
    )
    named = tuple((place, step["named"]) for place, step in zip(places, steps, strict=True))
    right = tuple((place, step["right"]) for place, step in zip(places, steps, strict=True))
    return chart(
        "Share of recordings that have a name, and the right one, by the seconds seen",
        Axis(places[0], places[-1], ticks, "seconds seen"),
        shares_axis("recordings"),
        [Line("have a name", named, "second"), Line("have the right name", right, titles=said)],
    )


def curve_chart(curve: Figures | None) -> Chart | None:
    """How right windows are by how many groups were trained on."""
    if curve is None:
        return None
    points = curve["points"]
    known = [point for point in points if point["window_accuracy"] is not None]
    if len(known) < 2:
        return None
    x = numbers_axis("groups trained on", [point["groups"] for point in known])
    said = tuple(
        f"{point['groups']:g} groups: {percent(point['window_accuracy'])} of windows, "
        f"{percent(point['clip_accuracy'])} of recordings"
        for point in known
    )
    windows = Line(
        "of windows",
        tuple((point["groups"], point["window_accuracy"]) for point in known),
        titles=said,
        whiskers=tuple(
            None
            if point["window_deviation"] is None
            else (
                point["window_accuracy"] - point["window_deviation"],
                point["window_accuracy"] + point["window_deviation"],
            )
            for point in known
        ),
    )
    clips = Line(
        "of recordings",
        tuple((point["groups"], point["clip_accuracy"]) for point in known),
        "second",
    )
    return chart(
        "What is right by the groups trained on", x, shares_axis("right"), [clips, windows]
    )


def history_charts(records: Sequence[Figures] | None) -> tuple[Chart, ...]:
    """Loss and accuracy while the network was trained; empty where nobody took note."""
    if not records or len(records) < 2:
        return ()
    x = numbers_axis("step", [one["step"] for one in records])
    losses = _tracks(records, {"loss": "training", "held_out_loss": "held out"})
    rights = _tracks(records, {"accuracy": "training", "held_out_accuracy": "held out"})
    charts = []
    if losses:
        values = [value for line in losses for _, value in line.points]
        charts.append(chart("Loss by step", x, numbers_axis("loss", values), losses))
    if rights:
        charts.append(chart("Share right by step", x, shares_axis("right"), rights))
    return tuple(charts)


def _tracks(records: Sequence[Figures], names: Mapping[str, str]) -> list[Line]:
    """The lines of those figures of a history that were taken, by what they are called."""
    lines = []
    for style, (key, name) in zip(("first", "second"), names.items(), strict=True):
        points = tuple(
            (float(one["step"]), float(one[key])) for one in records if one.get(key) is not None
        )
        if len(points) > 1:
            lines.append(Line(name, points, style))
    return lines


def _weakest(groups: Sequence[Figures]) -> list[Figures]:
    """The groups that are named worst, first."""
    return sorted(
        groups, key=lambda one: (one["clip_accuracy"], one["window_accuracy"] or 0.0, one["group"])
    )[:MOST_ROWS]


def _shot(wrong: Wrong, representation: Representation) -> Shot:
    return Shot(
        wrong,
        frame_at(wrong.sample.path, wrong.middle_s),
        tuple(tile_uris(wrong.maps, representation)),
    )
