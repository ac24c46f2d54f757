"""Recordings in an object store or on a server: which ones an address stands for."""

from __future__ import annotations

import os

from motionapp.batch.tree import Found
from motionapp.core.addresses import shown
from motionapp.core.errors import MissingExtraError, SourceError
from motionapp.files.store import files_below, is_file, is_web
from motionapp.sources.extensions import VIDEO_EXTENSIONS


def recordings_in_store(address: str) -> tuple[Found, ...] | None:
    """The recordings that an address of a file, a folder or a pattern stands for.

    Parameters
    ----------
    address : str

    Returns
    -------
    tuple of Found or None
        None where it is no file over HTTP, but perhaps a stream: then it is none of ours. In a
        folder, what has the name of a recording counts: nothing is fetched to look into it.

    Raises
    ------
    MissingExtraError
        What reads such addresses is not installed.
    """
    has_pattern = any(letter in address for letter in "*[")
    try:
        if not has_pattern and is_file(address):
            return (Found(address),)
        if is_web(address) and not has_pattern and not address.endswith("/"):
            return None
        found = [each.address for each in files_below(address)]
    except MissingExtraError:
        if is_web(address):
            return None  # as it was before there was the extra: a stream
        raise
    except SourceError as error:
        return None if is_web(address) else (Found(shown(address), str(error)),)
    videos = [each for each in found if os.path.splitext(each)[1].lower() in VIDEO_EXTENSIONS]
    if not videos:
        nothing = f"{shown(address)} holds no recordings: is it spelt as the store has it?"
        return (Found(shown(address), nothing),)
    return tuple(Found(each) for each in videos)
