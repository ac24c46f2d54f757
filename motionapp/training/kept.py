"""Windows that were gathered before: one file for each recording or scene and way of showing it."""

from __future__ import annotations

import hashlib
import io
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from motionapp.core.representation import Representation
from motionapp.core.seams import Damage
from motionapp.files.kept import KeptFiles, cache_folder
from motionapp.people.networks import SUMS
from motionapp.people.opened import open_networks
from motionapp.recognition.dataset import content_digest
from motionapp.recognition.subject import LARGEST, Subject
from motionapp.scenes.scene import Scene
from motionapp.settings.tree import AnalysisSettings, analysis_digest
from motionapp.training.code import code_digest
from motionapp.training.progress import Progress
from motionapp.training.windows import Cut, dtype_of

FORMAT: Final = 5
MAPS: Final = "maps"
TIMES: Final = "times_s"
GOINGS: Final = "goings"
WHOSE: Final = "whose"
DAMAGE: Final = "damage"
KEY: Final = "key"

MOST_BYTES: Final = 4_000_000_000
"""About a million windows of silhouettes, which take 3 kB each, and some hundred thousand of
noisier pictures: several data sets with every front-end."""

COMPRESSION: Final = 1
"""zlib's quickest. `weizmann_masks`, 4257 windows, seconds of one core: 105 MB uncompressed (0.2 to
write, 0.1 to read), 14 MB (0.9, 0.4), and 12 MB at its usual 6 (2.7, 0.4). Gathering takes 16."""

_DAMAGES: Final = (
    OSError,
    ValueError,
    KeyError,
    EOFError,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
    NotImplementedError,  # says it is of a later version
    RuntimeError,  # says it is locked by a password
    MemoryError,  # says it is larger than the machine
)
"""What a file with any of its bytes changed can end in."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is led along the road, and how: with the code and the networks that find people, all
    that decides its windows."""

    what: str
    """Digest of a recording's content, or of a scene."""
    settings: AnalysisSettings
    representation: Representation
    tempo: float = 1.0
    rate_hz: float = 0.0
    """Pictures a second that are left; 0 where all are."""
    subjects: tuple[Subject, ...] = (LARGEST,)
    """Whose windows are cut."""

    def key(self) -> str:
        """SHA-256 of it all, the code and the networks included, as hex."""
        document = {
            "format": FORMAT,
            "code": code_digest(),
            "what": self.what,
            "settings": analysis_digest(self.settings, networks_of(self.settings)),
            "representation": asdict(self.representation),
            "tempo": self.tempo,
            "rate_hz": self.rate_hz,
            "subjects": [asdict(subject) for subject in self.subjects],
        }
        return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


class KeptWindows:
    """Windows on a disk, by what they were cut from.

    Parameters
    ----------
    files : KeptFiles
        Where they lie.
    """

    def __init__(self, files: KeptFiles) -> None:
        self.found: dict[str, tuple[int, int]] = {}
        """By kind: how many recordings or scenes were there, of how many that were asked for."""
        self._files = files

    def find(self, shown: Shown | None, *, kind: str) -> Cut | None:
        """The windows that were kept of one recording or scene; None where there are none.

        Parameters
        ----------
        shown : Shown or None
            What they are cut from; None where that cannot be told.
        kind : str
            Under which they are counted.
        """
        kept = None if shown is None else self._read(shown)
        found, asked = self.found.get(kind, (0, 0))
        self.found[kind] = (found + (kept is not None), asked + 1)
        return kept

    def keep(self, shown: Shown, cut: Cut) -> None:
        """Keep the windows of one recording or scene."""
        key = shown.key()
        self._files.write(key, packed(cut, key))

    def line(self) -> str:
        """How much was there, for people."""
        parts = [f"{found} of {asked} {kind}" for kind, (found, asked) in self.found.items()]
        return (
            f"windows of {', '.join(parts)} came from {self._files.folder} "
            "(--no-cache gathers them anew)"
        )

    def _read(self, shown: Shown) -> Cut | None:
        key = shown.key()
        content = self._files.read(key)
        return None if content is None else unpacked(content, key, shown.representation)


def usual_windows(environment: Mapping[str, str], progress: Progress) -> KeptWindows | None:
    """The windows that this person's trainings keep; None where there is no place for them."""
    folder = cache_folder(environment)
    if folder is None:
        return None

    def on_trouble(reason: str) -> None:
        progress.say(f"windows are not kept any more: {reason}")

    files = KeptFiles(folder / "windows", most_bytes=MOST_BYTES, on_trouble=on_trouble)
    return KeptWindows(files)


def recording_digest(path: Path) -> str | None:
    """What tells a recording from others, wherever it lies; None where it cannot be told.

    Notes
    -----
    Contents and not dates: a copy is the same recording, and one that was cut anew within the same
    second is not. Reading a file takes a small part of the time that decoding it does.
    """
    # The ending has a word in how a file is decoded. A pipe could be read only once.
    if not (os.path.isfile(path) or os.path.isdir(path)):
        return None
    try:
        return f"{path.suffix.lower()} {content_digest(path)}"
    except OSError:
        return None  # who leads it along the road says what is wrong with it


def networks_of(settings: AnalysisSettings) -> str:
    """What tells the networks that find people, and their points, from others.

    A shipped one that does not sum to what it should is refused when it is opened, so that its sum
    tells its weights; a person's own counts by its content.
    """
    own = settings.pose.model if settings.frontend == "pose" else ""
    return " ".join([*sorted(SUMS.values()), open_networks(own).digest if own else ""])


def scene_digest(scene: Scene) -> str:
    """What tells a scene from others: all that it is drawn from, and no figure twice the same."""
    # A scene is frozen values all the way down, and floats are written in full.
    return f"scene {hashlib.sha256(repr(scene).encode()).hexdigest()}"


def packed(cut: Cut, key: str) -> bytes:
    """Windows as a file: an `.npz`, without pickles."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION) as archive:
        parts = {KEY: np.array(key), MAPS: cut.maps, TIMES: cut.times_s, GOINGS: cut.goings}
        parts |= {WHOSE: cut.whose, DAMAGE: np.array(json.dumps(asdict(cut.damage)))}
        for name, value in parts.items():
            with archive.open(f"{name}.npy", "w") as member:
                np.lib.format.write_array(member, value, allow_pickle=False)
    return file.getvalue()


def unpacked(content: bytes, key: str, representation: Representation) -> Cut | None:
    """The windows of a file; None where it is damaged, or not the one that was asked for."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            maps, written = _member(archive, MAPS), str(_member(archive, KEY))
            times_s, goings = _member(archive, TIMES), _member(archive, GOINGS)
            whose = _member(archive, WHOSE)
            damage = _damage_of(str(_member(archive, DAMAGE)))
    except _DAMAGES:
        return None
    side = representation.side_px
    wanted = (side, side, representation.channels)
    is_right = maps.ndim == 4 and maps.shape[1:] == wanted
    is_right = is_right and maps.dtype == dtype_of(representation)
    is_right = is_right and times_s.dtype == np.float64 and times_s.shape == (len(maps), 2)
    is_right = is_right and goings.dtype == np.float32 and goings.shape == (len(maps), 3)
    is_right = is_right and whose.dtype == np.int64 and whose.shape == (len(maps),)
    return Cut(maps, times_s, goings, whose, damage) if is_right and written == key else None


def _member(archive: zipfile.ZipFile, name: str) -> NDArray[Any]:
    """One of the arrays; read to its end first, where its checksum stands."""
    content = io.BytesIO(archive.read(f"{name}.npy"))
    array: NDArray[Any] = np.lib.format.read_array(content, allow_pickle=False)
    return array


def _damage_of(text: str) -> Damage:
    """What could not be read of a recording; raises `ValueError` where it is not written so."""
    try:
        told = json.loads(text)
        lost = tuple((float(from_s), float(to_s)) for from_s, to_s in told.pop("lost"))
        return Damage(
            str(told["first_error"]), lost, int(told["flagged_frames"]), int(told["dropped_stamps"])
        )
    except (TypeError, AttributeError) as error:
        raise ValueError("no damage") from error
