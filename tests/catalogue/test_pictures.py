"""What is shown of hits: a sheet, a digest, clips; covered as it was, and no other recording's."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

pytest.importorskip("duckdb", reason='no answers: pip install "motionapp[find]"')

from motionapp.batch.run import run_batch
from motionapp.catalogue.cuts import cut_clips
from motionapp.catalogue.digest import size_for, write_digest
from motionapp.catalogue.hit import Hit
from motionapp.catalogue.question import Question
from motionapp.catalogue.recordings import _lying, covers_of, open_again
from motionapp.catalogue.search import ask
from motionapp.catalogue.sheet import GAP_PX, WIDTH_PX, write_sheet
from motionapp.core.errors import SourceError
from motionapp.settings import Settings, apply_changes

COVERED = {
    "name": "window",
    "kind": "privacy",
    "polygon": [[0.0, 0.0], [1.0, 0.0], [1.0, 0.25], [0.0, 0.25]],
}
NO_PADDING = (0.0, 0.0)


def catalogued(named: list[Path], folder: Path, **changes: object) -> Path:
    given = {key.replace("__", "."): value for key, value in changes.items()}
    settings = apply_changes(
        Settings(),
        {
            "analysis.recognition.classifier": "none",
            "run.catalog": str(folder / "catalogue"),
            **given,
        },
    )
    run_batch(list(map(str, named)), folder / "out", settings, messages=io.StringIO())
    return folder / "catalogue"


def hits_of(catalogue: Path) -> tuple[Hit, ...]:
    return ask(catalogue, Question()).hits


def pictures_of(path: Path) -> Iterator[tuple[float, np.ndarray]]:
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            yield float(frame.time or 0), frame.to_ndarray(format="bgr24")


@pytest.fixture
def catalogue(recording: Callable[..., Path], tmp_path: Path) -> Path:
    """Of two recordings of four seconds, in which somebody passes from second 1 to 2."""
    named = [recording("door/20260501_120000.mp4"), recording("yard/b.mp4", seed=1)]
    return catalogued(named, tmp_path)


def test_a_sheet_has_a_picture_a_hit_with_its_box(catalogue: Path, tmp_path: Path) -> None:
    path = tmp_path / "sheet.png"

    problems = write_sheet(path, hits_of(catalogue), catalogue)

    page = cv2.imread(str(path))
    assert problems == []
    assert page is not None
    assert page.shape[1] == GAP_PX + 2 * (WIDTH_PX + GAP_PX)
    first = page[GAP_PX : GAP_PX + 240, GAP_PX : GAP_PX + WIDTH_PX].astype(int)
    red = (first[..., 2] > 200) & (first[..., 1] < 110) & (first[..., 0] < 110)
    assert red.sum() > 100  # the box of what has no name


def test_the_digest_shows_each_hit_once_and_says_when(catalogue: Path, tmp_path: Path) -> None:
    path = tmp_path / "digest.mp4"
    hits = hits_of(catalogue)

    problems = write_digest(path, hits, catalogue, padding=(0.5, 0.5))

    shown = list(pictures_of(path))
    length_s = sum(hit.duration_s + 1.0 for hit in hits)
    assert problems == []
    assert shown[-1][0] + 0.04 == pytest.approx(length_s, abs=0.2)
    times = [at_s for at_s, _ in shown]
    assert times == sorted(set(times))
    assert shown[0][1].shape[:2] == size_for(192, 144)[::-1]
    corner = shown[10][1][:40, :60]
    assert corner.max() > 220  # letters
    assert (corner < 60).mean() > 0.4  # on a dark plate


def test_what_was_covered_is_covered_in_all_that_is_shown(
    recording: Callable[..., Path], tmp_path: Path
) -> None:
    catalogue = catalogued([recording()], tmp_path, analysis__zones=[COVERED])
    (hit,) = hits_of(catalogue)
    assert [zone.name for zone in covers_of(hit)] == ["window"]

    write_digest(tmp_path / "d.mp4", [hit], catalogue, padding=NO_PADDING)
    cut_clips(tmp_path / "clips", [hit], catalogue, padding=NO_PADDING)
    write_sheet(tmp_path / "s.png", [hit], catalogue)

    for path in (tmp_path / "d.mp4", *(tmp_path / "clips").iterdir()):
        for _, picture in pictures_of(path):
            height, width = picture.shape[:2]
            # Below the plates, which are the digest's own.
            strip = picture[height * 5 // 32 : height * 15 // 64, width // 4 : width * 3 // 4]
            assert strip.std() < 3
            assert picture[height // 3 : height // 2].std() > 3
    page = cv2.imread(str(tmp_path / "s.png"))
    assert page is not None
    assert page[GAP_PX + 2 : GAP_PX + 40, GAP_PX : GAP_PX + WIDTH_PX].std() < 3


def test_covers_that_cannot_be_read_show_nothing(catalogue: Path, tmp_path: Path) -> None:
    hit = replace(hits_of(catalogue)[0], cover="[{}]")

    with pytest.raises(SourceError, match="privacy zones"):
        open_again(hit, catalogue)
    with pytest.raises(SourceError, match="privacy zones"):
        write_digest(tmp_path / "d.mp4", [hit], catalogue, padding=NO_PADDING)

    assert list(tmp_path.glob("*d.mp4*")) == []
    problems = write_sheet(tmp_path / "s.png", [hit], catalogue)
    assert "privacy zones" in problems[0]


def test_another_recording_of_the_same_name_is_not_shown(catalogue: Path, tmp_path: Path) -> None:
    hits = hits_of(catalogue)
    Path(hits[1].recording_path).write_bytes(b"something else")

    problems = write_digest(tmp_path / "d.mp4", hits, catalogue, padding=NO_PADDING)

    assert len(problems) == 1
    assert "is not the recording that was analysed" in problems[0]
    assert (tmp_path / "d.mp4").exists()


def test_joined_recordings_of_one_name_that_moved_are_each_found(
    recording: Callable[..., Path], tmp_path: Path
) -> None:
    """The second one by its own folder: in the first one's lies another recording of its name."""
    home = tmp_path / "home"
    named = [recording(f"home/{day}/a.mp4", seed=seed) for day, seed in (("mon", 1), ("tue", 2))]
    catalogue = catalogued(named, home, run__join=True)
    moved = home.rename(tmp_path / "elsewhere")
    hit = hits_of(moved / catalogue.relative_to(home))[0]

    assert hit.joined is not None
    with contextlib.closing(open_again(hit, moved / "catalogue")) as source:
        assert len(list(source.frames())) == 200
    assert [_lying(hit, part, moved / "catalogue") for part in hit.joined] == [
        str(moved / day / "a.mp4") for day in ("mon", "tue")
    ]


def test_recordings_that_moved_with_their_catalogue_are_found(
    recording: Callable[..., Path], tmp_path: Path
) -> None:
    before = tmp_path / "disk"
    before.mkdir()
    one = recording("disk/door/a.mp4")
    catalogued([one], before)
    before.rename(tmp_path / "elsewhere")
    catalogue = tmp_path / "elsewhere" / "catalogue"

    problems = write_sheet(tmp_path / "s.png", hits_of(catalogue), catalogue)

    assert problems == []


def test_clips_whose_padding_overlaps_are_one(catalogue: Path, tmp_path: Path) -> None:
    first = hits_of(catalogue)[0]
    later = replace(first, event="x", start_s=2.5, end_s=3.0)

    problems = cut_clips(tmp_path / "clips", [first, later], catalogue, padding=(0.5, 0.5))

    (clip,) = (tmp_path / "clips").iterdir()
    from_s = first.start_s - 0.5
    assert problems == []
    assert clip.name == f"door-20260501_120000@{round(1000 * from_s)}.mp4"
    *_, (last_s, _) = pictures_of(clip)
    assert last_s + 0.04 == pytest.approx(3.5 - from_s, abs=0.1)


def test_the_thumbnail_stands_in_where_the_recording_has_gone(
    recording: Callable[..., Path], tmp_path: Path
) -> None:
    one = recording()
    catalogue = catalogued([one], tmp_path, run__report=True)
    one.unlink()

    assert write_sheet(tmp_path / "s.png", hits_of(catalogue), catalogue) == []
    with pytest.raises(SourceError, match=r"door\.mp4"):
        write_digest(tmp_path / "d.mp4", hits_of(catalogue), catalogue, padding=NO_PADDING)


def test_an_answer_imports_neither_numpy_nor_pictures(catalogue: Path) -> None:
    """They take longer than the answer."""
    script = (
        "import sys\nfrom motionapp.cli import main\n"
        f"code = main(['find', {str(catalogue)!r}])\n"
        "print(sorted({'numpy', 'cv2', 'av', 'pyarrow', 'onnxruntime', 'pydantic'}"
        " & set(sys.modules)), code)"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-1] == "[] 0"
