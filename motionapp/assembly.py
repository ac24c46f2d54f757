"""Settings become a source, models and an analysis: what every mode needs."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from motionapp.analysis import Analysis, Models
from motionapp.core.errors import SettingsError, SourceError
from motionapp.core.seams import Source
from motionapp.frontends import registry
from motionapp.settings.tree import NO_CLASSIFIER, AnalysisSettings


def is_address(spec: str) -> bool:
    """Whether it names no place on a disk: a URL, ``camera:N`` or ``synthetic:NAME``."""
    return bool(re.match(r"(synthetic|camera):|[a-z][a-z0-9+.-]+://", spec, re.IGNORECASE))


def open_source(spec: str | Path, *, decode_threads: int | None = None) -> Source:
    """Open what a person names on the command line.

    Parameters
    ----------
    spec : str or Path
        A recording's path, a folder of numbered images, a URL, ``camera:N`` or
        ``synthetic:NAME``.
    decode_threads : int or None
        For recordings and streams; None lets the decoder choose.

    Returns
    -------
    Source

    Raises
    ------
    SourceError
        It is not there, holds no pictures, or its name is not understood.
    """
    text = str(spec)
    kind, _, rest = text.partition(":")
    if kind == "synthetic" and rest:
        from motionapp.sources.synthetic.source import SyntheticSource

        return SyntheticSource.named(rest)
    if kind == "camera" and rest:
        from motionapp.sources.camera import CameraSource

        if not rest.isdecimal():
            raise SourceError(f"{text}: cameras have numbers, camera:0 say")
        return CameraSource(int(rest))
    if is_address(text) and rest.startswith("//"):
        from motionapp.sources.stream import StreamSource

        return StreamSource(text, decode_threads=decode_threads)
    path = Path(text)
    if path.is_dir():
        from motionapp.sources.images import ImagesSource

        return ImagesSource(path)
    from motionapp.sources.file import FileSource

    return FileSource(path, decode_threads=decode_threads)


def load_models(settings: AnalysisSettings, *, threads: int = 1, live: bool = False) -> Models:
    """Load the network that the settings name, if it fits their front-end.

    Parameters
    ----------
    settings : AnalysisSettings
    threads : int
        For ONNX Runtime.
    live : bool
        Spare the processor between calls rather than answer sooner.

    Returns
    -------
    Models
        Without a recogniser where none is asked for, or none is shipped for the front-end.

    Raises
    ------
    SettingsError
        There is no such front-end, or events close before the model has named them.
    ModelError
        There is no such model, it cannot be used, or it was made for another front-end.
    """
    registry.check(settings.frontend)
    asked = settings.recognition.classifier
    if asked == NO_CLASSIFIER:
        return Models()
    from motionapp.recognition.catalogue import find_model
    from motionapp.recognition.onnx import OnnxRecogniser

    path, note = find_model(asked, settings.frontend)
    if path is None:
        return Models(note=note)
    recogniser = OnnxRecogniser(
        path, threads=threads, live=live, threshold=settings.recognition.threshold
    )
    _check_hold(settings, recogniser.contract.representation.span_s)
    return Models(recogniser=recogniser, digest=recogniser.digest)


def _check_hold(settings: AnalysisSettings, span_s: float) -> None:
    """The settings check this for the usual half second; a model may look for longer."""
    needed_s = span_s / 2 + settings.recognition.smooth_s / 2
    if settings.events.hold_s < needed_s:
        raise SettingsError(
            f"events.hold_s is {settings.events.hold_s:g} s, but the model "
            f"{settings.recognition.classifier} looks at {span_s:g} s at a time, which needs at "
            f"least {needed_s:.2f} s"
        )


def make_analysis(
    settings: AnalysisSettings,
    models: Models,
    *,
    source_name: str,
    clock: Callable[[], int] | None = None,
) -> Analysis:
    """An analysis of one source with models that are loaded already."""
    return Analysis(settings, models, source_name=source_name, clock=clock)
