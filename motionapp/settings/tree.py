"""The whole tree: what decides events, and what only decides how a run is carried out."""

import hashlib
import json
from typing import Literal

from pydantic import Field, model_validator

from motionapp.settings.base import SettingsModel
from motionapp.settings.frontends import AbsdiffSettings, FlowSettings, PoseSettings

NO_CLASSIFIER = "none"
"""Asked for in place of a model: movements are found, but not named."""


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


class EventSettings(SettingsModel):
    """When a stretch of motion is an event."""

    persist_s: float = Field(0.3, ge=0, le=30, description="Motion must last so long to open one.")
    hold_s: float = Field(1.5, gt=0, le=60, description="Pauses up to this keep it open.")
    max_event_s: float = Field(600.0, gt=1, le=86400, description="It closes after so long.")


class RecognitionSettings(SettingsModel):
    """Which network names movements, and how often it looks."""

    classifier: str = Field(
        "actions", description="A shipped model's name, the path of an ONNX file, or none."
    )
    cadence_s: float = Field(0.16, gt=0, le=5, description="Seconds between two looks at a body.")
    smooth_s: float = Field(0.8, ge=0, le=2, description="Probabilities are averaged over this.")
    threshold: float | None = Field(
        None, ge=0, le=1, description="Below this a movement is unknown; the model's own if unset."
    )


class AnalysisSettings(SettingsModel):
    """The half that decides events."""

    frontend: str = Field("absdiff", description="How motion is seen: absdiff, flow or pose.")
    absdiff: AbsdiffSettings = AbsdiffSettings()
    flow: FlowSettings = FlowSettings()
    pose: PoseSettings = PoseSettings()
    tracking: TrackingSettings = TrackingSettings()
    events: EventSettings = EventSettings()
    recognition: RecognitionSettings = RecognitionSettings()

    @model_validator(mode="after")
    def _labels_are_known_at_closing(self) -> "AnalysisSettings":
        """`hold_s` is at least half a clip (0.24 s) plus the smoothing lag (half its window)."""
        needed_s = 0.24 + self.recognition.smooth_s / 2
        if self.events.hold_s < needed_s:
            raise ValueError(
                f"events.hold_s is {self.events.hold_s} s, but recognition.smooth_s "
                f"{self.recognition.smooth_s} s needs at least {needed_s:.2f} s"
            )
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

    workers: int = Field(1, ge=1, le=64, description="Recordings analysed at the same time.")
    threads: int | None = Field(
        None, ge=1, le=64, description="Threads in all; one a core if unset."
    )
    annotated: bool = Field(False, description="Write a video with boxes and labels.")
    pace: Literal["real", "max"] = Field(
        "real", description="watch: a recording at its own time stamps, or as fast as it goes."
    )


class Settings(SettingsModel):
    """The whole tree, as a settings file holds it."""

    analysis: AnalysisSettings = AnalysisSettings()
    run: RunSettings = RunSettings()


def analysis_digest(settings: AnalysisSettings, model_digest: str = "") -> str:
    """SHA-256 of everything that decides events, the model's hash included, as hex."""
    document = json.dumps(settings.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256(f"{document}\n{model_digest}".encode()).hexdigest()
