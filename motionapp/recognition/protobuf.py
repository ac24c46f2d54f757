"""Protocol Buffers' wire format, as far as reading an ONNX file needs it.

A message is a row of numbered fields. Bytes may come from anywhere: whatever they hold, reading
ends with fields or with `Broken`.

References
----------
Protocol Buffers, "Encoding" (wire format).
"""

from __future__ import annotations

from collections.abc import Iterator

# Wire types.
_VARINT, _EIGHT_BYTES, _LENGTH, _FOUR_BYTES = 0, 1, 2, 5

Value = int | memoryview
"""Of a field: a number, or the bytes of a text, a message or packed numbers."""


class Broken(Exception):
    """The bytes are no protobuf message."""


def fields(message: memoryview) -> Iterator[tuple[int, Value]]:
    """Each field's number, and its number or bytes.

    Raises
    ------
    Broken, IndexError
        The bytes end within a field, or are none.
    """
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
            raise Broken
        if at + length > end:
            raise Broken
        yield number, message[at : at + length]
        at += length


def numbers(value: Value) -> Iterator[int]:
    """Whole numbers of a repeated field: one by itself, or several packed; 0 to 2**64 - 1, where
    negative ones are those from 2**63 on."""
    if isinstance(value, int):
        yield value
        return
    at = 0
    while at < len(value):
        number, at = _varint(value, at)
        yield number


def message(value: Value) -> memoryview:
    """A field that should hold bytes."""
    if isinstance(value, int):
        raise Broken
    return value


def text(value: Value | None) -> str:
    """A field that should hold a text; empty where there is none."""
    return "" if value is None else bytes(message(value)).decode("utf-8")


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFF_FFFF_FFFF_FFFF, at
    raise Broken
