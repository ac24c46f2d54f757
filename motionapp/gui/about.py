"""What this is, and on what terms it and all that it stands on may be used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple
from html import escape

from motionapp.core.version import __version__
from motionapp.gui.terms import Part, comes_with, inside, libraries
from motionapp.gui.words import tr


def about_html() -> str:
    """All of it for a window, as HTML."""
    gpl = tr(
        "Its own source is under the Apache License 2.0. Whoever passes it on together with PyQt6, "
        "or with an FFmpeg under the GPL, passes the whole on under the GPL."
    )
    return (
        f"<h3>motionapp {escape(__version__)}</h3>"
        f"<p>{escape(tr('Sees movement in cameras and recordings, and names it.'))}</p>"
        f"<p>{escape(gpl)}</p>"
        f"{_table(tr('It stands on'), libraries())}"
        f"{_table(tr('Inside of these'), inside())}"
        f"{_table(tr('It comes with'), comes_with())}"
    )


def _table(title: str, parts: Iterable[Part]) -> str:
    rows = "".join(_row(one) for one in parts)
    return f"<h4>{escape(title)}</h4><table>{rows}</table>"


def _row(one: Part) -> str:
    cells = (f"<td style='padding-right: 18px'>{escape(text)}</td>" for text in astuple(one))
    return f"<tr>{''.join(cells)}</tr>"
