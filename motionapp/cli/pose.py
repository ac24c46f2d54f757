"""`motionapp pose`: the people in single pictures, and their body points."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any  # what becomes JSON

from motionapp.core.errors import OutputError, SourceError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from motionapp.core.person import Person


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the pictures and where the answers go."""
    parser.add_argument("images", nargs="+", type=Path, metavar="IMAGE", help="pictures")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was found")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write the pictures, drawn upon")


def run(arguments: argparse.Namespace) -> int:
    """Print a line a picture; exit code 3 where some could not be read, 4 where none could."""
    from motionapp.files.atomic import make_folder, make_place, write_whole
    from motionapp.people.networks import Lightning, MultiPose
    from motionapp.people.pictures import PictureSearch
    from motionapp.resources import models_dir
    from motionapp.runtime import apply_threads, plan_threads
    from motionapp.sources.images import read_image

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
            _write_drawn(arguments.out / _name(arguments.images, index), bgr, persons)
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


def _name(images: Sequence[Path], index: int) -> str:
    """The drawn picture's name: that of the picture, numbered where another has the same stem."""
    stem = images[index].stem
    is_alone = sum(other.stem.casefold() == stem.casefold() for other in images) == 1
    return f"{stem}.png" if is_alone else f"{stem}-{index + 1}.png"


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
