"""The command line's frame: help, exit codes, and errors as sentences."""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path

import pytest

from motionapp.core import errors

cli = importlib.import_module("motionapp.cli.main")  # `motionapp.cli.main` is the function
HEAVY = ("numpy", "cv2", "av", "onnxruntime", "pydantic", "torch", "PyQt6", "rich")


@pytest.fixture
def verb(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], int]], None]:
    """Makes `motionapp demo` do what the test wants."""

    def replace_by(run: Callable[[], int]) -> None:
        module = types.SimpleNamespace(
            add_arguments=lambda parser: parser.add_argument("--size", type=int, default=1),
            run=lambda arguments: run(),
        )
        monkeypatch.setattr(cli, "_module", lambda name: module)

    return replace_by


def raising(error: BaseException) -> Callable[[], int]:
    def run() -> int:
        raise error

    return run


def test_help_names_every_verb_and_exits_0(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])

    out = capsys.readouterr().out
    assert ended.value.code == 0
    for name, line in cli.VERBS.items():
        assert name in out
        assert line.split()[0] in out
    assert not any(hidden in out for hidden in cli.HIDDEN_VERBS)


def test_without_a_verb_it_shows_the_help_and_exits_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 2
    assert "verbs" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["dance"], ["--dance"], ["demo", "--dance"], ["Demo"]])
def test_what_is_not_understood_exits_2(
    arguments: list[str],
    verb: Callable[[Callable[[], int]], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    verb(lambda: 0)

    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)

    assert ended.value.code == 2
    assert "usage: motionapp" in capsys.readouterr().err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])

    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("motionapp ")


@pytest.mark.parametrize("code", [0, 3, 4])
def test_the_exit_code_is_the_verbs(code: int, verb: Callable[[Callable[[], int]], None]) -> None:
    verb(lambda: code)

    assert cli.main(["demo"]) == code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.SettingsError("hold_s is too short"), 2),
        (errors.ModelError("dance.onnx has no contract"), 2),
        (errors.DataSetError("labels.csv has no rows"), 2),
        (errors.MissingExtraError("the window", "gui"), 2),
        (errors.SourceError("nothing.mp4 is not there"), 4),
        (errors.OutputError("/results cannot be written"), 5),
    ],
)
def test_an_error_becomes_one_sentence_and_its_exit_code(
    error: errors.MotionAppError,
    code: int,
    verb: Callable[[Callable[[], int]], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    verb(raising(error))

    assert cli.main(["demo"]) == code
    assert capsys.readouterr().err == f"motionapp: {error}\n"


def test_an_unexpected_exception_is_no_traceback_but_a_plea(
    verb: Callable[[Callable[[], int]], None], capsys: pytest.CaptureFixture[str]
) -> None:
    verb(raising(ZeroDivisionError("division by zero")))

    assert cli.main(["demo"]) == 1
    err = capsys.readouterr().err
    assert "ZeroDivisionError: division by zero" in err
    assert "report it" in err
    assert "Traceback" not in err
    assert err.count("\n") == 1


def test_an_interruption_exits_130(
    verb: Callable[[Callable[[], int]], None], capsys: pytest.CaptureFixture[str]
) -> None:
    verb(raising(KeyboardInterrupt()))

    assert cli.main(["demo"]) == 130
    assert capsys.readouterr().err == "motionapp: interrupted\n"


def test_a_missing_extra_is_a_sentence_also_where_a_verb_is_only_loaded(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def add_arguments(parser: argparse.ArgumentParser) -> None:
        raise errors.MissingExtraError("the window", "gui")

    module = types.SimpleNamespace(add_arguments=add_arguments)
    monkeypatch.setattr(cli, "_module", lambda name: module)

    assert cli.main(["gui"]) == 2
    assert 'pip install "motionapp[gui]"' in capsys.readouterr().err


# -- as a process ------------------------------------------------------------------------------


def python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=50, check=False
    )


def test_help_loads_nothing_heavy() -> None:
    """It has to answer in half a second: no arrays, no pictures, no windows."""
    done = python(
        "import sys\n"
        "from motionapp.cli import main\n"
        "try:\n"
        "    main(['--help'])\n"
        "except SystemExit as ended:\n"
        "    assert ended.code == 0\n"
        f"found = sorted(set(sys.modules) & set({HEAVY!r}))\n"
        "assert not found, found\n"
    )

    assert done.returncode == 0, done.stderr
    assert "verbs" in done.stdout


@pytest.mark.parametrize("lines", [3, 100_000])
def test_a_reader_that_leaves_early_is_no_error(lines: int) -> None:
    """`motionapp doctor | head -1`: few lines meet the closed pipe only when Python ends."""
    code = (
        "import importlib, sys, types\n"
        "cli = importlib.import_module('motionapp.cli.main')\n"
        "def run(arguments):\n"
        "    print('first', flush=True)\n"
        "    sys.stdin.read()\n"
        f"    for k in range({lines}):\n"
        "        print('a line of some length', k)\n"
        "    return 0\n"
        "cli._module = lambda name: types.SimpleNamespace(\n"
        "    add_arguments=lambda parser: None, run=run)\n"
        "sys.exit(cli.main(['demo']))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        process.stdin.close()
        said = process.stderr.read()
        code_of_exit = process.wait(timeout=30)

    assert said == ""
    assert code_of_exit == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_behind_standard_output_exits_5() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "motionapp", "devices"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=50,
            check=False,
        )

    assert done.returncode == 5
    assert done.stderr == "motionapp: the output cannot be written: No space left on device\n"


def test_without_a_console_there_is_nobody_to_tell_and_no_error() -> None:
    done = python(
        "import sys\n"
        "sys.stdout = sys.stderr = None\n"
        "from motionapp.cli import main\n"
        "sys.exit(main(['devices']))\n"
    )

    assert (done.returncode, done.stderr) == (0, "")
