"""The settings that can be changed in the window, as their own descriptions tell. No Qt."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal, Union, get_args, get_origin

import annotated_types
from pydantic.fields import FieldInfo

from motionapp.core.errors import SettingsError
from motionapp.settings import AnalysisSettings, Settings, apply_changes
from motionapp.settings.base import SettingsModel

Kind = Literal["switch", "choice", "whole", "number", "text"]

ELSEWHERE: Final = frozenset({"frontend", "zones", "recognition.classifier"})
"""What has a place of its own in the window."""
GENERAL: Final = "general"
"""The room of what stands in none."""
MANY: Final = 1e6
"""Where a number has no end, for who needs one."""


@dataclass(frozen=True, slots=True)
class Field:
    """One setting."""

    path: str
    """Below `analysis`, with dots: ``absdiff.lag_s``."""
    about: str
    """What it is, in a sentence."""
    kind: Kind
    default: Any
    is_optional: bool = False
    """It may be unset, which says that the program chooses."""
    choices: tuple[str, ...] = ()
    low: float = -MANY
    high: float = MANY

    @property
    def room(self) -> str:
        """Where it belongs: ``absdiff``, ``events``; `GENERAL` where it stands by itself."""
        room, _, rest = self.path.partition(".")
        return room if rest else GENERAL

    @property
    def words(self) -> str:
        """Its name for people, with its unit: ``lag, seconds``."""
        name = self.path.rpartition(".")[2]
        for ending, unit in _UNITS:
            if name.endswith(ending):
                return f"{name.removesuffix(ending).replace('_', ' ')}, {unit}"
        return name.replace("_", " ")

    def matches(self, words: str) -> bool:
        """Whether all words of a search stand in its name, its room or its description."""
        said = f"{self.path} {self.words} {self.about}".casefold()
        return all(word in said for word in words.casefold().split())


_UNITS: Final = (
    ("_px_s", "px/s"), ("_s", "seconds"), ("_hz", "per second"), ("_px", "pixels"),
)  # fmt: skip


def fields() -> tuple[Field, ...]:
    """All settings of an analysis but those that stand elsewhere, in the order of their rooms."""
    return tuple(one for one in _fields(AnalysisSettings, ()) if one.path not in ELSEWHERE)


def called(key: str) -> str:
    """How the window calls a setting that has a whole key path: ``events: travel``."""
    path = key.removeprefix("analysis.")
    field = next((one for one in fields() if one.path == path), None)
    return path if field is None else f"{field.room}: {field.words}"


def value_of(settings: AnalysisSettings, field: Field) -> Any:
    """What a setting is."""
    value: Any = settings
    for part in field.path.split("."):
        value = getattr(value, part)
    return value


def with_value(settings: AnalysisSettings, path: str, value: object) -> AnalysisSettings:
    """The settings with one changed.

    Raises
    ------
    SettingsError
        It does not fit, or does not go with the others.
    """
    return with_values(settings, {path: value})


def with_values(settings: AnalysisSettings, values: dict[str, object]) -> AnalysisSettings:
    """The settings with some changed, by their paths.

    Raises
    ------
    SettingsError
        One does not fit, or does not go with the others.
    """
    tree = {f"analysis.{path}": value for path, value in values.items()}
    return apply_changes(Settings(analysis=settings), tree).analysis


def changed(settings: AnalysisSettings) -> tuple[Field, ...]:
    """Those that are not as the program would have them."""
    return tuple(one for one in fields() if value_of(settings, one) != one.default)


def why_not(settings: AnalysisSettings, path: str, value: object) -> str:
    """Why a setting cannot be changed so; empty where it can."""
    try:
        with_value(settings, path, value)
    except SettingsError as error:
        return str(error)
    return ""


def _fields(model: type[SettingsModel], path: tuple[str, ...]) -> Iterator[Field]:
    plain = {n: f for n, f in model.model_fields.items() if not _is_model(f.annotation)}
    for name, info in plain.items():
        field = _field(".".join((*path, name)), info)
        if field is not None:
            yield field
    for name, info in model.model_fields.items():
        annotation = info.annotation
        if isinstance(annotation, type) and issubclass(annotation, SettingsModel):
            yield from _fields(annotation, (*path, name))


def _field(path: str, info: FieldInfo) -> Field | None:
    """A setting; None for one that is no single value."""
    annotation, is_optional = _without_none(info.annotation)
    about = info.description or ""
    low, high = _bounds(info)
    if get_origin(annotation) is Literal:
        choices = tuple(str(one) for one in get_args(annotation))
        return Field(path, about, "choice", info.default, is_optional, choices)
    kinds: dict[Any, Kind] = {bool: "switch", int: "whole", float: "number", str: "text"}
    kind = kinds.get(annotation)
    if kind is None:
        return None
    return Field(path, about, kind, info.default, is_optional, low=low, high=high)


def _bounds(info: FieldInfo) -> tuple[float, float]:
    low, high = -MANY, MANY
    for one in info.metadata:
        if isinstance(one, (annotated_types.Ge, annotated_types.Gt)):
            low = float(getattr(one, "ge", getattr(one, "gt", low)))
        elif isinstance(one, (annotated_types.Le, annotated_types.Lt)):
            high = float(getattr(one, "le", getattr(one, "lt", high)))
    return low, high


def _without_none(annotation: Any) -> tuple[Any, bool]:
    """What an annotation is besides None, and whether it may be that."""
    if get_origin(annotation) in (Union, types.UnionType):
        others = [one for one in get_args(annotation) if one is not type(None)]
        if len(others) == 1:
            return others[0], True
    return annotation, False


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, SettingsModel)
