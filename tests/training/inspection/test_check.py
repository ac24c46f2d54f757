"""Each fault that is planted in a data set is found, and none where none is planted."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import pytest

from motionapp.core.errors import SourceError
from motionapp.recognition.dataset import read_data_set
from motionapp.sources.extensions import VIDEO_EXTENSIONS
from motionapp.training.inspection.check import Inspection, inspect
from motionapp.training.inspection.finding import Finding, Kind, Severity
from motionapp.training.progress import Silent
from tests.training.inspection.conftest import (
    LABELS,
    PEOPLE,
    RATE,
    Planted,
    performance,
    write_clip,
)


def inspected(data: Path) -> Inspection:
    return inspect(
        read_data_set(data, extensions=VIDEO_EXTENSIONS, fewest_labels=1, must_exist=False),
        Silent(),
    )


def found(data: Path, kind: Kind) -> list[Finding]:
    return [finding for finding in inspected(data).findings if finding.kind is kind]


def a_copy_in_another_group(made: Planted) -> None:
    made.add("across/copy.mp4", "across", "bob")
    shutil.copy(made.folder / "across/ann.mp4", made.folder / "across/copy.mp4")


def a_copy_of_another_label(made: Planted) -> None:
    made.add("down/copy.mp4", "down", "ann")
    shutil.copy(made.folder / "across/ann.mp4", made.folder / "down/copy.mp4")


def a_text_for_a_recording(made: Planted) -> None:
    made.add("across/text.mp4", "across", "ann").write_text("Dear reader, this is no video.\n")


def a_recording_that_is_gone(made: Planted) -> None:
    made.add("across/gone.mp4", "across", "ann")


def a_label_of_one_group(made: Planted) -> None:
    made.add("turn/ann.mp4", "turn", "ann", performance("down", 7))
    made.add("turn/ann2.mp4", "turn", "ann", performance("across", 8))


def encoded_anew(made: Planted) -> None:
    copy = made.add("across/again.mp4", "across", "bob")
    write_clip(copy, performance("across", 0), size=(80, 60), crf=35)


def mirrored(made: Planted) -> None:
    copy = made.add("down/again.mkv", "down", "cyn")
    write_clip(copy, [picture[:, ::-1] for picture in performance("down", 1)], crf=30)


def without_its_beginning(made: Planted) -> None:
    copy = made.add("across/again.mp4", "across", "bob")
    write_clip(copy, performance("across", 0)[RATE // 2 :], size=(160, 120), crf=28)


def a_seldom_label(made: Planted) -> None:
    for take in range(2):
        made.add(f"turn/{take}.mp4", "turn", PEOPLE[take], performance("down", 7 + take, seconds=1))
    for take in range(5):
        made.add(f"across/more{take}.mp4", "across", "ann", performance("across", 20 + take))


def a_stretch_beyond_the_end(made: Planted) -> None:
    made.rows = [f"{row},," for row in made.rows]
    made.rows[0] = "across/ann.mp4,across,ann,0.5,3"


FAULTS: list[tuple[Callable[[Planted], None], Kind, Severity, set[str]]] = [
    (
        a_copy_in_another_group,
        Kind.DUPLICATE,
        Severity.FAULT,
        {"across/ann.mp4", "across/copy.mp4"},
    ),
    (a_copy_of_another_label, Kind.DUPLICATE, Severity.FAULT, {"across/ann.mp4", "down/copy.mp4"}),
    (a_text_for_a_recording, Kind.UNREADABLE, Severity.FAULT, {"across/text.mp4"}),
    (a_recording_that_is_gone, Kind.UNREADABLE, Severity.FAULT, {"across/gone.mp4"}),
    (a_label_of_one_group, Kind.SINGLE_GROUP, Severity.FAULT, set()),
    (encoded_anew, Kind.LEAK, Severity.FAULT, {"across/ann.mp4", "across/again.mp4"}),
    (mirrored, Kind.LEAK, Severity.FAULT, {"down/bob.mp4", "down/again.mkv"}),
    (without_its_beginning, Kind.LEAK, Severity.FAULT, {"across/ann.mp4", "across/again.mp4"}),
    (a_seldom_label, Kind.IMBALANCE, Severity.WARNING, set()),
    (a_stretch_beyond_the_end, Kind.STRETCH, Severity.FAULT, {"across/ann.mp4"}),
]


def test_where_nothing_is_wrong_nothing_is_said(healthy: Planted) -> None:
    """The control of all others: the same set, and nothing planted in it."""
    inspection = inspected(healthy.listed())

    assert inspection.findings == ()
    assert not inspection.has_faults
    assert (inspection.recordings, inspection.unreadable, inspection.damaged) == (6, 0, 0)


@pytest.mark.parametrize(
    ("plant", "kind", "severity", "names"), FAULTS, ids=[plant.__name__ for plant, *_ in FAULTS]
)
def test_what_is_planted_is_found_once_and_nothing_else(
    plant: Callable[[Planted], None],
    kind: Kind,
    severity: Severity,
    names: set[str],
    healthy: Planted,
) -> None:
    plant(healthy)
    columns = "path,label,group"
    has_times = any(row.count(",") == 4 for row in healthy.rows)

    inspection = inspected(healthy.listed(f"{columns},start_s,end_s" if has_times else columns))

    (finding,) = inspection.findings
    assert (finding.kind, finding.severity) == (kind, severity)
    assert set(finding.recordings) == names
    assert str(healthy.folder) not in finding.sentence


def test_a_label_of_one_group_is_named_with_the_group(healthy: Planted) -> None:
    a_label_of_one_group(healthy)

    (finding,) = found(healthy.listed(), Kind.SINGLE_GROUP)

    assert (finding.labels, finding.groups) == (("turn",), ("ann",))


def test_a_copy_within_a_group_is_a_warning_only(healthy: Planted) -> None:
    healthy.add("across/copy.mp4", "across", "ann")
    shutil.copy(healthy.folder / "across/ann.mp4", healthy.folder / "across/copy.mp4")

    (finding,) = inspected(healthy.listed()).findings

    assert (finding.kind, finding.severity) == (Kind.DUPLICATE, Severity.WARNING)


def test_the_same_encoded_anew_within_a_group_is_no_leak(healthy: Planted) -> None:
    """It is held out together with the other."""
    copy = healthy.add("across/again.mp4", "across", "ann")
    write_clip(copy, performance("across", 0), size=(80, 60), crf=35)

    assert inspected(healthy.listed()).findings == ()


def test_a_damaged_recording_is_read_as_far_as_it_goes(healthy: Planted) -> None:
    path = healthy.add("down/cut.mp4", "down", "cyn")
    write_clip(path, performance("down", 9), index_first=True)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 9 // 10])

    inspection = inspected(healthy.listed())

    (finding,) = inspection.findings
    assert (finding.kind, finding.severity) == (Kind.DAMAGED, Severity.WARNING)
    assert "down/cut.mp4 could be read in part only" in finding.sentence
    down = next(one for one in inspection.counts.labels if one.label == "down")
    assert down.samples == 4
    assert down.lengths is not None
    assert 0 < down.lengths.shortest_s < 2


def test_a_name_like_an_address_is_no_camera_and_no_stream(
    healthy: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even beside the data set itself, where paths have no folder before them."""
    healthy.add("camera:0", "across", "ann")
    healthy.add("synthetic:demo", "across", "ann")
    healthy.listed()
    monkeypatch.chdir(healthy.folder)

    unreadable = found(Path("labels.csv"), Kind.UNREADABLE)

    assert [finding.recordings for finding in unreadable] == [("camera:0",), ("synthetic:demo",)]


def test_a_folder_of_pictures_is_a_recording_like_others(healthy: Planted) -> None:
    """And is found again in a recording of another group."""
    folder = healthy.add("across/pictures", "across", "bob")
    folder.mkdir()
    for number, picture in enumerate(performance("across", 0)):
        cv2.imwrite(str(folder / f"{number:03}.png"), picture)

    (finding,) = inspected(healthy.listed()).findings

    assert finding.kind is Kind.LEAK
    assert set(finding.recordings) == {"across/ann.mp4", "across/pictures"}


def test_class_folders_have_no_groups_to_hold_out(healthy: Planted) -> None:
    (finding,) = inspected(healthy.folder).findings

    assert (finding.kind, finding.severity) == (Kind.NO_GROUPS, Severity.WARNING)


def test_what_there_is_is_counted(healthy: Planted) -> None:
    counts = inspected(healthy.listed()).counts

    assert [(one.label, one.samples, one.groups) for one in counts.labels] == [
        (label, 3, 3) for label in LABELS
    ]
    assert counts.groups == tuple((name, 2, 2) for name in PEOPLE)
    assert counts.rates_hz == ((RATE, 6),)
    assert counts.sizes == (((128, 96), 6),)
    lengths = counts.labels[0].lengths
    assert lengths is not None
    assert lengths.shortest_s == pytest.approx(2.0)
    assert lengths.total_s == pytest.approx(6.0)


def test_where_nothing_can_be_read_that_is_an_error(tmp_path: Path) -> None:
    made = Planted(tmp_path)
    made.add("gone.mp4", "across", "ann")

    with pytest.raises(SourceError, match=r"none of the recordings .*gone\.mp4"):
        inspected(made.listed())


def test_no_torch_is_needed() -> None:
    code = (
        "import sys; sys.modules['torch'] = sys.modules['onnx'] = None\n"
        "import motionapp.training.inspection.check, motionapp.training.inspection.document"
    )

    subprocess.run([sys.executable, "-c", code], check=True, timeout=50)


@pytest.mark.real
@pytest.mark.timeout(300)
def test_people_who_do_the_same_before_the_same_wall_are_no_fault(shared_data: Path) -> None:
    """70 recordings: 6 s of a core. Standing or not yet there, people do tell in their first
    picture whether they will wave or walk: that is a note."""
    inspection = inspected(shared_data / "weizmann_full" / "labels.csv")

    assert {finding.kind for finding in inspection.findings} <= {Kind.FIRST_FRAME}
    assert {finding.severity for finding in inspection.findings} <= {Severity.NOTE}


@pytest.mark.real
@pytest.mark.timeout(300)
def test_rooms_that_give_the_answer_are_told(shared_data: Path, tmp_path: Path) -> None:
    """`urfd`: falls in one office, daily living in other rooms."""
    lines = (shared_data / "urfd" / "labels.csv").read_text().splitlines()
    kept = [lines[0], *(f"{shared_data / 'urfd'}/{line}" for line in lines[1::3])]
    (tmp_path / "labels.csv").write_text("\n".join(kept) + "\n")

    (finding,) = found(tmp_path / "labels.csv", Kind.BACKGROUND)

    assert finding.severity is Severity.WARNING
