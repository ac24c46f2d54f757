"""The takes that a person has recorded to teach movements: a folder, and values. No Qt.

Each take is a file of its own, so that it can be held out. The folder holds two lists:
`takes.json`, which is read again, and `labels.csv`, which `motionapp train` reads.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from motionapp.core.errors import SettingsError
from motionapp.core.event import MOTION
from motionapp.files.atomic import make_folder, write_whole
from motionapp.files.checked import read_checked
from motionapp.files.staged import safe_name
from motionapp.gui.teaching.needs import NOTHING, need_of
from motionapp.gui.teaching.splitting import HeldOut, groups_of
from motionapp.recognition.dataset import LABELS_FILE

SCHEMA: Final = 1
LIST_FILE: Final = "takes.json"
MOST_TAKES: Final = 5000
MOST_LABELS: Final = 100
MOST_LETTERS: Final = 100
"""Of the name of a movement, or a person."""


@dataclass(frozen=True, slots=True)
class Take:
    """One performance of a movement."""

    file: str
    """Within the folder."""
    label: str
    person: str
    """Who did it; empty where nobody said."""
    seconds: float


@dataclass(frozen=True, slots=True)
class TakeSet:
    """All takes of a folder, in the order they were recorded."""

    folder: Path
    takes: tuple[Take, ...] = ()
    labels: tuple[str, ...] = ()
    """Movements in the order they were named, those without a take, too; `NOTHING` is none."""

    def named(self, label: str) -> TakeSet:
        """With another movement to be taught.

        Raises
        ------
        SettingsError
            It has no name, or one that means something else; or there are too many.
        """
        label = " ".join(label.split())
        if not label or len(label) > MOST_LETTERS or "," in label:
            raise SettingsError(
                f"a movement needs a name of at most {MOST_LETTERS} letters, without a comma in it"
            )
        if label == MOTION:
            raise SettingsError(
                f"{MOTION} is what events are called that nobody has named: call the movement "
                "otherwise"
            )
        if label == NOTHING or label in self.labels:
            return self
        if len(self.labels) >= MOST_LABELS:
            raise SettingsError(
                f"there are {MOST_LABELS} movements already, and no more are taught"
            )
        return replace(self, labels=(*self.labels, label))

    def with_take(self, take: Take) -> TakeSet:
        """With one more.

        Raises
        ------
        SettingsError
            There are too many.
        """
        if len(self.takes) >= MOST_TAKES:
            raise SettingsError(f"there are {MOST_TAKES} takes already, and no more are kept")
        return replace(self.named(take.label), takes=(*self.takes, take))

    def without(self, file: str) -> TakeSet:
        """Without a take; its file stays where it is."""
        return replace(self, takes=tuple(one for one in self.takes if one.file != file))

    def without_label(self, label: str) -> TakeSet:
        """Without a movement and its takes; their files stay where they are."""
        return replace(
            self, takes=tuple(one for one in self.takes if one.label != label),
            labels=tuple(one for one in self.labels if one != label),
        )  # fmt: skip

    def of(self, label: str) -> tuple[Take, ...]:
        """The takes of a movement, or of nothing."""
        return tuple(one for one in self.takes if one.label == label)

    @property
    def persons(self) -> tuple[str, ...]:
        """Who is in them, in the order of the alphabet."""
        return tuple(sorted({one.person for one in self.takes if one.person}))

    def free_file(self, label: str) -> str:
        """A name for the next take, that none has and no file there."""
        stem = safe_name(label)
        taken = {one.file for one in self.takes}
        return next(
            name
            for number in range(1, 10 * MOST_TAKES)
            if (name := f"{stem}-{number:03d}.mp4") not in taken
            and not (self.folder / name).exists()
        )

    def trouble(self, held_out: HeldOut = "take") -> str:
        """Why nothing can be trained on it yet, in words; empty where something can."""
        need = need_of(self, held_out)
        return {
            "movements": "record takes of two movements at least",
            "take": f"{need.label} has one take: record another, so that one can be held out",
            "person": "takes of two people at least are needed of every movement to hold a person "
            f"out, and of {need.label} there are none",
        }.get(need.kind, "")

    def csv_text(self, held_out: HeldOut = "take") -> str:
        """As `motionapp train` reads it; what a group is, `splitting` says."""
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("path", "label", "group"))
        groups = groups_of(self, held_out)
        for one in self.takes:
            writer.writerow((one.file, one.label, groups[one.file]))
        return stream.getvalue()

    def write(self, held_out: HeldOut = "take") -> Path:
        """Write both lists; the one that is trained on.

        Raises
        ------
        OutputError
            They cannot be written.
        """
        document = {
            "schema": SCHEMA, "labels": list(self.labels),
            "takes": [asdict(one) for one in self.takes],
        }  # fmt: skip
        text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
        make_folder(self.folder)
        write_whole(self.folder / LIST_FILE, text)
        write_whole(self.folder / LABELS_FILE, self.csv_text(held_out))
        return self.folder / LABELS_FILE


def read_takes(folder: Path) -> TakeSet:
    """The takes of a folder; none where it has no list. Those whose files are gone are left out.

    Raises
    ------
    SettingsError
        The list cannot be read, or is none; or the folder holds a data set that is not made of
        takes, whose `labels.csv` would be written over.
    """
    path = folder / LIST_FILE
    if not path.exists():
        if (folder / LABELS_FILE).exists():
            raise SettingsError(
                f"{folder} holds a data set of its own, whose {LABELS_FILE} would be written over: "
                "choose another folder for takes"
            )
        return TakeSet(folder)
    document = read_checked(path, _Document, what="a list of takes", schema=SCHEMA)
    takes = [Take(**one.model_dump()) for one in document.takes]
    return TakeSet(folder, tuple(_there(folder, takes)), document.labels)


def _there(folder: Path, takes: Iterable[Take]) -> Iterable[Take]:
    return (
        one for one in takes if Path(one.file).name == one.file and (folder / one.file).exists()
    )


class _Take(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    file: Annotated[str, Field(min_length=1, max_length=255)]
    label: Annotated[str, Field(min_length=1, max_length=MOST_LETTERS)]
    person: Annotated[str, Field(max_length=MOST_LETTERS)]
    seconds: Annotated[float, Field(ge=0, le=86_400)]


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_: Annotated[Literal[1], Field(alias="schema")]
    labels: Annotated[tuple[str, ...], Field(max_length=MOST_LABELS)]
    takes: Annotated[tuple[_Take, ...], Field(max_length=MOST_TAKES)]
