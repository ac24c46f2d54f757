"""Options that several verbs share, and how they become settings."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from motionapp.settings import Settings


def add_analysis_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that every mode has: front-end, classifier, zones, settings file."""
    group = parser.add_argument_group("analysis")
    group.add_argument(
        "--frontend",
        metavar="NAME",
        help="how motion is seen: absdiff (default), flow, pose, background or codec; flow:best "
        "and flow:ultrafast are other presets of flow",
    )
    group.add_argument(
        "--people",
        choices=("auto", "off"),
        help="whether people are looked for where something moves (auto)",
    )
    group.add_argument(
        "--classifier",
        metavar="NAME|PATH|none",
        help="what names movements: a shipped model, an ONNX file, several with commas between "
        "them, or none (default: actions)",
    )
    group.add_argument(
        "--sensitivity",
        type=float,
        metavar="X",
        help="above 1 sees weaker motion, below 1 only stronger (default: 1)",
    )
    where = group.add_mutually_exclusive_group()
    where.add_argument(
        "--zones", type=Path, metavar="FILE", help="a TOML file with a [[zone]] for each polygon"
    )
    where.add_argument(
        "--roi",
        metavar="X,Y,W,H",
        help="watch this rectangle only: in pixels, or in shares of the picture (0.25,0,0.5,1 say)",
    )
    group.add_argument(
        "--preset", metavar="NAME", help="a starting point: indoor, outdoor or sensitive"
    )
    group.add_argument("--settings", type=Path, metavar="FILE", help="a TOML settings file")


def settings_from(arguments: argparse.Namespace, **changes: object) -> Settings:
    """The settings that the command line, the environment and the named file give together.

    Parameters
    ----------
    arguments : argparse.Namespace
        Parsed by a parser that `add_analysis_options` has extended.
    **changes : object
        Further values by key path with ``__`` for the dots, ``run__workers`` say; None is skipped.

    Raises
    ------
    SettingsError
        Some value cannot be used.
    """
    from motionapp.settings import load_settings, sensitivity_paths

    flags: dict[str, object] = {
        "analysis.frontend": arguments.frontend,
        "analysis.people": arguments.people,
        "analysis.zones": _zones(arguments),
        "analysis.recognition.classifier": arguments.classifier,
        **dict.fromkeys(sensitivity_paths(), arguments.sensitivity),
        **{key.replace("__", "."): value for key, value in changes.items()},
    }
    return load_settings(
        arguments.settings, preset=arguments.preset, environment=os.environ, changes=flags
    )


def _zones(arguments: argparse.Namespace) -> list[dict[str, Any]] | None:
    """The zones that are asked for, as a settings file would hold them."""
    from motionapp.settings.zones import read_zones, roi_zone

    if arguments.roi is not None:
        return [roi_zone(arguments.roi).model_dump()]
    if arguments.zones is not None:
        return [zone.model_dump() for zone in read_zones(arguments.zones)]
    return None
