"""Pictures of events: found again by event and body, in bounded room."""

from __future__ import annotations

from motionapp.core.event import Event, Segment
from motionapp.core.geometry import Box
from motionapp.gui.found.gallery import Gallery
from motionapp.gui.play.glimpses import EventPictures, Pictured

HERE = Box(0, 0, 9, 9)


def event(number: int) -> Event:
    return Event(f"all@{number}", "all", number, number + 1, "walk", 0.9, number, HERE)


def segment(group: int, start_s: float) -> Segment:
    return Segment("walk", 0.9, start_s, start_s + 1, group, (group,), HERE, ())


def test_a_segment_has_the_picture_of_its_body_and_time() -> None:
    gallery = Gallery()
    parts = Pictured(1, 0.0, b"a"), Pictured(1, 5.0, b"b"), Pictured(2, 0.0, b"c")
    gallery.put([EventPictures("all@1", b"a", parts)])

    assert gallery.of(event(1)) == b"a"
    assert gallery.of(event(1), segment(1, 4.8)) == b"b"
    assert gallery.of(event(1), segment(2, 0.0)) == b"c"
    assert gallery.of(event(1), segment(3, 0.0)) == b""
    assert gallery.of(event(1), segment(1, 9.0)) == b""
    assert gallery.of(event(2)) == b""


def test_five_thousand_events_take_no_more_than_there_is_room_for() -> None:
    gallery = Gallery(100_000)
    gallery.put([EventPictures("all@0", b"first")])
    for number in range(1, 5000):
        gallery.put([EventPictures(f"all@{number}", bytes(1000))])
        assert gallery.of(event(0)) == b"first"  # looked at, so it stays

    assert gallery.held_bytes <= 100_000
    assert len(gallery) == 100
    assert gallery.of(event(4999))
    assert not gallery.of(event(1))


def test_less_does_not_take_the_place_of_more() -> None:
    gallery = Gallery()
    gallery.put([EventPictures("all@1", b"whole", (Pictured(1, 0.0, b"whole"),))])

    gallery.put([EventPictures("all@1", b"begun")])

    assert gallery.of(event(1)) == b"whole"
    gallery.clear()
    assert (len(gallery), gallery.held_bytes) == (0, 0)
