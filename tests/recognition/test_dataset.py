"""Data sets are read as users write them, and refused with the line that is wrong."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from motionapp.core.errors import DataSetError
from motionapp.core.geometry import Box
from motionapp.recognition.dataset import DataSet, read_data_set, subjects_of
from motionapp.recognition.stretch import Stretch
from motionapp.recognition.subject import LARGEST, Subject


def read(path: Path) -> DataSet:
    return read_data_set(path, extensions={".mp4", ".avi"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("walk/ann.mp4", "walk/bob.MP4", "wave/ann.avi", "wave/notes.txt", "top.mp4"):
        file = tmp_path / "data" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    return tmp_path / "data"


def write_csv(folder: Path, text: str, name: str = "labels.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_paths_are_relative_to_the_csv_or_absolute(folder: Path) -> None:
    absolute = folder / "wave" / "ann.avi"
    path = write_csv(folder, f"path,label,group\nwalk/ann.mp4,walk,ann\n{absolute},wave,ann\n")

    data = read(path)

    assert [sample.path for sample in data.samples] == [folder / "walk/ann.mp4", absolute]
    assert [sample.name for sample in data.samples] == ["walk/ann.mp4", str(absolute)]
    assert data.labels == ("walk", "wave")
    assert data.fold_groups == ("ann",)


def test_further_columns_and_a_byte_order_mark_are_ignored(folder: Path) -> None:
    path = write_csv(
        folder,
        "\ufeffnote,group,path,label\nx,ann,walk/ann.mp4,walk\ny,bob,wave/ann.avi,wave\n",
    )

    assert [sample.fold_group for sample in read(path).samples] == ["ann", "bob"]


def test_a_folder_with_a_labels_file_is_that_file(folder: Path) -> None:
    write_csv(folder, "path,label,group\nwalk/ann.mp4,walk,ann\nwave/ann.avi,wave,ann\n")

    data = read(folder)

    assert data.has_groups
    assert data.note == ""
    assert data.name == "data"
    assert len(data.samples) == 2


def test_a_folder_of_class_folders_makes_each_recording_its_own_group(folder: Path) -> None:
    data = read(folder)

    assert [(sample.name, sample.label) for sample in data.samples] == [
        ("walk/ann.mp4", "walk"),
        ("walk/bob.MP4", "walk"),
        ("wave/ann.avi", "wave"),
    ]
    assert len(data.fold_groups) == 3
    assert not data.has_groups
    assert "its own group" in data.note


def test_unknown_is_learnt_but_is_no_label(folder: Path) -> None:
    path = write_csv(
        folder,
        "path,label,group\nwalk/ann.mp4,walk,a\nwave/ann.avi,wave,a\nwalk/bob.MP4,unknown,b\n",
    )

    data = read(path)

    assert data.labels == ("walk", "wave")
    assert len(data.samples) == 3


def test_measuring_may_do_with_recordings_of_nothing(folder: Path) -> None:
    path = write_csv(folder, "path,label,group\nwalk/ann.mp4,unknown,a\n")

    data = read_data_set(path, extensions={".mp4"}, fewest_labels=0)

    assert (data.labels, len(data.samples)) == ((), 1)


def test_a_data_set_without_a_line_is_refused_also_there(folder: Path) -> None:
    path = write_csv(folder, "path,label,group\n")

    with pytest.raises(DataSetError, match="names no recording"):
        read_data_set(path, extensions={".mp4"}, fewest_labels=0)


def test_the_digest_depends_on_contents_labels_and_groups_but_not_on_the_order(
    folder: Path,
) -> None:
    rows = ["walk/ann.mp4,walk,a", "wave/ann.avi,wave,b"]
    first = read(write_csv(folder, "path,label,group\n" + "\n".join(rows))).digest()
    turned = read(write_csv(folder, "path,label,group\n" + "\n".join(rows[::-1]))).digest()
    regrouped = read(
        write_csv(folder, "path,label,group\n" + "\n".join(rows).replace(",b", ",c"))
    ).digest()
    (folder / "walk/ann.mp4").write_text("other pictures")
    changed = read(write_csv(folder, "path,label,group\n" + "\n".join(rows))).digest()

    assert first == turned
    assert len({first, regrouped, changed}) == 3


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("path,label\nwalk/ann.mp4,walk\n", "has no column group"),
        ("", "has no column path"),
        ("path,label,group\nwalk/ann.mp4,,a\n", "line 2: the column label is empty"),
        ("path,label,group\nwalk/ann.mp4,walk\n", "line 2: the column group is empty"),
        ("path,label,group\nwalk/ann.mp4,walk,a\ngone.mp4,wave,a\n", r"line 3: .*gone\.mp4 is not"),
        ("path,label,group\nwalk/ann.mp4,walk,a\n", r"holds 1 label\(s\): at least 2 are"),
        ("path,label,group\n", r"holds 0 label\(s\)"),
        (
            "path,label,group\nwalk/ann.mp4,walk,a\nwave/ann.avi,unknown,a,1,2,walk,0.9\n",
            "line 3 has more values than the first line names columns: let that be path,label,"
            "group,start_s,end_s",
        ),
        (
            "path,label,group\nwalk/ann.mp4,walk,a\nwalk/ann.mp4,wave,a\n",
            "names walk/ann.mp4 twice",
        ),
        (
            "path,label,group\nwalk/ann.mp4,walk,a\nwalk/../walk/ann.mp4,wave,a\n",
            "line 3 names walk/../walk/ann.mp4 twice",
        ),
    ],
)
def test_a_csv_that_cannot_be_used_is_refused_with_a_reason(
    folder: Path, text: str, says: str
) -> None:
    with pytest.raises(DataSetError, match=says):
        read(write_csv(folder, text))


def test_a_file_that_is_no_text_is_refused(folder: Path) -> None:
    path = folder / "labels.csv"
    path.write_bytes(b"\xff\xfe\x00\x01")

    with pytest.raises(DataSetError, match="cannot be read"):
        read(path)


def test_a_folder_without_recordings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataSetError, match=r"no labels\.csv and no folders of recordings"):
        read(tmp_path)


def test_a_missing_data_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataSetError, match="gone is not there"):
        read(tmp_path / "gone")


TIMED = "path,label,group,start_s,end_s\n"


def test_a_recording_may_have_several_stretches_and_either_end_may_be_open(folder: Path) -> None:
    path = write_csv(
        folder,
        f"{TIMED}walk/ann.mp4,walk,ann,,2.5\nwave/ann.avi,wave,ann,,\n"
        "walk/ann.mp4,wave,ann, 2.5 ,4\nwalk/ann.mp4,walk,ann,4,\n",
    )

    data = read(path)

    assert [sample.stretch for sample in data.samples] == [
        Stretch(0, 2.5), Stretch(), Stretch(2.5, 4), Stretch(start_s=4),
    ]  # fmt: skip
    assert [sample.title for sample in data.samples] == [
        "walk/ann.mp4 (0 to 2.5 s)",
        "wave/ann.avi",
        "walk/ann.mp4 (2.5 to 4 s)",
        "walk/ann.mp4 (from 4 s)",
    ]
    assert data.recordings() == ((0, 2, 3), (1,))
    assert data.has_stretches


@pytest.mark.parametrize("column", ["start_s", "end_s"])
def test_one_of_the_columns_is_enough(folder: Path, column: str) -> None:
    path = write_csv(
        folder, f"{column},path,label,group\n1,walk/ann.mp4,walk,ann\n,wave/ann.avi,wave,ann\n"
    )

    first, second = read(path).samples

    assert first.stretch == (Stretch(start_s=1) if column == "start_s" else Stretch(end_s=1))
    assert second.stretch.is_whole


def test_stretches_of_one_label_may_overlap(folder: Path) -> None:
    rows = "walk/ann.mp4,walk,ann,0,3\nwalk/ann.mp4,walk,ann,2,5\nwave/ann.avi,wave,ann,,\n"

    assert len(read(write_csv(folder, TIMED + rows)).samples) == 3


def test_the_digest_depends_on_the_stretches_and_not_on_their_order(folder: Path) -> None:
    rows = ["walk/ann.mp4,walk,a,0,1", "walk/ann.mp4,wave,a,1,2"]
    whole = "path,label,group\nwalk/ann.mp4,walk,a\nwave/ann.avi,wave,a\n"

    def digest(*lines: str) -> str:
        return read(write_csv(folder, TIMED + "\n".join(lines) + "\n")).digest()

    assert digest(*rows) == digest(*rows[::-1])
    assert digest(*rows) != digest(rows[0], rows[1] + ".00000001")
    assert (
        digest("walk/ann.mp4,walk,a,,", "wave/ann.avi,wave,a,0,")
        == read(write_csv(folder, whole)).digest()
    )


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("walk/ann.mp4,walk,a,3,2\n", "line 2: the stretch ends at 2 s, before it begins at 3 s"),
        ("walk/ann.mp4,walk,a,3,3\n", "line 2: the stretch ends where it begins, at 3 s"),
        ("walk/ann.mp4,walk,a,,0\n", "line 2: the stretch ends where it begins, at 0 s"),
        ("walk/ann.mp4,walk,a,soon,3\n", "line 2: the column start_s holds 'soon', which is no"),
        ("walk/ann.mp4,walk,a,1,0:03\n", "line 2: the column end_s holds '0:03', which is no"),
        ("walk/ann.mp4,walk,a,nan,3\n", "line 2: the column start_s holds 'nan'"),
        ("walk/ann.mp4,walk,a,1,inf\n", "line 2: the column end_s holds 'inf'"),
        ("walk/ann.mp4,walk,a,1,1e999\n", "line 2: the column end_s holds '1e999'"),
        ("walk/ann.mp4,walk,a,-1,3\n", "line 2: the column start_s is -1, and a recording beg"),
        ("walk/ann.mp4,walk,a,,-3\n", "line 2: the column end_s is -3, and a recording begins"),
        (
            "walk/ann.mp4,walk,a,0,3\nwave/ann.avi,wave,a,,\nwalk/ann.mp4,wave,a,2.5,5\n",
            r"line 4: wave \(2.5 to 5 s\) overlaps walk \(0 to 3 s\) of line 2 in walk/ann.mp4",
        ),
        (
            "walk/ann.mp4,wave,a,2,5\nwalk/ann.mp4,walk,a,,\n",
            r"line 3: walk \(all of it\) overlaps wave \(2 to 5 s\) of line 2",
        ),
        (
            "walk/ann.mp4,walk,a,0,9\nwalk/ann.mp4,walk,a,1,2\nwalk/ann.mp4,wave,a,8,\n",
            r"line 4: wave \(from 8 s\) overlaps walk \(0 to 9 s\) of line 2",
        ),
        (
            "walk/ann.mp4,walk,a,1,2\nwalk/ann.mp4,wave,a,1,2\n",
            r"line 3 names walk/ann.mp4 \(1 to 2 s\) twice",
        ),
        (
            "walk/ann.mp4,walk,a,1,2\nwalk/ann.mp4,wave,b,2,3\n",
            "line 3: walk/ann.mp4 is of the group b, and of a in line 2",
        ),
    ],
)
def test_times_that_cannot_be_are_refused_with_their_line(
    folder: Path, rows: str, says: str
) -> None:
    with pytest.raises(DataSetError, match=says):
        read(write_csv(folder, TIMED + rows))


BOXED = "path,label,group,start_s,end_s,x0,y0,x1,y1\n"


def test_a_stretch_may_be_about_the_body_in_a_box(folder: Path) -> None:
    path = write_csv(
        folder,
        f"{BOXED}walk/ann.mp4,walk,ann,1,2, 10 ,20,30,60\nwalk/ann.mp4,walk,ann,1,2,,,,\n"
        "wave/ann.avi,wave,ann\nwalk/ann.mp4,walk,ann,1,2,0,0,1,1\n",
    )

    samples = read(path).samples

    box, other = Box(10, 20, 30, 60), Box(0, 0, 1, 1)
    assert [sample.box for sample in samples] == [box, None, None, other]
    assert [sample.subject for sample in samples[:3]] == [
        Subject(box, Stretch(1, 2)), LARGEST, LARGEST,
    ]  # fmt: skip
    assert subjects_of(samples) == (LARGEST, samples[3].subject, samples[0].subject)
    assert subjects_of(samples[::-1]) == subjects_of(samples)


def test_names_of_columns_may_have_blanks_round_them_as_values_may(folder: Path) -> None:
    """The times and the box would be passed over, and all of the recording learnt."""
    first = BOXED.replace(",", ", ")
    path = write_csv(folder, f"{first}walk/ann.mp4, walk, ann, 1, 2, 10, 20, 30, 60\n")

    (sample,) = read_data_set(path, extensions=(".mp4",), fewest_labels=1).samples

    assert (sample.stretch, sample.box) == (Stretch(1, 2), Box(10, 20, 30, 60))


def test_bodies_that_boxes_tell_apart_may_do_different_things_at_once(folder: Path) -> None:
    rows = "walk/ann.mp4,walk,a,0,3,0,0,10,10\nwalk/ann.mp4,wave,a,2,5,10,0,20,10\n"

    assert len(read(write_csv(folder, BOXED + rows)).samples) == 2


def test_the_digest_tells_boxes_apart_and_not_their_order(folder: Path) -> None:
    other = "wave/ann.avi,wave,a,1,2,,,,"

    def digest(*lines: str) -> str:
        return read(write_csv(folder, BOXED + "\n".join([*lines, other]) + "\n")).digest()

    one, two = "walk/ann.mp4,walk,a,1,2,0,0,9,9", "walk/ann.mp4,walk,a,1,2,0,0,9,8"
    without = "walk/ann.mp4,walk,a,1,2"
    plain = f"{TIMED}{without}\nwave/ann.avi,wave,a,1,2\n"
    assert len({digest(one), digest(two), digest(without), digest(one, two)}) == 4
    assert digest(one, two, without) == digest(without, two, one)
    assert digest(without) == read(write_csv(folder, plain)).digest()


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("1,2,0,0,9,", "line 3: the column y1 is empty: a box has x0, y0, x1, y1"),
        ("1,2,,0,9,9", "line 3: the column x0 is empty"),
        ("1,2,3", "line 3: the column y0 is empty"),
        ("1,2,walk,0.9", "line 3: the column x1 is empty"),
        ("1,2,0,0,9.5,9", "line 3: the column x1 holds '9.5', which is no whole number of pixels"),
        ("1,2,0,-1,9,9", "line 3: the column y0 holds '-1', which is no whole number of pixels"),
        ("1,2,left,0,9,9", "line 3: the column x0 holds 'left'"),
        ("1,2,0,0,1_0,9", "line 3: the column x1 holds '1_0'"),
        ("1,2,0,0,inf,9", "line 3: the column x1 holds 'inf'"),
        (f"1,2,0,0,{'9' * 5000},9", "line 3: the column x1 holds '9999"),
        ("1,2,9,0,9,9", "line 3: the box 9 0 9 9 is empty"),
        ("1,2,0,9,9,3", "line 3: the box 0 9 9 3 is empty"),
        (",,0,0,9,9", "line 3: a box without start_s and end_s"),
        ("0,,0,0,9,9", "line 3: a box without start_s and end_s"),
        ("4,6,0,0,9,9\nwalk/ann.mp4,walk,a,4,6,0,0,9,9", r"line 4 names .* \(4 to 6 s\) twice"),
        (
            "4,6,0,0,9,9\nwalk/ann.mp4,wave,a,5,7,8,8,20,20",
            r"line 4: wave \(5 to 7 s\) overlaps walk \(4 to 6 s\) of line 3 .*, unless boxes tell",
        ),
        (
            "4,6,0,0,9,9\nwalk/ann.mp4,wave,a,5,7",
            r"line 4: wave \(5 to 7 s\) overlaps walk \(4 to 6 s\) of line 3",
        ),
    ],
)
def test_a_box_that_cannot_be_is_refused_with_its_line(folder: Path, row: str, says: str) -> None:
    rows = f"wave/ann.avi,wave,a\nwalk/ann.mp4,walk,a,{row}\n"

    with pytest.raises(DataSetError, match=says):
        read(write_csv(folder, BOXED + rows))


def test_a_box_in_a_data_set_without_stretches_is_refused(folder: Path) -> None:
    text = "path,label,group,x0,y0,x1,y1\nwalk/ann.mp4,walk,a,0,0,9,9\n"

    with pytest.raises(DataSetError, match="line 2: a box without start_s and end_s"):
        read(write_csv(folder, text))


@pytest.mark.parametrize("label", ['"two\nlines"', "\x1b[31mred", "x" * 101, "non\u00a0breaking"])
def test_a_label_that_cannot_be_shown_is_refused(folder: Path, label: str) -> None:
    """It broke every table, and what begins with an escape commanded the terminal."""
    path = write_csv(folder, f"path,label,group\nwalk/ann.mp4,{label},ann\n")

    with pytest.raises(DataSetError, match=r"line 2 has the label .* that can be printed"):
        read(path)


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are letters elsewhere")
def test_names_that_are_no_text_are_recordings_but_no_labels(folder: Path) -> None:
    """A training ended in a `UnicodeEncodeError`, where `dataset check` found nothing."""
    plain = read(folder).digest()
    os.rename(os.fsencode(folder / "walk/ann.mp4"), os.fsencode(folder) + b"/walk/ann\xff.mp4")

    assert read(folder).digest() not in ("", plain)

    os.rename(os.fsencode(folder / "walk"), os.fsencode(folder) + b"/wal\xff")
    with pytest.raises(DataSetError, match=r"has the label 'wal\\udcff'"):
        read(folder)
