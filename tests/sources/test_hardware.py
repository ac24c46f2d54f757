"""Graphics chips that decode: here is none, and the fallback real; one that can is played."""

from __future__ import annotations

from pathlib import Path

import av
import pytest

from motionapp.batch.job import Job, run_job
from motionapp.batch.stamp import work_digest
from motionapp.core.models import NO_MODELS
from motionapp.settings import AnalysisSettings, RunSettings, Settings
from motionapp.sources import hardware
from motionapp.sources.file import FileSource
from motionapp.sources.joined import JoinedSource
from motionapp.testing import Mover, Stage
from tests.coded import written

WALKER = Stage(size=(320, 240), movers=(Mover(lambda t_s: (20 + 100 * t_s, 60), size=(48, 96)),))


@pytest.fixture
def walk(tmp_path: Path) -> Path:
    path = tmp_path / "walk.mp4"
    written(WALKER.frames(2.0), path, container="mp4")
    return path


@pytest.fixture
def chip(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A chip that can: FFmpeg itself plays it. Notes how often it was asked for."""
    asked: list[str] = []

    def make(device: str) -> None:
        asked.append(device)

    monkeypatch.setattr(hardware, "devices", lambda: ["played"])
    monkeypatch.setattr(hardware, "make", make)
    monkeypatch.setattr(hardware, "is_at_work", lambda stream: True)
    return asked


def lumas(source: FileSource) -> list[bytes]:
    seen = [frame.luma_at(2).tobytes() for frame in source.frames()]
    source.close()
    return seen


def settings(hwaccel: str, frontend: str = "absdiff") -> Settings:
    return Settings(
        analysis=AnalysisSettings(frontend=frontend, people="off"), run=RunSettings(hwaccel=hwaccel)
    )


@pytest.mark.parametrize("wanted", ["auto", "cuda", "qsv", "no_such_chip"])
def test_where_no_chip_can_the_processor_decodes_and_it_is_said(walk: Path, wanted: str) -> None:
    """For real: whatever this machine has, the pictures are those of the processor, or of a chip
    that says so."""
    plain, source = FileSource(walk, decode_threads=1), FileSource(walk, decode_threads=1)
    source.decode_on(wanted)

    if source.info.note.startswith("decoded by hardware"):
        pytest.skip("this machine has a chip that decodes")
    assert source.info.note.startswith("decoded in software, as no hardware can (")
    assert "walk.mp4" not in source.info.note  # nothing is wrong with the recording
    assert lumas(source) == lumas(plain)


def test_nobody_is_given_a_chip_unasked(walk: Path, chip: list[str]) -> None:
    source = FileSource(walk, decode_threads=1)
    source.decode_on("none")

    assert lumas(source)
    assert chip == []
    assert source.info.note == ""


def test_a_chip_that_can_decodes_from_then_on_and_is_told(walk: Path, chip: list[str]) -> None:
    source = FileSource(walk, decode_threads=1)
    source.decode_on("auto")

    assert source.info.note == "decoded by hardware (played)"
    assert len(lumas(source)) == 50
    assert chip == ["played", "played"]  # tried, and read


def test_a_chip_that_fails_at_its_first_picture_is_passed_over(
    walk: Path, chip: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hardware, "devices", lambda: ["broken", "played"])

    def make(device: str) -> None:
        if device == "broken":
            raise av.error.ExternalError(542398533, "Generic error in an external library")

    monkeypatch.setattr(hardware, "make", make)
    source = FileSource(walk, decode_threads=1)

    source.decode_on("auto")
    assert source.info.note == "decoded by hardware (played)"
    source.decode_on("broken")
    assert "broken: generic error in an external library" in source.info.note


def test_the_front_end_codec_is_decoded_in_software(walk: Path, chip: list[str]) -> None:
    source = FileSource(walk, decode_threads=1)
    source.decode_on("played")
    source.tell_vectors()

    assert source.info.note == "decoded in software, which alone tells vectors"
    assert lumas(source)
    assert chip == ["played"]


def test_joined_recordings_are_decoded_alike(walk: Path, chip: list[str]) -> None:
    source = JoinedSource([walk, walk])
    source.decode_on("auto")

    assert source.info.note == "decoded by hardware (played)"
    assert sum(1 for _ in source.frames()) == 100
    source.close()


def job(path: Path, tmp_path: Path) -> Job:
    return Job(str(path), str(tmp_path / "out"), path.stem, threads=1)


def test_a_batch_says_which_chip_decoded(walk: Path, chip: list[str], tmp_path: Path) -> None:
    record = run_job(job(walk, tmp_path), settings("auto"), NO_MODELS)

    assert (record.status, record.events) == ("ok", 1)
    assert record.note == "decoded by hardware (played)"


def test_what_a_chip_could_not_read_is_read_again_without_it(
    walk: Path, chip: list[str], tmp_path: Path
) -> None:
    content = bytearray(walk.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 200] = bytes(200)
    damaged = tmp_path / "damaged.mp4"
    damaged.write_bytes(content)

    record = run_job(job(damaged, tmp_path), settings("auto"), NO_MODELS)

    assert record.status == "partial"
    assert "hardware" not in (record.note or "")


def test_what_decodes_is_part_of_what_was_done() -> None:
    digests = {work_digest(settings(name), "") for name in ("none", "auto", "cuda")}

    assert len(digests) == 3
