"""What a case is made of: a place to work in, a command that is run, complaints that come of it."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NEAR_S = 0.2
"""How far an event's borders may be from the truth (DESIGN, rule 1)."""
LONGEST_S = 400.0
"""After so long a command is ended; the longest here takes a minute on a busy machine."""
WALKS = ((4.04, 8.0), (11.04, 14.04))
"""In most inputs a body walks from the first frame in which it is seen to the first without it."""

Complaints = Iterator[str]


class Unable(Exception):
    """The case cannot be tried on this machine, with the reason."""


@dataclass(frozen=True, slots=True)
class Case:
    """One row: what should come of an input, and who looks whether it does."""

    name: str
    should: str
    check: Callable[[Place], Complaints]


@dataclass(frozen=True, slots=True)
class Run:
    """What one command left: its code, its words, its folder."""

    code: int
    words: str
    out: Path

    @property
    def inputs(self) -> list[dict[str, Any]]:
        """The entries of `summary.json`."""
        path = self.out / "summary.json"
        found: list[dict[str, Any]] = (
            json.loads(path.read_text())["inputs"] if path.is_file() else []
        )
        return found

    @property
    def said(self) -> str:
        """All that a reader is told: on the screen, and in `summary.json`."""
        return self.words + json.dumps(self.inputs, ensure_ascii=False)

    def folder(self, number: int = 0) -> Path:
        """Where the results of an input are."""
        entries = self.inputs
        name = entries[number].get("out_dir") if number < len(entries) else None
        return self.out / (name or "nothing-was-written")

    def events(self, number: int = 0) -> list[dict[str, Any]]:
        """Of one input; none where it has no `events.json`."""
        path = self.folder(number) / "events.json"
        found: list[dict[str, Any]] = (
            json.loads(path.read_text())["events"] if path.is_file() else []
        )
        return found

    def of_status(self, *statuses: str) -> list[str]:
        """The inputs' names, without folders, that ended so."""
        return [Path(e["input"]).name for e in self.inputs if e["status"] in statuses]


@dataclass
class Place:
    """A temporary folder with copies of the inputs."""

    folder: Path
    data: Path
    commands: list[str] = field(default_factory=list)

    def copy(self, *names: str) -> list[str]:
        """Copy inputs here; gives their names, to be used in a command."""
        for name in names:
            shutil.copy(self.data / "files" / name, self.folder / name)
            (self.folder / name).chmod(0o644)
        return list(names)

    def make_folders(self) -> None:
        """Make the folders of `make_folders.sh` here."""
        command = ["bash", str(self.data / "make_folders.sh"), str(self.folder)]
        subprocess.run(command, check=True, capture_output=True)

    def batch(
        self,
        *arguments: str,
        out: str = "out",
        under: Sequence[str] = (),
        longest_s: float = LONGEST_S,
    ) -> Run:
        """Run `motionapp batch` here.

        Parameters
        ----------
        *arguments : str
        out : str
            The folder of the results.
        under : sequence of str
            A command that runs it, `setpriv ...` say.
        longest_s : float
            After which it is ended.
        """
        own = ["batch", *arguments, "--out", out, "--classifier", "none"]
        self.commands.append(shlex.join([*under, "motionapp", *own]))
        try:
            done = subprocess.run(
                [*under, sys.executable, "-m", "motionapp", *own],
                cwd=self.folder,
                env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
                capture_output=True,
                text=True,
                errors="replace",
                timeout=longest_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Run(124, f"it has no end within {longest_s:g} s", self.folder / out)
        return Run(done.returncode, done.stdout + done.stderr, self.folder / out)


def expect_code(run: Run, *codes: int) -> Complaints:
    """The exit code is one of these, and nothing looks like an error of the program itself."""
    if run.code not in codes:
        yield f"exit code {run.code}, not {' or '.join(map(str, codes))}: {last_line(run.words)}"
    if "Traceback" in run.words or "error of the program itself" in run.words:
        yield f"an error of the program itself: {last_line(run.words)}"


def expect_events(
    run: Run,
    expected: Iterable[tuple[float, float]],
    *,
    number: int = 0,
    near_s: float = NEAR_S,
    shift_s: float = 0.0,
) -> Complaints:
    """These events and no others, each border within `near_s` of the truth moved by `shift_s`."""
    seen = [(event["start_s"], event["end_s"]) for event in run.events(number)]
    wanted = [(round(start + shift_s, 3), round(end + shift_s, 3)) for start, end in expected]
    is_right = len(seen) == len(wanted) and all(
        abs(a - b) <= near_s + 1e-6
        for one, other in zip(seen, wanted, strict=True)
        for a, b in zip(one, other, strict=True)
    )
    if not is_right:
        yield f"events at {seen}, not {wanted}"


def expect_said(run: Run, pattern: str, what: str) -> Complaints:
    """Somewhere a reader is told it (case does not matter)."""
    if re.search(pattern, run.said, re.IGNORECASE | re.DOTALL) is None:
        yield f"{what} is not said; said is: {last_line(run.words)}"


def expect_statuses(run: Run, **expected: Sequence[str]) -> Complaints:
    """The inputs that ended `ok`, `failed` ... by name; statuses not given are not looked at."""
    for status, names in expected.items():
        if sorted(run.of_status(status)) != sorted(names):
            yield f"{status} are {run.of_status(status)}, not {list(names)}: {last_line(run.words)}"


def last_line(words: str) -> str:
    """What a command said in the end."""
    lines = [line for line in words.strip().splitlines() if not line.endswith("summary.json")]
    return lines[-1] if lines else "nothing"
