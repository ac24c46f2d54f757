"""In a log a training says how far it is now and then; on a terminal it draws bars."""

from __future__ import annotations

import io
import json

from motionapp.cli.training_progress import JsonProgress, shown_progress


class Terminal(io.StringIO):
    """A text stream that calls itself a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_log_gets_one_line_for_every_tenth_of_a_stage() -> None:
    log = io.StringIO()

    with shown_progress(log) as progress:
        for done in range(1, 1001):
            progress.advance("training", done, 1000)

    lines = log.getvalue().splitlines()
    assert len(lines) == 10
    assert lines[0] == "training: 100 of 1000"
    assert lines[-1] == "training: 1000 of 1000"


def test_stages_are_counted_apart() -> None:
    log = io.StringIO()

    with shown_progress(log) as progress:
        progress.advance("one", 2, 2)
        progress.advance("two", 1, 2)

    assert log.getvalue().splitlines() == ["one: 2 of 2", "two: 1 of 2"]


def test_a_log_gets_sentences_as_they_are() -> None:
    log = io.StringIO()

    with shown_progress(log) as progress:
        progress.say("warning: [red] is no colour here")

    assert log.getvalue() == "warning: [red] is no colour here\n"


def test_a_terminal_gets_bars_and_sentences_in_full() -> None:
    terminal = Terminal()

    with shown_progress(terminal) as progress:
        progress.advance("training", 3, 4)
        progress.say("[red] is no colour here")

    assert "training" in terminal.getvalue()
    assert "[red] is no colour here" in terminal.getvalue()


def test_a_stage_that_is_gone_through_again_is_told_again() -> None:
    """As one candidate of a comparison after the other is trained, the second from where it stood
    when it was stopped."""
    log = io.StringIO()

    with shown_progress(log) as progress:
        for done in (5, 10, 4, 10, 5, 6, 2, 3):
            progress.advance("training", done, 10)

    assert [line.partition(",")[0] for line in log.getvalue().splitlines()] == [
        f"training: {done} of 10" for done in (5, 10, 4, 10, 5, 6, 2, 3)
    ]


def test_what_threads_tell_a_little_out_of_order_is_no_beginning() -> None:
    log = io.StringIO()

    with shown_progress(log) as progress:
        for done in (10, 20, 19, 30, 28, 40):
            progress.advance("training", done, 100)

    assert len(log.getvalue().splitlines()) == 4


def test_a_bar_of_a_stage_that_begins_again_reckons_its_time_anew() -> None:
    terminal = Terminal()

    with shown_progress(terminal) as progress:
        for done in (10, 10, 1, 5):
            progress.advance("training", done, 10)

    assert "5/10" in terminal.getvalue()


def test_a_program_that_follows_gets_json_a_few_times_a_second() -> None:
    stream, now_s = io.StringIO(), [0.0]
    progress = JsonProgress(stream, clock=lambda: now_s[0])

    progress.say("warning: müde")
    for done in range(1, 101):
        now_s[0] += 0.01
        progress.advance("training", done, 100, "loss 0.5, 90% right")

    said, *steps = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert said == {"said": "warning: müde"}
    assert 4 <= len(steps) <= 6
    assert steps[-1] == {
        "stage": "training", "done": 100, "total": 100, "about": "loss 0.5, 90% right",
    }  # fmt: skip
