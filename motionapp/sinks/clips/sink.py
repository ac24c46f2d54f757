"""A video an event, cut when the recording has been read: `clips/<id of the event>.mp4`.

Knows which second of the recording goes into which clip, and leaves the cutting to a cutter:
`CopyCutter` takes packets over, `EncodeCutter` makes pictures and sound anew, and `CopyOrEncode`
asks the second where the first cannot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from motionapp.core.errors import OutputError
from motionapp.core.event import Event
from motionapp.core.moment import Moment
from motionapp.core.seams import Source
from motionapp.files.atomic import cannot_write
from motionapp.files.staged import file_stem
from motionapp.settings.tree import RunSettings
from motionapp.sinks.at_end import AtEnd
from motionapp.sinks.clips.cutter import CannotCut, Cut, Cutter, Wanted
from motionapp.sinks.clips.either import CopyOrEncode, NoPackets
from motionapp.sinks.stamps import PathAt

CLIPS: Final = "clips"
"""The folder, within the input's."""
MOST_TOLD: Final = 5
"""Clips that could not be cut and are named; how many more there are is said."""


class ClipsSink:
    """Notes which events there are, and cuts their clips when it is closed.

    Parameters
    ----------
    folder : Path
        The input's; exists already.
    cutter : Cutter
    before_s, after_s : float
        A clip begins so long before its event and ends so long after, within the recording.
    path_at : callable
        Which file holds a second; for the sound, and for packets.

    Notes
    -----
    Cut at the end rather than as events close: only then it is known whether the recording's stamps
    begin again in its middle, and an analysis that begins again (after damage) cuts nothing twice.
    """

    def __init__(
        self,
        folder: Path,
        cutter: Cutter,
        *,
        before_s: float = 2.0,
        after_s: float = 2.0,
        path_at: PathAt = lambda pts_s: None,
    ) -> None:
        self._work = AtEnd(folder / CLIPS, cutter.close, path_at=path_at)
        self._cutter = cutter
        self._before_s, self._after_s = before_s, after_s
        self._cuts: dict[str, Cut] = {}
        self._failures: list[str] = []

    @property
    def problems(self) -> tuple[str, ...]:
        """Sentences about clips that could not be cut; known once it is closed."""
        untold = len(self._failures) - MOST_TOLD
        more = (f"{untold} more clips are missing",) if untold > 0 else ()
        return (*self._failures[:MOST_TOLD], *more)

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about clips that are whole, but made otherwise than asked; known likewise."""
        clips = Counter(cut.note for cut in self._cuts.values() if cut.note)
        return tuple(
            f"{count} clips {note}" if count > 1 else f"1 clip {note}"
            for note, count in clips.items()
        )

    def fields_of(self, event: Event) -> Mapping[str, object]:
        """Where the event's clip lies and which second it begins with; for events.json."""
        cut = self._cuts.get(event.event_id)
        if cut is None:
            return {}
        return {"clip": f"{CLIPS}/{cut.name}", "clip_start_s": cut.start_s}

    def accept(self, moment: Moment) -> None:
        """Take note of the frame's stamp and of what closed."""
        self._work.accept(moment)

    def close(self) -> None:
        """Cut the clips and publish their folder.

        Raises
        ------
        OutputError
            A clip cannot be written; nothing is left of any.
        """
        self._work.close(self._cut, at_s=lambda event: event.start_s)

    def abandon(self) -> None:
        """Remove what was cut."""
        self._work.abandon()

    def _cut(self, event: Event) -> None:
        stem = file_stem(event)
        wanted = Wanted(
            from_s=max(0.0, event.start_s - self._before_s),
            to_s=event.end_s + self._after_s,
            start_s=event.start_s,
            end_s=event.end_s,
        )
        try:
            self._cuts[event.event_id] = self._cutter.cut(
                wanted,
                self._work.stamps,
                lambda extension: self._work.folder.place(stem + extension),
            )
        except CannotCut as error:
            self._failures.append(f"the clip of {event.event_id} is missing: {error}")
        except OutputError:
            raise
        except OSError as error:
            raise cannot_write(self._work.folder.path / stem, error) from error


def clips_sink(
    folder: Path,
    run: RunSettings,
    *,
    reopen: Callable[[], Source],
    path_at: PathAt | None = None,
    is_covered: bool = False,
    on_progress: Callable[[], object] | None = None,
    threads: int = 1,
) -> ClipsSink:
    """The sink that the settings ask for.

    Parameters
    ----------
    folder : Path
        The input's; exists already.
    run : RunSettings
        With `clips` other than ``none``.
    reopen : callable
        Opens the source again, as it was opened for the analysis.
    path_at : callable or None
        Which file holds a second; None where there is no file.
    is_covered : bool
        Parts of the pictures are private: packets hold them, so that none is copied.
    on_progress : callable, optional
        Called while clips are cut, several times a second.
    threads : int
        For the encoder; 0 lets it choose.
    """
    from motionapp.sinks.clips.encoding import EncodeCutter

    cutter: Cutter = EncodeCutter(reopen, threads=threads, on_progress=on_progress)
    if run.clips == "copy":
        from motionapp.sinks.clips.copying import CopyCutter

        copying: Cutter = CopyCutter(on_progress=on_progress)
        if path_at is None:
            copying = NoPackets()
        elif is_covered:
            copying = NoPackets("a privacy zone is to be burned in")
        elif run.video_stream is not None:
            # Packets are copied of the stream that players show, which may be another one.
            copying = NoPackets("a video stream was chosen")
        cutter = CopyOrEncode(copying, cutter)
    return ClipsSink(
        folder,
        cutter,
        before_s=run.clip_before_s,
        after_s=run.clip_after_s,
        path_at=path_at or (lambda pts_s: None),
    )
