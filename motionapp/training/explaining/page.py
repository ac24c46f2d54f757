"""The page of an explanation: what was found becomes one file that needs nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from motionapp.core.event import UNKNOWN
from motionapp.sinks.report.pictures import data_uri, jpeg_uri
from motionapp.sinks.report.templates import Pages, base, render
from motionapp.training.explaining.explained import Explained, Explanation, Held, Layer
from motionapp.training.explaining.occlusion import CELLS, COVERED

Pictures = dict[str, bytes]
"""PNG files by their names."""

MOST_LABELS: Final = 12
"""Listed, the likeliest ones."""

_PAGES: Final = Pages(__package__, ("explain.html",), "explain.css")


@dataclass(frozen=True, slots=True)
class Row:
    """A label, and how probable it is."""

    label: str
    share: float
    family: str
    """Empty where the network knows none."""
    within: float | None
    """How probable it is within its family."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A clip with its pictures as addresses that hold them."""

    number: int
    one: Explained
    picture: str | None
    seen: str | None
    held: tuple[tuple[Held, str | None], ...]
    layers: tuple[tuple[Layer, str | None], ...]
    near: tuple[str | None, ...]
    rows: tuple[Row, ...]
    more_labels: int
    """That are not listed."""


def explained_page(explanation: Explanation, pictures: Pictures) -> str:
    """The whole of an ``explain.html``.

    Parameters
    ----------
    explanation : Explanation
    pictures : dict of str to bytes
        PNG files: of a clip, beginning with its number from 1.
    """
    return render(
        "explain.html",
        of=_PAGES,
        told=explanation,
        contract=explanation.contract,
        shape=explanation.contract.representation,
        recording=base(explanation.recording),
        clips=[
            _shown(number, one, explanation, pictures)
            for number, one in enumerate(explanation.clips, 1)
        ],
        filters=_uri(pictures, "filters"),
        covered=f"{100 * COVERED / CELLS:.0f}",
        unknown=UNKNOWN,
    )


def _shown(number: int, one: Explained, explanation: Explanation, pictures: Pictures) -> Shown:
    def own(name: str) -> str | None:
        return _uri(pictures, f"{number}-{name}")

    rows = _rows(one, explanation)
    return Shown(
        number=number,
        one=one,
        picture=own("picture"),
        seen=own("seen"),
        held=tuple(
            (held, own("held" if held.number is None else f"held-{held.number:02d}"))
            for held in one.held
        ),
        layers=tuple((layer, own(f"layer-{layer.number:02d}")) for layer in one.layers),
        near=tuple(own(f"near-{place}") for place in range(1, len(one.near) + 1)),
        rows=tuple(rows[:MOST_LABELS]),
        more_labels=max(0, len(rows) - MOST_LABELS),
    )


def _rows(one: Explained, explanation: Explanation) -> list[Row]:
    """The labels, the likeliest first."""
    families = explanation.families_by_label
    rows = []
    for label, share in one.shares.items():
        family = families.get(label, "")
        whole = one.families.get(family, 0.0)
        rows.append(Row(label, share, family, share / whole if family and whole > 0 else None))
    return sorted(rows, key=lambda row: -row.share)


def _uri(pictures: Pictures, name: str) -> str | None:
    """A picture as an address: as it is, or as a JPEG where it is large."""
    png = pictures.get(f"{name}.png")
    if png is None:
        return None
    bgr = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    return data_uri(png) or jpeg_uri(np.asarray(bgr, np.uint8))
