"""Which model a name means: a shipped one's sibling for the front-end, or a file.

Shipped models are files named ``<name>-<frontend>-<architecture>.onnx``. The VGG16-style one
carries the bare name, others add their architecture: ``actions``, ``actions-alexnet``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from motionapp.core.errors import ModelError
from motionapp.recognition.onnx import read_contract
from motionapp.resources import models_dir

NONE = "none"
"""The name that asks for no network."""
ARCHITECTURES = (
    "vgg16", "alexnet", "lenet5", "vgg11", "vgg19", "resnet18", "resnet50", "mobilenet_v2",
)  # fmt: skip
"""The first one needs no mention in a model's name."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """A model that comes with the program."""

    name: str
    """What a person asks for; its siblings for other front-ends have the same."""
    frontend: str
    path: Path


def shipped_models(folder: Path | None = None) -> tuple[Shipped, ...]:
    """The models in `folder` (None: those that come with the program), by name and front-end."""
    found = []
    for path in sorted((folder or models_dir()).glob("*-*-*.onnx")):
        name, frontend, architecture = path.stem.rsplit("-", 2)
        if architecture not in ARCHITECTURES:
            continue  # networks of front-ends lie in the same folder
        suffix = "" if architecture == ARCHITECTURES[0] else f"-{architecture}"
        found.append(Shipped(name + suffix, frontend, path))
    return tuple(sorted(found, key=lambda model: (model.name, model.frontend)))


def names(folder: Path | None = None) -> tuple[str, ...]:
    """The names of shipped models, each once."""
    return tuple(dict.fromkeys(model.name for model in shipped_models(folder)))


def files_of(asked: str, folder: Path | None = None) -> tuple[Path, ...]:
    """The files that a person means: one by its path or its name, or all siblings of a name.

    Parameters
    ----------
    asked : str
        A path, ``actions``, or ``actions-flow-vgg16``.
    folder : Path, optional
        Where shipped models lie, if not where the program keeps them.

    Raises
    ------
    ModelError
        There is no such name or file.
    """
    path = Path(asked)
    if path.is_file():
        return (path,)
    found = tuple(
        model.path for model in shipped_models(folder) if asked in (model.name, model.path.stem)
    )
    if not found:
        raise ModelError(_nothing_called(asked, names(folder)))
    return found


def find_model(
    name_or_path: str | Path,
    frontend: str,
    *,
    folder: Path | None = None,
    beside: tuple[str, ...] = (NONE,),
) -> tuple[Path | None, str]:
    """The file behind what a person asked for.

    Parameters
    ----------
    name_or_path : str or Path
        A shipped model's name, the path of an ONNX file, or ``none``.
    frontend : str
        The chosen front-end.
    folder : Path, optional
        Where shipped models lie, if not where the program keeps them.
    beside : tuple of str
        What could be said here as well, for who is told what to say.

    Returns
    -------
    tuple of (Path or None, str)
        The file; or None and one line that says why there is none (empty if none was asked for).

    Raises
    ------
    ModelError
        There is no such name or file, or the file was made for another front-end.
    """
    asked = str(name_or_path)
    if asked == NONE:
        return None, ""
    siblings = [model for model in shipped_models(folder) if model.name == asked]
    for model in siblings:
        if model.frontend == frontend:
            return model.path, ""
    if siblings:
        others = ", ".join(model.frontend for model in siblings)
        return None, (
            f"the model {asked} has no sibling for the front-end {frontend} (only for {others}): "
            "movements are found but not named"
        )
    path = Path(asked)
    if not path.is_file():
        raise ModelError(_nothing_called(asked, (*names(folder), *beside)))
    check_fits(path, frontend)
    return path, ""


def check_fits(path: Path, frontend: str) -> None:
    """Refuse a model that was trained on another front-end's maps; pictures fit any.

    Raises
    ------
    ModelError
        It was, or it cannot be used at all.
    """
    sees = read_contract(path).representation
    trained_on = sees.frontend
    if trained_on != frontend and not sees.is_picture:
        raise ModelError(
            f"the model {path} was trained on the front-end {trained_on}, not on {frontend}: "
            f"choose --frontend {trained_on} or another model"
        )


def _nothing_called(asked: str, known: tuple[str, ...]) -> str:
    if asked.endswith(".onnx") or "/" in asked or "\\" in asked:
        return f"the model {asked} is not there"
    return f"there is no model {asked!r}: use {', '.join(known)}, or the path of an ONNX file"
