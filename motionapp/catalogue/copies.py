"""A recording in a store, read from a copy on this machine that is gone when it is closed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from motionapp.core.frame import Frame
from motionapp.core.seams import Damage, Source, SourceInfo
from motionapp.files.store import fetch


class CopiedSource:
    """Reads a copy, and removes it at the end.

    Parameters
    ----------
    address : str
    opened : callable
        Opens the copy.

    Raises
    ------
    SourceError, MissingExtraError
        It cannot be fetched, or the copy cannot be read; nothing stays here.
    """

    def __init__(self, address: str, opened: Callable[[Path], Source]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="motionapp-")
        try:
            self._source = opened(fetch(address, Path(self._folder.name), lambda: None))
        except BaseException:
            self._folder.cleanup()
            raise

    @property
    def info(self) -> SourceInfo:
        """The copy's."""
        return self._source.info

    @property
    def damage(self) -> Damage:
        """The copy's."""
        return self._source.damage

    @property
    def is_damaged(self) -> bool:
        """Whether damage was met by now."""
        return self._source.is_damaged

    def frames(self, start_s: float = 0.0) -> Iterator[Frame]:
        """Iterate afresh."""
        return self._source.frames(start_s)

    def stop(self) -> None:
        """End reading soon."""
        self._source.stop()

    def close(self) -> None:
        """Let go of the copy, and remove it."""
        self._source.close()
        self._folder.cleanup()
