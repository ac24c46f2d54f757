"""The page of a comparison: one file that needs nothing else."""

from __future__ import annotations

import math
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from motionapp.sinks.report.templates import Pages, grouped, render
from motionapp.training.comparison.choose import LIVE_LOAD, Pick
from motionapp.training.comparison.drawing import Mark, Picture, picture_of
from motionapp.training.comparison.finding import Spread
from motionapp.training.comparison.hardware import BOX_SLOWER, Live, length, to_run, to_train
from motionapp.training.comparison.outcome import Compared, Outcome
from motionapp.training.comparison.searched import found_options
from motionapp.training.comparison.searched_words import (
    found_text,
    mattered_text,
    named,
    trials_text,
)

PAGES: Final = Pages("motionapp.training.comparison", ("compare.html",), "compare.css")
COLOURS: Final = 4
"""Front-ends that have a colour of their own; beyond, they go round."""


@dataclass(frozen=True, slots=True)
class Row:
    """A candidate as the page lists it."""

    number: int
    """0 where nothing is known of its accuracy."""
    one: Compared
    colour: int
    live: Live | None
    windows: Spread | None
    clips: Spread | None
    needs: str
    training: str

    @property
    def shares(self) -> list[float]:
        """Of each group, the share of its windows that is right."""
        groups = () if self.one.finding is None else self.one.finding.groups
        return [g.right_windows / g.windows for g in groups if g.windows]


@dataclass(frozen=True, slots=True)
class Advice:
    """A recommendation, and how to follow it."""

    where: str
    row: Row
    reason: str
    command: str


def compare_page(outcome: Outcome, *, data: str, options: Sequence[str] = ()) -> str:
    """The whole of a comparison's page.

    Parameters
    ----------
    outcome : Outcome
    data : str
        The data set as it is named on the command line.
    options : sequence of str
        Those of the trainings that were not the usual ones.

    Returns
    -------
    str
        HTML that needs nothing else; the same outcome gives the same text.
    """
    rows = rows_of(outcome)
    by_name = {row.one.candidate.name: row for row in rows}
    on_front = {option.name for option in outcome.front}
    full = [row for row in rows if row.one.state == "full"]
    lowest = _lowest(full)
    picked = outcome.recommendation
    advice = [] if picked is None else [
        _advice("Desktop", picked.desktop, by_name, data, options),
        _advice("Edge", picked.edge, by_name, data, options),
    ]  # fmt: skip
    return render(
        "compare.html",
        of=PAGES,
        facts=outcome.facts,
        rows=rows,
        full=full,
        screened=[row for row in rows if row.one.state == "screened"],
        left_out=[row for row in rows if row.one.state == "left out"],
        advice=advice,
        front=_picture(full, on_front),
        screening=_picture([row for row in rows if row.one.state == "screened"], frozenset()),
        windows=_windows(rows),
        frontends=sorted({(row.colour, row.one.candidate.frontend) for row in rows}),
        box_slower=BOX_SLOWER,
        live_load=LIVE_LOAD,
        lowest=round(100 * lowest),
        along=lambda share: round(100 * min(1.0, max(0.0, (share - lowest) / (1 - lowest))), 1),
        named=named,
        found_text=found_text,
        mattered_text=mattered_text,
        trials_text=trials_text,
        length=length,
        percent=percent,
        spread=spread_text,
        size=size_text,
        count=count_text,
        ms=ms_text,
    )


def rows_of(outcome: Outcome) -> list[Row]:
    """Those trained in full by accuracy, then those screened, then the others."""
    names = list(dict.fromkeys(one.candidate.frontend for one in outcome.compared))
    rows = []
    for number, one in enumerate((*outcome.in_full, *outcome.screened, *outcome.left_out), 1):
        finding, live = one.finding, outcome.live(one)
        is_known = finding is not None and bool(finding.groups)
        rows.append(
            Row(
                number=number if is_known else 0,
                one=one,
                colour=names.index(one.candidate.frontend) % COLOURS,
                live=live,
                windows=finding.of_windows if finding is not None and is_known else None,
                clips=finding.of_clips if finding is not None and is_known else None,
                needs="" if live is None else to_run(live),
                training="" if finding is None or not finding.is_full
                else to_train(finding.network_s, finding.peak_bytes),
            )
        )  # fmt: skip
    return rows


def percent(share: float) -> str:
    """A share of windows, to a tenth of a point."""
    return f"{100 * share:.1f}"


def spread_text(spread: Spread) -> str:
    """Mean and deviation over the groups; the mean alone of a single one."""
    deviation = f" ± {100 * spread.deviation:.1f}" if spread.groups > 1 else ""
    return f"{percent(spread.mean)}{deviation}"


def size_text(size_bytes: int) -> str:
    """How large a file is."""
    kb = size_bytes / 1000
    return f"{kb:.0f} kB" if kb < 1000 else f"{kb / 1000:.1f} MB"


def count_text(count: int) -> str:
    """A large number in thousands, millions or thousands of millions."""
    for unit, name in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if count >= unit:
            return f"{count / unit:.3g} {name}"
    return str(count)


def ms_text(value: float) -> str:
    """Milliseconds to two figures that count, at least tenths."""
    return f"{value:.2f}" if value < 1 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def train_command(one: Compared, data: str, options: Sequence[str]) -> str:
    """The line that trains a candidate on everything, with what was found for it."""
    words = ["motionapp", "train", data, "--frontend", one.candidate.frontend]
    words += ["--arch", one.candidate.architecture, "--out", f"{one.candidate.key}.onnx"]
    found = [] if one.searched is None else found_options(one.candidate, one.searched)
    return shlex.join([*words, *options, *found])


def _advice(
    where: str, pick: Pick, by_name: dict[str, Row], data: str, options: Sequence[str]
) -> Advice:
    row = by_name[pick.option.name]
    return Advice(where, row, pick.reason, train_command(row.one, data, options))


def _windows(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Behind each front-end, of how many: a search may choose a clip length for each candidate."""
    counts: dict[str, list[int]] = {}
    for row in rows:
        if row.one.finding is not None:
            counts.setdefault(row.one.candidate.frontend, []).append(row.one.finding.windows)
    return [
        (frontend, " to ".join(grouped(count) for count in sorted({min(found), max(found)})))
        for frontend, found in sorted(counts.items())
    ]


def _lowest(rows: Sequence[Row]) -> float:
    """From where shares of groups are drawn: a tenth below all of them."""
    shares = [share for row in rows for share in row.shares]
    return min(0.9, math.floor(10 * min(shares, default=0.0)) / 10)


def _picture(rows: Sequence[Row], on_front: set[str] | frozenset[str]) -> Picture:
    marks = []
    for row in rows:
        finding = row.one.finding
        if row.live is None or row.windows is None or finding is None:
            continue
        name = row.one.candidate.name
        marks.append(
            Mark(
                number=row.number,
                title=f"{name}: {spread_text(row.windows)} %, {ms_text(row.live.cost_ms)} ms a "
                f"name, {size_text(finding.file_bytes)}",
                cost_ms=row.live.cost_ms,
                accuracy=row.one.accuracy,
                error=row.windows.error,
                file_bytes=finding.file_bytes,
                colour=row.colour,
                is_on_front=name in on_front,
                is_hollow=not finding.is_full,
            )
        )
    return picture_of(marks)
