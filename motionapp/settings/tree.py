"""The whole tree: what decides events, and what only decides how a run is carried out."""

import hashlib
import json
from datetime import datetime
from typing import Literal, Self

from pydantic import AwareDatetime, Field, field_validator, model_validator

from motionapp.core.event import WHOLE_PICTURE
from motionapp.core.limits import LONGEST_S
from motionapp.settings.base import SettingsModel
from motionapp.settings.frontends import (
    AbsdiffSettings,
    BackgroundSettings,
    CodecSettings,
    FlowSettings,
    PoseSettings,
)
from motionapp.settings.zones import MOST_ZONES, ZoneSettings, name_that_comes_twice

NO_CLASSIFIER = "none"
"""Asked for in place of a model: movements are found, but not named."""
START_YEARS = (1900, 2999)
"""Films are older than most cameras; later than this is a slip of the hand."""


class TrackingSettings(SettingsModel):
    """How regions become tracks and groups."""

    coast_s: float = Field(
        1.0, ge=0, le=5, description="A track without a region is kept for so long."
    )
    confirm_s: float = Field(
        0.2, ge=0, le=5, description="A track must be seen for so long before it is motion."
    )
    reach: float = Field(
        0.6,
        gt=0,
        le=5,
        description="How far a region may lie from where its track is expected, "
        "in lengths of the track's box.",
    )
    group_gap: float = Field(
        0.6, ge=0, le=2, description="Tracks nearer than this share of their length are one body."
    )


USUAL_HOLD_S = 1.5
"""Who pauses for so long goes on with the same."""


class EventSettings(SettingsModel):
    """When a stretch of motion is an event."""

    persist_s: float = Field(0.3, ge=0, le=30, description="Motion must last so long to open one.")
    travel: float = Field(
        0.0,
        ge=0,
        le=1,
        description="A body must have gone so far to count, as a share of the picture's height.",
    )
    hold_s: float | None = Field(
        None,
        gt=0,
        le=60,
        description="Pauses up to this keep it open; 1.5 if unset, or as long as the networks need "
        "to name what has passed.",
    )
    max_event_s: float = Field(600.0, gt=1, le=86400, description="It closes after so long.")

    @property
    def pause_s(self) -> float:
        """The longest pause within an event, in seconds."""
        return USUAL_HOLD_S if self.hold_s is None else self.hold_s

    def with_names_after(self, lag_s: float) -> Self:
        """The same where names stand `lag_s` behind what they name: unless somebody has said how
        long a pause may be, no event is closed before it has its name."""
        if self.hold_s is not None or lag_s <= USUAL_HOLD_S:
            return self
        return self.model_copy(update={"hold_s": lag_s})


class RecognitionSettings(SettingsModel):
    """Which network names movements, and how often it looks."""

    classifier: str = Field(
        "actions",
        description="A shipped model's name, the path of an ONNX file, or none; several with "
        "commas between them, of which the first names events.",
    )
    cadence_s: float = Field(0.16, gt=0, le=5, description="Seconds between two looks at a body.")
    steady_cadence_s: float = Field(
        0.32, gt=0, le=5, description="... at one that goes on doing what it did for two seconds."
    )
    smooth_s: float = Field(
        2.0, ge=0, le=5, description="Probabilities are averaged over so many seconds."
    )
    threshold: float | None = Field(
        None, ge=0, le=1, description="Below this a movement is unknown; the model's own if unset."
    )
    prior: Literal["equal", "room", "street"] | None = Field(
        None,
        description="How frequent movements are there, for who travels: on a street nearly all "
        "walk (or run, where they are too fast for it), in a room most do, or all are as frequent "
        "(equal); the model's own if unset.",
    )


class AnalysisSettings(SettingsModel):
    """The half that decides events."""

    frontend: str = Field(
        "absdiff", description="How motion is seen: absdiff, flow, pose, background or codec."
    )
    absdiff: AbsdiffSettings = AbsdiffSettings()
    flow: FlowSettings = FlowSettings()
    pose: PoseSettings = PoseSettings()
    background: BackgroundSettings = BackgroundSettings()
    codec: CodecSettings = CodecSettings()
    steady: Literal["auto", "on", "off"] = Field(
        "auto",
        description="Whether shake and slow turns of the camera are taken out: auto where it is "
        "seen to move, on from the first picture, or off.",
    )
    people: Literal["auto", "off"] = Field(
        "auto",
        description="Whether people are looked for where something moves, so that each has a box "
        "of their own: auto or off.",
    )
    people_searches_hz: float = Field(
        2.5, gt=0, le=30, description="So often a second people are looked for, at most."
    )
    tracking: TrackingSettings = TrackingSettings()
    events: EventSettings = EventSettings()
    recognition: RecognitionSettings = RecognitionSettings()
    zones: tuple[ZoneSettings, ...] = Field(
        (), max_length=MOST_ZONES, description="Parts that are watched by themselves, or left out."
    )

    @model_validator(mode="before")
    @classmethod
    def _a_front_end_may_name_its_preset(cls, given: object) -> object:
        """``flow:best`` is ``flow`` with ``flow.preset = "best"``."""
        asked = given.get("frontend") if isinstance(given, dict) else None
        if not isinstance(given, dict) or not isinstance(asked, str) or ":" not in asked:
            return given
        name, _, preset = asked.partition(":")
        part = cls.model_fields.get(name)
        fields = getattr(part.annotation, "model_fields", {}) if part else {}
        if "preset" not in fields:
            raise ValueError(f"analysis.frontend is {asked!r}, but {name!r} has no presets")
        below = given.get(name, {})
        if isinstance(below, SettingsModel):
            below = below.model_dump()
        if not isinstance(below, dict):  # what is wrong with it is told where it stands
            return given
        return {**given, "frontend": name, name: {**below, "preset": preset}}

    @model_validator(mode="after")
    def _zones_have_names_of_their_own(self) -> "AnalysisSettings":
        twice = name_that_comes_twice(self.zones)
        if twice:
            raise ValueError(f"two zones have the name {twice}: each needs one of its own")
        if any(zone.name.casefold() == WHOLE_PICTURE for zone in self.zones):
            raise ValueError(f"no zone can have the name {WHOLE_PICTURE}: it is the whole picture")
        return self


def sensitivity_paths() -> tuple[str, ...]:
    """The key paths of every front-end's sensitivity: a person sets them all at once."""
    return tuple(
        f"analysis.{name}.sensitivity"
        for name, part in AnalysisSettings()
        if isinstance(part, SettingsModel) and "sensitivity" in type(part).model_fields
    )


class RunSettings(SettingsModel):
    """The half that does not change what is found."""

    workers: int = Field(
        1, ge=1, le=64, description="Recordings, or parts of long ones, at the same time."
    )
    threads: int | None = Field(
        None, ge=1, le=64, description="Threads in all; one a core if unset."
    )
    hwaccel: str = Field(
        "none",
        pattern=r"^[a-z0-9_]{1,32}$",
        description="batch: what decodes recordings in place of the processor: none, auto, or "
        "FFmpeg's name of a kind of chip (cuda, vaapi, videotoolbox). Results may differ a little.",
    )
    annotated: bool = Field(False, description="Write a video with boxes and labels.")
    draw_flow: Literal["colours", "arrows", "both", "none"] = Field(
        "colours",
        description="How the annotated video and the report show flow, where it is measured.",
    )
    draw_mask: bool = Field(False, description="... what moves, tinted.")
    draw_difference: bool = Field(
        False,
        description="... how much each place differs, warm where it counts (the video alone).",
    )
    draw_suppressed: bool = Field(
        False, description="... what suppression took out, each rule in a tint of its own."
    )
    draw_valid: bool = Field(
        True, description="... where a camera that moves shows what is no part of the scene."
    )
    draw_trails: bool = Field(
        False, description="... where bodies have been in the last seconds (the video alone)."
    )
    draw_poses: bool = Field(True, description="... body points, where the front-end finds them.")
    clips: Literal["none", "copy", "encode"] = Field(
        "none",
        description="A video an event: copied from the nearest key frame, or cut exactly.",
    )
    clip_before_s: float = Field(2.0, ge=0, le=60, description="A clip begins so long before.")
    clip_after_s: float = Field(2.0, ge=0, le=60, description="... and ends so long after.")
    report: bool = Field(False, description="Write report.html, thumbnails and a heat map.")
    masks: bool = Field(False, description="Write every frame's mask of what moves.")
    frames: Literal["none", "jsonl", "parquet"] = Field(
        "none", description="Write what is known at every frame."
    )
    catalog: str | None = Field(
        None,
        min_length=1,
        description="A folder in which events are kept, to be asked for again (motionapp find).",
    )
    camera: str | None = Field(
        None,
        pattern=r"^[\w.+-]+( [\w.+-]+)*$",
        max_length=64,
        description="... whose recordings these are; that of the folder they lie in if unset.",
    )
    start_s: float | None = Field(
        None,
        ge=0,
        le=LONGEST_S,
        description="Analyse a recording from here on; from its start if unset.",
    )
    end_s: float | None = Field(
        None, gt=0, le=LONGEST_S, description="... up to here; up to its end if unset."
    )
    join: bool = Field(False, description="Consecutive recordings are one, with one time line.")
    start_utc: AwareDatetime | None = Field(
        None, description="When the first frame was taken, with its offset from UTC."
    )
    time_zone: str = Field(
        "UTC", description="Zone of the times in recordings' names, Europe/Zurich say."
    )
    video_stream: int | None = Field(
        None,
        ge=1,
        le=1000,
        description="Which of several videos in a recording is read, from 1; the default if unset.",
    )
    scan: Literal["exact", "fast"] = Field(
        "exact",
        description="batch: fast skips stretches in which nothing moves, by the packets' sizes.",
    )
    scan_threshold: float = Field(
        2.25,
        ge=1,
        le=10,
        description="fast: what stands out by so many standard deviations is looked at; less "
        "finds more and takes longer.",
    )
    memory_mb: int = Field(
        2048,
        ge=256,
        description="A worker that needs more megabytes is ended; pictures beyond 4K add to it.",
    )
    silence_s: float = Field(
        120.0, ge=1, le=3600, description="A worker without progress for so long is ended."
    )
    # At 600 s, a closed event with names took 87 kB, and who follows waits for it all the time.
    live_max_s: float = Field(
        300.0,
        gt=1,
        le=86400,
        description="watch: events of a camera or stream close after so long at the latest.",
    )
    reconnect: bool = Field(
        False, description="watch: a camera or stream that is lost is looked for again, for good."
    )
    lines_max_mb: float | None = Field(
        None,
        gt=0,
        le=1e6,
        description="watch: a file of lines that would become larger is put aside for a new one.",
    )
    lines_daily: bool = Field(
        False, description="... and at midnight, by the clock of this machine."
    )
    lines_keep: int | None = Field(
        None, ge=1, le=100_000, description="... of those put aside, so many stay; all if unset."
    )
    pace: Literal["real", "max"] = Field(
        "real", description="watch: a recording at its own time stamps, or as fast as it goes."
    )

    @field_validator("start_utc")
    @classmethod
    def _the_start_is_in_reach(cls, start_utc: datetime | None) -> datetime | None:
        """A calendar ends at the years 1 and 9999, also for the zones and hours that are added."""
        if start_utc is not None and not START_YEARS[0] <= start_utc.year <= START_YEARS[1]:
            raise ValueError(
                f"run.start_utc is in the year {start_utc.year}: "
                f"give one from {START_YEARS[0]} to {START_YEARS[1]}"
            )
        return start_utc

    @model_validator(mode="after")
    def _the_end_is_after_the_start(self) -> "RunSettings":
        if self.end_s is not None and self.end_s <= (self.start_s or 0.0):
            raise ValueError(
                f"run.end_s is {self.end_s:g} s, but run.start_s {self.start_s or 0:g} s: "
                "it must be greater"
            )
        return self


class Settings(SettingsModel):
    """The whole tree, as a settings file holds it."""

    analysis: AnalysisSettings = AnalysisSettings()
    run: RunSettings = RunSettings()


def analysis_digest(settings: AnalysisSettings, model_digest: str = "") -> str:
    """SHA-256 of everything that decides events, the model's hash included, as hex."""
    document = json.dumps(settings.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256(f"{document}\n{model_digest}".encode()).hexdigest()
