"""A folder with a file an event, made when the recording has been read: the life of such a sink.

Knows which events there are, the frames' stamps, and how the folder appears whole or not at all;
what a file is, and how it is made, is for `clips` and `thumbnails`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from motionapp.core.event import Event
from motionapp.core.moment import Moment
from motionapp.files.staged import StagedFolder
from motionapp.sinks.stamps import PathAt, StampLedger


class AtEnd:
    """Notes events and stamps, and has the files made once.

    Parameters
    ----------
    folder : Path
        Where the files go.
    let_go : callable
        Called once, when nothing more will be made: closes what was open for it.
    path_at : callable
        Which file holds a second.
    """

    def __init__(
        self, folder: Path, let_go: Callable[[], None], *, path_at: PathAt = lambda pts_s: None
    ) -> None:
        self.folder = StagedFolder(folder)
        self.stamps = StampLedger(path_at)
        self._let_go = let_go
        self._events: list[Event] = []
        self._is_done = False

    def accept(self, moment: Moment) -> None:
        """Take note of the frame's stamp and of what closed."""
        if moment.frame is not None:
            self.stamps.step(moment.frame)
        self._events += moment.closed

    def close(self, make: Callable[[Event], None], *, at_s: Callable[[Event], float]) -> None:
        """Have every event's file made and publish the folder; after an error nothing is left.

        Parameters
        ----------
        make : callable
            Makes one event's file.
        at_s : callable
            Where in the recording it begins: they are made in that order, as it is read.
        """
        if self._is_done:
            return
        try:
            for event in sorted(self._events, key=at_s):
                make(event)
        except BaseException:
            self.abandon()
            raise
        self._end()
        self.folder.publish()

    def abandon(self) -> None:
        """Remove what was made; safe to call twice."""
        if not self._is_done:
            self._end()
            self.folder.discard()

    def _end(self) -> None:
        self._is_done = True
        self._let_go()
