"""Reads what an ONNX file says about itself, before anything runs.

ONNX Runtime alone neither lists a model's operators nor refuses custom ones and side files until
it has loaded them. A model file may come from anywhere, so its outline is read first: a protobuf
message is a row of numbered fields, and a dozen of them are needed. No more of the format is known
here.

References
----------
onnx.proto of the ONNX project (field numbers); Protocol Buffers, "Encoding" (wire format).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motionapp.core.errors import ModelError

# Field numbers of onnx.proto.
_MODEL_GRAPH, _MODEL_METADATA, _MODEL_FUNCTIONS = 7, 14, 25
_GRAPH_NODE, _GRAPH_INITIALIZER = 1, 5
_NODE_OPERATOR, _NODE_DOMAIN = 4, 7
_TENSOR_TYPE, _TENSOR_FLOATS, _TENSOR_RAW, _TENSOR_DOUBLES = 2, 4, 9, 10
_TENSOR_EXTERNAL, _TENSOR_LOCATION = 13, 14
_ENTRY_KEY, _ENTRY_VALUE = 1, 2
# Wire types.
_VARINT, _EIGHT_BYTES, _LENGTH, _FOUR_BYTES = 0, 1, 2, 5

_FLOATS = {1: "<f4", 10: "<f2", 11: "<f8"}
"""How numbers with a fraction lie in a file, by the tensor's type."""

MOST_NODES = 10_000
"""A network of 16 layers, quantised, has about 150."""


class _Broken(Exception):
    """The bytes are no protobuf message."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The part of an ONNX file that decides whether it may run."""

    operators: frozenset[str] = frozenset()
    """Names with their domain where it is not ONNX's own: ``Conv``, ``com.example/Steal``."""
    metadata: dict[str, str] = field(default_factory=dict)
    has_functions: bool = False
    has_external_data: bool = False
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
    except (_Broken, IndexError, UnicodeDecodeError) as error:
        raise ModelError("it is not an ONNX file, or was cut short") from error


def _outline(content: memoryview) -> Outline:
    operators: set[str] = set()
    metadata: dict[str, str] = {}
    has_graph = has_functions = has_external = has_no_numbers = False
    for number, value in _fields(content):
        if number == _MODEL_GRAPH:
            has_graph = True
            found, external, no_numbers = _read_graph(_message(value))
            operators |= found
            has_external |= external
            has_no_numbers |= no_numbers
        elif number == _MODEL_METADATA:
            entry = dict(_fields(_message(value)))
            metadata[_text(entry.get(_ENTRY_KEY))] = _text(entry.get(_ENTRY_VALUE))
        elif number == _MODEL_FUNCTIONS:
            has_functions = True
    if not has_graph:
        raise _Broken
    return Outline(frozenset(operators), metadata, has_functions, has_external, has_no_numbers)


def _read_graph(graph: memoryview) -> tuple[set[str], bool, bool]:
    operators: set[str] = set()
    has_external = has_no_numbers = False
    nodes = 0
    for number, value in _fields(graph):
        if number == _GRAPH_NODE:
            nodes += 1
            if nodes > MOST_NODES:
                raise ModelError(f"its network has more than {MOST_NODES} operators")
            operators.add(_operator(_message(value)))
        elif number == _GRAPH_INITIALIZER:
            numbers = dict(_fields(_message(value)))
            has_external |= _TENSOR_EXTERNAL in numbers or bool(numbers.get(_TENSOR_LOCATION))
            has_no_numbers = has_no_numbers or not all(map(_is_finite, _weights(value)))
    return operators, has_external, has_no_numbers


def _weights(tensor: int | memoryview) -> Iterator[NDArray[Any]]:
    """The numbers of a tensor, in as many parts as they are written; none of whole numbers."""
    fields = list(_fields(_message(tensor)))
    kinds = [n for number, n in fields if number == _TENSOR_TYPE and isinstance(n, int)]
    kind = _FLOATS.get(kinds[-1]) if kinds else None
    for number, value in fields:
        written = {_TENSOR_FLOATS: "<f4", _TENSOR_DOUBLES: "<f8", _TENSOR_RAW: kind}.get(number)
        if written is None or isinstance(value, int):
            continue
        if len(value) % np.dtype(written).itemsize:
            raise _Broken
        yield np.frombuffer(value, written)


def _is_finite(numbers: NDArray[Any]) -> bool:
    return bool(np.isfinite(numbers).all())


def _operator(node: memoryview) -> str:
    # An attribute may hold a graph of its own, but only that of an operator which is refused.
    numbers = dict(_fields(node))
    domain = _text(numbers.get(_NODE_DOMAIN))
    name = _text(numbers.get(_NODE_OPERATOR))
    return name if domain in ("", "ai.onnx") else f"{domain}/{name}"


def _message(value: int | memoryview) -> memoryview:
    if isinstance(value, int):
        raise _Broken
    return value


def _text(value: int | memoryview | None) -> str:
    return "" if value is None else bytes(_message(value)).decode("utf-8")


def _fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Each field's number, and its number or bytes."""
    at, end = 0, len(message)
    while at < end:
        tag, at = _varint(message, at)
        number, wire = tag >> 3, tag & 7
        if wire == _VARINT:
            value, at = _varint(message, at)
            yield number, value
            continue
        if wire == _LENGTH:
            length, at = _varint(message, at)
        elif wire == _EIGHT_BYTES:
            length = 8
        elif wire == _FOUR_BYTES:
            length = 4
        else:
            raise _Broken
        if at + length > end:
            raise _Broken
        yield number, message[at : at + length]
        at += length


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise _Broken
