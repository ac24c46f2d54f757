"""A source and a front-end that looks at what an encoder said: the one is told by the other."""

from __future__ import annotations

import contextlib
from typing import TypeVar

from motionapp.core.errors import SourceError
from motionapp.core.seams import Source, TellsVectors, no_vectors
from motionapp.frontends import registry
from motionapp.settings.tree import AnalysisSettings

AnySource = TypeVar("AnySource", bound=Source)


def ask_vectors(source: Source, settings: AnalysisSettings) -> None:
    """Have a source's frames bring all that a front-end looks at, from its next iteration on.

    Parameters
    ----------
    source : Source
        As it was opened: nothing that covers it.
    settings : AnalysisSettings

    Raises
    ------
    SourceError
        It has no vectors of an encoder, and the front-end needs them.
    """
    if not registry.needs_vectors(settings.frontend):
        return
    if not isinstance(source, TellsVectors):
        raise SourceError(no_vectors(source.info.name))
    source.tell_vectors()


def with_vectors(source: AnySource, settings: AnalysisSettings) -> AnySource:
    """The source itself, asked; one that has no vectors is closed."""
    try:
        ask_vectors(source, settings)
    except SourceError:
        source.close()
        raise
    return source


def offer_vectors(source: Source) -> None:
    """Have a recording bring its vectors if it has any: the front-end may be changed while it is
    played. Of a stream it is known only when it is read, and it is opened anew instead."""
    if not source.info.is_live and isinstance(source, TellsVectors):
        with contextlib.suppress(SourceError):
            source.tell_vectors()
