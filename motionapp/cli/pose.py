"""`motionapp pose`: the people in single pictures, and their body points."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any  # what becomes JSON

from motionapp.cli.printed import add_json
from motionapp.core.errors import OutputError, SettingsError, SourceError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from motionapp.core.person import Person


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the pictures and where the answers go."""
    parser.add_argument("images", nargs="+", type=Path, metavar="IMAGE", help="pictures")
    add_json(parser, "write what was found")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write the pictures, drawn upon")


def run(arguments: argparse.Namespace) -> int:
    """Print a line a picture; exit code 3 where some could not be read, 4 where none could."""
    from motionapp.files.atomic import make_folder, make_place, write_whole
    from motionapp.people.networks import Lightning, MultiPose
    from motionapp.people.pictures import PictureSearch
    from motionapp.resources import models_dir
    from motionapp.runtime import apply_threads, plan_threads
    from motionapp.sources.images import read_image

    names = drawn_names(arguments.images)
    _check_places(arguments.images, names, arguments.json, arguments.out)
    apply_threads(plan_threads())
    models = models_dir()
    # One thread each, so that the file is the same on machines with more cores.
    search = PictureSearch(MultiPose(models), Lightning(models))
    if arguments.json is not None:
        make_place(arguments.json)
    if arguments.out is not None:
        make_folder(arguments.out)
    found: list[dict[str, Any]] = []
    for index, path in enumerate(arguments.images):
        bgr = read_image(path)
        if bgr is None:
            print(f"motionapp: {path} cannot be read as a picture: left out", file=sys.stderr)
            continue
        persons = search.persons(bgr)
        print(f"{path}: {_counted(persons)}")
        found.append({"path": str(path), "people": [entry_of(person) for person in persons]})
        if arguments.out is not None:
            _write_drawn(arguments.out / names[index], bgr, persons)
    if not found:
        raise SourceError("none of the pictures can be read: name JPEG, PNG or the like")
    if arguments.json is not None:
        document = {"schema": 1, "images": found}
        write_whole(arguments.json, json.dumps(document) + "\n")
    return 0 if len(found) == len(arguments.images) else 3


def entry_of(person: Person) -> dict[str, Any]:
    """One person as it stands in the file: pixels, visibility 0 to 1."""
    return {
        "score": round(person.score, 3),
        "box": list(person.box),
        "keypoints": [
            [round(float(x), 2), round(float(y), 2), round(float(seen), 3)]
            for x, y, seen in person.keypoints
        ],
    }


def _counted(persons: Sequence[Person]) -> str:
    """How many people, in words."""
    if not persons:
        return "nobody"
    return "1 person" if len(persons) == 1 else f"{len(persons)} people"


def drawn_names(images: Sequence[Path]) -> list[str]:
    """The drawn pictures' names: those of the pictures, numbered where several have one stem.

    Parameters
    ----------
    images : sequence of Path
    """
    stems = [path.stem for path in images]
    like = Counter(stem.casefold() for stem in stems)
    names = [
        f"{stem}.png" if like[stem.casefold()] == 1 else f"{stem}-{index}.png"
        for index, stem in enumerate(stems, 1)
    ]
    if len({name.casefold() for name in names}) == len(names):
        return names
    # One is called what another one's number would make of it: in front, numbers are unlike.
    return [f"{index}-{stem}.png" for index, stem in enumerate(stems, 1)]


def _check_places(
    images: Sequence[Path], names: Sequence[str], told: Path | None, out: Path | None
) -> None:
    """Before any work: nothing is written over a picture that was given."""
    from motionapp.files.atomic import one_of

    if told is not None and one_of(told, images) is not None:
        raise SettingsError(f"--json is {told}, which is one of the pictures: name another file")
    if out is None:
        return
    for name in names:
        lost = one_of(out / name, images)
        if lost is not None:
            raise SettingsError(
                f"--out is {out}, where {lost} would be drawn over: name another folder"
            )


def _write_drawn(path: Path, bgr: NDArray[np.uint8], persons: Sequence[Person]) -> None:
    """Write a copy of the picture with boxes and skeletons on it."""
    import cv2

    from motionapp.core.skeleton import LIMBS
    from motionapp.files.atomic import publish, stage_bytes
    from motionapp.overlay.boxes import outline_box
    from motionapp.overlay.palette import MIDDLE_COLOUR
    from motionapp.overlay.poses import draw_skeleton
    from motionapp.overlay.style import Sizes

    drawn = bgr.copy()
    sizes = Sizes.of(bgr.shape[1], bgr.shape[0])
    for person in persons:
        outline_box(drawn, person.box, MIDDLE_COLOUR, sizes.line_px)
        draw_skeleton(drawn, person.keypoints, LIMBS, sizes)
    is_made, content = cv2.imencode(".png", drawn)
    if not is_made:
        raise OutputError(f"{path} cannot be written as a picture")
    stage_bytes(path, content.tobytes())
    publish(path)
