"""`motionapp flow`: the flow between two pictures as a file, and sentences about bad input."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from motionapp.cli import main
from motionapp.files.flo import flo_field
from motionapp.overlay import flow_picture

SHIFT_PX = (7, 3)


@pytest.fixture
def pair(tmp_path: Path) -> tuple[str, str]:
    """A texture, and the same 7 pixels to the right and 3 down."""
    rng = np.random.default_rng(5)
    large = cv2.GaussianBlur(rng.integers(0, 255, (260, 360), np.uint8), (0, 0), 3)
    large = cv2.normalize(large, None, 0, 255, cv2.NORM_MINMAX)  # type: ignore[call-overload]
    paths = []
    for name, (dx, dy) in (("a.png", (0, 0)), ("b.png", SHIFT_PX)):
        paths.append(str(tmp_path / name))
        cv2.imwrite(paths[-1], large[20 - dy : 220 - dy, 20 - dx : 320 - dx])
    return paths[0], paths[1]


@pytest.mark.parametrize("preset", ["fast", "best", "ultrafast"])
def test_a_flo_file_has_pixels_from_the_first_to_the_second(
    pair: tuple[str, str], tmp_path: Path, preset: str
) -> None:
    out = tmp_path / "new" / "f.flo"

    assert main(["flow", *pair, "--preset", preset, "--out", str(out)]) == 0

    field = flo_field(out.read_bytes())
    assert field.shape == (200, 300, 2)
    assert np.median(field[10:-10, 10:-10], axis=(0, 1)) == pytest.approx(SHIFT_PX, abs=0.1)


def test_it_says_how_far_things_went(
    pair: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "f.flo"

    main(["flow", *pair, "--out", str(out)])

    said = capsys.readouterr().out
    assert said.startswith(f"{out}: 7.")
    assert "px in the median" in said


def test_the_same_pictures_give_the_same_bytes(pair: tuple[str, str], tmp_path: Path) -> None:
    for suffix in ("flo", "png"):
        one, other = tmp_path / f"1.{suffix}", tmp_path / f"2.{suffix}"
        for path in (one, other):
            assert main(["flow", *pair, "--out", str(path)]) == 0
        assert one.read_bytes() == other.read_bytes()


def test_a_png_has_the_colours_of_the_wheel_and_their_legend(
    pair: tuple[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "f.PNG"

    assert main(["flow", *pair, "--out", str(out)]) == 0

    drawn = cv2.imread(str(out))
    assert drawn is not None
    assert drawn.shape == (200, 300, 3)
    field = np.array([[SHIFT_PX]], np.float32)
    wanted = flow_picture(field, full_px_s=float(np.hypot(*SHIFT_PX)))[0, 0]
    assert np.abs(np.median(drawn[20:100, 20:200], axis=(0, 1)) - wanted).max() < 12
    corner = drawn[-30:-10, -30:-10].reshape(-1, 3)
    assert corner.std(axis=0).min() > 40  # every hue beside every other


@pytest.mark.parametrize(
    ("more", "sentence", "exit_code"),
    [
        (["--preset", "medium", "--out", "f.flo"], "medium is now called fast", 2),
        (["--preset", "finest", "--out", "f.flo"], "choose from fast, best, ultrafast", 2),
        (["--out", "f.jpg"], "its name ends with .flo or .png", 2),
        (["--out", "f"], "its name ends with .flo or .png", 2),
        (["--out", "{a}"], "one of the pictures", 2),
    ],
)
def test_what_cannot_be_asked_for_is_one_sentence(
    pair: tuple[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    more: list[str],
    sentence: str,
    exit_code: int,
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())

    assert main(["flow", *pair, *(part.format(a=pair[0]) for part in more)]) == exit_code

    said = capsys.readouterr().err
    assert sentence in said
    assert said.count("\n") == 1
    assert sorted(tmp_path.iterdir()) == before


def _picture(path: Path, shape: tuple[int, ...]) -> str:
    cv2.imwrite(str(path), np.zeros(shape, np.uint8))
    return str(path)


@pytest.mark.parametrize("kind", ["missing", "text", "empty", "folder", "other size", "tiny"])
def test_pictures_that_cannot_be_used_are_one_sentence(
    pair: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    first, _ = pair
    bad = tmp_path / "bad.png"
    if kind == "text":
        bad.write_text("no picture")
    elif kind == "empty":
        bad.touch()
    elif kind == "folder":
        bad.mkdir()
    elif kind == "other size":
        _picture(bad, (100, 100))
    elif kind == "tiny":
        first = _picture(tmp_path / "c.png", (15, 40))
        _picture(bad, (15, 40))

    assert main(["flow", first, str(bad), "--out", str(tmp_path / "f.flo")]) == 4

    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "Traceback" not in said
    assert not (tmp_path / "f.flo").exists()


def test_grey_deep_and_see_through_pictures_are_read(tmp_path: Path) -> None:
    shapes = {"grey.png": (40, 60), "see.png": (40, 60, 4)}
    for name, shape in shapes.items():
        _picture(tmp_path / name, shape)
    cv2.imwrite(str(tmp_path / "deep.png"), np.zeros((40, 60), np.uint16))

    for name in (*shapes, "deep.png"):
        path = str(tmp_path / name)
        assert main(["flow", path, path, "--out", str(tmp_path / "f.flo")]) == 0
