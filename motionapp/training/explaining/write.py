"""Writes an explanation: a folder with its page, pictures and figures, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.errors import OutputError
from motionapp.files.atomic import UNWRITABLE_LETTERS, make_folder
from motionapp.files.staged import StagedFolder, names_in
from motionapp.training.explaining.drawing import (
    TILE_PX,
    feature_row,
    filter_rows,
    held_over,
    in_picture,
    map_tiles,
    resized,
    shown_steps,
    stacked,
    strip,
    what_moved,
)
from motionapp.training.explaining.explained import Explained, Explanation
from motionapp.training.explaining.page import Pictures, explained_page

EXPLAIN_HTML: Final = "explain.html"
EXPLAIN_JSON: Final = "explain.json"
SCHEMA: Final = 1


def check_place(folder: Path) -> None:
    """See that an explanation can be written to a folder: before the work.

    Raises
    ------
    OutputError
        It holds what is no explanation, or cannot be written to.
    """
    make_folder(folder.absolute().parent)
    if not folder.exists():
        return
    names = names_in(folder)
    ours = {EXPLAIN_HTML, EXPLAIN_JSON} <= set(names)
    others = [name for name in names if not ours or not _is_ours(name)]
    if others:
        raise OutputError(
            f"--out {folder} holds {others[0]}, which is no part of an explanation, and would be "
            "lost: name a folder that is not there yet, or an earlier explanation"
        )


def write_explanation(folder: Path, explanation: Explanation) -> Path:
    """Write ``explain.html``, ``explain.json`` and the pictures.

    Parameters
    ----------
    folder : Path
        See `check_place`; an earlier explanation there goes.
    explanation : Explanation

    Returns
    -------
    Path
        The page.

    Raises
    ------
    OutputError
        It cannot be written; an earlier explanation is still there.
    """
    check_place(folder)
    pictures = pictures_of(explanation)
    page = explained_page(explanation, pictures)
    staged = StagedFolder(folder.absolute())
    try:
        for name, content in pictures.items():
            staged.write(name, content)
        staged.write(EXPLAIN_HTML, page.encode("utf-8", UNWRITABLE_LETTERS))
        text = json.dumps(document(explanation), indent=1) + "\n"
        staged.write(EXPLAIN_JSON, text.encode("utf-8", UNWRITABLE_LETTERS))
        staged.publish()
    except BaseException:
        staged.discard()
        raise
    return folder / EXPLAIN_HTML


def pictures_of(explanation: Explanation) -> Pictures:
    """All pictures as PNG files, by their names."""
    shape = explanation.contract.representation
    found: Pictures = {}
    if explanation.filters is not None:
        found["filters.png"] = _png(filter_rows(explanation.filters, shape.planes))
    for number, one in enumerate(explanation.clips, 1):
        found |= {f"{number}-{name}.png": png for name, png in _of_clip(one, explanation).items()}
    return found


def document(explanation: Explanation) -> dict[str, Any]:
    """The figures, of what JSON has."""
    contract = explanation.contract
    return {
        "schema": SCHEMA,
        "model": {
            "file": explanation.model.name,
            "name": contract.name,
            "architecture": contract.architecture,
            "sha256": explanation.digest,
            "threshold": contract.threshold,
            "temperature": contract.temperature,
            "prior": contract.prior,
        },
        "recording": explanation.recording,
        "data": explanation.data or None,
        "notes": list(explanation.notes),
        "clips": [_clip_document(one) for one in explanation.clips],
    }


def _clip_document(one: Explained) -> dict[str, Any]:
    clip, said = one.found.clip, one.found.said
    return {
        "body": clip.subject_id,
        "start_s": round(clip.start_s, 3),
        "end_s": round(clip.end_s, 3),
        "square": list(clip.box),
        "label": said.label,
        "score": round(said.score, 4),
        "probabilities": {label: round(share, 4) for label, share in one.shares.items()},
        "families": {family: round(share, 4) for family, share in one.families.items()},
        "asked": one.asked,
        "held": [
            {
                "method": "occlusion" if held.number is None else "grad-cam",
                "convolution": held.number,
                "layer": held.name or None,
                "hottest": None if held.is_blank else [round(at, 1) for at in held.hottest(clip)],
                "cells": np.round(held.cells.astype(np.float64), 4).tolist(),
            }
            for held in one.held
        ],
        "layers": [
            {
                "convolution": layer.number,
                "layer": layer.name,
                "channels": layer.channels,
                "size": list(layer.size),
                "strongest": list(layer.strongest),
            }
            for layer in one.layers
        ],
        "near": [
            {
                "path": near.sample.name,
                "label": near.sample.label,
                "group": near.sample.fold_group,
                "start_s": round(near.clip.start_s, 3),
                "end_s": round(near.clip.end_s, 3),
                "distance": round(near.distance, 4),
            }
            for near in one.near
        ],
    }


def _of_clip(one: Explained, explanation: Explanation) -> Pictures:
    clip, shape = one.found.clip, explanation.contract.representation
    squares = [one.recorded.squares[step] for step in shown_steps(shape.steps)]
    tiles = [resized(square, TILE_PX, smooth=True) for square in squares]
    moved = what_moved(clip, shape)
    found = {
        "picture": _png(in_picture(one.recorded.whole, clip.box, one.found.said.label)),
        "seen": _png(stacked([strip(tiles), strip(map_tiles(clip, shape))])),
    }
    for held in one.held:
        name = "held" if held.number is None else f"held-{held.number:02d}"
        both = strip([held_over(one.recorded.middle, held.cells), held_over(moved, held.cells)])
        found[name] = _png(both)
    for layer in one.layers:
        if layer.strongest:
            found[f"layer-{layer.number:02d}"] = _png(feature_row(layer.maps))
    for place, near in enumerate(one.near, 1):
        found[f"near-{place}"] = _png(strip(map_tiles(near.clip, shape)))
    return found


def _is_ours(name: str) -> bool:
    return name in (EXPLAIN_HTML, EXPLAIN_JSON) or name.endswith(".png")


def _png(bgr: NDArray[np.uint8]) -> bytes:
    return bytes(cv2.imencode(".png", bgr)[1])
