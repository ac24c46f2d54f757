"""What is found at a picture that is held: the stretch before it, analysed on its own.

Who seeks to a place, steps back or changes settings while the picture stands has no analysis that
led up to it. Its moment is shown and nothing else: events are found by playing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from motionapp import assembly
from motionapp.core.models import Models
from motionapp.core.moment import Moment
from motionapp.core.seams import Source
from motionapp.runtime.span import ROUNDING_S
from motionapp.runtime.vectors import with_vectors
from motionapp.settings import AnalysisSettings

LOOK_BACK_S: Final = 3.0
"""A clip and what smooths its names, which is when a body has one."""


def look_back(
    spec: str,
    at_s: float,
    settings: AnalysisSettings,
    models: Models,
    *,
    decode_threads: int | None,
    is_wanted: Callable[[], bool],
    begins: Callable[[Source], None] = lambda source: None,
) -> Moment | None:
    """What is known at a frame of a recording, of the seconds before it.

    Parameters
    ----------
    spec : str
        The recording.
    at_s : float
        Its frame's time.
    settings : AnalysisSettings
    models : Models
    decode_threads : int or None
    is_wanted : callable
        Asked before each frame.
    begins : callable
        Told the source, which may be stopped from then on: up to the first of its frames there may
        be seconds of decoding from a key frame on.

    Returns
    -------
    Moment or None
        None where it was not wanted any longer, or there is no such frame.

    Raises
    ------
    SourceError
        The recording cannot be opened any more.
    """
    source = with_vectors(assembly.open_source(spec, decode_threads=decode_threads), settings)
    try:
        begins(source)
        analysis = assembly.make_analysis(settings, models, source_name=source.info.name)
        for frame in source.frames(max(0.0, at_s - LOOK_BACK_S)):
            if not is_wanted():
                return None
            moment = analysis.step(frame)
            if frame.pts_s >= at_s - ROUNDING_S:
                return moment
        return None
    finally:
        source.close()
