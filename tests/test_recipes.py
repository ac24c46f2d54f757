"""The recipes of CONTRIBUTING.md do what they say: their blocks are followed to the letter."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

pytestmark = pytest.mark.timeout(200)  # 12 s, most of it in processes of their own
REPOSITORY = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^ *```python\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the program and of its contracts, which a recipe may change."""
    unwanted = shutil.ignore_patterns("__pycache__")
    for folder in ("motionapp", "tests/contracts"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder, ignore=unwanted)
    for name in ("pyproject.toml", "tests/conftest.py", "tests/coded.py", "tests/encoders.py"):
        shutil.copy(REPOSITORY / name, tmp_path / name)
    for name in ("models", "assets"):
        (tmp_path / name).symlink_to(REPOSITORY / name)
    return tmp_path


def blocks_of(recipe: str) -> list[str]:
    """The code blocks below a heading of CONTRIBUTING.md."""
    text = (REPOSITORY / "CONTRIBUTING.md").read_text()
    section = text.partition(f"\n## {recipe}\n")[2].partition("\n## ")[0]
    return [textwrap.dedent(found) for found in BLOCK.findall(section)]


def follow(recipe: str, root: Path) -> None:
    """Put each block into the place that its first line names: a file, and where in it."""
    for block in blocks_of(recipe):
        comment, _, code = block.partition("\n")
        place = re.fullmatch(r"# (\S+\.py)(?:, (in \w+|with its imports|at its end))?", comment)
        assert place, f"no place in {comment!r}"
        path, where = root / place[1], place[2]
        assert path.exists() == (where is not None), f"{place[1]}: {where}"
        if where is None:
            path.write_text(code)
            continue
        lines = path.read_text().splitlines(keepends=True)
        at = line_after(ast.parse("".join(lines)), where)
        between = "\n\n" if where == "at its end" else ""
        path.write_text("".join([*lines[:at], between, code, *lines[at:]]))


def line_after(module: ast.Module, where: str) -> int:
    """Number of lines before the place in a file."""
    if where == "at its end":
        return max(node.end_lineno or 0 for node in module.body)
    if where == "with its imports":
        imports = [node for node in module.body if isinstance(node, (ast.Import, ast.ImportFrom))]
        return max(node.end_lineno or 0 for node in imports)
    name = where.removeprefix("in ")
    for node in module.body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            fields = [field for field in node.body if isinstance(field, ast.AnnAssign)]
            return max(field.end_lineno or 0 for field in fields)
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return (node.end_lineno or 0) - 1  # before the closing bracket
    raise AssertionError(f"there is no {name}")


def run(root: Path, *arguments: str) -> str:
    """What a module of the copy prints, run by its name."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


def contracts(root: Path, name: str, added: str) -> str:
    file = f"tests/contracts/{name}.py"
    return run(root, "pytest", "-q", "-p", "no:cacheprovider", file, "-k", added)


def test_a_front_end_made_by_the_recipe_keeps_the_contract_and_finds_who_moves(
    copy: Path,
) -> None:
    follow("How to add a front-end", copy)

    said = contracts(copy, "test_frontends", "echo")
    run(copy, "motionapp", "batch", "synthetic:walk", "--frontend", "echo", "--out", "found")

    assert int(re.findall(r"(\d+) passed", said)[-1]) >= 20
    (found,) = (copy / "found").rglob("events.json")
    assert json.loads(found.read_text())["events"]


def test_a_rule_made_by_the_recipe_keeps_the_contract(copy: Path) -> None:
    follow("How to add a rule of suppression", copy)

    said = contracts(copy, "test_suppression", "specks or put_to_the_test")

    assert int(re.findall(r"(\d+) passed", said)[-1]) >= 15
