"""Clips whose packets are taken over as they are: as quick as the disk, and without any loss.

A clip begins with a key frame, at or before the wanted start, since nothing else can be decoded.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import av

from motionapp.sinks.clips.checking import check_copy
from motionapp.sinks.clips.cutter import CannotCut, Cut, Wanted
from motionapp.sinks.clips.elementary import Orders
from motionapp.sinks.clips.packets import (
    audio_of,
    key_before,
    matrix_of,
    open_again,
    tick_of,
    video_of,
)
from motionapp.sinks.clips.remuxing import Remuxer
from motionapp.sinks.clips.sound import Sound
from motionapp.sinks.clips.storage import Storage, form_of, storage_for, writing
from motionapp.sinks.stamps import Piece, StampLedger


class CopyCutter:
    """Cuts clips by copying packets.

    Parameters
    ----------
    on_progress : callable, optional
        Called while packets are copied, several times a second.

    Notes
    -----
    Sound that the container does not hold is made anew; pictures never are.
    """

    def __init__(self, *, on_progress: Callable[[], object] | None = None) -> None:
        self._on_progress = on_progress
        self._orders = Orders(on_progress)

    def cut(self, wanted: Wanted, stamps: StampLedger, place: Callable[[str], Path]) -> Cut:
        """Copy a clip, from the key frame before its start on; see `Cutter`."""
        if stamps.jumps_back:
            raise CannotCut("the recording's time stamps begin again")
        pieces = _of_one_form(stamps.pieces(wanted.from_s, wanted.to_s), wanted)
        first = pieces[0]
        look = _look_at(first.path)
        order = self._orders.of(first.path)
        target = round((first.from_s + first.zero_s) / look.tick_s)
        key, place_s = key_before(first.path, target, order)
        start_s = key * look.tick_s - first.zero_s
        path = place(look.storage.extension)
        sound, note = None, look.note
        with contextlib.ExitStack() as stack:
            output = stack.enter_context(writing(path, look.storage.format_name))
            if not look.storage.copies_sound:
                sound = stack.enter_context(Sound((_from(first, start_s), *pieces[1:]), start_s))
            copy = Remuxer(output, start_s, sound, self._on_progress)
            copy.take(first, order, key=key, place_s=place_s)
            for piece in pieces[1:]:
                copy.take(piece, self._orders.of(piece.path))
            if not copy.shown_s:
                raise CannotCut("none of its pictures can be copied")
            copy.finish()
            if sound is not None and sound.lack:
                note = f"copied {sound.lack}"
        try:
            check_copy(path, copy.shown_s, first.path, key=key, place_s=place_s, order=order)
        except CannotCut:
            path.unlink(missing_ok=True)
            raise
        return Cut(path.name, start_s, note)

    def close(self) -> None:
        """Nothing is held open between two clips."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What is to be known of a recording before it is copied."""

    storage: Storage
    tick_s: float
    note: str


def _look_at(path: Path) -> _Look:
    with open_again(path) as container:
        video, audio = video_of(container, path), audio_of(container)
        if container.format.name == "avi" and video.codec_context.has_b_frames:
            # AVI holds pictures in the order of decoding, and no word of when they are shown.
            raise CannotCut("AVI with B-frames has no time stamps")
        storage = storage_for(video, audio)
        note = ""
        if audio is not None and not storage.copies_sound:
            name = audio.codec_context.codec.canonical_name
            note = f"pictures copied, sound ({name}) made anew as AAC"
        return _Look(storage, float(tick_of(video)), note)


def _of_one_form(pieces: Sequence[Piece], wanted: Wanted) -> Sequence[Piece]:
    """The pieces that hold the event, and those of the padding that are stored alike.

    Raises
    ------
    CannotCut
        No file holds the event, or it goes on in one that is stored in another form.
    """
    of_event = [
        piece for piece in pieces if piece.from_s < wanted.end_s and piece.to_s > wanted.start_s
    ]
    if not of_event:
        raise CannotCut("no recording holds it")
    if len(pieces) == 1:
        return pieces
    form = _form_at(of_event[0])
    for piece in of_event[1:]:
        if _form_at(piece) != form:
            raise CannotCut(f"it goes on in {piece.path.name}, which is stored in another form")
    begin, end = pieces.index(of_event[0]), pieces.index(of_event[-1]) + 1
    while begin > 0 and _is_alike(pieces[begin - 1], form):
        begin -= 1
    while end < len(pieces) and _is_alike(pieces[end], form):
        end += 1
    return pieces[begin:end]


def _form_at(piece: Piece) -> tuple[object, ...]:
    with open_again(piece.path) as container:
        video, audio = video_of(container, piece.path), audio_of(container)
        copies_sound = storage_for(video, audio).copies_sound
        form = form_of(video, audio if copies_sound else None)
        # How pictures are turned, a clip's container says once; PyAV says it with a picture only.
        with contextlib.suppress(av.FFmpegError):
            picture = next(container.decode(video), None)
            form = (*form, matrix_of(picture) if picture is not None else None)
        return form


def _is_alike(piece: Piece, form: tuple[object, ...]) -> bool:
    """Whether padding can be taken from a file; it is no reason to do without the clip."""
    try:
        return _form_at(piece) == form
    except CannotCut:
        return False


def _from(piece: Piece, start_s: float) -> Piece:
    """The piece with all that comes after the key frame: its sound begins there as well."""
    return Piece(piece.path, start_s, piece.to_s, piece.zero_s)
