"""Hits one after the other as a cut, for editing programs; by way of OpenTimelineIO.

Of its kinds of files two are written: its own (`.otio`), and CMX 3600 (`.edl`), which nearly all
programs read. Both count frames; the rate is that of most of the hits.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Any, Final

from motionapp.catalogue.hit import Hit
from motionapp.catalogue.wording import label_text, place_text, when_text
from motionapp.core.errors import MissingExtraError

RATES_HZ: Final = (24.0, 25.0, 30.0, 48.0, 50.0, 60.0)
"""Whole ones: of a drop-frame count no program is sure."""
USUAL_HZ: Final = 25.0
"""Where the recordings' own is not known."""


def timeline_of(hits: Sequence[Hit], zone: tzinfo | None = None) -> Any:
    """The hits in their order, as OpenTimelineIO's timeline.

    Parameters
    ----------
    hits : sequence of Hit
    zone : tzinfo or None
        Of the times in names of markers.

    Raises
    ------
    MissingExtraError
        OpenTimelineIO is not installed.
    """
    otio = _otio()
    rate_hz = rate_of(hits)
    timeline = otio.schema.Timeline("motionapp find")
    timeline.global_start_time = otio.opentime.RationalTime(0, rate_hz)
    track = otio.schema.Track("events", kind=otio.schema.TrackKind.Video)
    timeline.tracks.append(track)
    for hit in hits:
        for path, from_s, to_s in pieces_of(hit):
            track.append(_clip(otio, hit, path, (from_s, to_s), rate_hz, zone))
    return timeline


def otio_text(timeline: Any) -> str:
    """As ``.otio``, which is JSON."""
    text: str = _otio().adapters.write_to_string(timeline, "otio_json")
    return f"{text}\n"


def edl_text(timeline: Any) -> str:
    """As CMX 3600."""
    rate_hz = timeline.global_start_time.rate
    text: str = _otio().adapters.write_to_string(timeline, "cmx_3600", rate=rate_hz)
    return text.rstrip("\n") + "\n"


def rate_of(hits: Sequence[Hit]) -> float:
    """The whole rate that is nearest to that of most hits, in frames per second."""
    counted = Counter(
        min(RATES_HZ, key=lambda rate: abs(rate - (hit.rate_hz or USUAL_HZ))) for hit in hits
    )
    return max(counted, key=lambda rate: (counted[rate], -rate), default=USUAL_HZ)


def pieces_of(hit: Hit) -> list[tuple[str, float, float]]:
    """In which files a hit lies: each one's path, and its seconds in that file.

    Parameters
    ----------
    hit : Hit
        Of joined recordings, it may lie in several.
    """
    if not hit.joined or not hit.parts or not hit.part_starts_s:
        return [(hit.recording_path, hit.start_s, hit.end_s)]
    ends = [*hit.part_starts_s[1:], hit.end_s]
    return [
        (
            _path_called(name, hit.joined),
            max(hit.start_s, begin_s) - begin_s,
            min(hit.end_s, end_s) - begin_s,
        )
        for name, begin_s, end_s in zip(hit.parts, hit.part_starts_s, ends, strict=True)
    ]


def _path_called(name: str, paths: Sequence[str]) -> str:
    """The path that ends with a name, which may have folders in it."""
    wanted = name.split("/")
    return next((p for p in paths if re.split(r"[/\\]", p)[-len(wanted) :] == wanted), name)


def _clip(
    otio: Any,
    hit: Hit,
    path: str,
    span_s: tuple[float, float],
    rate_hz: float,
    zone: tzinfo | None,
) -> Any:
    """One hit, or its part in one file: where it lies, with a marker that says what it is."""
    time, span = otio.opentime.RationalTime, otio.opentime.TimeRange
    first = round(span_s[0] * rate_hz)
    count = max(1, round(span_s[1] * rate_hz) - first)
    said = f"{label_text(hit)} {place_text(hit)} {when_text(hit, zone)}"
    lies_in = span(time(first, rate_hz), time(count, rate_hz))
    marker = otio.schema.Marker(said, marked_range=lies_in, color=otio.schema.MarkerColor.RED)
    return otio.schema.Clip(
        name=os.path.basename(path.rstrip("/")) or path,
        media_reference=otio.schema.ExternalReference(target_url=_url(path)),
        source_range=lies_in,
        markers=[marker],
        # Eight letters are all that a reel's name may have: no two files share theirs.
        metadata={"motionapp": hit.document(), "cmx_3600": {"reel": _reel(path)}},
    )


def _reel(path: str) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:8]


def _url(path: str) -> str:
    if re.match(r"[a-z][a-z0-9+.-]+:", path, re.IGNORECASE) and not os.path.isabs(path):
        return path
    return Path(path).as_uri()


def _otio() -> Any:
    """OpenTimelineIO, whose types are not looked at."""
    try:
        import opentimelineio
    except ImportError as error:
        raise MissingExtraError("a cutting list", "find") from error
    return opentimelineio
