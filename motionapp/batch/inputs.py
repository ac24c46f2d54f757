"""What a person names becomes a list of inputs, each with a folder for its results.

How folders are searched is known to `tree`, patterns to `patterns`, names of results to `names`.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final

from motionapp.assembly import is_address
from motionapp.batch.names import RESERVED, names_of_results
from motionapp.batch.patterns import recordings_matching
from motionapp.batch.stored import recordings_in_store
from motionapp.batch.tree import Found, Probe, lies_in, recordings_below
from motionapp.core.addresses import shown
from motionapp.files.store import is_store, is_web
from motionapp.sources.probing import holds_recording
from motionapp.sources.refusals import why_not_there

JOINED: Final = "-joined"
"""Ends the name of the folder of recordings that are one."""


@dataclass(frozen=True, slots=True)
class Input:
    """One thing to analyse, or the reason why there is nothing."""

    spec: str
    """As it was named, or found in a folder."""
    out_name: str
    """Its folder of results, below the batch's."""
    problem: str = ""
    """Why it cannot be an input; empty if it can."""
    parts: tuple[str, ...] = ()
    """The recordings that are joined to this input; empty where it is one by itself."""
    is_passed_over: bool = False
    """What has the problem is no recording: it is told, and nothing is missing."""

    @property
    def specs(self) -> tuple[str, ...]:
        """All that is read for it."""
        return self.parts or (self.spec,)

    @property
    def identity(self) -> str:
        """The same text for the same input, however its path is spelt."""
        return f"{identity_of(self.parts[0])}{JOINED}" if self.parts else identity_of(self.spec)


def find_inputs(
    named: Iterable[str], *, out_dir: Path | None = None, probe: Probe = holds_recording
) -> tuple[Input, ...]:
    """List all inputs, each once, in the order in which they are named; folders sorted by path.

    Parameters
    ----------
    named : iterable of str
        Files, folders (searched below), patterns (``cam1/**/*.mp4``) and ``synthetic:NAME``.
    out_dir : Path or None
        A folder that is not searched: the results of an earlier run are no input.
    probe : callable
        Asked about files whose names say nothing.
    """
    skipped = None if out_dir is None else os.path.realpath(out_dir)
    found: dict[str, Input] = {}
    for name in named:
        for each in _found_as(name, skipped, probe):
            # What is bad goes by its own path: a link's target may be an input as well.
            identity = os.path.abspath(each.spec) if each.problem else identity_of(each.spec)
            new = Input(each.spec, "", each.problem, is_passed_over=each.is_passed_over)
            found.setdefault(identity, new)
    return with_names(found.values())


def with_names(
    inputs: Iterable[Input], owners: Mapping[str, str] | None = None
) -> tuple[Input, ...]:
    """The inputs, each with the name of its folder of results.

    Parameters
    ----------
    inputs : iterable of Input
    owners : mapping of str to str, optional
        The identity of the input to which a folder belongs, by the folder's name.
    """
    known = {each: "" if each.problem else each.identity for each in inputs}
    stems = {identity: _stem_of(each) for each, identity in known.items() if not each.problem}
    former = {owner for owner in (owners or {}).values() if owner not in stems}
    names = names_of_results(stems, owners or {}, [_stem(owner) for owner in former])
    return tuple(
        replace(each, out_name=_stem_of(each) if each.problem else names[identity])
        for each, identity in known.items()
    )


def join_inputs(inputs: Iterable[Input]) -> tuple[Input, ...]:
    """All recordings as one input with one time line, in their order; what has a problem stays.

    Parameters
    ----------
    inputs : iterable of Input
        As `find_inputs` gives them.
    """
    checked = [_joinable(each) for each in inputs]
    specs = tuple(each.spec for each in checked if not each.problem)
    bad = tuple(each for each in checked if each.problem)
    if not specs:
        return bad
    more = len(specs) - 1
    name = f"{specs[0]} and {more} more" if more else specs[0]
    return with_names((Input(name, "", parts=specs), *bad))


def identity_of(spec: str) -> str:
    """A path without links and dots; an address as it is."""
    return spec if is_address(spec) else os.path.realpath(spec)


def _joinable(each: Input) -> Input:
    if each.problem or not (is_address(each.spec) or os.path.isdir(each.spec)):
        return each
    problem = f"{each.spec} is no recording in a file: only those can be joined (run.join)"
    return replace(each, problem=problem)


def _found_as(name: str, skipped: str | None, probe: Probe) -> tuple[Found, ...]:
    """What a name stands for, or in a sentence why it stands for nothing."""
    if not name:
        why = "an input has an empty name: is a variable of the command line unset?"
        return (Found(name, why),)
    if is_store(name) and (stored := recordings_in_store(name)) is not None:
        return stored
    if is_address(name):
        return (Found(shown(name)),)
    if os.path.isdir(name):
        found = recordings_below(Path(name), probe=probe, skipped=_elsewhere(skipped, name))
        nothing = f"{name} holds no recordings: name a file, or a folder that has some"
    elif glob.has_magic(name) and not os.path.lexists(name):
        # A file may have the letters of a pattern in its name.
        beyond = _elsewhere(skipped, os.path.dirname(name))
        found = recordings_matching(name, probe=probe, skipped=beyond)
        nothing = f"no recording fits the pattern {shown(name)}: is it spelt as the files are?"
    elif shown(name) != name and not os.path.lexists(name):
        return (Found(shown(name), why_not_there(Path(name))),)
    else:
        return (Found(name),)
    is_nothing = all(each.is_passed_over for each in found)
    return (*found, Found(shown(name), nothing)) if is_nothing else found


def _elsewhere(skipped: str | None, named: str) -> str | None:
    """The folder of results, unless what was named lies in it: then it is wanted."""
    if skipped is None or lies_in(os.path.realpath(named), skipped):
        return None
    return skipped


def _stem_of(each: Input) -> str:
    return f"{_stem(each.parts[0])}{JOINED}" if each.parts else _stem(each.spec)


def _stem(spec: str) -> str:
    if is_store(spec) and not is_web(spec):
        return PurePosixPath(spec).stem
    if is_address(spec):
        name = spec.partition(":")[2].rstrip("/").rpartition("/")[2]
        return re.sub(r"[^\w.+-]+", "_", name)
    path = Path(spec)
    resolved = path if path.name not in RESERVED else Path(os.path.abspath(path))
    return resolved.name if os.path.isdir(resolved) else resolved.stem
