"""The first picture of a recording, shown before any network is loaded. No Qt."""

from __future__ import annotations

import logging
from dataclasses import replace

from motionapp import assembly
from motionapp.core.errors import MotionAppError, SourceError
from motionapp.core.seams import SourceInfo
from motionapp.gui.play.canvas import Look, shown
from motionapp.gui.play.listener import Listener
from motionapp.gui.play.wish import Wish
from motionapp.privacy import CoveredSource
from motionapp.runtime import BEGINNING, Place

log = logging.getLogger(__name__)


def show_ahead(
    wish: Wish, listener: Listener, look: Look, *, decode_threads: int
) -> tuple[Wish, SourceInfo] | None:
    """Open a recording and show its first picture: networks take a quarter of a second to load.

    What is wrong with it, or with its models, is said when it is opened to be played.

    Returns
    -------
    (Wish, SourceInfo) or None
        What the listener was told that is about to play; None where it was told nothing.
    """
    try:
        assembly.find_models(wish.settings)
        source = assembly.open_source(wish.spec, decode_threads=decode_threads)
    except MotionAppError:
        return None
    wish = replace(wish, place=within(wish.place, source.info))
    listener.opened(wish, source.info)
    try:
        frame = next(wish.place.read(CoveredSource(source, wish.cover)), None)
        if frame is not None:
            listener.pictured(shown(frame, None, look))
    except SourceError as error:
        log.debug("no picture ahead: %s", error)
    finally:
        source.close()
    return wish, source.info


def within(place: Place, info: SourceInfo) -> Place:
    """The last frame in place of one beyond the end; of a camera, what it sees now: it would be
    read up to the place, for as long as that takes."""
    if info.is_live:
        return BEGINNING
    duration_s = info.duration_s
    if duration_s is None or place.at_s < duration_s:
        return place
    return Place(duration_s, is_before=True)
