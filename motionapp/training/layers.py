"""The weights of a network that was trained before, in the order in which it uses them: of a model
file of ours, or of a state file as torch and torchvision write them. Nothing of either is run."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper

from motionapp.core.contract import FEATURES
from motionapp.core.errors import ModelError

Numbers = NDArray[np.float32]

_TAKEN = frozenset({"weight", "bias", "running_mean", "running_var"})
"""What is taken over of a module; what else stands beside it is passed over."""


@dataclass(frozen=True, slots=True, eq=False)
class Norm:
    """A batch normalisation that follows a convolution."""

    scale: Numbers
    shift: Numbers
    mean: Numbers
    variance: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A convolution, weight (outputs, inputs, height, width), or a dense layer, (outputs, inputs).

    Where a file has a normalisation apart, it stands in `norm`; a model of ours has it worked into
    weight and bias.
    """

    weight: Numbers
    bias: Numbers
    norm: Norm | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """A network's weights."""

    convolutions: tuple[Layer, ...]
    dense: tuple[Layer, ...]
    """Without what looks at how a body goes; in a state file the head is the last of them."""
    going: tuple[Layer, ...] = ()
    head: tuple[Layer, ...] = ()
    """What decides by the features, of labels and of families; empty where nobody can tell."""
    planes: int = 1
    """Channels of one of its maps."""


def layers_of_onnx(content: bytes, *, planes: int) -> Layers:
    """The weights in a model file of ours, which has been checked; also those of 8 bits."""
    graph = onnx.load_from_string(content).graph
    stored = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    made = {output: node for node in graph.node for output in node.output}
    parts: dict[str, list[Layer]] = {"conv": [], "dense": [], "going": [], "head": []}
    for node in _in_order(graph, made):
        if node.op_type not in ("Conv", "Gemm"):
            continue
        weight = _value(node.input[1], stored, made)
        bias = (
            _value(node.input[2], stored, made)
            if len(node.input) > 2
            else np.zeros(len(weight), np.float32)
        )
        parts[_part_of(node)].append(Layer(weight, bias))
    return Layers(
        tuple(parts["conv"]), tuple(parts["dense"]), tuple(parts["going"]), tuple(parts["head"]),
        planes=planes,
    )  # fmt: skip


def _in_order(graph: Any, made: Mapping[str, Any]) -> list[Any]:
    """The nodes behind a graph's outputs, each after those that it reads, in their order.

    A file's own order is any in which this holds: of 8 bits, what leads round a ResNet's block
    stands before the block.
    """
    found: list[Any] = []
    visited: set[str] = set()
    ahead = [(made[one.name], False) for one in reversed(graph.output) if one.name in made]
    while ahead:
        node, is_read = ahead.pop()
        if is_read:
            found.append(node)
        elif node.output[0] not in visited:
            visited.add(node.output[0])
            ahead.append((node, True))
            ahead += [(made[name], False) for name in reversed(node.input) if name in made]
    return found


def _part_of(node: Any) -> str:
    if node.op_type == "Conv":
        return "conv"
    if ".going." in node.input[1]:
        return "going"
    return "head" if node.input[0] == FEATURES else "dense"


def _value(name: str, stored: Mapping[str, NDArray[Any]], made: Mapping[str, Any]) -> Numbers:
    """A weight, however many bits it is kept in."""
    if name in stored:
        return np.array(stored[name], np.float32)  # a copy: what is read of a file is read-only
    node = made.get(name)
    is_kept = getattr(node, "op_type", "") == "DequantizeLinear"
    if node is None or not is_kept or not all(one in stored for one in node.input):
        raise ModelError(f"its weights {name} are not kept in the file: they cannot be taken over")
    kept, scale = stored[node.input[0]], np.asarray(stored[node.input[1]], np.float32)
    zero = stored[node.input[2]] if len(node.input) > 2 else np.zeros_like(scale, kept.dtype)
    axis = next((one.i for one in node.attribute if one.name == "axis"), 1)
    if scale.ndim:
        wide = [1] * kept.ndim
        wide[axis] = -1
        scale, zero = scale.reshape(wide), zero.reshape(wide)
    return (kept.astype(np.float32) - zero.astype(np.float32)) * scale


def layers_of_state(content: bytes) -> Layers:
    """The weights in a state file of torch, read without running anything that stands in it.

    Raises
    ------
    ModelError
        It is no such file, or holds no weights of a network of convolutions.
    """
    _check_unpacked(content)
    try:
        state = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except Exception as error:  # torch's own have no common base
        said = str(error).split(".")[0].split("\n")[0]
        why = f": {said}" if said else ""
        raise ModelError(f"it is no state file of torch that is safe to read{why}") from error
    if isinstance(state, Mapping) and isinstance(state.get("state_dict"), Mapping):
        state = state["state_dict"]
    if not isinstance(state, Mapping):
        raise ModelError("it holds no state of a network")
    convolutions: list[Layer] = []
    dense: list[Layer] = []
    going: list[Layer] = []
    for module, own in _by_module(state).items():
        weight = own.get("weight")
        if weight is None or not weight.ndim:
            continue
        _check_sizes(module, own, len(weight))
        if "running_mean" in own and convolutions:
            convolutions[-1] = Layer(convolutions[-1].weight, convolutions[-1].bias, _norm_of(own))
        elif weight.ndim in (2, 4):
            bias = own.get("bias", np.zeros(len(weight), np.float32))
            plain = going if module.startswith("going.") else dense
            (convolutions if weight.ndim == 4 else plain).append(Layer(weight, bias))
    if not convolutions:
        raise ModelError("it holds no convolutions")
    return Layers(tuple(convolutions), tuple(dense), tuple(going))


def _by_module(state: Mapping[Any, Any]) -> dict[str, dict[str, Numbers]]:
    """The numbers of each module, by its name, in the order of the file."""
    modules: dict[str, dict[str, Numbers]] = {}
    for name, value in state.items():
        if isinstance(name, str) and isinstance(value, torch.Tensor):
            module, _, own = name.rpartition(".")
            if own in _TAKEN:
                modules.setdefault(module, {})[own] = _numbers(name, value)
    return modules


def _numbers(name: str, tensor: torch.Tensor) -> Numbers:
    """The numbers of a tensor, which are in the file, each of them once.

    Raises
    ------
    ModelError
        They are not, or are of a kind that no network here is made of, or no finite ones.
    """
    is_plain = tensor.layout is torch.strided and tensor.device.type == "cpu"
    if not is_plain or not tensor.is_floating_point():
        raise ModelError(f"its {name} is of a kind that cannot be taken over: save it as float32")
    if tensor.numel() * tensor.element_size() > tensor.untyped_storage().nbytes():
        raise ModelError(f"its {name} is said to be larger than what the file holds")
    if not tensor.isfinite().all():
        raise ModelError(f"its {name} is infinite or not a number somewhere")
    numbers: Numbers = tensor.detach().float().numpy()
    return numbers


def _check_sizes(module: str, own: Mapping[str, Numbers], outputs: int) -> None:
    """Refuse a module whose parts do not fit together."""
    for part, value in own.items():
        if part != "weight" and value.shape != (outputs,):
            raise ModelError(
                f"its {module}.{part} has the sides {list(value.shape)}, and {module}.weight "
                f"{outputs} outputs: they do not fit together"
            )


def _check_unpacked(content: bytes) -> None:
    """Refuse an archive that is far larger than its file: torch never packs what it saves."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error):
        return  # of an older kind, or none: torch says so
    if unpacked > len(content):
        raise ModelError("it is packed, as torch writes none: unpacked it may have any size")


def _norm_of(own: Mapping[str, Numbers]) -> Norm:
    mean = own["running_mean"]
    return Norm(
        own["weight"], own.get("bias", np.zeros_like(mean)), mean,
        own.get("running_var", np.ones_like(mean)),
    )  # fmt: skip
