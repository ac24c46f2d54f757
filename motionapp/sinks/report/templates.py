"""Templates become pages: everything escaped, one file, and nothing that the browser may fetch."""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from base64 import b64encode
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from motionapp.core.version import __version__
from motionapp.core.wording import clock_text
from motionapp.sinks.report.clock import length_text
from motionapp.sinks.report.pictures import link
from motionapp.sinks.report.timeline import colour_class, colour_rules

LONGEST_TEXT: Final = 400
"""Of a name or a sentence; longer ones end in an ellipsis."""
_OWN: Final = ("base.html", "parts.html", "file.html", "batch.html")
_MARKS: Final = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
"""They turn the direction of what follows: a name could pretend to be another one."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Where pages come from that other rooms make, in the same look."""

    package: str
    """Whose files they are."""
    templates: tuple[str, ...]
    style: str
    """A CSS file, which follows ours."""


def render(template: str, *, of: Pages | None = None, **values: object) -> str:
    """A page as text that any encoding of Unicode can hold.

    Parameters
    ----------
    template : str
    of : Pages, optional
        Where it is, if not here; it may extend and import the templates that are.
    **values : object
        What it tells.
    """
    page = _environment(of).get_template(template).render(**values)
    return page.encode("utf-8", "backslashreplace").decode("utf-8")


def readable(value: object) -> object:
    """What stands in a page in place of `value`: letters that cannot be shown as escapes."""
    if not isinstance(value, str) or isinstance(value, Markup) or value.isprintable():
        return value
    return "".join(map(_shown, value))


def short(text: str, at_most: int = LONGEST_TEXT) -> str:
    """The beginning of a text that is too long."""
    return text if len(text) <= at_most else text[: at_most - 1] + "…"


def base(path: str) -> str:
    """The last part of a path or an address."""
    return re.split(r"[/\\]", path.rstrip("/\\"))[-1] or path


def parent(path: str) -> str:
    """What stands before the last part, its slash included; empty if nothing does."""
    return path[: path.rstrip("/\\").rfind(base(path))]


def grouped(count: int) -> str:
    """A whole number that is easy to read: ``12 345``, with spaces at which no line breaks."""
    return f"{count:,}".replace(",", "\u202f")


def percent(value: float) -> str:
    """A share of the whole; one that is not nothing is never said to be."""
    number = f"{value:.0f}" if value >= 10 or value == 0 else f"{max(0.1, value):.1f}"
    return f"{number}\u202f%"


def _shown(letter: str) -> str:
    if letter in "\n\t" or (
        letter not in _MARKS and unicodedata.category(letter) not in ("Cc", "Cs", "Co")
    ):
        return letter
    return letter.encode("unicode_escape").decode("ascii")


@functools.cache
def _environment(pages: Pages | None) -> Environment:
    texts = {name: _packaged(name) for name in _OWN}
    more_style = ""
    if pages is not None:
        texts |= {name: _packaged(name, pages.package) for name in pages.templates}
        more_style = _packaged(pages.style, pages.package)
    environment = Environment(
        loader=DictLoader(texts),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=readable,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        lasting=length_text,
        recording_time=clock_text,
        grouped=grouped,
        percent=percent,
        link=link,
        colour=colour_class,
        short=short,
        base=base,
        parent=parent,
    )
    style = colour_rules() + _packaged("report.css") + more_style
    script = _packaged("report.js")
    environment.globals.update(
        version=__version__,
        style=Markup(style),  # ours, and without a closing tag
        script=Markup(script),
        policy=_policy(style, script),
    )
    return environment


def _policy(style: str, script: str) -> str:
    """What the browser may do: our style and script, pictures inside or beside the page."""
    return (
        f"default-src 'none'; img-src data: file: 'self'; style-src '{_hash(style)}'; "
        f"script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{b64encode(digest).decode('ascii')}"


def _packaged(name: str, package: str = __package__) -> str:
    text = files(package).joinpath(name).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n")  # a checkout on Windows: the hash is of what is written
