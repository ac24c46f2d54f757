"""Data sets are read as users write them, and refused with the line that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from motionapp.core.errors import DataSetError
from motionapp.recognition.dataset import DataSet, read_data_set


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
        ("path,label,group\nwalk/ann.mp4,walk,a\n", r"holds 1 label\(s\): at least two"),
        ("path,label,group\n", r"holds 0 label\(s\)"),
        (
            "path,label,group\nwalk/ann.mp4,walk,a\nwalk/ann.mp4,wave,a\n",
            "names walk/ann.mp4 twice",
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
