"""What results were made of and by, so that who finds them later knows whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Origin:
    """Of one input's results; what is not known is None."""

    analysis: str | None = None
    """The digest of all settings that decide events, the models' hashes included."""
    source_bytes: int | None = None
    """How large the recording is; None where it is no file or folder."""
    part: tuple[float, float | None] | None = None
    """The seconds that were analysed, from and up to, as they were asked for; None: all of it."""
    video_stream: int | None = None
    """Which video of the recording was asked for; None: the one that is usual."""

    @property
    def is_whole(self) -> bool:
        """Whether all of a recording was read, as it is read when nothing else is asked for."""
        return self.part is None and self.video_stream is None

    @property
    def document(self) -> dict[str, Any]:
        """As it stands in events.json."""
        return {
            "analysis": self.analysis,
            "source_bytes": self.source_bytes,
            "part": None if self.part is None else list(self.part),
            "video_stream": self.video_stream,
        }


UNKNOWN_ORIGIN = Origin()
