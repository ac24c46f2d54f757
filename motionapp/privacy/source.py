"""A source whose frames are covered as they are read: the one place that all pictures pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from motionapp.core.cover import Cover
from motionapp.core.errors import SettingsError
from motionapp.core.frame import Frame
from motionapp.core.seams import Damage, Source, SourceInfo
from motionapp.privacy.cover import cover_of
from motionapp.privacy.frames import covered_by
from motionapp.settings.zones import ZoneSettings


class CoveredSource:
    """Gives a source's frames with parts of their pictures covered.

    Parameters
    ----------
    source : Source
        Closed with this one.
    cover : Cover

    Raises
    ------
    SettingsError
        Its packets are tapped, here or when it is read: they show what lies beneath a cover.
    """

    def __init__(self, source: Source, cover: Cover) -> None:
        _refuse_tap(source)
        self.bare = source
        """What is read, for whoever asks it something that the seam does not tell of."""
        self.cover = cover
        """May be set at any time, by any thread: it holds from the next frame on."""

    @property
    def info(self) -> SourceInfo:
        """What is known before reading."""
        return self.bare.info

    @property
    def damage(self) -> Damage:
        """What could not be read so far."""
        return self.bare.damage

    @property
    def is_damaged(self) -> bool:
        """Whether a decode error or a flagged picture was met by now."""
        return self.bare.is_damaged

    def frames(self, start_s: float = 0.0) -> Iterator[Frame]:
        """Iterate afresh, which ends the former iteration."""
        _refuse_tap(self.bare)
        for frame in self.bare.frames(start_s):
            yield covered_by(frame, self.cover)

    def stop(self) -> None:
        """End reading soon, for good."""
        self.bare.stop()

    def close(self) -> None:
        """Let go of the file or device; safe to call twice."""
        self.bare.close()


def _refuse_tap(source: Source) -> None:
    # Only sources of streams have one (`sources.packets.Tap`), a room that lies above.
    if getattr(source, "tap", None) is not None:
        raise SettingsError(
            f"{source.info.name} has privacy zones, and its packets, which know of none, are "
            "tapped: encode its covered pictures instead"
        )


def covered_source(source: Source, zones: Iterable[ZoneSettings]) -> Source:
    """A source covered by the privacy zones among these; the source itself where there are none.

    Parameters
    ----------
    source : Source
    zones : iterable of ZoneSettings
    """
    cover = cover_of(zones)
    return source if cover.is_empty else CoveredSource(source, cover)


def bare_source(source: Source) -> Source:
    """What is read behind a cover; the source itself where there is none."""
    return source.bare if isinstance(source, CoveredSource) else source
