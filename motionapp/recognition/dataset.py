"""Reads data sets: recordings with a label and the group that is held out together.

Where a label is that of a stretch only, or of one body of several, a recording may have several. A
group is a person, a day or a camera: whatever must never stand on both sides of a split. In code it
is `fold_group`, since a group is also a body on the road.
"""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from motionapp.core.errors import DataSetError
from motionapp.core.event import UNKNOWN
from motionapp.core.geometry import Box
from motionapp.recognition.stretch import (
    END,
    START,
    WHOLE,
    Claim,
    Stretch,
    overlapping,
    read_stretch,
)
from motionapp.recognition.subject import EDGES, LARGEST, Subject, read_box

LABELS_FILE = "labels.csv"
COLUMNS = ("path", "label", "group")
MOST_ROWS = 100_000
LONGEST_LABEL = 100
"""Letters; it stands in tables and above boxes."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One recording of a data set, or a stretch of it."""

    path: Path
    name: str
    """Its path as the data set writes it."""
    label: str
    """What is to be seen; `unknown` is nothing that has a name, and is learnt as such."""
    fold_group: str
    stretch: Stretch = WHOLE
    """Of which the label holds; of the rest, nothing is said."""
    line: int = 0
    """Where the data set's file says so; 0 where there is no file."""
    box: Box | None = None
    """Of the body that the label is of, in full-frame display pixels; None for the largest."""

    @property
    def recording(self) -> str:
        """What tells its recording from others, however its path is written."""
        return os.path.abspath(self.path)

    @property
    def subject(self) -> Subject:
        """Whose clips carry the label, of those that lie within the stretch."""
        return LARGEST if self.box is None else Subject(self.box, self.stretch)

    @property
    def title(self) -> str:
        """What people call it."""
        return self.name if self.stretch.is_whole else f"{self.name} ({self.stretch})"


@dataclass(frozen=True, slots=True)
class DataSet:
    """Recordings, or stretches of them, with labels and groups."""

    path: Path
    samples: tuple[Sample, ...]
    has_groups: bool = True
    """False where each recording had to be its own group."""

    @property
    def name(self) -> str:
        """What people call it: the file's name, or the folder's whose `labels.csv` it is."""
        return self.path.parent.name if self.path.name == LABELS_FILE else self.path.name

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels in alphabetical order; `unknown` is none."""
        return tuple(sorted({sample.label for sample in self.samples} - {UNKNOWN}))

    @property
    def fold_groups(self) -> tuple[str, ...]:
        """The groups in alphabetical order."""
        return tuple(sorted({sample.fold_group for sample in self.samples}))

    @property
    def has_stretches(self) -> bool:
        """Whether any label is that of a stretch only."""
        return not all(sample.stretch.is_whole for sample in self.samples)

    def recordings(self) -> tuple[tuple[int, ...], ...]:
        """The places in `samples` of each recording's stretches, by when it is first named."""
        places: dict[str, list[int]] = {}
        for place, sample in enumerate(self.samples):
            places.setdefault(sample.recording, []).append(place)
        return tuple(map(tuple, places.values()))

    @property
    def note(self) -> str:
        """A warning for the person who trains, or nothing."""
        if self.has_groups:
            return ""
        return (
            f"{self.path} has no {LABELS_FILE}: each recording is its own group, so a person may "
            "stand on both sides of a split, and figures may be too good"
        )

    def digest(self) -> str:
        """SHA-256 over names, labels, groups, stretches, boxes and recordings' contents, as hex.

        Raises
        ------
        DataSetError
            A recording cannot be read any more.
        """
        total = hashlib.sha256()
        contents: dict[str, str] = {}
        for sample in sorted(
            self.samples, key=lambda sample: (sample.name, sample.stretch, sample.box or ())
        ):
            if sample.recording not in contents:
                contents[sample.recording] = _content_of(sample)
            words = [sample.name, sample.label, sample.fold_group, contents[sample.recording]]
            if not sample.stretch.is_whole:
                words.append(f"{sample.stretch.start_s!r} {sample.stretch.end_s!r}")
            if sample.box is not None:
                words.append(f"box {' '.join(map(str, sample.box))}")
            # A file's name may hold bytes that are no UTF-8.
            total.update("".join(f"{word}\n" for word in words).encode(errors="surrogatepass"))
        return total.hexdigest()


def subjects_of(samples: Iterable[Sample]) -> tuple[Subject, ...]:
    """Whose clips are wanted of the recording of which all `samples` are: each subject once, in an
    order that does not depend on theirs, the largest first."""
    different = {sample.subject for sample in samples}
    return tuple(sorted(different, key=lambda subject: (subject.box or (), subject.stretch)))


def _content_of(sample: Sample) -> str:
    try:
        return content_digest(sample.path)
    except OSError as error:
        raise DataSetError(
            f"the data set's {sample.name} cannot be read: {error.strerror or error}"
        ) from error


def content_digest(recording: Path) -> str:
    """SHA-256 of what a recording holds, as hex; of a folder of pictures, their names count, too.

    Raises
    ------
    OSError
        It cannot be read.
    """
    if not recording.is_dir():
        with recording.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    total = hashlib.sha256()
    for picture in sorted(recording.iterdir()):
        # What a Mac leaves beside each picture is hidden, and shows nothing.
        if picture.is_file() and not picture.name.startswith("."):
            total.update(os.fsencode(picture.name) + f"\n{content_digest(picture)}\n".encode())
    return total.hexdigest()


def read_data_set(
    path: Path | str,
    *,
    extensions: Collection[str],
    fewest_labels: int = 2,
    must_exist: bool = True,
) -> DataSet:
    """Read a data set.

    Parameters
    ----------
    path : Path or str
        A CSV file with the columns path, label and group (paths relative to it or absolute),
        start_s and end_s where a label is that of a stretch, and x0, y0, x1 and y1 where it is that
        of the body in a box; further columns are ignored. Or a folder of class folders: its
        `labels.csv` if it has one, else each recording is its own group.
    extensions : collection of str
        What the names of recordings end in, with the dot; other files of a folder are left out.
    fewest_labels : int
        Besides `unknown`: two are needed to learn anything, none to see what is named wrongly.
    must_exist : bool
        Whether a recording that is not there is refused; else whoever opens it meets that.

    Raises
    ------
    DataSetError
        It is missing, cannot be read, names recordings that are not there, has a line with values
        beyond the columns that its first line names where these may be times or a box, or holds
        fewer labels than are needed, or no recording.
    """
    path = Path(path)
    if path.is_dir():
        listed = path / LABELS_FILE
        is_listed = listed.is_file()
        data = _read_csv(listed, must_exist) if is_listed else _read_folder(path, extensions)
    elif path.is_file():
        data = _read_csv(path, must_exist)
    else:
        raise DataSetError(f"the data set {path} is not there")
    if len(data.labels) < fewest_labels:
        raise DataSetError(
            f"the data set {path} holds {len(data.labels)} label(s): at least {fewest_labels} are "
            "needed"
        )
    if not data.samples:
        raise DataSetError(f"the data set {path} names no recording")
    return data


def _read_csv(path: Path, must_exist: bool) -> DataSet:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            # As values are: " start_s" would be a column of no meaning, and its times passed over.
            rows.fieldnames = [name.strip() for name in rows.fieldnames or ()]
            missing = [column for column in COLUMNS if column not in rows.fieldnames]
            if missing:
                raise DataSetError(
                    f"the data set {path} has no column {missing[0]}: its first line must name "
                    f"{', '.join(COLUMNS)}"
                )
            samples = tuple(
                _sample(path, number, row, must_exist) for number, row in enumerate(rows, 2)
            )
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataSetError(f"the data set {path} cannot be read: {error}") from error
    data = DataSet(path, samples)
    _check_recordings(data)
    return data


def _sample(path: Path, line: int, row: dict[str, str | None], must_exist: bool) -> Sample:
    if line > MOST_ROWS:
        raise DataSetError(f"the data set {path} has more than {MOST_ROWS} lines")
    values = [(row[column] or "").strip() for column in COLUMNS]
    if not all(values):
        empty = COLUMNS[values.index("")]
        raise DataSetError(f"the data set {path}, line {line}: the column {empty} is empty")
    name, label, fold_group = values
    _check_label(f"{path}, line {line}", label)
    _check_columns(path, line, row)
    recording = path.parent / name
    if must_exist and not recording.exists():
        raise DataSetError(f"the data set {path}, line {line}: {recording} is not there")
    try:
        stretch = read_stretch(row)
        box = read_box(row, stretch)
    except DataSetError as error:
        raise DataSetError(f"the data set {path}, line {line}: {error}") from error
    return Sample(recording, name, label, fold_group, stretch, line, box)


def label_fault(label: str) -> str:
    """What is wrong with a label that would break a table, or command the terminal that shows it;
    empty where nothing is."""
    if len(label) <= LONGEST_LABEL and label.isprintable():
        return ""
    return (
        f"has the label {label[:LONGEST_LABEL]!r}: at most {LONGEST_LABEL} letters that can be "
        "printed"
    )


def _check_label(where: str, label: str) -> None:
    fault = label_fault(label)
    if fault:
        raise DataSetError(f"the data set {where} {fault}")


def _check_columns(path: Path, line: int, row: Mapping[str, object]) -> None:
    """Raise for times without a column, or a box without: the whole recording would be taken for
    the stretch, or who is largest for the body.

    So they end where mined lines are put below a first line of `path,label,group`.
    """
    # Where `csv` puts what the first line has no name for: a key that its types leave out.
    beyond = row.get(None)  # type: ignore[call-overload]
    if not isinstance(beyond, list) or not any(beyond):
        return
    unnamed: tuple[str, ...] = () if {START, END} <= row.keys() else (START, END)
    # Fewer values than a box has edges are what mined lines end in for who reads them.
    if len(beyond) >= len(unnamed) + len(EDGES) and not row.keys() >= set(EDGES):
        unnamed = (START, END, *EDGES)
    if unnamed:
        raise DataSetError(
            f"the data set {path}, line {line} has more values than the first line names columns: "
            f"let that be {','.join((*COLUMNS, *unnamed))}, or leave them out"
        )


def _check_recordings(data: DataSet) -> None:
    """Raise where the lines of one recording cannot all hold."""
    for places in data.recordings():
        samples = [data.samples[place] for place in places]
        _check_unique(data.path, samples)
        _check_group(data.path, samples)
        claims = [
            Claim(sample.stretch, sample.label, sample.line, sample.box) for sample in samples
        ]
        if two := overlapping(claims):
            raise DataSetError(
                f"the data set {data.path}, line {two[1].line}: {two[1].label} ({two[1].stretch}) "
                f"overlaps {two[0].label} ({two[0].stretch}) of line {two[0].line} in "
                f"{samples[0].name}: a moment has one label, unless boxes tell two bodies apart"
            )


def _check_unique(path: Path, samples: Sequence[Sample]) -> None:
    seen: set[tuple[Stretch, Box | None]] = set()
    for sample in samples:
        if (sample.stretch, sample.box) in seen:
            raise DataSetError(
                f"the data set {path}, line {sample.line} names {sample.title} twice"
            )
        seen.add((sample.stretch, sample.box))


def _check_group(path: Path, samples: Sequence[Sample]) -> None:
    first = samples[0]
    for sample in samples:
        if sample.fold_group != first.fold_group:
            raise DataSetError(
                f"the data set {path}, line {sample.line}: {sample.name} is of the group "
                f"{sample.fold_group}, and of {first.fold_group} in line {first.line}: a recording "
                "is held out as a whole"
            )


def _read_folder(folder: Path, extensions: Collection[str]) -> DataSet:
    recordings = sorted(
        file for file in folder.glob("*/*") if file.is_file() and file.suffix.lower() in extensions
    )
    if not recordings:
        raise DataSetError(
            f"the data set {folder} has no {LABELS_FILE} and no folders of recordings, one a label"
        )
    for label in sorted({file.parent.name for file in recordings}):
        _check_label(str(folder), label)
    samples = tuple(
        Sample(
            file,
            file.relative_to(folder).as_posix(),
            file.parent.name,
            file.relative_to(folder).as_posix(),
        )
        for file in recordings
    )
    return DataSet(folder, samples, has_groups=False)
