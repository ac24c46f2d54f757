"""Times of packets that have none, by the order in which a decoder shows their pictures."""

from __future__ import annotations

import pytest

from motionapp.sinks.clips.cutter import CannotCut
from motionapp.sinks.clips.elementary import Orders, order_of
from tests.sinks.conftest import WriteRecording


def test_pictures_in_the_order_of_decoding_are_shown_when_they_are_decoded() -> None:
    assert order_of([(0, 40), (1, 40), (2, 40)]) == ((0, 0), (40, 40), (80, 80))


def test_a_picture_that_is_stored_early_is_decoded_before_those_shown_first() -> None:
    shown = [(0, 40), (2, 40), (3, 40), (1, 40)]

    order = order_of(shown)

    assert [pts for pts, _ in order] == [0, 120, 40, 80]
    assert [dts for _, dts in order] == [-40, 0, 40, 80]


def test_pictures_last_as_long_as_they_say() -> None:
    assert [pts for pts, _ in order_of([(0, 40), (1, 60), (2, 40)])] == [0, 40, 100]


def test_without_pictures_there_are_no_times() -> None:
    assert order_of([]) == ()


def test_a_recording_with_stamps_needs_no_others(write_recording: WriteRecording) -> None:
    assert Orders().of(write_recording("a.mp4")) is None


@pytest.mark.parametrize(("name", "codec"), [("a.h264", "libx264"), ("a.hevc", "libx265")])
def test_every_packet_of_a_bare_stream_gets_a_time_of_its_own(
    name: str, codec: str, write_recording: WriteRecording
) -> None:
    signs: list[None] = []
    options = {"x265-params": "log-level=none"} if codec == "libx265" else {}
    path = write_recording(name, codec=codec, options=options)

    order = Orders(lambda: signs.append(None)).of(path)

    assert order is not None
    assert sorted(pts for pts, _ in order) == list(range(0, 100 * 48_000, 48_000))
    assert all(dts <= pts for pts, dts in order)
    assert [dts for _, dts in order] == sorted({dts for _, dts in order})
    assert len(signs) > 100


def test_a_bare_stream_with_a_picture_that_cannot_be_decoded_is_refused(
    write_recording: WriteRecording,
) -> None:
    path = write_recording("a.h264", options={"bf": "0"})
    content = path.read_bytes()
    first, second = (content.index(b"\x00\x00\x01\x41", at) for at in (0, len(content) // 2))
    path.write_bytes(content[: first + 5] + bytes(9) + content[first + 14 : second])

    with pytest.raises(CannotCut, match="no time stamps"):
        Orders().of(path)
