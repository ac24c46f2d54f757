"""How long a stream may be silent, as it has shown: some send a picture each ten seconds."""

from __future__ import annotations

from typing import Final

from motionapp.core.spacing import Spacing, stretched

MOST_TRIED_S: Final = 20.0
"""Two pictures at one each ten seconds, the second of which makes FFmpeg hand out the first."""


class Patience:
    """Deadlines over all openings of one stream."""

    def __init__(self) -> None:
        self.spacing = Spacing()
        self._tried_s = 0.0

    def stretched(self, deadline_s: float) -> float:
        """A deadline, as long as this stream needs it, or longer than it was lost with."""
        usual_s = self.spacing.usual_s
        return stretched(max(deadline_s, 0.0 if usual_s else self._tried_s), usual_s)

    def note_loss(self, waited_s: float, *, has_begun: bool) -> None:
        """It was lost, having been waited for so long at most; who has seen one picture of it, and
        does not know when there will be another, waits twice as long the next time."""
        if has_begun and not self.spacing.usual_s:
            self._tried_s = min(MOST_TRIED_S, 2 * waited_s)
