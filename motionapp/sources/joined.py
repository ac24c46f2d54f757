"""Consecutive recordings as one, with one time line over their borders.

Reading is left to `FileSource`, one file at a time, and the rules of their borders to `borders`.
"""

from __future__ import annotations

import bisect
import dataclasses
import os
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from motionapp.core.errors import SourceError
from motionapp.core.frame import Frame
from motionapp.core.seams import MOST_TOLD, Damage, SourceInfo
from motionapp.sources.borders import Border, Clock
from motionapp.sources.file import FileSource
from motionapp.sources.header import header_length_s
from motionapp.sources.passes import BaseSource, DamageLedger
from motionapp.sources.start_time import start_of, zone_called
from motionapp.sources.timeline import ROUNDING_S

TAIL_S = 3.0
"""How far before its stated end a recording is read to learn when it ends."""


class JoinedSource(BaseSource):
    """Recordings that follow one another, as one.

    Parameters
    ----------
    paths : sequence of str or Path
        In the order of time; at least one.
    decode_threads : int or None
        1 decodes repeatably also where a file is damaged; None lets FFmpeg choose.
    start_utc : datetime or None
        When the first frame was taken, with its zone; None takes it from the first recording.
    time_zone : str
        Name of the zone of the times in the files' names.
    video_stream : int or None
        Which of several videos is read of each; None takes what a player would show.

    Raises
    ------
    SourceError
        None of them can be read, or there are none.
    SettingsError
        There is no such time zone.

    Notes
    -----
    If the start of every recording is known, from its name or its header, longer gaps between them
    are kept. Otherwise, and where a recording seems to begin before the former one has ended, each
    begins where the former one ends. A recording that cannot be read is passed over and told by
    `damage`; its length is kept where its header or the clock says it.

    To begin at a later second, the exact ends of all recordings before it have to be known: the
    last seconds of each are decoded, once.
    """

    def __init__(
        self,
        paths: Sequence[str | Path],
        *,
        decode_threads: int | None = None,
        start_utc: datetime | None = None,
        time_zone: str = "UTC",
        video_stream: int | None = None,
    ) -> None:
        super().__init__()
        parts = [_open(Path(path), decode_threads, time_zone, video_stream) for path in paths]
        self._parts = _Parts(parts)
        self.info: SourceInfo = self._parts.info(start_utc)
        self._lengths_s: dict[Path, float] = {}
        self._begins: list[tuple[float, Path]] = []
        self._names = names_apart([part.path for part in parts])
        self._open_part: tuple[FileSource, str, float] | None = None

    @property
    def damage(self) -> Damage:
        """What could not be read so far in the newest iteration."""
        ledger = self._ledger
        if self._open_part is not None:
            source, name, begin_s = self._open_part
            ledger = ledger.including(source.damage, name, begin_s)
        return ledger.damage()

    @property
    def is_damaged(self) -> bool:
        """Whether the newest iteration has met a decode error or a flagged picture by now."""
        source = self._open_part[0] if self._open_part is not None else None
        return self._ledger.is_damaged or (source is not None and source.is_damaged)

    def tell_vectors(self) -> None:
        """Have frames bring the vectors of their encoder; raises `SourceError` for a recording that
        has none."""
        for part in self._parts.read:
            if part.source is not None:
                part.source.tell_vectors()

    def decode_on(self, device: str) -> None:
        """Have the recordings decoded by a graphics chip; what came of the first is told."""
        for part in self._parts.read:
            if part.source is not None:
                part.source.decode_on(device)
        sources = [part.source for part in self._parts.read if part.source is not None]
        note = next((source.info.note for source in sources if source.info.note), "")
        self.info = dataclasses.replace(self.info, note=note)

    def stop(self) -> None:
        """End reading soon, for good. From any thread; never waits."""
        super().stop()
        for part in self._parts.read:
            if part.source is not None:
                part.source.stop()

    @property
    def begins(self) -> tuple[tuple[str, float], ...]:
        """The name of each file and the second that it begins at, as far as was read.

        Of several that have one name, with as many of their folders as tell them apart.
        """
        return tuple((self._names[path], begin_s) for begin_s, path in self._begins)

    def path_at(self, pts_s: float) -> Path | None:
        """Which file holds a second of the time line, as far as the newest iteration has come.

        A second in a gap is the file's before it; None before the first.
        """
        number = bisect.bisect_right(self._begins, pts_s + ROUNDING_S, key=lambda begin: begin[0])
        return self._begins[number - 1][1] if number else None

    def _read(self, start_s: float, ledger: DamageLedger) -> Generator[Frame, None, None]:
        ledger.note_unread(self._parts.sentence, 0.0, 0.0)
        self._begins = []
        border, clock = Border(self.info.start_utc), Clock()
        end_s, lost_from_s = 0.0, None
        for part in self._parts.read:
            if self._stopping.is_set():
                return
            start_utc = part.start_utc if self._parts.have_starts else None
            begin_s = clock.place(start_utc, end_s, keeps_pause=lost_from_s is not None)
            if lost_from_s is not None:
                ledger.note_unread("", lost_from_s, begin_s)
                lost_from_s = None
            if part.source is None:
                end_s = begin_s + (part.stated_s or 0.0)
                if part.stated_s is None:
                    lost_from_s = begin_s  # up to where the next one begins
                else:
                    ledger.note_unread("", begin_s, end_s)
                continue
            self._begins.append((begin_s, part.path))
            if not self._ends_before(part, start_s - begin_s):
                self._open_part = (part.source, part.path.name, begin_s)
                try:
                    yield from self._frames_of(part, begin_s, start_s, border)
                finally:
                    self._leave(ledger)
            end_s = begin_s + self._length_s(part)

    def _frames_of(
        self, part: _Part, begin_s: float, start_s: float, border: Border
    ) -> Iterator[Frame]:
        """One recording's frames at their place on the time line."""
        assert part.source is not None
        length_s = 0.0
        for frame in part.source.frames(max(0.0, start_s - begin_s)):
            length_s = frame.pts_s + frame.duration_s
            yield border.placed(frame, begin_s)
        if length_s:
            self._lengths_s[part.path] = _with_lost(length_s, part.source)

    def _leave(self, ledger: DamageLedger) -> None:
        """Close the recording that is open, and take over what it could not read."""
        assert self._open_part is not None
        source, name, begin_s = self._open_part
        self._open_part = None
        source.close()
        ledger.include(source.damage, name, begin_s, is_damaged=source.is_damaged)

    def _ends_before(self, part: _Part, within_s: float) -> bool:
        """Whether no frame is shown at or after a second of a recording."""
        if within_s <= 0:
            return False
        if part.stated_s is not None and within_s < part.stated_s - TAIL_S:
            return False
        return self._length_s(part) <= within_s + ROUNDING_S

    def _length_s(self, part: _Part) -> float:
        """When a recording's last frame ends: noted when it was read, or from its last seconds."""
        if part.path not in self._lengths_s:
            assert part.source is not None
            source = part.again()
            length_s = 0.0
            for start_s in (max(0.0, (part.stated_s or 0.0) - TAIL_S), 0.0):
                for frame in source.frames(start_s):
                    length_s = frame.pts_s + frame.duration_s
                if length_s:
                    break
            source.close()
            self._lengths_s[part.path] = _with_lost(length_s, source)
        return self._lengths_s[part.path]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """One of the recordings."""

    path: Path
    source: FileSource | None
    """None: it cannot be read."""
    why: str
    """The reason for that."""
    stated_s: float | None
    start_utc: datetime | None
    decode_threads: int | None
    video_stream: int | None

    def again(self) -> FileSource:
        """A source of its own, which leaves the iteration over `source` alone."""
        return FileSource(
            self.path, decode_threads=self.decode_threads, video_stream=self.video_stream
        )


class _Parts:
    """What is known of the recordings before they are read."""

    def __init__(self, parts: Sequence[_Part]) -> None:
        unread = [part for part in parts if part.source is None]
        if len(unread) == len(parts):
            raise SourceError(unread[0].why if unread else "there is no recording to be joined")
        first = next(number for number, part in enumerate(parts) if part.source is not None)
        self.read = tuple(parts[first:])
        """From the first on that can be read: with it the time line begins."""
        self.have_starts = all(part.start_utc is not None for part in self.read)
        self.sentence = _sentence(unread, len(parts))
        self._more = len(parts) - 1
        self._name = parts[0].path.name

    def info(self, start_utc: datetime | None) -> SourceInfo:
        """What a joined source says of itself; the length by the headers."""
        sources = [part.source for part in self.read if part.source is not None]
        first = sources[0].info
        return dataclasses.replace(
            first,
            note=next((source.info.note for source in sources if source.info.note), ""),
            name=f"{self._name} and {self._more} more" if self._more else self._name,
            duration_s=self._duration_s(),
            start_utc=start_utc if start_utc is not None else first.start_utc,
            is_seekable=all(source.info.is_seekable for source in sources),
        )

    def _duration_s(self) -> float | None:
        clock, end_s = Clock(), 0.0
        for part in self.read:
            if part.stated_s is None and part.source is not None:
                return None
            start_utc = part.start_utc if self.have_starts else None
            end_s = clock.place(start_utc, end_s) + (part.stated_s or 0.0)
        return end_s


def _open(
    path: Path, decode_threads: int | None, time_zone: str, video_stream: int | None
) -> _Part:
    try:
        source = FileSource(
            path,
            decode_threads=decode_threads,
            time_zone=time_zone,
            video_stream=video_stream,
        )
    except SourceError as error:
        start_utc = start_of(path.name, {}, given=None, zone=zone_called(time_zone))
        return _Part(
            path,
            None,
            str(error),
            header_length_s(path, video_stream),
            start_utc,
            decode_threads,
            video_stream,
        )
    info = source.info
    return _Part(path, source, "", info.duration_s, info.start_utc, decode_threads, video_stream)


def _sentence(unread: Sequence[_Part], count: int) -> str:
    """All recordings that cannot be read, in words; empty if there is none."""
    if not unread:
        return ""
    told = "; ".join(part.why for part in unread[:MOST_TOLD])
    more = f"; and {len(unread) - MOST_TOLD} more" if len(unread) > MOST_TOLD else ""
    return f"{len(unread)} of {count} recordings cannot be read ({told}{more})"


def _with_lost(length_s: float, source: FileSource) -> float:
    """The length of a recording with the stretch that was cut off its end."""
    lost = source.damage.lost
    return max(length_s, lost[-1][1]) if lost else length_s


def names_apart(paths: Iterable[Path]) -> dict[Path, str]:
    """A name for each of some files, with as few of its folders as tell it from the others.

    Returns
    -------
    dict of Path to str
        ``b.mp4``, or ``monday/a.mp4`` and ``tuesday/a.mp4``; with forward slashes.
    """
    whole = {path: Path(os.path.abspath(path)).parts for path in paths}
    names: dict[Path, str] = {}
    for count in range(1, 1 + max(map(len, whole.values()), default=0)):
        tails = Counter(parts[-count:] for parts in set(whole.values()))
        for path, parts in whole.items():
            if path not in names and tails[parts[-count:]] == 1:
                names[path] = Path(*parts[-count:]).as_posix()
    return names
