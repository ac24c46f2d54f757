"""The house reads as it is meant to: no circles, no long files, no long functions."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import motionapp

PACKAGE = Path(motionapp.__file__).parent

MEDIAN_LINES, MOST_LINES = 130, 400
MOST_LINES_OF_A_FUNCTION = 60


def modules() -> dict[str, Path]:
    """Every module of the package by its dotted name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported_at_once(path: Path) -> Iterator[str]:
    """What a file imports while it is imported itself: neither in functions nor for types only."""
    waiting: list[ast.stmt] = list(ast.parse(path.read_text(encoding="utf-8")).body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{one.name}" for one in node.names)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" not in ast.unparse(node.test):
            waiting += [*node.body, *node.orelse]
        elif isinstance(node, ast.Try):
            waiting += node.body


def imports() -> dict[str, set[str]]:
    """For each module the modules of this package that it imports at once."""
    names = modules()

    def module_in(dotted: str) -> str | None:
        return next((one for one in (dotted, dotted.rpartition(".")[0]) if one in names), None)

    return {
        name: {
            found for one in imported_at_once(path) if (found := module_in(one)) not in (None, name)
        }
        for name, path in names.items()
    }  # type: ignore[return-value]


def circle_in(graph: dict[str, set[str]]) -> list[str]:
    """One circle, its modules in order; empty where there is none."""
    done: set[str] = set()

    def walk(name: str, trail: tuple[str, ...]) -> list[str]:
        if name in trail:
            return [*trail[trail.index(name) :], name]
        if name in done:
            return []
        for one in sorted(graph[name]):
            if found := walk(one, (*trail, name)):
                return found
        done.add(name)
        return []

    return next((found for name in graph if (found := walk(name, ()))), [])


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = imports()
    assert sum(map(len, graph.values())) > 1000, "hardly anything was looked at"
    assert circle_in(graph) == []


def test_a_circle_would_be_found() -> None:
    assert circle_in({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]


def test_files_are_read_at_one_go() -> None:
    lines = {name: len(path.read_text("utf-8").splitlines()) for name, path in modules().items()}
    assert {name: n for name, n in lines.items() if n > MOST_LINES} == {}
    assert statistics.median(lines.values()) <= MEDIAN_LINES


def test_functions_fit_on_a_screen() -> None:
    long = {}
    for name, path in modules().items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                lines = node.end_lineno - node.lineno + 1
                if lines > MOST_LINES_OF_A_FUNCTION:
                    long[f"{name}.{node.name}"] = lines
    assert long == {}


def test_nothing_is_computed_whose_last_bit_hangs_on_its_place_in_memory() -> None:
    """Of OpenCV's functions that the program uses, `magnitude` alone rounds otherwise where its
    result is aligned otherwise; the same recording would give other bytes in another run."""
    used = [name for name, path in modules().items() if "cv2.magnitude(" in path.read_text("utf-8")]
    assert used == []
