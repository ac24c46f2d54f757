"""What waits has a worker of its own, so that two cores always have two files that compute."""

from __future__ import annotations

from itertools import chain
from types import SimpleNamespace
from typing import Any

import pytest

from tests.sharing import WaitingApart

COMPUTING = [f"tests/core/test_{letter}.py" for letter in "abcdef"]
WAITING = ["tests/edge/test_a.py", "tests/watch/test_b.py", "tests/sources/test_stream.py"]


class Worker:
    """Runs what it is sent at once, a test at a time."""

    def __init__(self, number: int, tests: list[str]) -> None:
        self.gateway = SimpleNamespace(id=f"gw{number}")
        self.shutting_down = False
        self.todo: list[int] = []
        self.files: list[str] = []
        self._tests = tests

    def send_runtest_some(self, indices: list[int]) -> None:
        self.todo += indices
        self.files.append(self._tests[indices[0]].partition("::")[0])

    def shutdown(self) -> None:
        self.shutting_down = True


def shared(files: list[str], workers: int) -> list[list[str]]:
    """Which worker is given which files, where all are equally fast."""
    tests = [f"{file}::test_{number}" for file in files for number in range(4)]
    config: Any = SimpleNamespace(
        getvalue=lambda _: ["popen"] * workers,
        option=SimpleNamespace(loadscopereorder=False),
    )
    scheduler = WaitingApart(config)
    nodes: list[Any] = [Worker(number, tests) for number in range(workers)]
    for node in nodes:
        scheduler.add_node(node)
    for node in nodes:
        scheduler.add_node_collection(node, tests)
    scheduler.schedule()
    while any(node.todo for node in nodes):
        for node in nodes:
            if node.todo:
                scheduler.mark_test_complete(node, node.todo.pop(0))
    assert all(node.shutting_down for node in nodes)
    return [node.files for node in nodes]


def test_of_three_workers_the_last_has_what_waits_and_nothing_else() -> None:
    first, second, last = shared([*COMPUTING, *WAITING], 3)

    assert last == WAITING
    assert sorted(first + second) == COMPUTING


def test_who_has_computed_all_helps_with_what_waits() -> None:
    many = [f"tests/edge/test_{number}.py" for number in range(9)]

    found = shared([*many, *COMPUTING[:2]], 3)

    assert sorted(chain.from_iterable(found)) == sorted([*many, *COMPUTING[:2]])
    assert [files[0] for files in found] == [*COMPUTING[:2], many[0]]
    assert all(len(files) > 1 for files in found)


@pytest.mark.parametrize("workers", [1, 2])
def test_of_fewer_workers_each_has_files_as_they_come(workers: int) -> None:
    found = shared([*WAITING, *COMPUTING], workers)

    assert sorted(chain.from_iterable(found)) == sorted([*WAITING, *COMPUTING])
    assert [files[0] for files in found] == WAITING[:workers]
