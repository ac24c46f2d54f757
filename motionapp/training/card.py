"""The card beside a model: what it is for, what it has seen, how well it does, how it was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from motionapp.core.contract import ModelContract


def card(contract: ModelContract, *, file_name: str, sha256: str, command: str) -> str:
    """A model's card in Markdown.

    Parameters
    ----------
    contract : ModelContract
        Its recipe holds `data`, `training` and `terms`, its metrics what was measured.
    file_name : str
    sha256 : str
        Of the model file, as hex.
    command : str
        The line that makes the model.
    """
    shape, recipe = contract.representation, contract.recipe
    parts = [
        f"# {file_name}",
        f"Names {len(contract.labels)} movements: {', '.join(contract.labels)}"
        + ("; and says `unknown` of what is none of them." if contract.has_reject else "."),
        _table(
            {
                "front-end": shape.frontend,
                "architecture": f"{contract.architecture}, width {recipe['training']['width']}",
                "input": f"{shape.channels} × {shape.side_px} × {shape.side_px}: {shape.steps} "
                f"maps, {shape.grid_s:g} s apart, of two pictures {shape.lag_s:g} s apart",
                "scope": shape.scope,
                "told beside the maps": "how the body goes" if shape.going else "nothing",
                "pictures a second": f"{shape.slowest_hz:g} at least; below, nothing is named"
                if shape.slowest_hz
                else "not stated",
                "prior": contract.prior,
                "precision": contract.metrics.get("precision", "float32"),
                "temperature, threshold": f"{contract.temperature:g}, {contract.threshold:g}",
                "made by": f"motionapp {contract.version}",
                "SHA-256": sha256,
            }
        ),
        "## What it has seen",
        _data(recipe.get("data", ()), recipe["training"]),
        "## How well it does",
        _metrics(contract.metrics),
        "## How it was made",
        f"```\n{command}\n```",
        _table(_flat(recipe["training"])),
    ]
    return "\n\n".join(parts) + "\n"


def _data(sets: Sequence[Mapping[str, Any]], training: Mapping[str, Any]) -> str:
    lines = [
        f"- `{one['name']}`: {one['recordings']} recordings"
        + (f" with {one['stretches']} stretches" if one.get("stretches") else "")
        + f" in {one['groups']} groups, "
        + (f"without {one['unreadable']} that cannot be read, " if one.get("unreadable") else "")
        + f"SHA-256 {one['sha256']}. Terms: {one['terms']}"
        for one in sets
    ]
    if training["rendered"]:
        lines.append(
            f"- {training['rendered']} rendered figures, each doing every movement once: made by "
            "this program, no terms."
        )
    if training.get("crops"):
        lines.append(
            f"- {training['crops']} rendered people from any side for every movement, each seen "
            "once: made by this program, no terms."
        )
        if training.get("backgrounds"):
            lines.append(
                "- Empty pictures that half of these people stand before, SHA-256 "
                f"{training['backgrounds']}. Terms: as of the recordings."
            )
    if training["clutter"]:
        lines.append(
            f"- {training['clutter']} rendered scenes of things, weather, other gestures and "
            "stillness, learnt as `unknown`: made by this program, no terms."
        )
    return "\n".join(lines)


def _metrics(metrics: Mapping[str, Any]) -> str:
    lines = [f"- {name.replace('_', ' ')}: {value}" for name, value in metrics.items()]
    return "\n".join(lines) if lines else "Nothing was held out, so nothing was measured."


def _flat(training: Mapping[str, Any]) -> dict[str, Any]:
    """A recipe with what stands below a name behind it, and no list."""
    flat: dict[str, Any] = {}
    for name, value in training.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}: {below}": one for below, one in value.items()}
        else:
            flat[name] = ", ".join(map(str, value)) if isinstance(value, list) else value
    return flat


def _table(values: Mapping[str, Any]) -> str:
    rows = [f"| {name.replace('_', ' ')} | {value} |" for name, value in values.items()]
    return "\n".join(["| | |", "| --- | --- |", *rows])
