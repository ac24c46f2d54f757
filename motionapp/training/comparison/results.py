"""What a comparison keeps in its folder, so that the same command goes on where it was stopped.

Two files of ONNX and one of JSON for each candidate, each written whole; the latter names the
digest of all that decides it, so that nothing is taken for another's.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from motionapp.files.atomic import write_whole
from motionapp.training.code import code_digest, learning_digest
from motionapp.training.comparison.candidate import Candidate
from motionapp.training.comparison.finding import Finding
from motionapp.training.comparison.searched import Searched
from motionapp.training.files import write_model
from motionapp.training.search.order import SearchOrder

FORMAT: Final = 1
FOLDER: Final = "candidates"
MOST_BYTES: Final = 2**20
"""A finding takes 100 bytes for each group."""
_DAMAGES: Final = (OSError, ValueError, KeyError, TypeError)


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A finding with its networks."""

    finding: Finding
    float32: bytes
    int8: bytes
    searched: Searched | None = None
    """What was found before it was trained in full; None where it is as it was asked for."""

    @property
    def content(self) -> bytes:
        """The network as `motionapp train` would write it."""
        return self.int8 if self.finding.precision == "int8" else self.float32


class Results:
    """The findings of a comparison, on the disk.

    Parameters
    ----------
    folder : Path
        That of the comparison.
    data_digest : str
        Of the data set.
    protocol : str
        How it is split.
    search : SearchOrder, optional
        Before each full training.
    """

    def __init__(
        self, folder: Path, data_digest: str, protocol: str, search: SearchOrder | None = None
    ) -> None:
        self.folder = folder / FOLDER
        self._search = search
        self._decided_by = [FORMAT, data_digest, protocol, code_digest(), learning_digest()]

    def digest(self, candidate: Candidate, *, is_full: bool) -> str:
        """What decides a candidate's finding, as hex; no screening is searched for."""
        search = self._search
        document = [
            *self._decided_by, asdict(candidate.representation), candidate.recipe.document(),
            *([] if search is None or not is_full else [search.trials, sorted(search.fixed)]),
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()

    def find(self, candidate: Candidate, *, is_full: bool) -> Kept | None:
        """What was kept of a candidate; None where there is nothing, or it was another's."""
        path = self._path(candidate, is_full)
        try:
            if path.stat().st_size > MOST_BYTES:
                return None
            document = json.loads(path.read_text(encoding="utf-8"))
            finding = Finding.from_document(document["finding"])
            contents = [self._network(path, precision).read_bytes() for precision in _PRECISIONS]
            float32, int8 = contents
            sums = [hashlib.sha256(content).hexdigest() for content in contents]
            told = document["searched"]
            searched = None if told is None else Searched.from_document(told)
            digest = self.digest(candidate, is_full=is_full)
            is_own = document["digest"] == digest and document["sums"] == sums
        except _DAMAGES:
            return None
        return (
            Kept(finding, float32, int8, searched)
            if is_own and finding.is_full == is_full
            else None
        )

    def keep(self, candidate: Candidate, kept: Kept) -> None:
        """Write a candidate's finding down.

        Raises
        ------
        OutputError
            It cannot be written.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._path(candidate, kept.finding.is_full)
        contents = (kept.float32, kept.int8)
        for precision, content in zip(_PRECISIONS, contents, strict=True):
            write_model(self._network(path, precision), content)
        document: dict[str, Any] = {
            "schema": FORMAT,
            "digest": self.digest(candidate, is_full=kept.finding.is_full),
            "sums": [hashlib.sha256(content).hexdigest() for content in contents],
            "finding": kept.finding.document(),
            "searched": None if kept.searched is None else kept.searched.document(),
        }
        write_whole(path, json.dumps(document, indent=1) + "\n")

    def unfinished(self, candidate: Candidate) -> Path:
        """Where a candidate's networks stand while they are trained."""
        return self.folder / f"{candidate.key}.training"

    def _path(self, candidate: Candidate, is_full: bool) -> Path:
        full = "full" if self._search is None else "searched"
        return self.folder / f"{candidate.key}-{full if is_full else 'screened'}.json"

    @staticmethod
    def _network(path: Path, precision: str) -> Path:
        return path.with_suffix(f".{precision}.onnx")


_PRECISIONS: Final = ("float32", "int8")
