"""A network that somebody made elsewhere becomes one of ours.

What it wants otherwise than it is given (the order of axes and colours, other numbers,
probabilities for answers) is put into the network itself, so that it runs as every other does.
Nothing is loaded by ONNX Runtime before the outline has passed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from motionapp.core.contract import IMPORTED, METADATA_KEY, ModelContract
from motionapp.core.errors import ModelError
from motionapp.core.event import UNKNOWN
from motionapp.core.representation import (
    PICTURE,
    PICTURE_PLANES,
    PICTURE_VERSION,
    Representation,
    Scope,
)
from motionapp.core.version import __version__
from motionapp.frontends import registry
from motionapp.ort import network_errors
from motionapp.recognition.normalise import normalisation_of
from motionapp.recognition.onnx import OnnxRecogniser, check_outline
from motionapp.recognition.outline import FLOAT32, Declared, Outline, read_outline
from motionapp.training.layout import Layout, Taken, taken_by

Sees = Literal["motion", "rgb"]
Colours = Literal["rgb", "bgr", "grey"]
Gives = Literal["logits", "softmax"]

IMAGENET_MEAN: Final = (0.485, 0.456, 0.406)
IMAGENET_STD: Final = (0.229, 0.224, 0.225)
"""Of ImageNet's red, green and blue from 0 to 1, as most networks for pictures are trained with."""
GREY: Final = (0.299, 0.587, 0.114)
"""Of red, green and blue (ITU-R BT.601)."""

PICTURE_AT_MOST_PX: Final = 1920
"""A person of a sixth of a picture's height has 180 pixels then: enough for a crop of 224, and a
picture takes 6 MB."""
PICTURE_SLOWEST_HZ: Final = 0.5
"""One picture says what it says however seldom it comes; epochs end at gaps of 2 s."""
LEAST_OPSET: Final = 11
"""Before it, Clip and Pad took their bounds otherwise."""
SUMS_TO_ONE: Final = 1e-3
CLOSE: Final = 1e-2
"""Sums in another order differ less, those of a network that mixes its clips differ more."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of a network; the file says the rest."""

    name: str
    labels: tuple[str, ...]
    """One for each answer; where the last is `unknown`, it declines."""
    sees: Sees
    frontend: str = "absdiff"
    """Whose maps it sees, where it sees motion."""
    layout: Layout | None = None
    side_px: int | None = None
    colours: Colours = "rgb"
    scale: float = 1.0
    """Its brightest number, before `mean` and `std`: 1 or 255."""
    mean: tuple[float, ...] = ()
    """One for all planes or one for each, of numbers up to `scale`; empty for ImageNet's (pictures
    in three colours), or 0."""
    std: tuple[float, ...] = ()
    gives: Gives | None = None
    """None where its last operator tells."""
    lag_s: float = 0.08
    grid_s: float = 0.08
    scope: Scope = "track"
    temperature: float = 1.0
    threshold: float = 0.5

    @property
    def planes(self) -> int:
        """Of one map, as the network takes them."""
        if self.sees == "rgb":
            return 1 if self.colours == "grey" else PICTURE_PLANES
        return registry.representation(self.frontend).planes


def imported(content: bytes, said: Said, *, source: str) -> tuple[bytes, OnnxRecogniser]:
    """A network of others' as a model, tried out.

    Parameters
    ----------
    content : bytes
        Its ONNX file.
    said : Said
    source : str
        The file's name, for errors and for the contract.

    Returns
    -------
    tuple of (bytes, OnnxRecogniser)
        The model file's content, and the model at work.

    Raises
    ------
    ModelError
        It uses what is not allowed, its sizes or labels do not fit, or it cannot answer.
    SettingsError
        There is no such front-end.
    """
    try:
        return _imported(content, said, source)
    except ModelError as error:
        why = str(error)
        for said_before in ("used", "loaded"):
            why = why.removeprefix(f"the model {source} cannot be {said_before}: ")
        raise ModelError(f"{source} cannot be imported: {why}") from error


def _imported(content: bytes, said: Said, source: str) -> tuple[bytes, OnnxRecogniser]:
    from motionapp.training import surgery

    outline = read_outline(content)
    check_outline(outline)
    if METADATA_KEY in outline.metadata:
        raise ModelError("it has a contract already: give it to --classifier as it is")
    given, answers = _ends(outline)
    _check_opset(outline.opset, surgery.NEWEST_OPSET)
    _check_count(answers.dims, said.labels)
    taken = taken_by(given.dims, planes=said.planes, layout=said.layout, side_px=said.side_px)
    representation = _representation(said, taken)
    network = surgery.opened(content)
    gives = said.gives or surgery.gives(network)
    surgery.fit(
        network,
        taken,
        representation=representation,
        outputs=len(said.labels),
        mixing=_mixing(said, taken),
        are_probabilities=gives == "softmax",
    )
    _check_count(surgery.check_sizes(network), said.labels)
    contract = _contract(said, representation, outline)
    contract = replace(contract, recipe=_recipe(said, taken, gives, outline, content, source))
    finished = surgery.finished(network, contract)
    recogniser = OnnxRecogniser(Path(source), content=finished)
    _try_out(recogniser, gives, is_said=said.gives is not None)
    return finished, recogniser


def _ends(outline: Outline) -> tuple[Declared, Declared]:
    """The one input and the one output."""
    if len(outline.inputs) != 1 or len(outline.outputs) != 1:
        raise ModelError(
            f"it takes {_list(outline.inputs)} and gives {_list(outline.outputs)}: one input and "
            "one output are needed"
        )
    types = {end.type for end in (*outline.inputs, *outline.outputs)}
    if types != {FLOAT32}:
        raise ModelError("its input or output is not of 32-bit numbers (float32): export it so")
    return outline.inputs[0], outline.outputs[0]


def _check_opset(opset: int, newest: int) -> None:
    """Refuse what is older than we mend, or newer than the library knows."""
    if not LEAST_OPSET <= opset <= newest:
        raise ModelError(
            f"it is written in opset {opset} of ONNX: export it in one from {LEAST_OPSET} to "
            f"{newest}"
        )


def _list(ends: Sequence[Declared]) -> str:
    return ", ".join(end.name for end in ends) or "nothing"


def _check_count(dims: Sequence[int | str | None] | None, labels: Sequence[str]) -> None:
    """Refuse where the network has other answers than there are labels; an open number passes."""
    if dims is None:
        return
    if len(dims) != 2:
        raise ModelError(f"its output has {len(dims)} axes: 2 are needed, clips and labels")
    if isinstance(dims[1], int) and dims[1] != len(labels):
        raise ModelError(f"it gives {dims[1]} answers, but there are {len(labels)} labels")


def _representation(said: Said, taken: Taken) -> Representation:
    if said.sees == "rgb":
        return Representation(
            PICTURE,
            lag_s=said.lag_s,
            grid_s=said.grid_s,
            steps=taken.steps,
            side_px=taken.side_px,
            planes=PICTURE_PLANES,
            at_most_px=PICTURE_AT_MOST_PX,
            scope=said.scope,
            slowest_hz=PICTURE_SLOWEST_HZ if taken.steps == 1 else 0.0,
            version=PICTURE_VERSION,
        )
    return replace(
        registry.representation(said.frontend),
        lag_s=said.lag_s,
        grid_s=said.grid_s,
        steps=taken.steps,
        side_px=taken.side_px,
        scope=said.scope,
        going=False,
    )


def _mixing(said: Said, taken: Taken) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How the planes that are given become those that the network was trained on.

    Returns
    -------
    tuple of ndarray
        Weights of shape (planes taken, planes given), and what is added, shape (planes taken,).
    """
    is_plain_picture = said.sees == "rgb" and said.planes == PICTURE_PLANES
    mean = _for_planes("mean", said.mean or (IMAGENET_MEAN if is_plain_picture else (0.0,)), said)
    std = _for_planes("std", said.std or (IMAGENET_STD if is_plain_picture else (1.0,)), said)
    if not (std > 0).all():
        raise ModelError("--std holds what is not above 0")
    colours = np.eye(said.planes)
    if said.sees == "rgb":
        colours = {"rgb": colours, "bgr": colours[::-1], "grey": np.array([GREY])}[said.colours]
    with np.errstate(over="ignore"):
        weights = (said.scale * colours / std[:, None]).astype(np.float32)
        shift = (-mean / std).astype(np.float32)
    if not (np.isfinite(weights).all() and np.isfinite(shift).all()):
        raise ModelError("--mean and --std make numbers beyond all that a network can be given")
    return weights, shift


def _for_planes(what: str, numbers: Sequence[float], said: Said) -> NDArray[np.float64]:
    if len(numbers) not in (1, said.planes):
        raise ModelError(
            f"--{what} has {len(numbers)} numbers: 1 is needed, or one for each of "
            f"{said.planes} planes"
        )
    return np.broadcast_to(np.array(numbers, np.float64), (said.planes,))


def _contract(said: Said, representation: Representation, outline: Outline) -> ModelContract:
    is_small = "QuantizeLinear" in outline.operators
    has_reject = said.labels[-1] == UNKNOWN
    return ModelContract(
        name=said.name,
        version=__version__,
        labels=said.labels[:-1] if has_reject else said.labels,
        has_reject=has_reject,
        representation=representation,
        architecture=IMPORTED,
        normalisation=normalisation_of(representation),
        temperature=said.temperature,
        threshold=said.threshold,
        metrics={"precision": "int8" if is_small else "float32"},
    )


def _recipe(
    said: Said, taken: Taken, gives: Gives, outline: Outline, content: bytes, source: str
) -> dict[str, object]:
    """Where it comes from and how it was read; nobody can train it again by this."""
    return {
        "imported": {
            "file": Path(source).name,
            "sha256": hashlib.sha256(content).hexdigest(),
            "written_by": outline.producer,
            "layout": taken.layout,
            "gives": gives,
            "colours": said.colours if said.sees == "rgb" else "",
            "scale": said.scale,
            "mean": list(said.mean),
            "std": list(said.std),
        }
    }


def _try_out(recogniser: OnnxRecogniser, gives: Gives, *, is_said: bool) -> None:
    """Two clips together and each by itself, and whether the answers are of the kind said."""
    shape = recogniser.contract.representation
    size = (2, shape.channels, shape.side_px, shape.side_px)
    clips = np.random.default_rng(0).random(size, np.float32)
    alone = np.concatenate([recogniser.logits(clips[:1]), recogniser.logits(clips[1:])])
    if recogniser.clips_at_once > 1:
        _try_together(recogniser, clips, alone)
    if not np.isfinite(alone).all():
        raise ModelError("its answers are no finite numbers")
    sums = np.exp(alone).sum(1) if gives == "softmax" else alone.sum(1)
    are_shares = bool((np.abs(sums - 1) < SUMS_TO_ONE).all())
    if gives == "softmax" and not are_shares:
        raise ModelError("its answers do not sum to 1, so they are no probabilities: say --logits")
    if gives == "logits" and not is_said and are_shares and (alone >= 0).all():
        raise ModelError("its answers look like probabilities: say --softmax, or --logits")


def _try_together(
    recogniser: OnnxRecogniser, clips: NDArray[np.float32], alone: NDArray[np.float32]
) -> None:
    advice = "export it with a batch of 1"
    try:
        together = recogniser.logits(clips)
    except network_errors() as error:
        raise ModelError(f"it cannot take two clips at once, as it says: {advice}") from error
    if not np.allclose(together, alone, rtol=CLOSE, atol=CLOSE):
        raise ModelError(f"two clips at once have other answers than each by itself: {advice}")
