"""The docstring check finds what is wrong and says where; what is right passes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "check_docstrings.py"


def check(folder: Path, source: str, name: str = "room.py") -> subprocess.CompletedProcess[str]:
    package = folder / "package"
    package.mkdir(exist_ok=True)
    (package / name).write_text(source, encoding="utf-8")
    return subprocess.run(
        [sys.executable, str(SCRIPT), "package"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def speed(parameters: str) -> str:
    return f'''"""Speeds."""


def speed(flow, *, lag_s=1.0):
    """Pixels per second.

    Parameters
    ----------
{parameters}

    Returns
    -------
    float
        Not an argument, and not taken for one.
    """
'''


def test_names_that_exist_pass(tmp_path: Path) -> None:
    right = speed(
        "    flow : ndarray\n        Displacements: x first.\n    lag_s : float, default 1.0"
    )

    done = check(tmp_path, right)

    assert (done.returncode, done.stdout) == (0, "")


def test_a_name_left_out_passes(tmp_path: Path) -> None:
    assert check(tmp_path, speed("    lag_s : float")).returncode == 0


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ("    dt : float", "'speed' documents 'dt', which is not an argument"),
        ("    flow, dt : float", "'speed' documents 'dt', which is not an argument"),
        ("    flow : a\n    flow : b", "'speed' documents 'flow' twice"),
        ("    lag_s : float\n    flow : a", "another order than the signature"),
        ("    flow: ndarray", "put a space before the colon"),
        ("    the flow - an array", "which is not 'name : type'"),
    ],
)
def test_a_parameter_that_is_not_there_is_named(
    tmp_path: Path, parameters: str, sentence: str
) -> None:
    done = check(tmp_path, speed(parameters))

    assert done.returncode == 1
    assert f"{Path('package', 'room.py')}:4: " in done.stdout
    assert sentence in done.stdout


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("x = 1\n", "1: the module has no docstring"),
        ('"""M."""\ndef f(): ...\n', "2: the public function 'f' has no docstring"),
        ('"""M."""\nclass C: ...\n', "2: the public class 'C' has no docstring"),
    ],
)
def test_a_missing_docstring_is_named(tmp_path: Path, source: str, sentence: str) -> None:
    done = check(tmp_path, source)

    assert done.returncode == 1
    assert sentence in done.stdout


def test_private_names_methods_and_overloads_may_go_without(tmp_path: Path) -> None:
    source = '''"""M."""
from typing import overload

@overload
def f(x: int) -> int: ...
@overload
def f(x: str) -> str: ...
def f(x):
    """Give it back."""

def _g(): ...

class C:
    """Has a method."""

    def step(self): ...
'''

    assert check(tmp_path, source).stdout == ""
    assert check(tmp_path, "x = 1\n", name="_private.py").stdout == ""


def test_a_class_is_compared_with_its_fields_and_those_of_its_bases(tmp_path: Path) -> None:
    source = '''"""M."""


class Box:
    """A box.

    Parameters
    ----------
    x0, y0 : int
    """

    x0: int
    y0: int


class Named(Box):
    """A box with a name.

    Parameters
    ----------
    x0 : int
    name : str
    label : str
    """

    name: str
'''

    done = check(tmp_path, source)

    assert done.stdout.splitlines()[0].endswith(
        "'Named' documents 'label', which is not an argument; there are: x0, y0, name"
    )
    assert done.returncode == 1


def test_a_class_whose_base_is_out_of_sight_is_not_judged(tmp_path: Path) -> None:
    source = '''"""M."""
from elsewhere import Base


class Widget(Base):
    """A widget.

    Parameters
    ----------
    parent : Widget
    """
'''

    assert check(tmp_path, source).returncode == 0


def test_attributes_are_compared_with_what_instances_have(tmp_path: Path) -> None:
    source = '''"""M."""


class Meter:
    """Counts.

    Attributes
    ----------
    count : int
    rate : float
    peak : int
    """

    def __init__(self):
        self.count = 0

    @property
    def rate(self): ...
'''

    done = check(tmp_path, source)

    assert done.stdout.splitlines()[0].endswith(
        "'Meter' documents 'peak', which is not an attribute"
    )


def test_a_path_that_does_not_exist_is_a_usage_error(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "nowhere"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "there is no 'nowhere' here" in done.stdout
