"""Options that several verbs share, and how they become settings."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from motionapp.settings import Settings


def add_analysis_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that every mode has: front-end, classifier, settings file."""
    group = parser.add_argument_group("analysis")
    group.add_argument(
        "--frontend", metavar="NAME", help="how motion is seen: absdiff (default), flow or pose"
    )
    group.add_argument(
        "--classifier",
        metavar="NAME|PATH|none",
        help="what names movements: a shipped model, an ONNX file, or none (default: actions)",
    )
    group.add_argument(
        "--sensitivity",
        type=float,
        metavar="X",
        help="above 1 sees weaker motion, below 1 only stronger (default: 1)",
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
        "analysis.recognition.classifier": arguments.classifier,
        **dict.fromkeys(sensitivity_paths(), arguments.sensitivity),
        **{key.replace("__", "."): value for key, value in changes.items()},
    }
    return load_settings(arguments.settings, environment=os.environ, changes=flags)
