"""The table of a comparison on a screen: lines of plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from motionapp.training.comparison.hardware import length
from motionapp.training.comparison.outcome import Outcome
from motionapp.training.comparison.page import (
    Row,
    count_text,
    ms_text,
    percent,
    rows_of,
    size_text,
    spread_text,
)
from motionapp.training.comparison.searched_words import found_text, mattered_text, trials_text

_HEAD = (
    "", "front-end", "architecture", "windows %", "from-to", "clips %", "ms/picture",
    "ms/clip 1, 2",
    "ms/name", "params", "mult-adds", "float32", "int8", "training", "memory", "state",
)  # fmt: skip
_WORDS = 3
"""So many columns, and the last, are of words, which begin on the left."""


def table_lines(outcome: Outcome) -> list[str]:
    """All candidates as a table, what stands behind it, and what to take."""
    facts = outcome.facts
    rows = [_HEAD, *(_cells(row) for row in rows_of(outcome))]
    widths = [max(len(cells[n]) for cells in rows) for n in range(len(_HEAD))]
    lines = [_line(cells, widths) for cells in rows]
    lines += [
        "",
        f"{facts.recordings} recordings of {facts.groups} groups, {length(facts.seconds)} in all; "
        f"{facts.protocol}; accuracy: mean over groups ± standard deviation, lowest and highest",
        f"ms/name: the network once and its front-end at {facts.rate_hz:g} pictures a second, a "
        f"name each {facts.cadence_s:g} s; training: one network on one core",
    ]
    return [
        *lines, *_searches(outcome), *_screening(outcome), *_reasons(outcome), *_advice(outcome)
    ]  # fmt: skip


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    last = len(cells) - 1
    parts = [
        cell.ljust(width) if n < _WORDS or n == last else cell.rjust(width)
        for n, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(parts).rstrip()


def _cells(row: Row) -> tuple[str, ...]:
    one, finding, clip_ms = row.one, row.one.finding, row.one.clip_ms
    windows, clips = row.windows, row.clips
    is_full = one.state == "full"
    return (
        str(row.number or "-"),
        one.candidate.frontend,
        one.candidate.architecture,
        "-" if windows is None else spread_text(windows),
        "-" if windows is None else f"{100 * windows.low:.0f}-{100 * windows.high:.0f}",
        "-" if clips is None else spread_text(clips),
        "-" if one.picture_ms is None else ms_text(one.picture_ms),
        "-" if clip_ms is None else ", ".join(map(ms_text, clip_ms)),
        "-" if row.live is None else ms_text(row.live.cost_ms),
        "-" if one.parameters is None else count_text(one.parameters),
        "-" if one.multiply_adds is None else count_text(one.multiply_adds),
        "-" if finding is None else size_text(finding.float32_bytes),
        "-" if finding is None else size_text(finding.int8_bytes),
        length(finding.network_s) if finding is not None and is_full else "-",
        f"{finding.peak_bytes / 2**30:.1f} GB"
        if finding is not None and is_full and finding.peak_bytes is not None
        else "-",
        one.state,
    )


def _searches(outcome: Outcome) -> Iterator[str]:
    """What was found; in which order candidates are ranked then."""
    if outcome.facts.trials is None:
        return
    for one in outcome.in_full:
        searched = one.searched
        if searched is None:
            yield f"{one.candidate.name}: trained as it was asked for, there was no time to search"
            continue
        shares = [
            f"{percent(searched.asked_accuracy)} % as it was asked for",
            f"{percent(searched.found_accuracy)} % by the best of its trials",
        ]
        if searched.unseen_accuracy is not None:
            shares.append(f"{percent(searched.unseen_accuracy)} % chosen by other folds")
        found = found_text(one.candidate, searched)
        yield f"{one.candidate.name}: {found}; {', '.join(shares)}; trials: {trials_text(searched)}"
        if searched.importance:
            yield f"  what mattered: {mattered_text(searched)}"
    yield (
        "what was found was chosen on the groups that the table's accuracies are of, which are too "
        "good for it: they are ranked by what is left when each fold chooses by the others"
    )


def _screening(outcome: Outcome) -> Iterator[str]:
    if outcome.screened:
        yield (
            f"screened: {outcome.facts.screening_steps} steps on one fold, so their accuracies "
            "tell who is worth a full training, and not what they come to"
        )


def _reasons(outcome: Outcome) -> Iterator[str]:
    for one in (*outcome.screened, *outcome.left_out):
        if one.reason:
            yield f"{one.candidate.name}: {one.reason}"


def _advice(outcome: Outcome) -> Iterator[str]:
    yield ""
    picked = outcome.recommendation
    if picked is None:
        yield "nothing is recommended: no candidate was trained in full"
        return
    for where, pick in (("desktop", picked.desktop), ("edge", picked.edge)):
        yield f"{where}: {pick.option.name}: {pick.reason}"
