"""The settings tree: typed, frozen, in two halves, with the order in which values win."""

from motionapp.settings.document import settings_text
from motionapp.settings.load import apply_changes, load_settings
from motionapp.settings.presets import PRESETS
from motionapp.settings.tree import (
    NO_CLASSIFIER,
    AnalysisSettings,
    RunSettings,
    Settings,
    analysis_digest,
    sensitivity_paths,
)

__all__ = [
    "NO_CLASSIFIER",
    "PRESETS",
    "AnalysisSettings",
    "RunSettings",
    "Settings",
    "analysis_digest",
    "apply_changes",
    "load_settings",
    "sensitivity_paths",
    "settings_text",
]
