"""What a worker must have before it is given work: our version, our models, our folder of results.

Each side looks at itself in the same way, and what it found is compared as text. That the program
is the same is asked by its version: whoever runs a checkout keeps it the same on all machines.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import json
import os
import platform
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Final

from motionapp.assembly import find_models
from motionapp.core.errors import MotionAppError, SettingsError
from motionapp.core.version import __version__
from motionapp.settings.tree import NO_CLASSIFIER, AnalysisSettings

LIBRARIES: Final = ("av", "numpy", "onnxruntime", "opencv-python", "opencv-python-headless")
"""Those whose arithmetic stands behind the results."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What one side has."""

    version: str
    models: dict[str, str] = field(default_factory=dict)
    """SHA-256 of each network's file, by the file's name."""
    processor: str = ""
    """The kind of CPU: results are the same on one kind."""
    libraries: dict[str, str] = field(default_factory=dict)


def own_needs(settings: AnalysisSettings) -> Needs:
    """What this process has.

    Raises
    ------
    ModelError, SettingsError
        A network that the settings name is not here.
    """
    paths = [path for path, _ in find_models(settings) if path is not None]
    return Needs(
        version=__version__,
        models={path.name: _digest(path) for path in paths},
        processor=platform.machine(),
        libraries={name: version for name in LIBRARIES if (version := _installed(name))},
    )


def needs_text(needs: Needs) -> str:
    """Them as a line of JSON."""
    return json.dumps(asdict(needs), sort_keys=True)


def needs_of(text: str) -> Needs:
    """The other way round."""
    return Needs(**json.loads(text))


def why_unfit(
    wanted: Needs, settings: AnalysisSettings, marker: str, catalog: str | None = None
) -> str:
    """Why this process cannot do the batch's work, as a sentence without its subject.

    Parameters
    ----------
    wanted : Needs
        What the batch has.
    settings : AnalysisSettings
    marker : str
        A folder that the batch has made in its own; empty where results go to an address.
    catalog : str, optional
        The catalogue's folder, which the batch has made.

    Returns
    -------
    str
        Empty where it can.
    """
    if wanted.version != __version__:
        return f"has motionapp {__version__}, the batch has {wanted.version}: install the same"
    try:
        own = own_needs(settings)
    except MotionAppError as error:
        return f"cannot use the model: {error}"
    for name, digest in wanted.models.items():
        if own.models.get(name) != digest:
            return f"has another {name} than the batch: copy the same file to all machines"
    if marker and not os.path.isdir(marker):
        place = Path(marker).parent.parent
        return (
            f"does not see the folder {place}: results need a folder that all machines share under "
            "one path, or an address such as s3://BUCKET/FOLDER"
        )
    return "" if catalog is None else _why_no_catalogue(catalog)


def _why_no_catalogue(catalog: str) -> str:
    if importlib.util.find_spec("pyarrow") is None:
        return 'cannot write to a catalogue: pip install "motionapp[find]" there'
    # A folder of its own under the same path would take the events, and nobody find them.
    if not os.path.isdir(catalog):
        return (
            f"does not see the catalogue {catalog}: it needs a folder that all machines share "
            "under one path"
        )
    return ""


def what_differs(wanted: Needs, own: Needs) -> str:
    """What may make results differ in their last digits, though nothing forbids the work."""
    if wanted.processor != own.processor:
        return f"its processor is {own.processor}, here it is {wanted.processor}"
    names = sorted(wanted.libraries.keys() | own.libraries.keys())
    differing = [
        f"{name} {own.libraries.get(name, 'missing')} (here {wanted.libraries.get(name, 'none')})"
        for name in names
        if wanted.libraries.get(name) != own.libraries.get(name)
    ]
    return f"it has {', '.join(differing)}" if differing else ""


def check_names(settings: AnalysisSettings) -> None:
    """Refuse a model's file by a path that means something else on another machine.

    Raises
    ------
    SettingsError
        Its path is relative.
    """
    asked = settings.recognition.classifier
    if asked != NO_CLASSIFIER and os.path.isfile(asked) and not os.path.isabs(asked):
        raise SettingsError(
            f"the model {asked} is named by a relative path, which means nothing on other "
            "machines: give its whole path, under which all workers have it"
        )


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _digest(path: Path) -> str:
    found = path.stat()
    return _read_digest(path, found.st_size, found.st_mtime_ns)


@functools.lru_cache(maxsize=16)
def _read_digest(path: Path, size_bytes: int, changed_ns: int) -> str:
    """Read once for each state of the file: every task asks."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
