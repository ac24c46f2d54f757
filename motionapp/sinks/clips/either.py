"""Clips that are copied where that gives the recording's pictures, and encoded elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from motionapp.sinks.clips.cutter import CannotCut, Cut, Cutter, Wanted
from motionapp.sinks.stamps import StampLedger


class CopyOrEncode:
    """Says of each clip that it had to encode why it could not be copied.

    Parameters
    ----------
    copying, encoding : Cutter
        The second is asked where the first cannot.

    Notes
    -----
    An event without a clip is a loss, and whoever reads "use --clips encode" a day later may have
    deleted the recording by then.
    """

    def __init__(self, copying: Cutter, encoding: Cutter) -> None:
        self._copying, self._encoding = copying, encoding

    def cut(self, wanted: Wanted, stamps: StampLedger, place: Callable[[str], Path]) -> Cut:
        """Cut a clip the one way or the other; see `Cutter`."""
        try:
            return self._copying.cut(wanted, stamps, place)
        except CannotCut as error:
            why = str(error)
        cut = self._encoding.cut(wanted, stamps, place)
        said = [f"encoded instead of copied, because {why}", cut.note]
        return replace(cut, note="; ".join(filter(None, said)))

    def close(self) -> None:
        """Let go of the recording, both."""
        self._copying.close()
        self._encoding.close()


class NoPackets:
    """Says of every clip that it cannot be copied: pictures and rendered scenes have no packets.

    Parameters
    ----------
    why : str
        What is said.
    """

    def __init__(self, why: str = "there are no packets to copy") -> None:
        self._why = why

    def cut(self, wanted: Wanted, stamps: StampLedger, place: Callable[[str], Path]) -> Cut:
        """Raise `CannotCut`."""
        raise CannotCut(self._why)

    def close(self) -> None:
        """There is nothing to let go of."""
