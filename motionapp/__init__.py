"""motionapp sees movement and names it.

The Python entry::

    import motionapp

    for event in motionapp.analyse("door.mp4"):
        print(event.start_s, event.end_s, event.label)

Importing it is quick and brings neither Qt nor torch: the rest is imported when it is used.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from motionapp.core.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    from motionapp.core.crossing import Crossing
    from motionapp.core.event import Event
    from motionapp.core.seams import Source
    from motionapp.settings import AnalysisSettings, Settings

__all__ = ["__version__", "analyse", "open_source"]


def analyse(
    path: str | Path,
    *,
    frontend: str | None = None,
    classifier: str | None = None,
    sensitivity: float | None = None,
    settings: AnalysisSettings | str | Path | None = None,
    on_crossing: Callable[[Crossing], object] = lambda crossing: None,
) -> tuple[Event, ...]:
    """The events of a recording: the same that `motionapp batch` writes.

    Parameters
    ----------
    path : str or Path
        A recording, a folder of numbered images, or ``synthetic:NAME``.
    frontend : str, optional
        How motion is seen: ``absdiff`` (default), ``flow``, ``pose``, ``background``, ``codec``.
    classifier : str, optional
        What names movements: a shipped model's name, the path of an ONNX file, or ``none``.
    sensitivity : float, optional
        Above 1 sees weaker motion, below 1 only stronger.
    settings : AnalysisSettings, str or Path, optional
        Settings, or a TOML file of them; what is given above wins.
    on_crossing : callable, optional
        Called at the end with each `Crossing` of a line among the settings' zones, by time.

    Returns
    -------
    tuple of Event
        By start; empty where nothing moved. Of a damaged recording, what could be read.

    Raises
    ------
    SourceError
        The recording cannot be read at all.
    SettingsError, ModelError
        A setting or the model cannot be used.
    """
    import os

    from motionapp.assembly import load_models
    from motionapp.batch.one import analyse_one
    from motionapp.runtime import plan_threads
    from motionapp.runtime.span import span_of
    from motionapp.settings import sensitivity_paths

    changes: dict[str, object] = {
        "analysis.frontend": frontend,
        "analysis.recognition.classifier": classifier,
        **dict.fromkeys(sensitivity_paths(), sensitivity),
    }
    chosen = _chosen(settings, {k: value for k, value in changes.items() if value is not None})
    models = load_models(chosen.analysis, threads=(threads := plan_threads()).network)
    outcome = analyse_one(
        os.fspath(path), chosen.analysis, models,
        span=span_of(chosen), decode_threads=threads.decode,
    )  # fmt: skip
    for crossing in outcome.crossings:
        on_crossing(crossing)
    return outcome.events


def _chosen(settings: AnalysisSettings | str | Path | None, given: dict[str, object]) -> Settings:
    """What was passed in or stands in a file, with what is given above it."""
    import os

    from motionapp.settings import AnalysisSettings, Settings, apply_changes, load_settings

    if isinstance(settings, AnalysisSettings):
        return apply_changes(Settings(analysis=settings), given)
    where = None if settings is None else Path(str(settings))
    return load_settings(where, environment=os.environ, changes=given)


def open_source(spec: str | Path) -> Source:
    """Open a source of frames, recorded or live.

    Parameters
    ----------
    spec : str or Path
        A path, a folder of numbered images, a URL, ``camera:N`` or ``synthetic:NAME``.

    Returns
    -------
    Source
        Its `frames()` gives the frames in order of time; close it when done.

    Raises
    ------
    SourceError
        It is not there, holds no pictures, or its name is not understood.
    """
    from motionapp import assembly

    return assembly.open_source(spec)
