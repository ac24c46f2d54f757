"""Which folder the results of an input go to, and that they stay there when inputs are added.

Why so stands in `docs/adr/0007-names-of-results.md`.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

RESERVED: Final = frozenset(
    {
        *("summary.json", "events.csv", "events.parquet", "journal.jsonl", "report.html"),
        *("thumbnails", ".lock", ".cluster", "", ".", ".."),
    }
)
"""Names that a folder of results cannot have: the batch's own files, and places elsewhere."""
DIGITS: Final = 6
"""Of a path's digest behind a name that is not its own."""
LONGEST_BYTES: Final = 240
"""Of a name; most file systems take 255, and digits may follow."""


def names_of_results(
    stems: Mapping[str, str], owners: Mapping[str, str], owned_stems: Sequence[str] = ()
) -> dict[str, str]:
    """The folder of each input.

    Parameters
    ----------
    stems : mapping of str to str
        What each input's results would be called, by the input's identity.
    owners : mapping of str to str
        Who has a folder already, by the folder's name.
    owned_stems : sequence of str
        What the results of owners that are no input now would be called.

    Returns
    -------
    dict of str to str
        Who has a folder keeps it. Others get their stem if nobody else, now or before, has it or
        would have it; else their stem and digits of their identity, which is the same in any run.
    """
    names = {owner: name for name, owner in owners.items() if owner in stems}
    taken = {_folded(name) for name in (*owners, *owned_stems)}
    times = Counter(_folded(_cut(stem)) for stem in stems.values())
    for identity, stem in stems.items():
        if identity in names:
            continue
        short = _cut(stem)
        name = _folded(short)
        if short != stem or times[name] > 1 or name in taken or name in RESERVED:
            short = _with_digits(short, identity, taken)
        names[identity] = short
        taken.add(_folded(short))
    return names


def _with_digits(stem: str, identity: str, taken: set[str]) -> str:
    digest = hashlib.sha256(os.fsencode(identity)).hexdigest()
    names = (f"{stem}-{digest[:digits]}" for digits in range(DIGITS, len(digest) + 1))
    return next(name for name in names if _folded(name) not in taken)


def _folded(name: str) -> str:
    """The same for names that some file system takes for one: a.mp4 and A.mp4, é and e with ´."""
    return unicodedata.normalize("NFC", name).casefold()


def _cut(stem: str) -> str:
    """As many of its letters as a file system takes."""
    while len(os.fsencode(stem)) > LONGEST_BYTES:
        stem = stem[:-1]
    return stem
