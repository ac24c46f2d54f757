"""What was seen at the peak of each event, for pictures that are made at the end."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from motionapp.core.event import Event
from motionapp.core.moment import Moment
from motionapp.core.motion import Motion
from motionapp.overlay.lean import lean, without_what_nobody_sees
from motionapp.overlay.style import Style

MOST_OPEN: Final = 64
"""Events on trial that come to nothing are never closed; the oldest peaks are forgotten."""

LAYERS: Final = ("mask", "flow", "places", "valid")


class Peaks:
    """Keeps of each event what is drawn of its peak: while it is open a reference, then packed.

    Parameters
    ----------
    style : Style
        What is not drawn is not kept.
    """

    def __init__(self, style: Style) -> None:
        self._style = style
        self._open: dict[str, Motion] = {}
        self._packed: dict[str, _Packed] = {}

    def accept(self, moment: Moment) -> None:
        """Take note of the events of which this is the peak so far, and of those that closed."""
        for event_id in moment.peaks:
            self._open.pop(event_id, None)
            self._open[event_id] = lean(moment.motion, self._style)
        while len(self._open) > MOST_OPEN:
            del self._open[next(iter(self._open))]
        for event in moment.closed:
            motion = self._open.pop(event.event_id, None)
            # A recording has thousands of events, and a field of flow is half a megabyte.
            if motion is not None:
                self._packed[event.event_id] = _Packed.of(without_what_nobody_sees(motion))

    def motion_of(self, event: Event) -> Motion | None:
        """What was seen at the peak of an event that has closed; None where that is not known."""
        packed = self._packed.get(event.event_id)
        return None if packed is None else packed.motion()


@dataclass(frozen=True, slots=True, eq=False)
class _Array:
    """An array in little room: most of a mask is nothing."""

    shape: tuple[int, ...]
    dtype: str
    content: bytes

    @classmethod
    def of(cls, array: NDArray[Any] | None) -> _Array | None:
        if array is None:
            return None
        return cls(array.shape, array.dtype.str, zlib.compress(array.tobytes(), 1))

    def array(self) -> NDArray[Any]:
        return np.frombuffer(zlib.decompress(self.content), self.dtype).reshape(self.shape)


@dataclass(frozen=True, slots=True, eq=False)
class _Packed:
    """A motion, its arrays packed."""

    rest: Motion
    layers: tuple[_Array | None, ...]
    removed: tuple[_Array | None, ...]

    @classmethod
    def of(cls, motion: Motion) -> _Packed:
        rest = replace(
            motion,
            mask=None,
            flow=None,
            places=None,
            valid=None,
            removed=tuple(replace(removal, mask=None) for removal in motion.removed),
        )
        layers = tuple(_Array.of(getattr(motion, name)) for name in LAYERS)
        return cls(rest, layers, tuple(_Array.of(removal.mask) for removal in motion.removed))

    def motion(self) -> Motion:
        # Any: which type an array has, its name says.
        arrays: dict[str, Any] = {
            name: None if packed is None else packed.array()
            for name, packed in zip(LAYERS, self.layers, strict=True)
        }
        removed = tuple(
            replace(removal, mask=None if mask is None else mask.array())
            for removal, mask in zip(self.rest.removed, self.removed, strict=True)
        )
        return replace(self.rest, **arrays, removed=removed)
