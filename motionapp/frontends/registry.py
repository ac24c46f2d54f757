"""Which front-ends there are: name -> class, imported when it is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Protocol, cast

from motionapp.core.errors import SettingsError
from motionapp.core.representation import Mirror, Representation
from motionapp.core.seams import FrontEnd
from motionapp.settings.tree import AnalysisSettings
from motionapp.settings.zones import ZoneSettings

FRONTENDS = {
    "absdiff": "motionapp.frontends.difference.frontend:Absdiff",
    "flow": "motionapp.frontends.flow.frontend:Flow",
    "pose": "motionapp.frontends.pose.frontend:PoseFrontEnd",
    "background": "motionapp.frontends.background.frontend:Background",
    "codec": "motionapp.frontends.codec.frontend:Codec",
}
"""Adding a front-end is one file and one line here, and a settings class of the same name."""

GATE = "absdiff"
"""The cheap front-end that decides whether anything moves at all."""

OWN_GATES = ("background",)
"""Front-ends that see every picture, so that no other need decide for them."""


class _FrontEndClass(Protocol):
    about: str
    planes: int
    mirror: Mirror

    def __call__(self, settings: object, zones: Sequence[ZoneSettings]) -> FrontEnd: ...


def names() -> tuple[str, ...]:
    """The names that can be asked for, in the order of the registry."""
    return tuple(FRONTENDS)


def gate_of(name: str) -> str:
    """The front-end that decides for another one whether anything moves."""
    return name if name in OWN_GATES else GATE


def choices() -> tuple[str, ...]:
    """The names with their presets, as `flow` and `flow:best`; the default one has no colon."""
    found: list[str] = []
    for name in FRONTENDS:
        presets: tuple[str, ...] = getattr(_class(name), "presets", ())
        found += [name, *(f"{name}:{preset}" for preset in presets[1:])]
    return tuple(found)


def choice_of(settings: AnalysisSettings) -> str:
    """Which of `choices` the settings stand for."""
    name = settings.frontend
    presets: tuple[str, ...] = getattr(_class(name), "presets", ())
    preset = getattr(getattr(settings, name), "preset", None)
    return f"{name}:{preset}" if preset in presets[1:] else name


def chosen(settings: AnalysisSettings, choice: str) -> AnalysisSettings:
    """The settings with another of `choices`: a name alone stands for its default preset.

    Raises
    ------
    SettingsError
        There is no such front-end, or it has no such preset.
    """
    name, colon, preset = choice.partition(":")
    presets: tuple[str, ...] = getattr(_class(name), "presets", ())
    if colon and preset not in presets:
        has = f"one of {', '.join(presets)}" if presets else "none"
        raise SettingsError(f"{name} has no preset {preset!r}, but {has}")
    changes: dict[str, object] = {"frontend": name}
    if presets:
        changes[name] = getattr(settings, name).model_copy(update={"preset": preset or presets[0]})
    return settings.model_copy(update=changes)


def about_choice(choice: str) -> str:
    """What one of `choices` is for, in a line.

    Raises
    ------
    SettingsError
        There is no such front-end.
    """
    name, _, preset = choice.partition(":")
    more: dict[str, str] = getattr(_class(name), "about_presets", {})
    return f"{about(name)}: {more[preset]}" if preset in more else about(name)


def about(name: str) -> str:
    """What a front-end is for, in a line.

    Raises
    ------
    SettingsError
        There is none of that name.
    """
    return _class(name).about


def check(name: str) -> None:
    """Refuse a name that is none.

    Raises
    ------
    SettingsError
        There is no front-end of that name.
    """
    if name not in FRONTENDS:
        raise SettingsError(f"there is no front-end {name!r}: choose from {', '.join(FRONTENDS)}")


def make(name: str, settings: AnalysisSettings) -> FrontEnd:
    """The front-end called `name`, with its own part of the settings, and the zones.

    Raises
    ------
    SettingsError
        There is none of that name.
    """
    return _class(name)(getattr(settings, name), settings.zones)


def brings_people(name: str) -> bool:
    """Whether what a front-end sees are people, so that nobody else need look for them.

    Raises
    ------
    SettingsError
        There is no front-end of that name.
    """
    return getattr(_class(name), "brings_people", False)


def needs_vectors(name: str) -> bool:
    """Whether a front-end looks at what an encoder said, which its source has to be asked for.

    Raises
    ------
    SettingsError
        There is no front-end of that name.
    """
    return getattr(_class(name), "needs_vectors", False)


def representation(name: str) -> Representation:
    """What a network that is trained on the maps of this front-end sees.

    Raises
    ------
    SettingsError
        There is no front-end of that name.
    """
    frontend = _class(name)
    version = getattr(frontend, "maps_version", 1)
    return Representation(
        name, planes=frontend.planes, mirror=frontend.mirror, going=True, version=version
    )


def road_of(representation: Representation) -> str:
    """The front-end behind which a network is used where nobody has chosen one: its own, or, for
    one that sees pictures, the cheap one."""
    return GATE if representation.is_picture else representation.frontend


def _class(name: str) -> _FrontEndClass:
    check(name)
    module, _, attribute = FRONTENDS[name].partition(":")
    # The registry is data: its classes are held to the protocol by the contract tests.
    return cast(_FrontEndClass, getattr(importlib.import_module(module), attribute))
