"""The tree of errors: what each is, and which exit code it means."""

from __future__ import annotations

import inspect

import pytest

from motionapp.core import errors

EXPECTED = {
    "MotionAppError": (1, Exception),
    "SettingsError": (2, ValueError),
    "ModelError": (2, ValueError),
    "DataSetError": (2, ValueError),
    "MissingExtraError": (2, ImportError),
    "DisplayError": (2, OSError),
    "SourceError": (4, OSError),
    "OutputError": (5, OSError),
}


def test_the_tree_is_the_one_that_is_documented() -> None:
    classes = {
        name for name, value in vars(errors).items() if inspect.isclass(value) and name[0].isupper()
    } - {"ClassVar"}

    assert classes == set(EXPECTED)
    for name, (exit_code, _) in EXPECTED.items():
        line = next(line for line in (errors.__doc__ or "").splitlines() if name in line)
        assert f"exit {exit_code} " in f"{line} "


@pytest.mark.parametrize("name", EXPECTED)
def test_an_error_knows_its_exit_code_and_is_a_fitting_builtin(name: str) -> None:
    kind = getattr(errors, name)
    exit_code, builtin = EXPECTED[name]

    assert issubclass(kind, errors.MotionAppError)
    assert issubclass(kind, builtin)
    assert kind.exit_code == exit_code


@pytest.mark.parametrize("name", [name for name in EXPECTED if name != "MissingExtraError"])
def test_the_message_is_the_sentence_and_nothing_else(name: str) -> None:
    assert str(getattr(errors, name)("nothing.mp4 is not there")) == "nothing.mp4 is not there"


def test_a_missing_extra_names_the_line_that_installs_it() -> None:
    error = errors.MissingExtraError("the window", "gui")

    assert str(error) == 'the window needs an extra: pip install "motionapp[gui]"'
