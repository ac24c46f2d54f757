"""What this is, and on what terms it and all that it stands on may be used."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from html import escape
from importlib import metadata
from typing import Final

from motionapp.core.version import __version__
from motionapp.gui.words import tr

STANDS_ON: Final = (
    "PyQt6", "PyQt6-Qt6", "pyqtgraph", "numpy", "opencv-python", "onnxruntime", "av", "pydantic",
    "rich", "tomli-w", "jinja2",
)  # fmt: skip
"""The libraries that run here, by their names on the package index."""
BROUGHT: Final = (
    ("FFmpeg", "LGPL or GPL, as av was built"),
    ("Qt", "LGPL-3.0"),
    ("MoveNet", "Apache-2.0"),
)
"""What comes inside of them or beside this program."""
LONGEST: Final = 40
"""Some packages put the whole text where a name belongs."""


@dataclass(frozen=True, slots=True)
class Part:
    """Something that this program stands on."""

    name: str
    version: str
    terms: str


def parts() -> tuple[Part, ...]:
    """All that is installed of what this program stands on, and what comes with it."""
    found = []
    for name in STANDS_ON:
        try:
            known = metadata.metadata(name).json
        except metadata.PackageNotFoundError:
            continue
        found.append(Part(name, str(known.get("version", "")), _terms(known)))
    return (*found, *(Part(name, "", terms) for name, terms in BROUGHT))


def about_html() -> str:
    """All of it for a window, as HTML."""
    rows = "".join(_row(one) for one in parts())
    return (
        f"<p><b>motionapp {escape(__version__)}</b></p>"
        f"<p>{escape(tr('Sees movement in cameras and recordings, and names it.'))}</p>"
        f"<p>Apache-2.0</p><p>{escape(tr('It stands on'))}</p><table>{rows}</table>"
    )


def _row(one: Part) -> str:
    cells = (f"<td style='padding-right: 18px'>{escape(text)}</td>" for text in astuple(one))
    return f"<tr>{''.join(cells)}</tr>"


def _terms(known: dict[str, str | list[str]]) -> str:
    """The name of a licence, from wherever a package says it."""
    said = known.get("license_expression") or ""
    if not said:
        classifiers = known.get("classifier") or []
        names = [one.rsplit(" :: ", 1)[-1] for one in classifiers if one.startswith("License")]
        said = ", ".join(name for name in names if name != "OSI Approved")
    lines = str(said or known.get("license") or "").strip().splitlines()
    first = lines[0] if lines else ""
    return first if len(first) <= LONGEST else f"{first[: LONGEST - 1]}…"
