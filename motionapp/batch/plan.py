"""Which recordings of a batch are analysed in parts, and where those begin: by sizes alone.

Whether a recording rests where a part begins is for the analysis to find.
"""

from __future__ import annotations

import logging
import math
import os
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motionapp.frontends import registry
from motionapp.runtime.part import Part
from motionapp.settings.tree import Settings
from motionapp.sources.header import header_length_s
from motionapp.sources.packet_index import PacketIndex
from motionapp.sources.size import bytes_of

LEAST_PART_S: Final = 120.0
"""Each part reads some 15 s more than its own: an eighth of this, and half of the time is won."""
USUAL_PART_S: Final = 300.0
"""Long enough for those 15 s to be a twentieth; shorter ones only to give every worker one."""
PER_WORKER: Final = 4
"""What is busy takes longer than what is quiet, and whoever is done early takes another part: with
so many the last one keeps the others waiting for an eighth of the time at most."""
PATIENCE_S: Final = 60.0
"""So long a part looks for a rest behind its beginning, which was chosen because it looks quiet."""
SEARCHED_S: Final = 120.0
"""A quiet beginning is looked for so far before and after the even division, at most..."""
SEARCHED_SHARE: Final = 0.25
"""... and so much of a part: then none becomes half as long again as it should be."""
MOST_REREAD: Final = 0.25
"""Of a recording, from the key pictures before the parts to where they begin to be read. Where key
pictures are minutes apart, or where there is only the first, nothing is won."""
BIN_S: Final = 1.0
"""Sizes are added up by so much: longer than the pattern in which encoders spend their bytes."""


_log = logging.getLogger(__name__)


def may_fall_into_parts(
    specs: Mapping[int, str], settings: Settings, *, is_alone: bool
) -> dict[int, int]:
    """Which inputs may be analysed in parts, and in how many at most; their packets decide.

    Parameters
    ----------
    specs : mapping of int to str
        All inputs that are to be analysed.
    settings : Settings
    is_alone : bool
        The batch has one input, so that this process may open it: one that is too short for parts
        needs no worker.

    Returns
    -------
    dict of int to int
        Empty where there is one worker only, or where no recording keeps the others waiting.
    """
    workers = settings.run.workers
    # Rendered scenes and folders of pictures have no packets, and take their time all the same.
    sizes = {index: bytes_of(spec) or 0 for index, spec in specs.items()} if workers > 1 else {}
    found = {
        index: count
        for index, count in candidates(sizes, workers=workers).items()
        if os.path.isfile(specs[index])
        and not (is_alone and _is_short(Path(specs[index]), settings))
    }
    if found and (why := why_whole(settings)):
        _log.info("no recording is analysed in parts, since %s", why)
        return {}
    return found


def _is_short(path: Path, settings: Settings) -> bool:
    """Whether a recording says of itself that it is too short to fall into parts."""
    length_s = header_length_s(path, settings.run.video_stream)
    return length_s is not None and round(length_s / LEAST_PART_S) < 2


def why_whole(settings: Settings) -> str:
    """Why recordings are not analysed in parts, by what is asked for; empty where they may be.

    Returns
    -------
    str
        In words that follow "since".
    """
    run = settings.run
    in_order = {
        "an annotated video": run.annotated,
        "masks": run.masks,
        "a line for every frame": run.frames != "none",
        "a report": run.report,
    }
    asked = [name for name, is_asked in in_order.items() if is_asked]
    if asked:
        return f"{' and '.join(asked)} needs every picture in its order"
    if run.start_s is not None or run.end_s is not None:
        return "only a part of it is asked for"
    if run.join:
        return "it is joined of several recordings"
    if run.scan == "fast":
        return "a fast scan leaves out what is quiet"
    if run.hwaccel != "none":
        return "a graphics chip decodes it"
    if registry.gate_of(settings.analysis.frontend) != registry.GATE:
        return f"{settings.analysis.frontend} judges by all that there was before"
    if settings.analysis.steady == "on":
        return "the camera's movement is followed from the first picture on"
    return ""


def candidates(sizes: Mapping[int, int], *, workers: int) -> dict[int, int]:
    """The inputs that may keep the other workers waiting, and into how many parts they fall.

    Parameters
    ----------
    sizes : mapping of int to int
        Bytes of each input that is to be analysed, 0 where that is not known.
    workers : int
        At least 1.

    Returns
    -------
    dict of int to int
        Few, however many inputs there are: none that is less than half as large again as a part
        of all the work.
    """
    share = sum(sizes.values()) / (workers * PER_WORKER)
    if workers < 2 or share <= 0:
        return {}
    return {index: round(size / share) for index, size in sizes.items() if size >= 1.5 * share}


def parts_of(index: PacketIndex, *, at_most: int, workers: int, rest_s: float) -> tuple[Part, ...]:
    """The parts of one recording.

    Parameters
    ----------
    index : PacketIndex
    at_most : int
        How many the balance of the batch asks for.
    workers : int
        Every one has a part, if they are long enough.
    rest_s : float
        As `Analysis.rest_s` gives it.

    Returns
    -------
    tuple of Part
        Two or more; or none: it is analysed whole.
    """
    if not (index.is_sound and index.can_seek):
        return ()
    length_s = index.duration_s
    wanted = min(at_most, max(round(length_s / USUAL_PART_S), min(workers, at_most)))
    count = min(wanted, round(length_s / LEAST_PART_S))
    if count < 2:
        return ()
    borders_s = borders_of(index, count, rest_s=rest_s)
    parts = tuple(
        Part(*pair, patience_s=PATIENCE_S) for pair in pairwise([0.0, *borders_s, math.inf])
    )
    return () if _reread_s(index, parts, rest_s) > MOST_REREAD * length_s else parts


def borders_of(index: PacketIndex, count: int, *, rest_s: float) -> tuple[float, ...]:
    """Where a recording is divided: near the even division, and where its packets are small.

    Parameters
    ----------
    index : PacketIndex
    count : int
        Parts, at least 2.
    rest_s : float
        Seconds before a border that should be quiet.

    Returns
    -------
    tuple of float
        ``count - 1`` seconds, increasing.
    """
    quiet_bins = math.ceil(rest_s / BIN_S) + 1
    loudest = _loudest_before(index, quiet_bins)
    part_s = index.duration_s / count
    around_s = min(SEARCHED_S, SEARCHED_SHARE * part_s)
    borders_s = []
    for k in range(1, count):
        even_s = k * part_s
        first = max(quiet_bins, round((even_s - around_s) / BIN_S))
        last = min(len(loudest) - 1, round((even_s + around_s) / BIN_S))
        bins = np.arange(first, max(first, last) + 1)
        # The quietest, and of equal ones the nearest.
        order = np.lexsort((np.abs(bins * BIN_S - even_s), loudest[np.minimum(bins, last)]))
        borders_s.append(float(bins[order[0]] * BIN_S))
    return tuple(borders_s)


def _loudest_before(index: PacketIndex, bins: int) -> NDArray[np.float64]:
    """Of the last so many bins before each, the most bytes that any has; shape (bins in all,)."""
    # Key pictures are large whatever moves; where all are, there is nothing else to go by.
    counts = ~index.is_key if not index.is_key.all() else index.is_key
    places = (index.pts_s / BIN_S).astype(np.int64).clip(0)
    sizes = np.where(counts, index.sizes, 0)
    loud = np.bincount(places, weights=sizes)
    padded = np.concatenate([np.full(bins, np.inf), loud])
    loudest: NDArray[np.float64] = np.lib.stride_tricks.sliding_window_view(padded, bins).max(
        axis=1
    )
    return loudest[: len(loud)]


def _reread_s(index: PacketIndex, parts: tuple[Part, ...], rest_s: float) -> float:
    """Seconds that are decoded only to come to where the parts are read from."""
    keys_s = index.keys_s
    from_s = np.array([part.reads_from_s(rest_s) for part in parts])
    before = np.searchsorted(keys_s, from_s, side="right") - 1
    return float((from_s - keys_s[before.clip(0)]).sum())
