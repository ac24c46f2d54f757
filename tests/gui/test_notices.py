"""What the window has to say: an error hides no lasting line, and none hides an error."""

from __future__ import annotations

from motionapp.gui.notices import MOST_ERRORS, Notices, Topic


def test_lines_about_different_things_stand_beside_each_other_and_beside_an_error() -> None:
    notices = Notices().noted(Topic.NAMING, "nothing is named").noted(Topic.PLAYING, "it has ended")

    notices = notices.failed("there is no a.mp4")

    assert notices.error == "there is no a.mp4"
    assert notices.line(Topic.NAMING) == "nothing is named"
    assert notices.dismissed().line(Topic.PLAYING) == "it has ended"


def test_a_new_line_takes_the_place_of_the_last_about_the_same() -> None:
    notices = Notices().noted(Topic.SOURCE, "lost").noted(Topic.SOURCE, "back again")

    assert notices.lines == ((Topic.SOURCE, "back again"),)
    assert notices.noted(Topic.SOURCE, "") == Notices()


def test_errors_are_read_one_by_one_the_newest_first_and_never_twice() -> None:
    notices = Notices().failed("a").failed("b").failed("a")

    assert notices.error == "a"
    assert notices.dismissed().error == "b"
    assert notices.dismissed().dismissed().error == ""


def test_what_fails_again_and_again_is_bounded() -> None:
    notices = Notices()
    for number in range(1000):
        notices = notices.failed(str(number))

    assert len(notices.errors) == MOST_ERRORS
    assert notices.mended().error == ""
