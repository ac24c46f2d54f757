"""Explains clips of a recording: puts together what was seen, said, and what it hangs on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from motionapp.core.clip import MotionClip
from motionapp.core.contract import ModelContract
from motionapp.core.errors import MissingExtraError, ModelError, SettingsError
from motionapp.core.event import UNKNOWN
from motionapp.recognition.dataset import DataSet
from motionapp.recognition.families import NONE, families_of
from motionapp.recognition.onnx import OnnxRecogniser, read_model_file, softmax
from motionapp.training.explaining.alike import Near, nearest_of
from motionapp.training.explaining.finding import Found, Wish, find_clips, shares_of
from motionapp.training.explaining.occlusion import occlusion
from motionapp.training.explaining.recorded import Recorded, recorded_of
from motionapp.training.extra import need_torch
from motionapp.training.progress import Progress

if TYPE_CHECKING:
    from motionapp.training.architectures import ClipNetwork
    from motionapp.training.explaining.inside import Convolution

Numbers = NDArray[np.float32]

STRONGEST: Final = 6
"""Maps of each convolution that are shown."""
SQUARE_PX: Final = 384
"""Of what is cut out of recorded pictures."""
ROUNDING: Final = 0.1
"""A probability that 8 bits may move by; the shipped models' move by 0.03. What differs more is
another network."""


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """What an answer hangs on, as one way of asking tells it."""

    cells: Numbers
    """Shape (h, w), 0 to 1."""
    number: int | None = None
    """Of the convolution; None where parts were covered instead."""
    name: str = ""
    """What the network calls that."""

    @property
    def is_blank(self) -> bool:
        """Whether nothing holds it up."""
        return not self.cells.any()

    def hottest(self, clip: MotionClip) -> tuple[float, float]:
        """Where it hangs most, in full-frame display pixels: x and y."""
        rows, columns = self.cells.shape
        y, x = np.unravel_index(int(self.cells.argmax()), self.cells.shape)
        box = clip.box
        return (
            box.x0 + (float(x) + 0.5) / columns * box.width,
            box.y0 + (float(y) + 0.5) / rows * box.height,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """The strongest maps of a convolution."""

    number: int
    name: str
    channels: int
    size: tuple[int, int]
    """Width and height of its maps."""
    strongest: tuple[int, ...]
    """Their channels, counted from 1."""
    maps: Numbers
    """Shape (strongest, h, w)."""


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """One clip."""

    found: Found
    asked: str
    """The label that is asked about."""
    shares: dict[str, float]
    """How probable each label is, and `unknown` where the network can say so."""
    families: dict[str, float]
    """The same of families; empty where it knows none."""
    held: tuple[Held, ...]
    layers: tuple[Layer, ...]
    recorded: Recorded
    near: tuple[Near, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """All that is told of a model and a recording."""

    model: Path
    digest: str
    contract: ModelContract
    recording: str
    """As it was named."""
    clips: tuple[Explained, ...]
    filters: Numbers | None
    """Of the first convolution, shape (filters, channels, h, w); None where they are not known."""
    notes: tuple[str, ...]
    """What could not be done, or read, in sentences."""
    data: str = ""
    """The data set's name, where one was compared with."""

    @property
    def families_by_label(self) -> dict[str, str]:
        """The family of each label, `unknown` included; empty where one has none."""
        return families_by_label(self.contract)


def explain(
    model: Path,
    recording: str,
    wish: Wish,
    progress: Progress,
    *,
    layers: Sequence[int] = (),
    data: DataSet | None = None,
) -> Explanation:
    """Explain what a model makes of a recording.

    Parameters
    ----------
    model : Path
    recording : str
        A file, a folder of numbered images, or ``synthetic:NAME``.
    wish : Wish
    progress : Progress
    layers : sequence of int
        Convolutions, from 1, that Grad-CAM is drawn of and whose maps are shown; empty for all
        maps, and Grad-CAM of the last that has cells enough.
    data : DataSet, optional
        What is compared with.

    Raises
    ------
    ModelError
        The model cannot be used, or gives no features where a data set is compared with.
    SettingsError
        The model does not know the label, or has no such convolution.
    SourceError
        The recording cannot be read, or shows nothing that could be explained.
    """
    recogniser = OnnxRecogniser(model)
    contract = recogniser.contract
    check_label(wish.label, contract)
    network, note = _network_of(recogniser)
    _check_layers(layers, network, note)
    found, damage = find_clips(recording, recogniser, wish)
    clips = [one.clip for one in found]
    if network is not None and not _is_the_same(network, recogniser, clips):
        network, note = None, _instead("its network, built again, gives other answers")
    near: list[list[Near]] = [[] for _ in clips]
    if data is not None:
        near = nearest_of(data, recogniser, clips, recording, progress)
    recorded = recorded_of(recording, clips, contract.representation, SQUARE_PX)
    return Explanation(
        model=model,
        digest=recogniser.digest,
        contract=contract,
        recording=recording,
        clips=tuple(
            _explained(one, shots, own, wish, recogniser, network, layers)
            for one, shots, own in zip(found, recorded, near, strict=True)
        ),
        filters=None if network is None else _filters_of(network),
        notes=tuple(said for said in (note, damage) if said),
        data="" if data is None else data.name,
    )


def check_label(label: str | None, contract: ModelContract) -> None:
    """Refuse a label that a model cannot give, with a `SettingsError`."""
    known = (*contract.labels, *((UNKNOWN,) if contract.has_reject else ()))
    if label is not None and label not in known:
        raise SettingsError(f"--label {label}: the model knows {', '.join(known)}")


def families_by_label(contract: ModelContract) -> dict[str, str]:
    """The family of each label, `unknown` included where it can be said; empty where a label has
    none, or the network decides between all of them at once."""
    training = contract.recipe.get("training")
    own = families_of(contract.labels)
    if not own or not isinstance(training, dict) or not training.get("families"):
        return {}
    found = dict(zip(contract.labels, own, strict=True))
    return {**found, UNKNOWN: NONE} if contract.has_reject else found


def family_shares(shares: dict[str, float], contract: ModelContract) -> dict[str, float]:
    """How probable each family of movements is; empty where a label has none."""
    found: dict[str, float] = {}
    for label, family in families_by_label(contract).items():
        found[family] = found.get(family, 0.0) + shares[label]
    return found


def _explained(
    found: Found,
    recorded: Recorded,
    near: Sequence[Near],
    wish: Wish,
    recogniser: OnnxRecogniser,
    network: ClipNetwork | None,
    layers: Sequence[int],
) -> Explained:
    contract = recogniser.contract
    shares = shares_of(found.said, contract)
    named = {label: shares[label] for label in contract.labels}
    asked = wish.label or max(named, key=lambda label: named[label])
    output = list(shares).index(asked)
    if network is None:
        held: tuple[Held, ...] = (Held(occlusion(recogniser, found.clip, output)),)
        shown: tuple[Layer, ...] = ()
    else:
        held, shown = _inside(network, found.clip, output, layers)
    return Explained(
        found=found,
        asked=asked,
        shares=shares,
        families=family_shares(shares, contract),
        held=held,
        layers=shown,
        recorded=recorded,
        near=tuple(near),
    )


def _inside(
    network: ClipNetwork, clip: MotionClip, output: int, layers: Sequence[int]
) -> tuple[tuple[Held, ...], tuple[Layer, ...]]:
    """What an answer hangs on within a network, and what its convolutions make of a clip."""
    from motionapp.training.explaining.inside import look_inside, usual_layer

    convolutions = look_inside(network, clip, output)
    chosen = [convolutions[number - 1] for number in layers]
    asked = chosen or [usual_layer(convolutions)]
    return (
        tuple(Held(one.grad_cam(), one.number, one.name) for one in asked),
        tuple(_layer(one) for one in chosen or convolutions),
    )


def _layer(one: Convolution) -> Layer:
    channels, height, width = one.maps.shape
    strongest = one.strongest(STRONGEST)
    return Layer(
        number=one.number,
        name=one.name,
        channels=channels,
        size=(width, height),
        strongest=tuple(channel + 1 for channel in strongest),
        maps=one.maps[strongest],
    )


def _network_of(recogniser: OnnxRecogniser) -> tuple[ClipNetwork | None, str]:
    """The model's network; or None, and why nothing is told of what happens within it."""
    try:
        need_torch("Grad-CAM")
        from motionapp.training.rebuilt import network_of

        return network_of(read_model_file(recogniser.path), recogniser.contract), ""
    except MissingExtraError as error:
        return None, _instead(str(error))
    except ModelError as error:
        return None, _instead(f"the model {recogniser.path.name} cannot be looked into: {error}")


def _instead(why: str) -> str:
    return (
        f"There is no Grad-CAM here, and nothing of the layers: {why}. Instead, parts of the clip "
        "were covered, to see which of them the answer needs."
    )


def _is_the_same(
    network: ClipNetwork, recogniser: OnnxRecogniser, clips: Sequence[MotionClip]
) -> bool:
    """Whether a network built again says of some clips what the file says."""
    from motionapp.training.explaining.inside import answers_to

    file = recogniser.logits(np.stack([one.maps for one in clips]), [one.going for one in clips])
    own = answers_to(network, clips)
    return bool(np.abs(softmax(file) - softmax(own)).max() <= ROUNDING)


def _check_layers(layers: Sequence[int], network: ClipNetwork | None, note: str) -> None:
    if not layers:
        return
    if network is None:
        raise SettingsError(f"--layers: leave it out. {note}")
    from motionapp.training.transfer import convolutions_of

    count = len(convolutions_of(network))
    beyond = [number for number in layers if not 1 <= number <= count]
    if beyond:
        raise SettingsError(f"--layers {beyond[0]}: the network has the convolutions 1 to {count}")


def _filters_of(network: ClipNetwork) -> Numbers:
    from motionapp.training.transfer import convolutions_of

    weights: Numbers = convolutions_of(network)[0][0].weight.detach().numpy()
    return weights
