"""Puts into an ONNX network what it wants otherwise than it is given.

Knows the onnx library; what is to be put in is decided by `training.foreign`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from motionapp.core.contract import ModelContract
from motionapp.core.errors import ModelError
from motionapp.core.representation import Representation
from motionapp.recognition.outline import MOST_VALUES, Dims
from motionapp.training.files import with_contract
from motionapp.training.layout import Layout, Taken

INPUT, OUTPUT = "motionapp_clips", "motionapp_answers"
"""Not the names that a network of others' may have within."""
LEAST_SHARE: Final = 1e-30
"""A probability that was rounded to 0 has no logarithm."""
LEAST_IR: Final = 8
"""Since 4, weights need not be inputs, too."""
NEWEST_OPSET: Final = onnx.defs.onnx_opset_version()

_PASS_ON: Final = frozenset(
    ["Cast", "DequantizeLinear", "Flatten", "Identity", "QuantizeLinear", "Reshape", "Squeeze"]
)
_ORDERS: Final[dict[Layout, tuple[int, ...]]] = {
    "nhwc": (0, 2, 3, 1),
    "nthwc": (0, 1, 3, 4, 2),
    "ncthw": (0, 2, 1, 3, 4),
}
"""From (clips, planes, height, width) or (clips, steps, planes, height, width); others are so."""

Model = Any
"""An `onnx.ModelProto`, which has no types."""


def opened(content: bytes) -> Model:
    """A network to work on, without what was written beside it.

    Raises
    ------
    ModelError
        The bytes are none.
    """
    try:
        model = onnx.load_from_string(content)
    except Exception as error:  # protobuf's own, of which it has several kinds
        raise ModelError("it is not an ONNX file, or was cut short") from error
    for part in (model, model.graph, *model.graph.node, *model.graph.value_info):
        part.doc_string = ""
        del part.metadata_props[:]
    del model.training_info[:]
    given = {tensor.name for tensor in model.graph.initializer}
    inputs = [one for one in model.graph.input if one.name not in given]
    del model.graph.input[:]
    model.graph.input.extend(inputs)
    model.ir_version = max(model.ir_version, LEAST_IR)
    return model


def gives(model: Model) -> Any:
    """Whether a network ends with a softmax: `softmax`, else `logits`.

    Raises
    ------
    ModelError
        It ends with a sigmoid: each answer stands for itself.
    """
    makers = {name: node for node in model.graph.node for name in node.output}
    node = makers.get(model.graph.output[0].name)
    while node is not None and node.op_type in _PASS_ON:
        node = makers.get(node.input[0])
    last = "" if node is None else node.op_type
    if last == "Sigmoid":
        raise ModelError(
            "its answers are each a probability by itself (Sigmoid): labels that exclude one "
            "another are needed; if its own do, say --softmax"
        )
    return "softmax" if last == "Softmax" else "logits"


def fit(
    model: Model,
    taken: Taken,
    *,
    representation: Representation,
    outputs: int,
    mixing: tuple[NDArray[np.float32], NDArray[np.float32]],
    are_probabilities: bool,
) -> None:
    """Make a network take clips as they are cut here, and give logits.

    Parameters
    ----------
    model : onnx.ModelProto
        Changed in place.
    taken : Taken
        What it takes now.
    representation : Representation
        What it will be given: (clips, channels, side, side).
    outputs : int
        Labels.
    mixing : tuple of ndarray
        Weights of shape (planes taken, planes given), and what is added to each.
    are_probabilities : bool
        Of them the logarithm is given, whose softmax they are.
    """
    graph = model.graph
    count = 1 if taken.is_single else "clips"
    before = _Chain(INPUT)
    _mix(before, mixing, taken.steps, representation.planes)
    _order(before, taken, planes=len(mixing[1]))
    after = _Chain(graph.output[0].name)
    if are_probabilities:
        after.add("Clip", [np.array(LEAST_SHARE, np.float32)])
        after.add("Log")
    after.add("Identity")
    after.end_at(OUTPUT)
    before.add("Identity")
    before.end_at(graph.input[0].name)
    nodes = [*before.nodes, *graph.node, *after.nodes]
    del graph.node[:], graph.input[:], graph.output[:]
    graph.node.extend(nodes)
    graph.initializer.extend([*before.weights, *after.weights])
    side = representation.side_px
    sides = [count, representation.channels, side, side]
    graph.input.append(helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, sides))
    given = helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, [count, outputs])
    graph.output.append(given)


def check_sizes(model: Model) -> Dims | None:
    """Refuse a network that needs more memory between its layers than any should.

    Sizes are worked out and nothing is computed: a few numbers in a file may ask for a thousand
    gigabytes.

    Returns
    -------
    tuple or None
        The shape of what comes before the output, which is what the network says itself.

    Raises
    ------
    ModelError
        A tensor is too large, sizes contradict one another, or one of them depends on numbers that
        are known only once the network runs.
    """
    one = onnx.ModelProto()
    one.CopyFrom(model)
    # The declared ones would be believed.
    del one.graph.value_info[:]
    one.graph.input[0].type.tensor_type.shape.dim[0].dim_value = 1
    one.graph.output[0].type.tensor_type.ClearField("shape")
    try:
        found = onnx.shape_inference.infer_shapes(one, data_prop=True)
    except Exception as error:  # of several kinds, none of them documented
        said = " ".join(str(error).split())[:200]
        raise ModelError(f"its sizes cannot be worked out: {said}") from error
    sides = {one.name: _dims(one) for one in (*found.graph.value_info, *found.graph.output)}
    for node in found.graph.node:
        for name in filter(None, node.output):
            _check_size(name, node.op_type, sides.get(name))
    return sides[found.graph.output[0].name]


def _check_size(name: str, operator: str, dims: Dims | None) -> None:
    """Refuse what is too large, or of which nobody knows before it runs how large it is."""
    known = [side for side in dims or () if isinstance(side, int)]
    count = math.prod(known)
    if count > MOST_VALUES:
        raise ModelError(
            f"between its layers it makes a tensor of {count:,} numbers: at most {MOST_VALUES:,}"
        )
    if dims is None or len(known) < len(dims):
        raise ModelError(
            f"how large {name} is, which {operator} makes, cannot be worked out before it runs: "
            "export it for a picture of one size"
        )


def finished(model: Model, contract: ModelContract) -> bytes:
    """The content of a model file."""
    return with_contract(model.SerializeToString(deterministic=True), contract)


class _Chain:
    """Operators one after another, each fed by the one before."""

    def __init__(self, start: str) -> None:
        self.nodes: list[Any] = []
        self.weights: list[Any] = []
        self._last = start
        self._prefix = start if start == INPUT else OUTPUT

    def add(
        self, operator: str, weights: Sequence[NDArray[Any]] = (), **attributes: object
    ) -> None:
        """Put an operator at the end, with further inputs."""
        own = f"{self._prefix}_{len(self.nodes)}"
        names = [f"{own}_{number}" for number in range(len(weights))]
        self.weights += [
            numpy_helper.from_array(weight, name)
            for weight, name in zip(weights, names, strict=True)
        ]
        node = helper.make_node(operator, [self._last, *names], [own], name=own, **attributes)
        self.nodes.append(node)
        self._last = own

    def end_at(self, name: str) -> None:
        """What comes out has this name."""
        self.nodes[-1].output[0] = self._last = name


def _mix(
    chain: _Chain,
    mixing: tuple[NDArray[np.float32], NDArray[np.float32]],
    steps: int,
    planes: int,
) -> None:
    """One convolution of a single pixel, the same for each step: it can exchange colours, make them
    grey, scale and shift them."""
    weights, shift = mixing
    if np.array_equal(weights, np.eye(planes)) and not shift.any():
        return
    kernel = np.tile(weights, (steps, 1))[:, :, None, None]
    chain.add("Conv", [kernel, np.tile(shift, steps)], group=steps, kernel_shape=[1, 1])


def _order(chain: _Chain, taken: Taken, *, planes: int) -> None:
    if "t" in taken.layout:
        sides = [1 if taken.is_single else -1, taken.steps, planes, taken.side_px, taken.side_px]
        chain.add("Reshape", [np.array(sides, np.int64)])
    if taken.layout in _ORDERS:
        chain.add("Transpose", perm=list(_ORDERS[taken.layout]))


def _dims(value: Any) -> Dims | None:
    tensor = value.type.tensor_type
    if not tensor.HasField("shape"):
        return None
    return tuple(
        side.dim_value if side.HasField("dim_value") else (side.dim_param or None)
        for side in tensor.shape.dim
    )
