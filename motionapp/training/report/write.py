"""Writes the report of a measurement: a folder with its page and figures, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from motionapp.core.errors import OutputError
from motionapp.core.representation import Representation
from motionapp.files.atomic import UNWRITABLE_LETTERS, make_folder
from motionapp.files.staged import StagedFolder, names_in
from motionapp.training.album import Wrong
from motionapp.training.report.page import page

REPORT_HTML: Final = "report.html"
FIGURES_JSON: Final = "figures.json"


def check_place(folder: Path) -> None:
    """See that a report can be written to a folder: before hours of work.

    Raises
    ------
    OutputError
        There is a file of its name, it holds what is no report, or the folder that it is to lie in
        cannot be written to.
    """
    make_folder(folder.absolute().parent)
    if not folder.exists():
        return
    others = [name for name in names_in(folder) if name not in (REPORT_HTML, FIGURES_JSON)]
    if others:
        raise OutputError(
            f"--report {folder} holds {others[0]}, which is no part of a report, and would be "
            "lost: name a folder that is not there yet, or an earlier report"
        )


def write_report(
    folder: Path,
    figures: Mapping[str, Any],
    wrongs: Sequence[Wrong],
    representation: Representation,
) -> None:
    """Write ``report.html`` and ``figures.json``.

    Parameters
    ----------
    folder : Path
        See `check_place`; an earlier report there goes.
    figures : mapping
        See `motionapp.training.scores.document`.
    wrongs : sequence of Wrong
        Windows that are shown as pictures.
    representation : Representation
        Of their maps.

    Raises
    ------
    OutputError
        It cannot be written; an earlier report is still there.
    """
    check_place(folder)
    staged = StagedFolder(folder.absolute())
    html = page(figures, wrongs, representation)
    try:
        staged.write(REPORT_HTML, html.encode("utf-8", UNWRITABLE_LETTERS))
        text = json.dumps(figures, indent=1) + "\n"
        staged.write(FIGURES_JSON, text.encode("utf-8", UNWRITABLE_LETTERS))
        staged.publish()
    except BaseException:
        staged.discard()
        raise
