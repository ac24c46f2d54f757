"""Clips of hits: one for each, and one for several whose padding overlaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from itertools import groupby
from pathlib import Path

from motionapp.catalogue.hit import Hit
from motionapp.catalogue.recordings import open_again, path_of
from motionapp.catalogue.stretches import Stretch, stretches_of
from motionapp.core.errors import OutputError, SourceError
from motionapp.files.atomic import cannot_write, make_folder, part_of, publish
from motionapp.files.staged import safe_name
from motionapp.sinks.clips.cutter import CannotCut, Wanted
from motionapp.sinks.clips.encoding import EncodeCutter
from motionapp.sinks.stamps import StampLedger


def cut_clips(
    folder: Path, hits: Sequence[Hit], catalogue: Path, *, padding: tuple[float, float]
) -> list[str]:
    """Encode the clips of hits into a folder, each whole or not at all.

    Parameters
    ----------
    folder : Path
        Made if it is not there; files of the same names are replaced, others stay.
    hits : sequence of Hit
    catalogue : Path
    padding : tuple of float
        Seconds before and after.

    Returns
    -------
    list of str
        Sentences about recordings that cannot be read any more.

    Raises
    ------
    OutputError
        A clip cannot be written.

    Notes
    -----
    Encoded, not copied: what was covered stays covered, and a cut is exact.
    """
    make_folder(folder)
    before_s, after_s = padding
    stretches = stretches_of(hits, before_s=before_s, after_s=after_s)
    problems, names = [], names_of(stretches)
    by_recording = sorted(stretches, key=lambda one: (one.first.recording_key, one.from_s))
    for _, own in groupby(by_recording, key=lambda one: one.first.recording_key):
        together = list(own)
        try:
            problems += _cut_all(folder, together, names, catalogue)
        except SourceError as error:
            problems.append(f"clips of {together[0].first.recording} are missing: {error}")
    return problems


def names_of(stretches: Sequence[Stretch]) -> dict[Stretch, str]:
    """What their clips are called: camera, recording, and the millisecond that each begins at.

    Two recordings of one name, in folders of one name, are told apart by their keys.
    """
    plain = {stretch: _plain_name(stretch) for stretch in stretches}
    times = Counter(plain.values())
    return {
        stretch: f"{name}-{stretch.first.recording_key[:6]}.mp4"
        if times[name] > 1
        else f"{name}.mp4"
        for stretch, name in plain.items()
    }


def _plain_name(stretch: Stretch) -> str:
    hit = stretch.first
    stem = safe_name(Path(hit.name).stem)
    return f"{safe_name(hit.camera)}-{stem}@{round(1000 * stretch.from_s)}"


def _cut_all(
    folder: Path, stretches: Sequence[Stretch], names: Mapping[Stretch, str], catalogue: Path
) -> list[str]:
    """The clips of one recording; sentences about those that cannot be cut."""
    problems = []
    stamps = _stamps(stretches[0].first, catalogue)
    cutter = EncodeCutter(lambda: open_again(stretches[0].first, catalogue), threads=0)
    try:
        for stretch in stretches:
            path = folder / names[stretch]
            try:
                cutter.cut(_wanted(stretch), stamps, _place(path))
                publish(path)
            except CannotCut as error:
                problems.append(f"the clip {path.name} is missing: {error}")
            except OutputError:
                raise
            except OSError as error:
                raise cannot_write(path, error) from error
    finally:
        cutter.close()
    return problems


def _place(path: Path) -> Callable[[str], Path]:
    """Where a clip is written until it is whole; cutters that encode know one extension."""
    return lambda extension: part_of(path)


def _wanted(stretch: Stretch) -> Wanted:
    first, last = stretch.hits[0], max(stretch.hits, key=lambda hit: hit.end_s)
    return Wanted(stretch.from_s, stretch.to_s, first.start_s, last.end_s)


def _stamps(hit: Hit, catalogue: Path) -> StampLedger:
    """How the recording's own stamps go, from its first picture: by them the sound is found."""
    path = None if hit.joined is not None else Path(path_of(hit, catalogue))
    stamps = StampLedger(lambda pts_s: path if path is not None and path.is_file() else None)
    with closing(open_again(hit, catalogue)) as source:
        for frame in source.frames():
            stamps.step(frame)
            break
    return stamps
