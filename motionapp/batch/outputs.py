"""What the settings ask to be written for one input: the sinks, and whether it is all there."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from motionapp.batch.results import ANNOTATED_MP4
from motionapp.catalogue.form import CATALOGUE_JSON
from motionapp.core.errors import MissingExtraError
from motionapp.core.seams import Damage, Sink, Source
from motionapp.settings.tree import RunSettings, Settings
from motionapp.sinks.documents import Skipped
from motionapp.sinks.events import EVENTS_CSV, EVENTS_JSON, SEGMENTS_CSV, Attachments, EventsSink
from motionapp.sinks.masks import MASKS
from motionapp.sinks.origin import Origin

if TYPE_CHECKING:
    from motionapp.catalogue.rows import Recorded
    from motionapp.overlay import Style

PathAt = Callable[[float], Path | None]
"""Which file holds a second of the input."""


@runtime_checkable
class Troubled(Protocol):
    """A sink that may leave something out for a reason that lies in the input."""

    @property
    def problems(self) -> tuple[str, ...]:
        """Sentences about what is missing; known once it is closed."""
        ...


@runtime_checkable
class Remarking(Protocol):
    """A sink that may have to do something otherwise than asked."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about it; known once it is closed."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Writing:
    """What the sinks of one input need besides the settings."""

    folder: Path
    """Exists already."""
    name: str
    """Of the input, as it stands in events.json."""
    reopen: Callable[[], Source]
    """Opens the input a second time, as it was opened for the analysis."""
    path_at: PathAt | None
    """None where there is no file whose packets could be copied."""
    damage: Callable[[], Damage]
    """What could not be read of it so far."""
    on_progress: Callable[[], object]
    """To be called while something takes long."""
    origin: Origin
    """What the results are made of and by."""
    threads: int
    """For encoders; 0 lets them choose."""
    parts: Callable[[], Sequence[tuple[str, float]]] = lambda: ()
    """Of joined recordings each one's name and the second it begins at, once they were read."""
    recorded: Recorded | None = None
    """What the catalogue is told of the input; None where there is none."""
    rate_hz: float | None = None
    features: Mapping[str, bytes] = field(default_factory=dict)
    """Of events of parts that were analysed apart, what makes them alike others."""
    skipped: Callable[[], Skipped] = lambda: None
    """Asked at the end what a fast scan has skipped."""


def drawing_style(run: RunSettings) -> Style:
    """What the annotated video and the report's pictures show."""
    from motionapp.overlay import Style

    return Style(
        flow=run.draw_flow in ("colours", "both"),
        arrows=run.draw_flow in ("arrows", "both"),
        mask=run.draw_mask,
        difference=run.draw_difference,
        suppressed=run.draw_suppressed,
        valid=run.draw_valid,
        poses=run.draw_poses,
        trails=run.draw_trails,
    )


def make_sinks(settings: Settings, writing: Writing) -> list[Sink]:
    """The sinks in the order in which they are closed: events.json says that an input is done.

    Raises
    ------
    SettingsError, MissingExtraError
        What is asked for cannot be made of this input, or here.
    """
    sinks: list[Sink] = []
    attachments: list[Attachments] = []
    run, folder = settings.run, writing.folder
    if run.annotated:
        from motionapp.sinks.video import AnnotatedVideoSink

        path, frontend = folder / ANNOTATED_MP4, settings.analysis.frontend
        style = drawing_style(run)
        sinks.append(
            AnnotatedVideoSink(path, frontend=frontend, style=style, threads=writing.threads)
        )
    if run.masks:
        from motionapp.sinks.masks import MasksSink

        sinks.append(MasksSink(folder))
    if run.frames != "none":
        from motionapp.sinks.frames import FramesSink

        sinks.append(FramesSink(folder, run.frames))
    if run.clips != "none":
        from motionapp.sinks.clips.sink import clips_sink

        clips = clips_sink(
            folder,
            run,
            reopen=writing.reopen,
            path_at=writing.path_at,
            is_covered=any(zone.kind == "privacy" for zone in settings.analysis.zones),
            on_progress=writing.on_progress,
            threads=writing.threads,
        )
        sinks.append(clips)
        attachments.append(clips)
    if run.report:
        from motionapp.sinks.thumbnails import ThumbnailsSink

        thumbnails = ThumbnailsSink(
            folder,
            writing.reopen,
            style=drawing_style(run),
            on_progress=writing.on_progress,
        )
        attachments.append(thumbnails)
        sinks += [thumbnails, *_report_sinks(settings, writing, attachments)]
    events = _events_sink(settings, writing, attachments)
    return [*sinks, events, *_catalogue_sinks(run, writing, events)]


def _events_sink(
    settings: Settings, writing: Writing, attachments: Sequence[Attachments]
) -> EventsSink:
    counts = any(zone.kind == "line" for zone in settings.analysis.zones)
    return EventsSink(
        writing.folder, writing.name, attachments=attachments, origin=writing.origin,
        counts_crossings=counts, joined=writing.parts, skipped=writing.skipped,
    )  # fmt: skip


def _catalogue_sinks(run: RunSettings, writing: Writing, events: EventsSink) -> list[Sink]:
    """Closed last: only what is finished is told there."""
    if run.catalog is None or writing.recorded is None:
        return []
    from motionapp.catalogue.features import EventFeatures
    from motionapp.catalogue.sink import CatalogueSink

    sink = CatalogueSink(
        Path(run.catalog), writing.recorded, fields_of=events.fields_of, parts=writing.parts,
        rate_hz=writing.rate_hz, features=EventFeatures(writing.features),
    )  # fmt: skip
    return [sink]


def _report_sinks(
    settings: Settings, writing: Writing, attachments: Sequence[Attachments]
) -> list[Sink]:
    """The heat map and the page, which shows it and what the others have made."""
    from motionapp.explain.rejections import Rejections
    from motionapp.settings.document import settings_text
    from motionapp.sinks.heat import HeatSink
    from motionapp.sinks.report import ReportSink
    from motionapp.sources.start_time import zone_called

    heat = HeatSink(writing.folder)
    report = ReportSink(
        writing.folder,
        writing.name,
        settings_text(settings, with_comments=False),
        zone=zone_called(settings.run.time_zone),
        heat=heat,
        attachments=attachments,
        why=Rejections(settings.analysis),
        damage=writing.damage,
        lines=[zone.name for zone in settings.analysis.zones if zone.kind == "line"],
    )
    return [heat, report]


def check_extras(run: RunSettings) -> None:
    """See that what is asked for can be written here, before hours of work.

    Raises
    ------
    MissingExtraError
        An extra is not installed.
    """
    has_arrow = importlib.util.find_spec("pyarrow") is not None
    if run.frames == "parquet" and not has_arrow:
        raise MissingExtraError("frames.parquet", "parquet")
    if run.catalog is not None and not has_arrow:
        raise MissingExtraError("the catalogue", "find")


def problems_of(sinks: Sequence[Sink]) -> tuple[str, ...]:
    """What closed sinks had to leave out, in sentences."""
    return tuple(
        sentence for sink in sinks if isinstance(sink, Troubled) for sentence in sink.problems
    )


def notes_of(sinks: Sequence[Sink]) -> tuple[str, ...]:
    """What closed sinks had to do otherwise than asked, in sentences."""
    return tuple(
        sentence for sink in sinks if isinstance(sink, Remarking) for sentence in sink.notes
    )


def is_all_there(folder: Path, run: RunSettings, *, frames: int) -> bool:
    """Whether a folder of results still holds all that the settings ask for.

    Parameters
    ----------
    folder : Path
        The input's.
    run : RunSettings
    frames : int
        How many were analysed: each has a mask.
    """
    if not all((folder / name).exists() for name in _names(run)):
        return False
    if run.catalog is not None and not (Path(run.catalog) / CATALOGUE_JSON).exists():
        return False
    if run.masks and sum(1 for _ in (folder / MASKS).glob("*.png")) < frames:
        return False
    return (run.clips == "none" and not run.report) or _has_attachments(folder)


def files_of(run: RunSettings) -> list[str]:
    """The files of a folder of results that are there whatever was found."""
    return [name for name in _names(run) if name != MASKS]


def _names(run: RunSettings) -> list[str]:
    names = [EVENTS_JSON, EVENTS_CSV, SEGMENTS_CSV]
    if run.annotated:
        names.append(ANNOTATED_MP4)
    if run.masks:
        names.append(MASKS)
    if run.frames != "none":
        names.append(f"frames.{run.frames}")
    if run.report:
        names += ["heatmap.png", "report.html"]
    return names


def _has_attachments(folder: Path) -> bool:
    """Whether every file is there that events.json names."""
    try:
        events = json.loads((folder / EVENTS_JSON).read_bytes())["events"]
        named = [event[key] for event in events for key in ("clip", "thumbnail") if event[key]]
        return all((folder / str(name)).is_file() for name in named)
    # Somebody has changed it: then it is made again. RecursionError: brackets a thousand deep.
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False
