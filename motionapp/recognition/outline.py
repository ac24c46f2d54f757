"""Reads what an ONNX file says about itself, before anything runs.

ONNX Runtime alone neither lists a model's operators nor refuses custom ones and side files until
it has loaded them. A model file may come from anywhere, so its outline is read first: a protobuf
message is a row of numbered fields, and some dozens of them are needed. No more of the format is
known here.

References
----------
onnx.proto of the ONNX project (field numbers).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from motionapp.core.errors import ModelError
from motionapp.recognition.protobuf import Broken, Value, fields, message, numbers, text

# Field numbers of onnx.proto.
_MODEL_PRODUCER, _MODEL_GRAPH, _MODEL_OPSET = 2, 7, 8
_MODEL_METADATA, _MODEL_FUNCTIONS = 14, 25
_OPSET_DOMAIN, _OPSET_VERSION = 1, 2
_GRAPH_NODE, _GRAPH_INITIALIZER, _GRAPH_INPUT, _GRAPH_OUTPUT = 1, 5, 11, 12
_GRAPH_BETWEEN, _GRAPH_SPARSE = 13, 15
_NODE_INPUT, _NODE_OUTPUT, _NODE_OPERATOR, _NODE_ATTRIBUTE, _NODE_DOMAIN = 1, 2, 4, 5, 7
_ATTRIBUTE_TENSORS, _ATTRIBUTE_GRAPHS, _ATTRIBUTE_SPARSE = (5, 10), (6, 11), (22, 23)
"""One of each, or several."""
_VALUE_NAME, _VALUE_TYPE, _TYPE_TENSOR, _TENSOR_KIND, _TENSOR_SHAPE = 1, 2, 1, 1, 2
_SHAPE_DIM, _DIM_NUMBER, _DIM_NAME = 1, 1, 2
_TENSOR_DIMS, _TENSOR_TYPE, _TENSOR_FLOATS, _TENSOR_INTS, _TENSOR_NAME = 1, 2, 4, 5, 8
_TENSOR_RAW, _TENSOR_DOUBLES, _TENSOR_EXTERNAL, _TENSOR_LOCATION = 9, 10, 13, 14
_TENSOR_DATA = (_TENSOR_FLOATS, _TENSOR_INTS, 6, 7, _TENSOR_RAW, _TENSOR_DOUBLES, 11)
_ENTRY_KEY, _ENTRY_VALUE = 1, 2

T = TypeVar("T")

FLOAT32, INT8 = 1, 3
"""Types of tensors, as numbers of the format."""

_FLOATS = {FLOAT32: "<f4", 10: "<f2", 11: "<f8"}
"""How numbers with a fraction lie in a file, by the tensor's type."""

MOST_NODES = 10_000
"""A network of 16 layers, quantised, has about 150."""
MOST_VALUES = 2**26
"""Of any tensor that a file declares, with one clip. The largest of a VGG16 at its paper's size has
2**22 between layers, and 2**27 weights in one, which do not pass as a file either."""
MOST_AXES = 16
"""Of any tensor; ONNX Runtime's own operators take 8. The sides of five million axes multiply for
minutes."""
MOST_PARTS = 1_000_000
"""Of a message, and of all attributes together: a part of two bytes in the file takes a hundred in
memory."""
_LEAST_BITS = 4
"""The smallest numbers of the format take so many."""

Dims = tuple[int | str | None, ...]
"""Sides of a tensor; a name or None where any length fits."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What goes into or comes out of a network, as its file declares it."""

    name: str
    type: int = FLOAT32
    dims: Dims | None = None
    """None where the file does not say."""


@dataclass(frozen=True, slots=True)
class Node:
    """One operator at work."""

    operator: str
    """With its domain where that is not ONNX's own: ``Conv``, ``com.example/Steal``."""
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """Numbers that stand in a file."""

    name: str
    type: int
    dims: tuple[int, ...]
    data: tuple[tuple[int, Value], ...]
    """The fields that hold them."""
    is_external: bool = False

    @property
    def is_as_large_as_it_says(self) -> bool:
        """Whether the file holds as many numbers as the sides promise, or could."""
        if self.is_external:
            return True  # refused for what it is
        held_bytes = sum(1 if isinstance(value, int) else len(value) for _, value in self.data)
        return math.prod(self.dims) * _LEAST_BITS <= held_bytes * 8

    def floats(self) -> Iterator[NDArray[Any]]:
        """Its numbers, in as many parts as they are written; none of whole numbers."""
        kind = _FLOATS.get(self.type)
        for number, value in self.data:
            written = {_TENSOR_FLOATS: "<f4", _TENSOR_DOUBLES: "<f8", _TENSOR_RAW: kind}.get(number)
            if written is None or isinstance(value, int):
                continue
            if len(value) % np.dtype(written).itemsize:
                raise Broken
            yield np.frombuffer(value, written)

    def int8s(self) -> NDArray[np.int8]:
        """Its numbers, where it is of the type `INT8`."""
        found = [np.zeros(0, np.int8)]
        for number, value in self.data:
            if number == _TENSOR_RAW:
                found.append(np.frombuffer(message(value), np.int8))
            elif number == _TENSOR_INTS:
                lowest = np.fromiter(numbers(value), np.uint64).astype(np.uint8)
                found.append(lowest.view(np.int8))
        return np.concatenate(found)


@dataclass(frozen=True, slots=True)
class Outline:
    """The part of an ONNX file that decides whether it may run."""

    operators: frozenset[str] = frozenset()
    """Names with their domain where it is not ONNX's own: ``Conv``, ``com.example/Steal``."""
    metadata: dict[str, str] = field(default_factory=dict)
    producer: str = ""
    """What wrote it, by its own words."""
    opset: int = 0
    """Version of ONNX's own operators; 0 where none is stated."""
    inputs: tuple[Declared, ...] = ()
    """What must be fed: without those that have a value in the file."""
    outputs: tuple[Declared, ...] = ()
    most_values: int = 0
    """Of any tensor that is declared with its sides; sides that are left open count as 1."""
    has_functions: bool = False
    has_graphs: bool = False
    """Whether an operator holds a network of its own, as loops and branches do."""
    has_sparse: bool = False
    has_external_data: bool = False
    has_false_sizes: bool = False
    """Whether a tensor promises more numbers than the file holds."""
    has_no_numbers: bool = False
    """Whether any of its weights is infinite or not a number."""


def read_outline(content: bytes) -> Outline:
    """The outline of an ONNX file.

    Parameters
    ----------
    content : bytes
        The whole file.

    Raises
    ------
    ModelError
        The bytes are no ONNX file, or one that was cut short.
    """
    try:
        return _outline(memoryview(content))
    except (Broken, IndexError, UnicodeDecodeError) as error:
        raise ModelError("it is not an ONNX file, or was cut short") from error


def read_nodes(content: bytes) -> tuple[Node, ...]:
    """The operators of an ONNX file whose outline has been read."""
    return tuple(
        _node(message(value)) for n, value in _graph_of(memoryview(content)) if n == _GRAPH_NODE
    )


def read_tensors(content: bytes) -> Iterator[Tensor]:
    """The weights of an ONNX file whose outline has been read."""
    for number, value in _graph_of(memoryview(content)):
        if number == _GRAPH_INITIALIZER:
            yield _tensor(message(value))


def _graph_of(content: memoryview) -> Iterator[tuple[int, Value]]:
    for number, value in fields(content):
        if number == _MODEL_GRAPH:
            yield from fields(message(value))


def _outline(content: memoryview) -> Outline:
    top = _parts(fields(content))
    if not any(number == _MODEL_GRAPH for number, _ in top):
        raise Broken
    graph = _parts(_graph_of(content))
    nodes = [message(value) for number, value in graph if number == _GRAPH_NODE]
    if len(nodes) > MOST_NODES:
        raise ModelError(f"its network has more than {MOST_NODES} operators")
    attributes = _parts(one for node in nodes for one in _attributes(node))
    weights = [_tensor(message(value)) for n, value in graph if n == _GRAPH_INITIALIZER]
    tensors = [*weights, *(_tensor(message(v)) for n, v in attributes if n in _ATTRIBUTE_TENSORS)]
    ends = {
        kind: [_declared(message(value)) for number, value in graph if number == kind]
        for kind in (_GRAPH_INPUT, _GRAPH_OUTPUT, _GRAPH_BETWEEN)
    }
    given = {weight.name for weight in weights}
    declared = [one.dims or () for kind in ends.values() for one in kind]
    return Outline(
        operators=frozenset(_node(node).operator for node in nodes),
        metadata=dict(_entry(message(value)) for n, value in top if n == _MODEL_METADATA),
        producer=" ".join(text(value) for n, value in top if n == _MODEL_PRODUCER),
        opset=max((_opset(message(value)) for n, value in top if n == _MODEL_OPSET), default=0),
        inputs=tuple(one for one in ends[_GRAPH_INPUT] if one.name not in given),
        outputs=tuple(ends[_GRAPH_OUTPUT]),
        most_values=max(_values(d) for d in [(), *declared, *(one.dims for one in tensors)]),
        has_functions=any(number == _MODEL_FUNCTIONS for number, _ in top),
        has_graphs=any(number in _ATTRIBUTE_GRAPHS for number, _ in attributes),
        has_sparse=any(n == _GRAPH_SPARSE for n, _ in graph)
        or any(number in _ATTRIBUTE_SPARSE for number, _ in attributes),
        has_external_data=any(one.is_external for one in tensors),
        has_false_sizes=not all(one.is_as_large_as_it_says for one in tensors),
        has_no_numbers=not all(_is_finite(part) for one in weights for part in one.floats()),
    )


def _parts(found: Iterator[tuple[int, Value]]) -> tuple[tuple[int, Value], ...]:
    """All of them, of as many as any network has."""
    return _at_most(found, MOST_PARTS, f"it is made of more than {MOST_PARTS:,} parts")


def _axes(found: Iterable[T]) -> tuple[T, ...]:
    """The sides of a tensor, of as many axes as any has."""
    return _at_most(found, MOST_AXES, f"it declares a tensor of more than {MOST_AXES} axes")


def _at_most(found: Iterable[T], most: int, otherwise: str) -> tuple[T, ...]:
    """All of them; no more are read than may be.

    Raises
    ------
    ModelError
        There are more; `otherwise` says so.
    """
    things = tuple(islice(found, most + 1))
    if len(things) > most:
        raise ModelError(otherwise)
    return things


def _attributes(node: memoryview) -> Iterator[tuple[int, Value]]:
    """What the attributes of an operator hold that may not be in one, or has a size."""
    wanted = {*_ATTRIBUTE_TENSORS, *_ATTRIBUTE_GRAPHS, *_ATTRIBUTE_SPARSE}
    for number, attribute in fields(node):
        if number == _NODE_ATTRIBUTE:
            yield from (one for one in fields(message(attribute)) if one[0] in wanted)


def _entry(entry: memoryview) -> tuple[str, str]:
    found = dict(fields(entry))
    return text(found.get(_ENTRY_KEY)), text(found.get(_ENTRY_VALUE))


def _opset(opset: memoryview) -> int:
    """The version of ONNX's own operators; 0 of others'."""
    found = dict(fields(opset))
    version = found.get(_OPSET_VERSION, 0)
    is_own = text(found.get(_OPSET_DOMAIN)) in ("", "ai.onnx")
    return version if is_own and isinstance(version, int) else 0


def _node(node: memoryview) -> Node:
    inputs, outputs, names = [], [], {}
    for number, value in fields(node):
        if number == _NODE_INPUT:
            inputs.append(text(value))
        elif number == _NODE_OUTPUT:
            outputs.append(text(value))
        elif number in (_NODE_OPERATOR, _NODE_DOMAIN):
            names[number] = text(value)
    name, domain = names.get(_NODE_OPERATOR, ""), names.get(_NODE_DOMAIN, "")
    operator = name if domain in ("", "ai.onnx") else f"{domain}/{name}"
    return Node(operator, tuple(inputs), tuple(outputs))


def _tensor(tensor: memoryview) -> Tensor:
    dims = _axes(
        side
        for number, value in fields(tensor)
        if number == _TENSOR_DIMS
        for side in numbers(value)
    )
    data = []
    name, kind, is_external = "", 0, False
    for number, value in fields(tensor):
        if number == _TENSOR_TYPE and isinstance(value, int):
            kind = value
        elif number == _TENSOR_NAME:
            name = text(value)
        elif number in _TENSOR_DATA:
            data.append((number, value))
        elif number == _TENSOR_EXTERNAL or (number == _TENSOR_LOCATION and value):
            is_external = True
    return Tensor(name, kind, dims, tuple(data), is_external)


def _declared(value_info: memoryview) -> Declared:
    found = dict(fields(value_info))
    name = text(found.get(_VALUE_NAME))
    kind = dict(fields(message(found.get(_VALUE_TYPE, memoryview(b"")))))
    if _TYPE_TENSOR not in kind:
        return Declared(name, 0)
    tensor = dict(fields(message(kind[_TYPE_TENSOR])))
    element = tensor.get(_TENSOR_KIND, 0)
    dims: Dims | None = None
    if _TENSOR_SHAPE in tensor:
        sides = fields(message(tensor[_TENSOR_SHAPE]))
        dims = _axes(_side(message(value)) for number, value in sides if number == _SHAPE_DIM)
    return Declared(name, element if isinstance(element, int) else 0, dims)


def _side(dim: memoryview) -> int | str | None:
    found = dict(fields(dim))
    number = found.get(_DIM_NUMBER)
    if isinstance(number, int):
        return number if number else None  # some exporters write 0 for any length
    return text(found.get(_DIM_NAME)) or None


def _values(dims: Dims) -> int:
    return math.prod(side for side in dims if isinstance(side, int))


def _is_finite(values: NDArray[Any]) -> bool:
    return bool(np.isfinite(values).all())
