"""Topics, payloads and commands: pure rules."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.errors import OutputError
from motionapp.edge.mqtt.board import Board
from motionapp.edge.mqtt.outbox import MemoryOutbox, messages_of
from motionapp.edge.mqtt.stream import MOST_IN_FLIGHT, Stream
from motionapp.edge.mqtt.topics import (
    FRONTENDS,
    LEAST_SENSITIVITY,
    LONGEST_COMMAND_BYTES,
    MOST_SENSITIVITY,
    Command,
    Ignored,
    Topics,
    counters_payload,
    read_command,
)
from motionapp.edge.seams import CHANGEABLE
from motionapp.frontends import registry
from motionapp.settings.frontends import AbsdiffSettings, FlowSettings
from tests.servers.tellers import ended, event, status

TOPICS = Topics("home/cameras")


def read(rest: str, payload: bytes, *, is_retained: bool = False) -> Command | Ignored:
    return read_command(TOPICS, f"home/cameras/{rest}", payload, is_retained=is_retained)


@pytest.mark.parametrize(
    ("rest", "payload", "changes"),
    [
        ("door/set/is_enabled", b"ON", {"is_enabled": True}),
        ("door/set/is_enabled", b"OFF", {"is_enabled": False}),
        ("door/set/sensitivity", b"2", {"sensitivity": 2.0}),
        ("door/set/sensitivity", b"0.1", {"sensitivity": 0.1}),
        ("door/set/sensitivity", b"10.0", {"sensitivity": 10.0}),
        ("door/set/frontend", b"background", {"frontend": "background"}),
    ],
)
def test_commands_are_read(rest: str, payload: bytes, changes: dict[str, object]) -> None:
    assert read(rest, payload) == Command("door", changes)


@pytest.mark.parametrize(
    ("rest", "payload"),
    [
        ("door/set/is_enabled", b""),
        ("door/set/is_enabled", b"on"),
        ("door/set/is_enabled", b"ON "),
        ("door/set/is_enabled", b"true"),
        ("door/set/sensitivity", b"0"),
        ("door/set/sensitivity", b"-1"),
        ("door/set/sensitivity", b"10.1"),
        ("door/set/sensitivity", b"1e1"),
        ("door/set/sensitivity", b"nan"),
        ("door/set/sensitivity", b"1_0"),
        ("door/set/sensitivity", "٣".encode()),
        ("door/set/sensitivity", b"1\n"),
        ("door/set/frontend", b"Flow"),
        ("door/set/frontend", b"flow" + b" " * LONGEST_COMMAND_BYTES),
        ("door/set/url", b"rtsp://elsewhere/"),
        ("door/set/", b"ON"),
        ("door/set/is_enabled/more", b"ON"),
        ("/set/is_enabled", b"ON"),
        ("../set/is_enabled", b"ON"),
        ("Door/set/is_enabled", b"ON"),
        ("door\n/set/is_enabled", b"ON"),
    ],
)
def test_what_is_not_quite_a_command_is_none(rest: str, payload: bytes) -> None:
    assert isinstance(read(rest, payload), Ignored)


@given(st.sampled_from(CHANGEABLE), st.binary(max_size=80))
def test_any_bytes_are_a_command_that_fits_or_none(key: str, payload: bytes) -> None:
    match read(f"door/set/{key}", payload):
        case Command("door", {"is_enabled": value}):
            assert isinstance(value, bool)
        case Command("door", {"sensitivity": value}):
            assert 0.1 <= value <= 10
        case Command("door", {"frontend": value}):
            assert value in FRONTENDS
        case Ignored(why):
            assert payload.decode("ascii", "replace") not in why or len(payload) < 3
        case other:
            pytest.fail(f"{other}")


def test_a_command_that_the_broker_kept_is_none() -> None:
    found = read("door/set/is_enabled", b"ON", is_retained=True)

    assert found == Ignored("it was retained: send commands without that flag")


def test_limits_are_those_of_the_settings() -> None:
    # What looks at an encoder's vectors has to be chosen before a stream is opened.
    assert tuple(n for n in registry.names() if not registry.needs_vectors(n)) == FRONTENDS
    for settings in (AbsdiffSettings, FlowSettings):
        limits = settings.model_json_schema()["properties"]["sensitivity"]
        assert (limits["minimum"], limits["maximum"]) == (LEAST_SENSITIVITY, MOST_SENSITIVITY)


def test_the_camera_of_a_state_is_found() -> None:
    assert TOPICS.camera_of_state("home/cameras/door/state") == "door"
    for topic in (
        "home/cameras/door/motion",
        "home/cameras/state",
        "home/cameras/A/state",
        "elsewhere/door/state",
        "home/cameras/door/set/state",
    ):
        assert TOPICS.camera_of_state(topic) is None


def test_an_event_goes_where_its_camera_tells_events_and_is_not_kept() -> None:
    (draft,) = messages_of("end", ended(event(3)))

    assert TOPICS.whole(draft.topic) == TOPICS.events("door") == "home/cameras/door/events"
    assert (draft.qos, draft.retain) == (1, False)
    document = json.loads(draft.payload)
    assert document["type"] == "end"
    assert document["event"]["number"] == 3


def test_counters_are_of_a_camera_s_process() -> None:
    assert json.loads(
        counters_payload(status(pictures_hz=9.876, starts=4, written_day_bytes=7))
    ) == {
        "pictures": 100,
        "pictures_hz": 9.88,
        "dropped": 0,
        "starts": 4,
        "open_events": 0,
        "written_bytes": 0,
        "written_day_bytes": 7,
    }


def everything(board: Board) -> dict[str, bytes]:
    return dict(board.take(1000))


def test_only_the_newest_of_a_value_is_due_and_only_if_it_is_another() -> None:
    board = Board(TOPICS)
    board.put("a", b"1")
    board.put("a", b"2")
    board.put("b", b"1")

    assert board.take(1) == [("a", b"2")]
    assert everything(board) == {"b": b"1"}
    board.put("a", b"2")
    assert everything(board) == {}
    board.again()
    assert everything(board) == {"a": b"2", "b": b"1"}
    assert board.take(-1) == []


def test_motion_follows_events_and_is_put_right_by_the_state() -> None:
    board = Board(TOPICS)
    motion = TOPICS.kept("door", "motion")

    board.note_event("new", event(1))
    board.note_event("new", event(2))
    board.note_event("end", ended(event(1)))
    assert everything(board)[motion] == b"ON", "one of two has ended"
    board.note_event("new", event(3, kind="covered"))
    assert motion not in everything(board)
    board.note_event("end", ended(event(2)))
    assert everything(board)[motion] == b"OFF"

    board.note_event("new", event(4))
    board.note_status(status(open_events=0))
    assert everything(board)[motion] == b"OFF", "its process has ended without a word"
    board.note_status(status(open_events=1))
    assert everything(board)[motion] == b"ON", "it was open before anybody listened"
    board.note_event("end", ended(event(5)))
    assert everything(board)[motion] == b"OFF"


def test_what_is_forgotten_is_emptied_once() -> None:
    board = Board(TOPICS)
    board.note_status(status())
    everything(board)

    board.forget("door")

    assert set(everything(board).values()) == {b""}
    board.again()
    assert everything(board) == {}


def test_a_picture_that_no_broker_takes_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("motionapp.edge.mqtt.board.LARGEST_SNAPSHOT_BYTES", 10)
    board = Board(TOPICS)

    assert not board.note_snapshot("door", b"x" * 11)
    assert board.note_snapshot("door", b"x" * 10)
    assert everything(board) == {TOPICS.kept("door", "snapshot"): b"x" * 10}


class Way:
    """Takes messages; whoever tests acknowledges them."""

    def __init__(self) -> None:
        self.keys: list[int | str] = []

    @property
    def outstanding(self) -> int:
        return len(self.keys)

    def publish(self, topic: str, payload: bytes, *, retain: bool, key: int | str) -> None:
        self.keys.append(key)

    def acknowledge(self, most: int) -> list[int | str]:
        taken, self.keys = self.keys[:most], self.keys[most:]
        return taken


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 25), st.booleans()), max_size=40))
def test_whatever_breaks_messages_go_in_order_and_none_is_forgotten(
    steps: list[tuple[int, int, bool]],
) -> None:
    outbox, way = MemoryOutbox(), Way()
    stream = Stream(outbox, TOPICS)
    given_, acknowledged = 0, []
    stream.begin()
    for put, most, breaks in steps:
        for number in range(put):
            outbox.put(messages_of("new", event(number)))
        given_ += put
        stream.has_more = stream.has_more or put > 0
        stream.send(way)
        assert way.outstanding <= MOST_IN_FLIGHT + MOST_IN_FLIGHT // 2
        assert way.keys == sorted(set(way.keys))
        taken = way.acknowledge(most)
        acknowledged += taken
        stream.note_taken(taken)
        if breaks:
            stream.settle()
            way = Way()
            stream.begin()
    for _ in range(300):  # some 1200 messages at most, seven at a time
        stream.send(way)
        taken = way.acknowledge(7)
        acknowledged += taken
        stream.note_taken(taken)

    assert acknowledged == list(range(1, given_ + 1))
    assert outbox.waiting(1) == ()


def test_the_outbox_is_told_of_many_at_a_time() -> None:
    """Each time is a transaction that is synced."""
    told: list[int] = []

    class Counting(MemoryOutbox):
        def sent(self, numbers: Sequence[int], /) -> None:
            told.append(len(numbers))
            super().sent(numbers)

    outbox, way = Counting(), Way()
    for number in range(20):
        outbox.put(messages_of("new", event(number)))
    stream = Stream(outbox, TOPICS)
    stream.send(way)
    while way.keys:
        stream.note_taken(way.acknowledge(1))
        stream.send(way)

    assert told == [10, 10]


def test_an_outbox_that_cannot_be_written_doubles_nothing() -> None:
    class Full(MemoryOutbox):
        is_full = True

        def sent(self, numbers: Sequence[int], /) -> None:
            if self.is_full:
                raise OutputError("the disk is full")
            super().sent(numbers)

    outbox, way = Full(), Way()
    outbox.put(messages_of("new", event(1)) + messages_of("end", ended(event(1))))
    stream = Stream(outbox, TOPICS)
    stream.send(way)
    stream.note_taken(way.acknowledge(2))
    for _ in range(2):
        stream.has_more = True
        with pytest.raises(OutputError):
            stream.send(way)
        stream.begin()
    assert way.keys == [], "they have arrived already"

    outbox.is_full = False
    stream.send(way)

    assert way.keys == []
    assert outbox.waiting(1) == ()


def test_telling_a_broker_needs_neither_pictures_nor_networks() -> None:
    """The parent process stays small; paho is loaded when there is a broker to tell."""
    line = (
        "import motionapp.edge.mqtt.client, motionapp.edge.webhooks, sys; "
        "print(*{'av', 'cv2', 'onnxruntime', 'numpy', 'paho'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", line], capture_output=True, text=True, timeout=50, check=True
    )

    assert done.stdout.split() == []
