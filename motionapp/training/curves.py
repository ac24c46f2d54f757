"""Writes how trainings go for TensorBoard, where somebody asks for that."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from motionapp.core.errors import MissingExtraError
from motionapp.files.atomic import cannot_write, make_folder
from motionapp.training.history import Point


class Curves:
    """A run of TensorBoard's for each network, below one folder.

    Parameters
    ----------
    folder : Path
        `tensorboard --logdir FOLDER` shows it.

    Raises
    ------
    MissingExtraError
        TensorBoard is not installed.
    OutputError
        The folder cannot be written to, which is told before hours of work.
    """

    def __init__(self, folder: Path) -> None:
        if find_spec("tensorboard") is None:
            raise MissingExtraError("--tensorboard", "tensorboard")
        make_folder(folder)
        self._folder = folder
        self._writers: dict[str, Any] = {}

    def add(self, name: str, point: Point) -> None:
        """A stretch of the training of one network has ended. Called from several threads, each of
        which has a network of its own."""
        from torch.utils.tensorboard import SummaryWriter

        try:
            if name not in self._writers:
                self._writers[name] = SummaryWriter(str(self._folder / name))
            for what, value in point.document().items():
                if what != "step":
                    self._writers[name].add_scalar(what, value, point.step)
        except OSError as error:
            raise cannot_write(self._folder, error) from error

    def close(self) -> None:
        """Write all that is still in memory."""
        for writer in self._writers.values():
            writer.close()
