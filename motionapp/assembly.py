"""Settings become a source, models and an analysis: what every mode needs."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from motionapp.analysis import Analysis
from motionapp.core.addresses import is_stream, shown
from motionapp.core.contract import ModelContract
from motionapp.core.errors import ModelError, SettingsError, SourceError
from motionapp.core.models import Models
from motionapp.core.representation import PICTURE_PLANES, PICTURE_VERSION
from motionapp.core.seams import PersonFinder, Source
from motionapp.frontends import registry
from motionapp.recognition.naming import names_after_s
from motionapp.settings.tree import NO_CLASSIFIER, AnalysisSettings, Settings

if TYPE_CHECKING:
    from motionapp.sources.joined import JoinedSource
    from motionapp.sources.packets import Tap


def is_address(spec: str) -> bool:
    """Whether it names no place on a disk: a URL, ``camera:N`` or ``synthetic:NAME``."""
    return bool(re.match(r"(synthetic|camera):|[a-z][a-z0-9+.-]+://", spec, re.IGNORECASE))


def open_source(
    spec: str | Path,
    *,
    decode_threads: int | None = None,
    start_utc: datetime | None = None,
    time_zone: str = "UTC",
    video_stream: int | None = None,
) -> Source:
    """Open what a person names on the command line.

    Parameters
    ----------
    spec : str or Path
        A recording's path, a folder of numbered images, a URL, ``synthetic:NAME``, ``camera:N`` or
        ``camera:NAME`` with a part of its name, as in ``camera:0,size=1280x720,rate=30``.
    decode_threads : int or None
        For recordings and streams; None lets the decoder choose.
    start_utc : datetime or None
        When the first frame of a recording or folder was taken, with its zone; None takes it from
        the recording's name, or else from its header.
    time_zone : str
        Name of the zone of the time in a recording's name.
    video_stream : int or None
        Which of several videos in a recording is read, the first being 1; None takes what a player
        would show.

    Returns
    -------
    Source

    Raises
    ------
    SourceError
        It is not there, holds no pictures, or its name is not understood.
    SettingsError
        There is no such time zone.
    MissingExtraError
        A camera's name needs an extra on this system.
    """
    text = str(spec)
    if not text:
        raise SourceError("an empty name is no source: is a variable of the command line unset?")
    found = _no_file(text, decode_threads=decode_threads)
    if found is not None:
        return found
    path = Path(text)
    _refuse_unsaid(path)
    if os.path.isdir(path):  # also says no of what may not be looked at
        from motionapp.sources.images import ImagesSource

        return ImagesSource(path, start_utc=start_utc)
    from motionapp.sources.file import FileSource

    return FileSource(
        path,
        decode_threads=decode_threads,
        start_utc=start_utc,
        time_zone=time_zone,
        video_stream=video_stream,
    )


def _refuse_unsaid(path: Path) -> None:
    """Raise for a path that is not there and whose name looks like an address with a secret.

    Before anything that would tell the whole of it.
    """
    if shown(str(path)) != str(path) and not os.path.lexists(path):
        from motionapp.sources.refusals import why_not_there

        raise SourceError(why_not_there(path))


def _no_file(text: str, *, decode_threads: int | None) -> Source | None:
    """The source behind a name that is no path; None if it is one."""
    kind, _, rest = text.partition(":")
    if kind == "synthetic":
        from motionapp.sources.synthetic import SyntheticSource

        return SyntheticSource.named(rest)
    if kind == "camera":
        from motionapp.sources.camera import open_named

        return open_named(text)
    if is_stream(text):
        from motionapp.sources.stream import StreamSource

        return StreamSource(text, decode_threads=decode_threads)
    return None


def open_lasting(
    spec: str | Path,
    *,
    decode_threads: int | None = None,
    on_lost: Callable[[str], None] = lambda why: None,
    tap: Tap | None = None,
) -> Source:
    """Open what a person names; a camera or stream is looked for again whenever it is lost.

    Parameters
    ----------
    spec : str or Path
        As `open_source` understands it.
    decode_threads : int or None
        None lets the decoder choose.
    on_lost : callable
        Given why, on the thread that reads.
    tap : Tap, optional
        Given each packet of a stream before it is decoded; what is no stream gives none
        (`core.addresses.is_stream`).

    Raises
    ------
    SourceError
        The name is not understood, or is one of a recording that cannot be read.
    """

    def open_again() -> Source:
        return open_source(spec, decode_threads=decode_threads)

    text = str(spec)
    if text.partition(":")[0].lower() == "camera":
        from motionapp.sources.camera_spec import camera_spec

        name = camera_spec(text).name
    else:
        source = open_again()  # which connects to nothing yet
        if not source.info.is_live:
            return source
        name = source.info.name
        source.close()
    from motionapp.sources.reconnecting import ReconnectingSource

    return ReconnectingSource(open_again, name=name, on_lost=on_lost, tap=tap)


def open_joined(
    specs: Sequence[str | Path],
    *,
    decode_threads: int | None = None,
    start_utc: datetime | None = None,
    time_zone: str = "UTC",
    video_stream: int | None = None,
) -> JoinedSource:
    """Open recordings that follow one another as one, with one time line.

    Parameters
    ----------
    specs : sequence of str or Path
        Of recordings in files, in the order of time.
    decode_threads : int or None
        None lets the decoder choose.
    start_utc : datetime or None
        When the first frame was taken, with its zone; None takes it from the first recording.
    time_zone : str
        Name of the zone of the times in the files' names.
    video_stream : int or None
        Which of several videos is read of each, the first being 1; None takes what a player shows.

    Returns
    -------
    JoinedSource
        Knows besides which file holds a second (`path_at`).

    Raises
    ------
    SourceError
        None of them can be read.
    SettingsError
        There is no such time zone.
    """
    from motionapp.sources.joined import JoinedSource

    return JoinedSource(
        specs,
        decode_threads=decode_threads,
        start_utc=start_utc,
        time_zone=time_zone,
        video_stream=video_stream,
    )


def load_models(settings: AnalysisSettings, *, threads: int = 1) -> Models:
    """Load the network that the settings name, if it fits their front-end.

    Parameters
    ----------
    settings : AnalysisSettings
    threads : int
        For ONNX Runtime.

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
    # What a front-end needs is opened here: what is wrong with it is told before the first frame.
    frontend = registry.make(settings.frontend, settings)
    seen_with: str = getattr(frontend, "digest", "")
    people = _person_finder(settings, threads=threads)
    found = find_models(settings)
    if not found:
        return Models(people=people, digest=seen_with)
    from motionapp.recognition.onnx import OnnxRecogniser

    recognisers = [
        OnnxRecogniser(
            path,
            threads=threads,
            threshold=settings.recognition.threshold,
            prior=settings.recognition.prior,
        )
        for path, _ in found
        if path is not None
    ]
    for recogniser in recognisers:
        check_maps(recogniser.contract)
    _check_names([recogniser.contract.name for recogniser in recognisers])
    models = Models(
        recogniser=recognisers[0] if recognisers else None,
        others=tuple(recognisers[1:]),
        people=people,
        falls=registry.brings_people(settings.frontend),
        note="; ".join(note for _, note in found if note),
        digest=seen_with + "".join(recogniser.digest for recogniser in recognisers),
    )
    check_hold(settings, models)
    return models


def find_models(settings: AnalysisSettings) -> list[tuple[Path | None, str]]:
    """Where the networks that the settings name are, which is quick: none is opened.

    Returns
    -------
    list of (Path or None, str)
        The file, or None and why there is none for the front-end; empty where none is asked for.

    Raises
    ------
    ModelError, SettingsError
        There is no such model, or its name is not understood.
    """
    asked = _names(settings.recognition.classifier)
    if not asked:
        return []
    from motionapp.recognition.catalogue import find_model

    return [find_model(name, settings.frontend) for name in asked]


def _person_finder(settings: AnalysisSettings, *, threads: int) -> PersonFinder | None:
    """What looks for people; raises `ModelError` where its network cannot be used."""
    if settings.people == "off" or registry.brings_people(settings.frontend):
        return None
    from motionapp.people.networks import MultiPose
    from motionapp.people.search import PersonSearch, SearchRules
    from motionapp.resources import models_dir

    # A second look at once would be as dear as the next body's first: the road asks again.
    rules = SearchRules(is_wide=False)
    return PersonSearch(MultiPose(models_dir(), threads=threads), rules)


def _names(classifier: str) -> list[str]:
    """What is asked for, one network after the other; a file may have a comma in its name."""
    if Path(classifier).is_file():
        return [classifier]
    names = [name.strip() for name in classifier.split(",")]
    if "" in names:
        raise SettingsError(
            f"recognition.classifier is {classifier!r}: between two commas stands no name"
        )
    if NO_CLASSIFIER in names and len(names) > 1:
        raise SettingsError(
            f"recognition.classifier is {classifier!r}: {NO_CLASSIFIER} stands by itself"
        )
    return [] if names == [NO_CLASSIFIER] else names


def _check_names(names: Sequence[str]) -> None:
    """Segments tell networks apart by what they call themselves."""
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise SettingsError(f"two of the classifiers call themselves {twice}: name each once")


def check_maps(contract: ModelContract) -> None:
    """Refuse a network whose front-end does not make the maps that it was trained on.

    Raises
    ------
    ModelError
        They are of another version, or have other planes; there is nothing that it could see.
    """
    shape, frontend = contract.representation, contract.representation.frontend
    if shape.is_picture:
        made, planes = PICTURE_VERSION, PICTURE_PLANES
    else:
        usual = registry.representation(frontend)
        made, planes = usual.version, usual.planes
    seen = shape.version
    if seen != made:
        raise ModelError(
            f"the model {contract.name} was trained on version {seen} of the maps of {frontend}, "
            f"this version of motionapp makes version {made}: train it again"
        )
    if shape.planes != planes:
        raise ModelError(
            f"the model {contract.name} was trained on maps of {shape.planes} planes, and "
            f"{frontend} makes {planes}: train it again"
        )


def check_hold(settings: AnalysisSettings, models: Models) -> None:
    """Refuse settings that close events before a network has named them.

    Raises
    ------
    SettingsError
        Somebody has said so; unset, events are held for as long as it needs.
    """
    hold_s = settings.events.hold_s
    for recogniser in (models.recogniser, *models.others):
        if hold_s is None or recogniser is None:
            continue
        contract = recogniser.contract
        needed_s = names_after_s(contract, settings.recognition)
        if hold_s < needed_s:
            raise SettingsError(
                f"events.hold_s is {hold_s:g} s, but the model {contract.name} looks at "
                f"{contract.representation.span_s:g} s at a time, which needs at least "
                f"{needed_s:.2f} s; unset, it is as long as that"
            )


def live_analysis(settings: Settings) -> AnalysisSettings:
    """What decides the events of a live source: they are cut sooner, as who follows it waits for
    the whole of each.

    Parameters
    ----------
    settings : Settings
    """
    chosen = settings.analysis
    if chosen.events.max_event_s <= settings.run.live_max_s:
        return chosen
    events = chosen.events.model_copy(update={"max_event_s": settings.run.live_max_s})
    return chosen.model_copy(update={"events": events})


def make_analysis(
    settings: AnalysisSettings,
    models: Models,
    *,
    source_name: str,
    clock: Callable[[], int] | None = None,
) -> Analysis:
    """An analysis of one source with models that are loaded already."""
    return Analysis(settings, models, source_name=source_name, clock=clock)
