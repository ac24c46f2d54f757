"""Where in a recording playing begins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from motionapp.core.frame import Frame
from motionapp.core.seams import Source
from motionapp.runtime.span import ROUNDING_S

FIRST_LOOK_S: Final = 1.0
"""So far before a place its frame is looked for, and where there is none, four times as far: most
recordings have one within a second, and a key frame has to be sought anyway."""


@dataclass(frozen=True, slots=True)
class Place:
    """A frame of a recording."""

    at_s: float = 0.0
    """Seconds from the recording's first frame."""
    is_before: bool = False
    """Whether the last frame before it is meant, and not the first at or after it."""

    def read(self, source: Source) -> Iterator[Frame]:
        """The frames of a source from there on; all where none is before it."""
        if not self.is_before:
            return source.frames(self.at_s)
        return self._from_the_last_before(source)

    def _from_the_last_before(self, source: Source) -> Iterator[Frame]:
        look_s = FIRST_LOOK_S if source.info.is_seekable else self.at_s
        last = following = None
        while True:
            from_s = max(0.0, self.at_s - look_s)
            frames = source.frames(from_s)
            for frame in frames:
                if frame.pts_s >= self.at_s - ROUNDING_S:
                    following = frame
                    break
                last = frame
            if last is not None or from_s <= 0:
                break
            look_s *= 4
        yield from (frame for frame in (last, following) if frame is not None)
        yield from frames


BEGINNING: Final = Place()
