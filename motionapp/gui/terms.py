"""What this program stands on and comes with: versions, and on what terms it may be used."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from typing import Final

import cv2
from PyQt6.QtCore import qVersion

from motionapp.core.bundle import is_bundle
from motionapp.core.errors import ModelError
from motionapp.core.version import __version__
from motionapp.recognition.catalogue import Shipped, shipped_models
from motionapp.recognition.onnx import read_contract
from motionapp.sources.ffmpeg import encoders_under_gpl, ffmpeg_version

STANDS_ON: Final = (
    "PyQt6", "PyQt6-Qt6", "pyqtgraph", "numpy", "opencv-python", "opencv-python-headless",
    "onnxruntime", "av", "pydantic", "rich", "tomli-w", "jinja2",
    "cv2-enumerate-cameras", "pyarrow", "torch", "onnx", "onnxscript", "optuna", "tensorboard",
)  # fmt: skip
"""The libraries that run here, by their names on the package index; extras need not be there."""
LONGEST: Final = 60
"""Some packages put the whole text where a name belongs."""
OWN: Final = "Apache-2.0"
RENDERED: Final = f"{OWN}; it has seen nothing but what this program rendered"


@dataclass(frozen=True, slots=True)
class Part:
    """Something that this program stands on or comes with."""

    name: str
    version: str
    terms: str


def libraries(roots: Iterable[str] = STANDS_ON) -> tuple[Part, ...]:
    """All that is installed of some libraries and of what these need in their turn, each once.

    Parameters
    ----------
    roots : iterable of str
    """
    found: dict[str, Part] = {}
    waiting = list(roots)
    while waiting:
        name = waiting.pop(0)
        try:
            known = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue
        key = re.sub(r"[-_.]+", "-", name).casefold()
        if key not in found:
            found[key] = Part(known["Name"], known["Version"], _terms(known))
            waiting += _needs(known)
    return tuple(found.values())


def inside() -> tuple[Part, ...]:
    """What comes inside of libraries, or runs them, and has terms of its own."""
    gpl = encoders_under_gpl()
    terms = f"GPL-2.0-or-later, by {' and '.join(gpl)}" if gpl else "LGPL-2.1-or-later"
    return (
        Part("Python", platform.python_version(), "PSF-2.0"),
        Part("Qt", qVersion() or "", "LGPL-3.0-only"),
        Part("FFmpeg (av)", ffmpeg_version(), terms),
        *_inside_opencv(cv2.getBuildInformation()),
        Part("OpenBLAS (numpy, OpenCV)", "", "BSD-3-Clause"),
        *([_LOADER] if is_bundle() else []),
    )


_LOADER: Final = Part("PyInstaller's loader", "", "GPL-2.0-or-later, with an exception for bundles")


def comes_with() -> tuple[Part, ...]:
    """Models, clips and pictures that are shipped."""
    return (
        *_models(shipped_models()),
        Part("pose-movenet", "1", "Apache-2.0, Google LLC"),
        Part("demo.mp4", __version__, f"{OWN}; rendered by this program"),
        Part("motionapp.svg", __version__, OWN),
    )


def _models(shipped: Iterable[Shipped]) -> Iterator[Part]:
    """A name with all its siblings once, and the terms of the recordings that they have seen."""
    seen: dict[tuple[str, str], dict[str, None]] = {}
    for model in shipped:
        try:
            contract = read_contract(model.path)
        except ModelError:
            continue  # whoever uses it is told; it has no terms to tell
        known = seen.setdefault((model.name, contract.version), {})
        known |= {str(one["terms"]): None for one in contract.recipe.get("data", ())}
    for (name, version), terms in seen.items():
        yield Part(name, version, f"learnt from {'; '.join(terms)}" if terms else RENDERED)


def _inside_opencv(build: str) -> Iterator[Part]:
    """What OpenCV says that it was built with."""
    codecs = re.search(r"avcodec:\s+YES \(([\d.]+)\)", build)
    if codecs:
        yield Part("FFmpeg (OpenCV)", f"libavcodec {codecs[1]}", "LGPL-2.1-or-later")
    windows = re.search(r"QT:\s+YES \(ver ([\d.]+)", build)
    if windows:
        yield Part("Qt (OpenCV)", windows[1], "LGPL-3.0-only")


def _needs(known: metadata.PackageMetadata) -> list[str]:
    """What a library needs wherever it is, not what extras of it would."""
    wanted = (one for one in known.get_all("Requires-Dist") or () if "extra ==" not in one)
    return [re.split(r"[^A-Za-z0-9._-]", one, maxsplit=1)[0] for one in wanted]


def _terms(known: metadata.PackageMetadata) -> str:
    """The name of a licence, from wherever a package says it."""
    said = " ".join(known.get_all("License-Expression") or ())
    if not said:
        classifiers = known.get_all("Classifier") or []
        names = [one.rsplit(" :: ", 1)[-1] for one in classifiers if one.startswith("License")]
        said = ", ".join(name for name in names if name != "OSI Approved")
    lines = (said or "\n".join(known.get_all("License") or ())).strip().splitlines()
    first = lines[0] if lines else ""
    return first if len(first) <= LONGEST else f"{first[: LONGEST - 1]}…"
