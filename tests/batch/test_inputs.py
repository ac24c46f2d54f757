"""What is named becomes a list of inputs with folders for their results."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from motionapp.batch.inputs import Input, find_inputs, join_inputs


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")


def names_below(folder: Path, inputs: tuple[Input, ...]) -> list[str]:
    return [str(Path(each.spec).relative_to(folder)) for each in inputs]


def test_a_folder_gives_its_recordings_sorted_and_nothing_else(tmp_path: Path) -> None:
    touch(tmp_path, "b.MP4", "a.avi", "notes.txt", "sub/c.mkv", ".hidden.mp4", ".git/d.mp4")

    found = find_inputs([str(tmp_path)])

    assert names_below(tmp_path, found) == ["a.avi", "b.MP4", "sub/c.mkv"]


def test_a_file_that_is_named_outright_is_always_tried(tmp_path: Path) -> None:
    touch(tmp_path, "notes.txt")

    (found,) = find_inputs([str(tmp_path / "notes.txt"), str(tmp_path / "notes.txt")])

    assert found.problem == ""
    assert found.out_name == "notes"


def test_a_missing_file_is_an_input_all_the_same(tmp_path: Path) -> None:
    (found,) = find_inputs([str(tmp_path / "gone.mp4")])

    assert found.out_name == "gone"


def test_a_folder_of_numbered_pictures_is_one_input(tmp_path: Path) -> None:
    touch(tmp_path, "walk/img_001.png", "walk/img_002.png", "walk/readme.txt", "a.mp4")

    found = find_inputs([str(tmp_path)])

    assert names_below(tmp_path, found) == ["walk", "a.mp4"]
    assert [each.out_name for each in found] == ["walk", "a"]


def test_pictures_beside_recordings_are_no_sequence(tmp_path: Path) -> None:
    touch(tmp_path, "cover1.png", "a.mp4")

    assert names_below(tmp_path, find_inputs([str(tmp_path)])) == ["a.mp4"]


def test_an_empty_folder_is_a_problem_with_a_sentence(tmp_path: Path) -> None:
    (found,) = find_inputs([str(tmp_path)])

    assert "holds no recordings" in found.problem


def test_the_results_of_an_earlier_run_are_no_input(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp4", "out/a/annotated.mp4")

    found = find_inputs([str(tmp_path)], out_dir=tmp_path / "out")

    assert names_below(tmp_path, found) == ["a.mp4"]


def test_annotated_videos_of_earlier_runs_are_no_input_wherever_they_lie(tmp_path: Path) -> None:
    """Results written among the recordings would double with every run."""
    touch(tmp_path, "a.mp4", "a/annotated.mp4", "a/events.json", "b/annotated.mp4")

    found = find_inputs([str(tmp_path)], out_dir=tmp_path)

    assert names_below(tmp_path, found) == ["a.mp4", "b/annotated.mp4"]


def test_an_empty_name_is_not_the_folder_we_are_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(tmp_path, "a.mp4")
    monkeypatch.chdir(tmp_path)

    (found,) = find_inputs([""])

    assert "empty name" in found.problem


def test_stems_that_collide_get_six_digits_of_their_path(tmp_path: Path) -> None:
    touch(tmp_path, "x/door.mp4", "y/Door.avi", "z.mp4")

    names = [each.out_name for each in find_inputs([str(tmp_path)])]

    assert sorted(names)[-1] == "z"
    assert len(set(names)) == 3
    assert sum(bool(re.fullmatch(r"[dD]oor-[0-9a-f]{6}", name)) for name in names) == 2


@pytest.mark.parametrize("name", ["summary.json.mp4", "...mp4"])
def test_no_input_takes_the_place_of_the_summary_or_leaves_the_folder(
    tmp_path: Path, name: str
) -> None:
    touch(tmp_path, name)

    (found,) = find_inputs([str(tmp_path / name)])

    assert found.out_name not in ("summary.json", ".", "..", "")


def test_a_synthetic_scene_is_named_after_itself() -> None:
    (found,) = find_inputs(["synthetic:demo"])

    assert found == Input("synthetic:demo", "demo")


def test_a_file_is_analysed_once_however_it_is_named(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp4")

    found = find_inputs([str(tmp_path / "a.mp4"), str(tmp_path)])

    assert len(found) == 1


def test_a_password_in_an_address_does_not_reach_the_summary() -> None:
    (found,) = find_inputs(["rtsp://me:secret@yard.local/1"])

    assert found.spec == "rtsp://yard.local/1"


@pytest.fixture
def cameras(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    touch(tmp_path, "cam1/b.mp4", "cam1/sub/a.MP4", "cam1/notes.txt", "cam2/c.avi", "out/a/x.mp4")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("cam1/**/*", ["cam1/b.mp4", "cam1/sub/a.MP4"]),
        ("cam?", ["cam1/b.mp4", "cam1/sub/a.MP4", "cam2/c.avi"]),
        ("**/*.avi", ["cam2/c.avi"]),
        ("*/[bc].*", ["cam1/b.mp4", "cam2/c.avi"]),
        ("**", ["cam1/b.mp4", "cam1/sub/a.MP4", "cam2/c.avi"]),
    ],
)
def test_a_pattern_gives_the_recordings_that_fit_sorted_and_once(
    cameras: Path, pattern: str, found: list[str]
) -> None:
    inputs = find_inputs([pattern], out_dir=cameras / "out")

    assert [each.spec for each in inputs] == found


@pytest.mark.parametrize("pattern", ["*.mkv", "cam3/**/*.mp4", "cam1/*.txt", "**/[!a"])
def test_a_pattern_that_nothing_fits_is_a_problem_with_a_sentence(
    cameras: Path, pattern: str
) -> None:
    (found,) = find_inputs([pattern])

    assert found.spec == pattern
    assert f"no recording fits the pattern {pattern}" in found.problem


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(cameras: Path) -> None:
    touch(cameras, "cam[1].mp4", "cam1.mp4")

    assert [each.spec for each in find_inputs(["cam[1].mp4"])] == ["cam[1].mp4"]


@pytest.mark.parametrize("named", [".", "**/*"])
def test_clips_and_masks_of_earlier_runs_are_no_input(cameras: Path, named: str) -> None:
    touch(cameras, "b/events.json", "b/clips/all@1200.mp4", "b/masks/000000.png")
    touch(cameras, "b/masks/000001.png", "mine/clips/d.mp4")

    specs = {str(Path(each.spec)) for each in find_inputs([named], out_dir=cameras / "out")}

    assert specs == {"cam1/b.mp4", "cam1/sub/a.MP4", "cam2/c.avi", "mine/clips/d.mp4"}


def test_joined_recordings_are_one_input_named_after_the_first(cameras: Path) -> None:
    touch(cameras, "pictures/1.png")
    named = ["cam1", "cam2", "pictures", "*.mkv"]

    whole, pictures, nothing = join_inputs(find_inputs(named))

    assert whole.specs == ("cam1/b.mp4", "cam1/sub/a.MP4", "cam2/c.avi")
    assert (whole.spec, whole.out_name) == ("cam1/b.mp4 and 2 more", "b-joined")
    assert "only those can be joined" in pictures.problem
    assert "no recording fits" in nothing.problem


def test_a_single_recording_joined_keeps_its_place_when_a_second_comes(cameras: Path) -> None:
    (alone,) = join_inputs(find_inputs(["cam2"]))
    touch(cameras, "cam2/d.avi")
    (both,) = join_inputs(find_inputs(["cam2"]))

    assert alone.out_name == both.out_name == "c-joined"


def test_nothing_to_join_leaves_the_problems(cameras: Path) -> None:
    assert [bool(each.problem) for each in join_inputs(find_inputs(["*.mkv"]))] == [True]
