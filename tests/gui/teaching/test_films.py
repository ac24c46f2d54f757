"""Takes as films: cut out of a recording, and looked through small."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest

from motionapp.core.errors import OutputError, SourceError
from motionapp.gui.jobs import Ticket
from motionapp.gui.teaching.films import PREVIEW_HZ, PREVIEW_PX, cut_take, preview_of, seconds_of
from motionapp.privacy import cover_of
from motionapp.settings.zones import ZoneSettings
from motionapp.sinks.h264 import H264Writer


def a_ticket() -> Ticket:
    return Ticket(lambda *_: None)


def test_a_stretch_of_a_recording_is_a_film_of_its_own(tmp_path: Path) -> None:
    path = cut_take("synthetic:walk", 1.0, 2.5, tmp_path, a_ticket())

    assert path is not None
    preview = preview_of(path)
    assert preview.seconds == pytest.approx(1.5, abs=0.09)
    assert seconds_of(path) == pytest.approx(preview.seconds, abs=0.01)
    assert len(preview.pictures) == pytest.approx(1.5 * PREVIEW_HZ, abs=2)
    assert preview.middle.shape[1] == PREVIEW_PX


def test_what_is_covered_is_in_no_take(tmp_path: Path) -> None:
    zone = ZoneSettings(
        name="window", kind="privacy", polygon=((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    )

    path = cut_take("synthetic:walk", 1.0, 2.2, tmp_path, a_ticket(), cover=cover_of((zone,)))

    assert path is not None
    assert preview_of(path).middle.std() < 2.0  # of one colour


def test_what_nobody_wants_leaves_no_file(tmp_path: Path) -> None:
    ticket = a_ticket()
    ticket.cancel()

    assert cut_take("synthetic:walk", 1.0, 2.5, tmp_path, ticket) is None
    assert list(tmp_path.iterdir()) == []


def test_of_what_could_not_be_written_to_its_end_no_file_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is whole of it can be played, and is no take: nobody would know what it is."""
    write, written = H264Writer.write, []

    def until_it_is_full(writer: H264Writer, *picture: Any) -> None:
        written.append(picture)
        if len(written) > 30:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(writer, *picture)

    monkeypatch.setattr(H264Writer, "write", until_it_is_full)

    with pytest.raises(OutputError, match="No space left"):
        cut_take("synthetic:walk", 0.0, 3.0, tmp_path, a_ticket())

    assert list(tmp_path.iterdir()) == []


def test_a_stretch_beyond_the_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no pictures from 9000"):
        cut_take("synthetic:walk", 9000.0, 9002.0, tmp_path, a_ticket())


def test_a_file_that_is_no_film_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"no film")

    with pytest.raises(SourceError):
        preview_of(tmp_path / "a.mp4")
