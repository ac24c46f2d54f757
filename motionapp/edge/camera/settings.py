"""The settings that a camera is analysed by: its file, its zones, and what was changed outside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from motionapp.core.errors import SettingsError
from motionapp.settings import Settings, load_settings, sensitivity_paths
from motionapp.settings.edge import CameraSettings
from motionapp.settings.zones import read_zones


def settings_of(camera: CameraSettings, changes: Mapping[str, Any]) -> Settings:
    """All that decides what is found.

    Parameters
    ----------
    camera : CameraSettings
    changes : mapping
        By the names of `seams.CHANGEABLE`; what is not of the analysis is left out.

    Raises
    ------
    SettingsError
        A file cannot be read, or a value does not fit.
    """
    known = load_settings(camera.settings)
    zones = known.analysis.zones if camera.zones is None else read_zones(camera.zones)
    given: dict[str, object] = {
        "analysis.zones": [zone.model_dump() for zone in (*zones, *camera.privacy_zones)],
        "analysis.frontend": changes.get("frontend"),
    }
    sensitivity = changes.get("sensitivity")
    if sensitivity is not None:
        given |= dict.fromkeys(sensitivity_paths(), sensitivity)
    settings = load_settings(camera.settings, changes=given)
    frontends = [path.split(".")[1] for path in sensitivity_paths()]
    if settings.analysis.frontend not in frontends:
        raise SettingsError(
            f"there is no front-end {settings.analysis.frontend!r}: choose from "
            f"{', '.join(frontends)}"
        )
    return settings


def sensitivity_of(settings: Settings) -> float:
    """The sensitivity of the front-end that is in force."""
    part = getattr(settings.analysis, settings.analysis.frontend, None)
    return float(getattr(part, "sensitivity", 1.0))
