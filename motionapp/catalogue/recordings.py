"""Opens the recordings of hits again: as they were analysed, covered, and unchanged since."""

from __future__ import annotations

import json
import os
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from motionapp.assembly import is_address, open_joined, open_source
from motionapp.catalogue.copies import CopiedSource
from motionapp.catalogue.hit import Hit
from motionapp.core.errors import SourceError
from motionapp.core.seams import Source
from motionapp.files.store import is_store
from motionapp.privacy import covered_source
from motionapp.settings.zones import ZoneSettings
from motionapp.sources.size import bytes_of

_ZONES = TypeAdapter(tuple[ZoneSettings, ...])


def open_again(hit: Hit, catalogue: Path) -> Source:
    """The recording of a hit, with the covers that it had when it was analysed.

    Parameters
    ----------
    hit : Hit
    catalogue : Path
        The catalogue's folder: recordings that were moved together with it are found from there.

    Raises
    ------
    SourceError
        It is not there, is another one by now, or its covers cannot be understood: then nothing of
        it is shown.
    """
    zones = covers_of(hit)
    start_utc = hit.at_utc(0.0)
    if hit.joined is not None:
        parts = [_lying(hit, part, catalogue) for part in hit.joined]
        source: Source = open_joined(
            parts, decode_threads=1, start_utc=start_utc, video_stream=hit.video_stream
        )
    else:

        def opened(path: str | Path) -> Source:
            _refuse_changed(hit, str(path))
            return open_source(
                path, decode_threads=1, start_utc=start_utc, video_stream=hit.video_stream
            )

        path = path_of(hit, catalogue)
        # Each time that it is opened: a bounded copy or none, and no cache that grows.
        source = CopiedSource(path, opened) if is_store(path) else opened(path)
    return covered_source(source, zones)


def path_of(hit: Hit, catalogue: Path) -> str:
    """Where the recording of a hit lies now, as far as that can be told."""
    return _lying(hit, hit.recording_path, catalogue)


def covers_of(hit: Hit) -> tuple[ZoneSettings, ...]:
    """The zones that hid parts of its pictures.

    Raises
    ------
    SourceError
        What stands in the catalogue is none.
    """
    if hit.cover is None:
        return ()
    try:
        return _ZONES.validate_python(json.loads(hit.cover))
    except (ValueError, ValidationError, RecursionError) as error:
        raise SourceError(
            f"the privacy zones of {hit.recording} cannot be read in the catalogue: nothing of "
            "it is shown; analyse it again"
        ) from error


def _lying(hit: Hit, path: str, catalogue: Path) -> str:
    """Where a file lies now: where it did, or as it lay towards the catalogue."""
    if is_address(path) or os.path.exists(path) or hit.recording_relative is None:
        return path
    moved = os.path.join(catalogue, hit.recording_relative)
    if hit.joined is not None:  # as it lay towards the first one, perhaps in another folder
        towards = os.path.relpath(path, os.path.dirname(hit.recording_path))
        moved = os.path.normpath(os.path.join(os.path.dirname(moved), towards))
    return moved if os.path.exists(moved) else path


def _refuse_changed(hit: Hit, path: str) -> None:
    if hit.recording_bytes is None:
        return
    now_bytes = bytes_of(path)
    if now_bytes is not None and now_bytes != hit.recording_bytes:
        name = hit.recording_path if is_store(hit.recording_path) else path
        raise SourceError(
            f"{name} is not the recording that was analysed: it had {hit.recording_bytes:,} bytes "
            f"and has {now_bytes:,}; analyse it again"
        )
