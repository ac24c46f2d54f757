"""Names of recordings and snapshots: one strict template, so that nothing else is ever touched.

``door/2026-11-30/door_20261130T081502.125Z_001.mp4``, and the same with ``.jpg``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Final, Literal

from motionapp.settings.edge import NAME

Ending = Literal["mp4", "jpg"]
MOST_NUMBER: Final = 999_999
"""Names of one millisecond: more than a clock that stands still for a day can use up."""
_CAMERA: Final = re.compile(NAME)
_FILE: Final = re.compile(
    r"(?P<camera>[a-z0-9_-]{1,40})_(?P<stamp>[0-9]{8}T[0-9]{6}\.[0-9]{3})Z_(?P<number>[0-9]{3,6})"
    r"\.(?P<ending>mp4|jpg)"
)


@dataclass(frozen=True, slots=True)
class FileName:
    """What a path in the folder of the store says."""

    camera: str
    start_utc: datetime
    """In whole milliseconds."""
    number: int
    """0 to `MOST_NUMBER`: tells files of one camera and one millisecond apart."""
    ending: Ending = "mp4"

    @property
    def path(self) -> str:
        """In the folder of the store, with ``/`` between its parts."""
        moment = self.start_utc.astimezone(UTC).replace(tzinfo=None)
        text = moment.isoformat(timespec="milliseconds")
        stamp = text.replace("-", "").replace(":", "")
        name = f"{self.camera}_{stamp}Z_{self.number:03d}.{self.ending}"
        return f"{self.camera}/{text[:10]}/{name}"


def recording_path(camera: str, start_utc: datetime, number: int) -> str:
    """Where a recording lies in the folder of the store.

    Parameters
    ----------
    camera : str
        Its name in the configuration.
    start_utc : datetime
        With its zone; of its first picture.
    number : int
        0 to `MOST_NUMBER`.
    """
    return FileName(camera, start_utc, number).path


def snapshot_path(camera: str, start_utc: datetime, number: int) -> str:
    """Where a picture of an event lies: beside its recording."""
    return FileName(camera, start_utc, number, "jpg").path


def free_path(folder: Path, camera: str, start_utc: datetime, *, ending: Ending = "mp4") -> str:
    """The first such path that no file has yet: whatever the clock says, none is written over.

    Raises
    ------
    FileExistsError
        All of them are taken.
    """
    for number in range(MOST_NUMBER + 1):
        path = FileName(camera, start_utc, number, ending).path
        if not (folder / path).exists():
            return path
    raise FileExistsError(f"all names of {camera} at {start_utc} are taken")


def parse(path: str | PurePath) -> FileName | None:
    """What a path in the folder of the store says; None where it is not of the template."""
    text = path.as_posix() if isinstance(path, PurePath) else path
    found = _FILE.fullmatch(text.rpartition("/")[2])
    if found is None or _CAMERA.match(found["camera"]) is None:
        return None
    try:
        moment = datetime.strptime(found["stamp"], "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)
    except ValueError:
        return None
    ending: Ending = "jpg" if found["ending"] == "jpg" else "mp4"
    name = FileName(found["camera"], moment, int(found["number"]), ending)
    # Other folders, digits of other scripts, leading zeros: whatever it would not be written as.
    return name if name.path == text else None
