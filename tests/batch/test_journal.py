"""The journal: what it remembers, and what it makes of lines that nobody has written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motionapp.batch.journal import LONGEST_LINE_BYTES, Entry, Journal, read_journal, read_owners
from motionapp.batch.record import Record
from motionapp.core.errors import OutputError

DONE = Entry("a1", "w1", Record("in/a.mp4", "ok", None, "a", 64, 48, 2.5, 50, 1, 0.25))
PARTIAL = Entry("b1", "w1", Record("in/b.mp4", "partial", "2 s are lost", "b"))
FAILED = Entry("c1", "w1", Record("in/c.mp4", "failed", "c.mp4 is empty"))

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=8), below),
    max_leaves=8,
)


def written(path: Path, *entries: tuple[str, Entry]) -> Path:
    with Journal(path) as journal:
        for out_name, entry in entries:
            journal.begin({out_name: f"/in/{out_name}"})
            journal.finish(out_name, f"/in/{out_name}", entry)
    return path


def line_with(**changes: object) -> bytes:
    """The line of `DONE`, with other values in its record."""
    record = {
        **dict.fromkeys(("error", "note", "out_dir", "width", "height")),
        **dict.fromkeys(("duration_s", "frames", "events")),
        **{"input": "a.mp4", "status": "ok", "elapsed_s": None, **changes},
    }
    document = {"schema": 1, "finished": "a", "stamp": "s", "work": "w", "record": record}
    return json.dumps(document).encode() + b"\n"


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    path = written(tmp_path / "j", ("a", DONE), ("b", PARTIAL), ("c", FAILED))

    known = read_journal(path)

    assert known == {"a": DONE, "b": PARTIAL, "c": FAILED}
    assert [entry.is_finished for entry in known.values()] == [True, True, False]


def test_what_was_begun_again_is_no_longer_done(tmp_path: Path) -> None:
    """Killed in the middle, its folder may hold files of two analyses."""
    path = written(tmp_path / "j", ("a", DONE))

    with Journal(path) as journal:
        journal.begin({"a": "/in/a.mp4"})

    assert read_journal(path) == {}


def test_the_last_word_on_a_folder_counts(tmp_path: Path) -> None:
    path = written(tmp_path / "j", ("a", DONE), ("a", PARTIAL))

    assert read_journal(path) == {"a": PARTIAL}


def test_a_name_that_is_no_text_is_remembered(tmp_path: Path) -> None:
    odd = Entry("s", "w", Record("caf\udce9.mp4", "ok", out_dir="caf\udce9"))

    assert read_journal(written(tmp_path / "j", ("caf\udce9", odd))) == {"caf\udce9": odd}


@pytest.mark.parametrize("kept", range(1, 50, 7))
def test_a_torn_last_line_is_ignored_and_spoils_none_after_it(tmp_path: Path, kept: int) -> None:
    path = written(tmp_path / "j", ("a", DONE))
    path.write_bytes(
        path.read_bytes() + b'{"schema": 1, "begun": "a", "and": "more than that"}'[:kept]
    )

    assert read_journal(path) == {"a": DONE}
    written(path, ("b", PARTIAL))
    assert read_journal(path) == {"a": DONE, "b": PARTIAL}


def test_without_a_journal_nothing_is_known(tmp_path: Path) -> None:
    assert read_journal(tmp_path / "none") == {}
    assert read_journal(tmp_path) == {}


def test_a_line_from_before_there_were_notes_is_understood(tmp_path: Path) -> None:
    line = json.loads(line_with())
    del line["record"]["note"]
    path = tmp_path / "j"
    path.write_text(json.dumps(line) + "\n")

    assert read_journal(path)["a"].record.note is None


def test_a_line_without_end_is_not_read_into_memory(tmp_path: Path) -> None:
    path = written(tmp_path / "j", ("a", DONE))
    with open(path, "ab") as file:
        file.write(b"[" * (3 * LONGEST_LINE_BYTES) + b'{"schema": 1, "begun": "a"}\n')

    assert read_journal(written(path, ("b", PARTIAL))) == {"a": DONE, "b": PARTIAL}


@pytest.mark.parametrize(
    "line",
    [
        line_with(status="done"),
        line_with(frames=True),
        line_with(frames="many"),
        line_with(elapsed_s=float("nan")),
        line_with(elapsed_s=10**400),
        line_with(input=None),
        line_with(unknown=1),
        line_with().replace(b'"stamp": "s"', b'"stamp": 7'),
        line_with().replace(b'"schema": 1', b'"schema": 2'),
        b"[" * 5000 + b"\n",
        b"\0" * 400 + b"\n",
        b'{"schema": 1, "begun": ["a"]}\n',
        b"\xff\xfe\n",
    ],
)
def test_a_line_that_is_not_one_of_ours_changes_nothing(tmp_path: Path, line: bytes) -> None:
    path = written(tmp_path / "j", ("a", DONE))
    with open(path, "ab") as file:
        file.write(line)

    assert read_journal(path) == {"a": DONE}


def test_the_line_that_the_wrong_ones_are_made_of_is_right(tmp_path: Path) -> None:
    path = tmp_path / "j"
    path.write_bytes(line_with())

    assert list(read_journal(path)) == ["a"]


@given(st.binary(max_size=300))
def test_rubbish_never_raises(tmp_path_factory: pytest.TempPathFactory, rubbish: bytes) -> None:
    path = tmp_path_factory.mktemp("journal") / "j"
    path.write_bytes(rubbish)

    known = read_journal(written(path, ("a", DONE)))

    assert known["a"] == DONE


@settings(max_examples=40)
@given(JSON, JSON, JSON)
def test_documents_of_any_kind_never_raise(
    tmp_path_factory: pytest.TempPathFactory, one: Any, two: Any, three: Any
) -> None:
    path = tmp_path_factory.mktemp("journal") / "j"
    documents = [
        one,
        {"schema": 1, "begun": one},
        {"schema": 1, "finished": one, "stamp": two, "work": three, "record": three},
        {**json.loads(line_with()), "record": {**json.loads(line_with())["record"], "error": two}},
        {**json.loads(line_with()), "record": {**json.loads(line_with())["record"], "events": two}},
    ]
    path.write_text("".join(json.dumps(each) + "\n" for each in documents))

    for entry in read_journal(path).values():
        assert entry.record.error is None or isinstance(entry.record.error, str)
        assert entry.record.events is None or type(entry.record.events) is int


def test_a_journal_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "j").mkdir()

    with pytest.raises(OutputError, match="cannot be written"):
        Journal(tmp_path / "j")


def test_whose_a_folder_is_stays_known_when_it_is_begun_again(tmp_path: Path) -> None:
    path = written(tmp_path / "j", ("a", DONE), ("caf\udce9", PARTIAL))
    with Journal(path) as journal:
        journal.begin({"a": "/in/a.mp4", "c": "/in/caf\udce9/c.mp4"})

    assert read_owners(path) == {
        "a": "/in/a.mp4",
        "caf\udce9": "/in/caf\udce9",
        "c": "/in/caf\udce9/c.mp4",
    }


@pytest.mark.parametrize(
    "line", [b'{"schema": 1, "begun": "a"}', b'{"schema": 1, "begun": 7, "of": "x"}', b"[]", b"7"]
)
def test_a_line_that_does_not_say_whose_a_folder_is_gives_it_to_nobody(
    tmp_path: Path, line: bytes
) -> None:
    (tmp_path / "j").write_bytes(line + b"\n")

    assert read_owners(tmp_path / "j") == {}
