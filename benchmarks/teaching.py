"""Three movements taught from eight takes each, as the window does it: how right are unseen ones?

    python benchmarks/teaching.py SHARED [--only people sessions recordings rendered] [--draws 2]
                                  [--quick] [--json FILE] [--frontend absdiff]

SHARED is the folder with `data/`. Takes are cut out of recordings by what writes the window's own,
and trained on by the process that its dock begins. Four kinds of draws, for no data at hand has
one person do one thing sixteen times before one camera, and others, too:

people      `weizmann_full`: wave1, wave2, jack. Eight takes each of some people; unseen takes of
            the same people are other stretches of the same recordings, unseen people the others.
sessions    `kth_few`, one person: boxing, handclapping, jogging (four takes: there are no more).
            Drawn from two recordings of each; unseen are the other takes of the same recordings.
recordings  The same, but one recording teaches, and the other is unseen: another place where the
            camera zooms, or other clothes.
rendered    One figure teaches three movements, each time before another wall and camera; the same
            figure, and others, do them again. No shipped model has these movements.

Said are shares of takes with the right name; one in which nothing moves for long enough is wrong.
With --quick nothing is held out on the way: the same network, in a fourth of the time. Training is
told in seconds of this machine, and of its processors: other work makes the first longer.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from statistics import mean, pstdev
from typing import Any, Final

import numpy as np

from motionapp.assembly import open_source
from motionapp.cli.main import main as motionapp
from motionapp.gui.jobs import Ticket
from motionapp.gui.teaching.films import LEAST_S, cut_take
from motionapp.gui.teaching.needs import ENOUGH
from motionapp.gui.teaching.results import MODEL
from motionapp.gui.teaching.takes import Take, TakeSet
from motionapp.gui.teaching.training import train_command, train_takes
from motionapp.scenes.scene import Scene
from motionapp.sinks.film import Film
from motionapp.sources.synthetic import SyntheticSource
from motionapp.training.rendered_scenes import training_clip

WEIZMANN: Final = ("wave1", "wave2", "jack")
TEACHERS: Final = 5
"""Of seven people: fewer have not eight takes of everything."""
KTH: Final = {"boxing": ("d1", "d2"), "handclapping": ("d1", "d2"), "jogging": ("d1", "d3")}
KTH_PERSON: Final = "person01"
KTH_HZ: Final = 25.0
LONGEST_S: Final = 2.4
"""A longer performance is two takes."""
OWN: Final = ("clap", "box", "crouch")
"""Rendered movements that no shipped model has a name for."""
FIRST_SEED: Final = 700_000
"""Beyond those that shipped models were made with."""
OTHERS: Final = 4
BARS: Final = {"same": 0.95, "other": 0.85}
LONGEST_TRAINING_S: Final = 180.0


@dataclass(frozen=True, slots=True)
class Piece:
    """A performance, wherever it is."""

    label: str
    person: str
    spec: str = ""
    start_s: float = 0.0
    end_s: float = 0.0
    scene: Scene | None = None
    """In place of a recording."""


@dataclass(frozen=True, slots=True)
class Draw:
    """What is taught, and what is asked about."""

    name: str
    taught: Sequence[Piece]
    same: Sequence[Piece]
    other: Sequence[Piece] = ()


def main() -> int:
    """Print a row a draw and the means; 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--only", nargs="*", choices=list(KINDS), default=list(KINDS))
    parser.add_argument("--draws", type=int, default=2)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--frontend", default="absdiff")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    rows: list[dict[str, Any]] = []
    for kind in asked.only:
        for draw in KINDS[kind](asked.shared / "data", asked.draws):
            with tempfile.TemporaryDirectory() as folder:
                row = measured(draw, Path(folder), asked.frontend, is_quick=asked.quick)
            rows.append({"kind": kind, **row})
            print(row_text(rows[-1]), flush=True)
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1) + "\n")
    is_short = False
    for kind in asked.only:
        for key, bar in BARS.items():
            shares = [row[key] for row in rows if row["kind"] == kind and row[key] is not None]
            if shares:
                is_short |= mean(shares) < bar
                print(
                    f"{kind:12s}{key:6s} {mean(shares):6.1%} ± {100 * pstdev(shares):.1f} of "
                    f"{len(shares)} draws (bar {bar:.0%})"
                )
    return int(is_short)


def measured(draw: Draw, folder: Path, frontend: str, *, is_quick: bool) -> dict[str, Any]:
    """Teach, then ask."""
    takes = cut(draw.taught, folder / "takes")
    began_s, used_s = time.monotonic(), _used_s()
    model, held_out = taught(takes, frontend, is_quick=is_quick)
    row: dict[str, Any] = {
        "draw": draw.name, "taught": len(draw.taught), "held_out": held_out,
        "train_s": round(time.monotonic() - began_s, 1), "cpu_s": round(_used_s() - used_s, 1),
        "load": os.getloadavg()[0], "same": None, "other": None,
    }  # fmt: skip
    for key, pieces in (("same", draw.same), ("other", draw.other)):
        if pieces:
            row |= asked_about(model, cut(pieces, folder / key), folder, key)
    return row


def taught(takes: TakeSet, frontend: str, *, is_quick: bool) -> tuple[Path, float | None]:
    """A model, and how many of the takes that were held out on the way had the right name."""
    if is_quick:
        command = train_command(takes.write(), takes.folder, frontend, protocol="none")
        command = [word for word in command if word not in ("--progress", "json")]
        subprocess.run(command, check=True)
        return takes.folder / MODEL, None
    trained = train_takes(takes, frontend, Ticket(lambda *_: None), lambda step: None)
    assert trained is not None  # nobody has cancelled it
    right, of = trained.figures.rights
    return trained.model, right / of


def asked_about(model: Path, takes: TakeSet, folder: Path, key: str) -> dict[str, Any]:
    """How many takes have the right name, by `motionapp evaluate`."""
    file = folder / f"{key}.json"
    if motionapp(["evaluate", str(model), str(takes.write()), "--json", str(file)]):
        raise SystemExit(f"{key}: it could not be measured")
    figures = json.loads(file.read_text())
    wrong = [
        f"{one['label']}>{one['predicted']}"
        for one in figures["clips"]
        if one["predicted"] != one["label"]
    ]
    return {
        key: figures["clip_accuracy"], f"{key}_takes": len(figures["clips"]),
        f"{key}_windows": figures["window_accuracy"], f"{key}_wrong": wrong,
    }  # fmt: skip


def row_text(row: dict[str, Any]) -> str:
    """One draw on a line."""
    said = [f"{row['kind']:12s}{row['draw']:28s} {row['taught']} takes taught"]
    for key in BARS:
        if row[key] is not None:
            wrong = ", ".join(row[f"{key}_wrong"])
            said.append(
                f"{key} {row[key]:.1%} of {row[f'{key}_takes']} takes, "
                f"{row[f'{key}_windows']:.1%} of windows" + (f" ({wrong})" if wrong else "")
            )
    said.append(f"{row['train_s']:.0f} s ({row['cpu_s']:.0f} s of processors)")
    return "; ".join(said)


# -- draws ----------------------------------------------------------------------------------


def of_people(data: Path, draws: int) -> Iterator[Draw]:
    """Some people teach, the others are unseen."""
    folder = data / "weizmann_full"
    people = sorted({path.stem.split("_")[0] for path in folder.glob("wave1/*.mp4")})
    pieces = {
        (label, person): parts_of(folder / label / f"{person}_{label}.mp4", label, person)
        for label in WEIZMANN
        for person in people
    }
    groups = list(combinations(people, TEACHERS))
    for number in np.random.default_rng(0).permutation(len(groups))[:draws]:
        teachers = groups[number]
        taught, same = [], []
        for label in WEIZMANN:
            rounds = [pieces[label, person] for person in teachers]
            listed = [one[n] for n in range(9) for one in rounds if n < len(one)]
            taught += listed[:ENOUGH]
            same += listed[ENOUGH:]
        other = [
            one for (_, person), parts in pieces.items() if person not in teachers for one in parts
        ]
        yield Draw("+".join(teachers), taught, same, other)


def of_sessions(data: Path, draws: int) -> Iterator[Draw]:
    """One person; half of what two recordings show teaches."""
    for number in range(draws):
        drawing = np.random.default_rng(number)
        taught, same = [], []
        for label, scenes in KTH.items():
            parts = [one for scene in scenes for one in kth_parts(data / "kth_few", label, scene)]
            order = drawing.permutation(len(parts))
            taught += [parts[place] for place in order[: min(ENOUGH, len(parts) // 2)]]
            same += [parts[place] for place in order[min(ENOUGH, len(parts) // 2) :]]
        yield Draw(f"{KTH_PERSON}, draw {number}", taught, same)


def of_recordings(data: Path, draws: int) -> Iterator[Draw]:
    """One person; each of two recordings teaches once."""
    for number in range(min(draws, 2)):
        halves = [
            [
                one
                for label, scenes in KTH.items()
                for one in kth_parts(data / "kth_few", label, scenes[(number + half) % 2])
            ]
            for half in (0, 1)
        ]
        yield Draw(f"{KTH_PERSON}, {'other way' if number else 'one way'}", *halves)


def of_figures(data: Path, draws: int) -> Iterator[Draw]:
    """One figure teaches, and four others are unseen."""
    del data  # nothing of it is needed
    for number in range(draws):
        first = FIRST_SEED + 100 * number

        def of(person: int, takes: range, first: int = first) -> list[Piece]:
            return [
                Piece(label, f"figure{person}", scene=scene_of(label, first + person, first + take))
                for label in OWN
                for take in takes
            ]

        others = [one for person in range(1, OTHERS + 1) for one in of(person, range(20, 23))]
        yield Draw(f"figure {number}", of(0, range(ENOUGH)), of(0, range(10, 10 + ENOUGH)), others)


KINDS: Final[dict[str, Callable[[Path, int], Iterator[Draw]]]] = {
    "people": of_people, "sessions": of_sessions, "recordings": of_recordings,
    "rendered": of_figures,
}  # fmt: skip


# -- takes ----------------------------------------------------------------------------------


def parts_of(path: Path, label: str, person: str) -> list[Piece]:
    """As many takes as a recording is long enough for."""
    source = open_source(str(path), decode_threads=1)
    seconds = source.info.duration_s or 0.0
    source.close()
    count = max(1, int(seconds / (LEAST_S + 0.1)))
    return [
        Piece(label, person, str(path), seconds * n / count, seconds * (n + 1) / count)
        for n in range(count)
    ]


def kth_parts(folder: Path, label: str, scene: str) -> list[Piece]:
    """The performances that the data set lists; a long one is two takes."""
    stem = f"{KTH_PERSON}_{label}_{scene}"
    listed = (folder / "00sequences.txt").read_text(encoding="utf-8").splitlines()
    line = next(one for one in listed if one.startswith(stem))
    found = []
    for part in line.split("frames")[1].split(","):
        first, last = (int(number) for number in part.split("-"))
        start_s, end_s = (first - 1) / KTH_HZ, last / KTH_HZ
        count = 2 if end_s - start_s > LONGEST_S else 1
        step_s = (end_s - start_s) / count
        path = str(folder / label / f"{stem}.mp4")
        found += [
            Piece(label, KTH_PERSON, path, start_s + n * step_s, start_s + (n + 1) * step_s)
            for n in range(count)
        ]
    return found[:ENOUGH]


def scene_of(label: str, person: int, seed: int) -> Scene:
    """A take of a rendered figure."""
    return training_clip(label, person, seed, size=(320, 240), framing="fixed")


def cut(pieces: Sequence[Piece], folder: Path) -> TakeSet:
    """Takes as the window keeps them."""
    folder.mkdir(parents=True, exist_ok=True)
    takes = TakeSet(folder)
    for piece in pieces:
        film = _film(piece, folder)
        file = takes.free_file(piece.label)
        film.rename(folder / file)
        takes = takes.with_take(Take(file, piece.label, piece.person, 0.0))
    return takes


def _film(piece: Piece, folder: Path) -> Path:
    if piece.scene is None:
        ticket = Ticket(lambda *_: None)
        path = cut_take(piece.spec, piece.start_s, piece.end_s, folder, ticket)
        assert path is not None  # nobody has cancelled it
        return path
    film = Film(folder, "rendered")
    for frame in SyntheticSource(piece.scene).frames():
        film.write(frame.bgr(), frame.pts_s, frame.duration_s)
    written, trouble = film.finish()
    if trouble:
        raise SystemExit(trouble)
    return Path(written)


def _used_s() -> float:
    """Seconds of processors that children have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
