"""Tables of a catalogue that cannot be read: told, and the others stand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from motionapp.catalogue.arrow import read_table
from motionapp.catalogue.form import DamagedTable, NoCatalogue
from motionapp.catalogue.tables import TableFile


def damage_text(error: DamagedTable) -> str:
    """What a damaged table means for who asks, in a sentence."""
    return (
        f"{error}; its events are left out: take it away, and analyse its recordings again "
        "(motionapp batch --fresh)"
    )


def whole_ones(folder: Path, files: Sequence[TableFile]) -> tuple[list[TableFile], tuple[str, ...]]:
    """The tables that can be read, and sentences about the others; each is read to its end.

    Raises
    ------
    NoCatalogue
        None can be read, or one is of another version.
    """
    whole, problems = [], []
    for one in files:
        try:
            read_table(one.path)
        except DamagedTable as error:
            problems.append(damage_text(error))
        else:
            whole.append(one)
    if problems and not whole:
        raise NoCatalogue(f"nothing of the catalogue {folder} can be read: {problems[0]}")
    return whole, tuple(problems)
