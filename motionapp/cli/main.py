"""Reads the command line, runs one verb, and turns errors into sentences and exit codes."""

from __future__ import annotations

import argparse
import errno
import importlib
import io
import logging
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn, TextIO

from motionapp.cli.printed import json_printed
from motionapp.core.addresses import without_passwords
from motionapp.core.errors import MotionAppError, OutputError
from motionapp.core.version import __version__

VERBS = {
    "demo": "name the ten movements of the shipped clip",
    "batch": "analyse recordings and folders of them into files",
    "find": "ask for what many runs have found, and show, export or cut it",
    "watch": "follow a camera, stream or recording without a window",
    "why": "say why there is no event at an instant, or why it has that label",
    "gui": "open the window",
    "frontends": "list the ways of seeing motion, and what each costs on this machine",
    "pose": "find the people in single pictures, and their body points",
    "flow": "find where every pixel of a picture went in another",
    "train": "train a network on your own recordings",
    "compare": "train several networks on your recordings, and say which to take",
    "evaluate": "measure a model on recordings with known labels",
    "architectures": "list the networks to choose between, and what each layer costs",
    "dataset": "check what a training is to learn from, and find what a model names wrongly",
    "models": "list, show, check, explain and import models",
    "doctor": "say what this machine has and lacks",
    "devices": "list the cameras",
    "edge": "watch cameras unattended, record, and tell others",
    "settings": "show settings, or write a file to begin with",
    "bench": "measure every stage of the road on a recording",
}
"""Verb -> one line of help. Each is a module of this package with `add_arguments` and `run`."""

HIDDEN_VERBS = ("_worker", "_probe", "_camera")
"""Verbs that motionapp calls itself."""

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells count it: 128 + SIGINT."""

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the system says where there is no room for what is written."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run motionapp.

    Parameters
    ----------
    argv : sequence of str or None
        Arguments without the program's name; None takes them from the process.

    Returns
    -------
    int
        The exit code: 0 all read, 1 an error of the program, 2 usage, 3 some input failed or was
        partial, 4 no source could be read or a live one was lost, 5 output could not be written,
        130 interrupted.
    """
    _prepare_streams()
    arguments = list(sys.argv[1:] if argv is None else argv)
    verb = arguments[0] if arguments and arguments[0] in (*VERBS, *HIDDEN_VERBS) else None
    try:
        options = _parser(verb).parse_args(arguments)
        if verb is None:
            _parser(None).print_help()
            return 2
        logging.basicConfig(
            level=logging.DEBUG if options.verbose else logging.WARNING,
            format="%(levelname)s %(name)s: %(message)s",
        )
        with json_printed(options):
            exit_code = int(_module(verb).run(options))
        sys.stdout.flush()  # here, where a reader that has left can be met
        return exit_code
    except MotionAppError as error:
        _say(without_passwords(str(error), arguments))
        return error.exit_code
    except KeyboardInterrupt:
        _say("interrupted")
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output has left, which is its right
        _give_up(sys.stdout)
        return 0
    except Exception as error:
        if isinstance(error, OSError) and error.errno in FULL:
            _give_up(sys.stdout)
            _say(f"the output cannot be written: {error.strerror}")
            return OutputError.exit_code
        logging.getLogger(__name__).debug("internal error", exc_info=True)
        said = without_passwords(f"{type(error).__name__}: {error}", arguments)
        _say(
            f"an error of the program itself: {said} "
            "(run again with --verbose for where it happened, and please report it)"
        )
        return 1


class _Parser(argparse.ArgumentParser):
    """Does not repeat an address with its password, when there was a blank too many in it."""

    _words: Sequence[str] = ()

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse, with the words in mind; typed as loosely as argparse has it."""
        self._words = tuple(args or ())
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command line, and exit with 2."""
        super().error(without_passwords(message, self._words))


def _prepare_streams() -> None:
    """Whatever is printed can be printed: also without a console, also a name that is no text."""
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")


def _say(sentence: str) -> None:
    """To standard error, which may lead to the full disk that the sentence is about."""
    try:
        print(f"motionapp: {sentence}", file=sys.stderr, flush=True)
    except OSError:
        _give_up(sys.stderr)


def _give_up(stream: TextIO) -> None:
    """What is still buffered would fail once more, aloud, when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _parser(verb: str | None) -> argparse.ArgumentParser:
    """The whole parser for help; with only the asked verb's options filled in, to stay quick."""
    parser = _Parser(
        prog="motionapp",
        description="motionapp sees movement and names it.",
        epilog="Each verb has its own help: motionapp VERB --help",
    )
    parser.add_argument("--version", action="version", version=f"motionapp {__version__}")
    verbs = parser.add_subparsers(metavar="VERB", title="verbs")
    for name, line in VERBS.items():
        _add_verb(verbs, name, line, is_asked=name == verb)
    if verb in HIDDEN_VERBS:
        _add_verb(verbs, verb, None, is_asked=True)
    return parser


def _add_verb(
    verbs: argparse._SubParsersAction[_Parser],
    name: str,
    line: str | None,
    *,
    is_asked: bool,
) -> None:
    if line is None:
        parser = verbs.add_parser(name)
    else:
        parser = verbs.add_parser(name, help=line, description=f"{line.capitalize()}.")
    parser.add_argument("--verbose", action="store_true", help="say more while running")
    if is_asked:
        _module(name).add_arguments(parser)


def _module(verb: str):  # type: ignore[no-untyped-def]  # a module: `add_arguments` and `run`
    return importlib.import_module(f"motionapp.cli.{verb.replace('-', '_')}")
