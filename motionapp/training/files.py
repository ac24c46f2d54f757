"""Writes a model: its contract into the file, and the file whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import onnx

from motionapp.core.contract import METADATA_KEY, ModelContract
from motionapp.files.atomic import cannot_write, discard, part_of, publish


def with_contract(content: bytes, contract: ModelContract) -> bytes:
    """The same network with what must be known to use it."""
    model = onnx.load_from_string(content)
    del model.metadata_props[:]
    onnx.helper.set_model_props(model, {METADATA_KEY: contract.to_json()})
    written: bytes = model.SerializeToString(deterministic=True)
    return written


def write_model(path: Path, content: bytes) -> None:
    """Write a model file.

    Raises
    ------
    OutputError
        It cannot be written; what stood under the name before is still there.
    """
    try:
        with part_of(path).open("wb") as part:
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
    except OSError as error:
        discard(path)
        raise cannot_write(path, error) from error
    publish(path)
