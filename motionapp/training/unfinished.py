"""What a training leaves on the way, so that whoever stops or kills it loses a minute at most.

One file for each network, in a folder beside the model: an `.npz`, without pickles. What is taken
up is the same task by the same recipe, to the last bit, and so the outcome is that of a training
that nobody stopped.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from motionapp.core.version import __version__
from motionapp.files.atomic import cannot_write, publish, stage_bytes
from motionapp.training.fit import Keep
from motionapp.training.fitting import Fitting
from motionapp.training.recipe import Recipe
from motionapp.training.task import Task

EVERY_S: Final = 60.0
"""A kill costs no more than this; writing takes some hundredths of a second."""
FORMAT: Final = 1
DOCUMENT: Final = "document"

_DAMAGES: Final = (
    OSError, ValueError, KeyError, TypeError, EOFError, RuntimeError, struct.error, zlib.error,
    zipfile.BadZipFile, NotImplementedError,
)  # fmt: skip
"""What a file with any of its bytes changed can end in."""


class Unfinished:
    """Where networks stand that are being trained.

    Parameters
    ----------
    folder : Path
        Beside the model; made when the first one is written.
    clock : callable, optional
        Seconds that only grow.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self.folder = folder
        self._clock = clock

    def take_up(self, name: str, fitting: Fitting, digest: str) -> int:
        """Let a network stand where it was left; the step that this is, 0 where there is nothing.

        Parameters
        ----------
        name : str
            Of the network among those of the training.
        fitting : Fitting
            Just begun.
        digest : str
            Of its task; what was left of another is no use.
        """
        try:
            arrays, document = _unpacked((self.folder / f"{name}.npz").read_bytes())
            if document["digest"] != digest:
                return 0
            fitting.take_up(arrays, document["fitting"])
        except _DAMAGES:
            return 0
        return fitting.done

    def keeper(self, name: str, digest: str) -> Keep:
        """Writes a network down once a minute, and at its end."""
        last_s = self._clock()

        def keep(fitting: Fitting) -> None:
            nonlocal last_s
            if fitting.is_over or self._clock() - last_s >= EVERY_S:
                last_s = self._clock()
                self.write(name, fitting, digest)

        return keep

    def write(self, name: str, fitting: Fitting, digest: str) -> None:
        """Write down where a network stands.

        Raises
        ------
        OutputError
            It cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise cannot_write(self.folder, error) from error
        arrays, document = fitting.kept()
        path = self.folder / f"{name}.npz"
        stage_bytes(path, _packed(arrays, {"digest": digest, "fitting": document}))
        publish(path)

    def clear(self) -> None:
        """Nothing is unfinished any more."""
        shutil.rmtree(self.folder, ignore_errors=True)


def task_digest(task: Task, recipe: Recipe, beginning: str) -> str:
    """What tells a training from others: all that decides its weights, as hex.

    Parameters
    ----------
    task : Task
    recipe : Recipe
    beginning : str
        SHA-256 of the weights that it begins with; empty where they are drawn.
    """
    total = hashlib.sha256(
        json.dumps(
            [
                FORMAT, __version__, torch.__version__, np.__version__, beginning,
                recipe.document(), repr(task.representation), task.outputs, task.families,
            ]
        ).encode()
    )  # fmt: skip
    for windows in (task.windows, *([task.held.windows] if task.held is not None else [])):
        for part in (windows.maps, windows.goings):
            total.update(np.ascontiguousarray(part).data)
    total.update(task.answers.tobytes())
    if task.held is not None:
        total.update(task.held.answers.tobytes())
    if task.is_rendered is not None:
        total.update(task.is_rendered.tobytes())
    return total.hexdigest()


def _packed(arrays: dict[str, NDArray[Any]], document: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, value in {**arrays, DOCUMENT: np.array(json.dumps(document))}.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asanyarray(value), allow_pickle=False)
    return file.getvalue()


def _unpacked(content: bytes) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    arrays: dict[str, NDArray[Any]] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            member = io.BytesIO(archive.read(name))
            arrays[name.removesuffix(".npy")] = np.lib.format.read_array(member, allow_pickle=False)
    document = json.loads(str(arrays.pop(DOCUMENT)))
    if not isinstance(document, dict):
        raise ValueError("no document")
    return arrays, document
