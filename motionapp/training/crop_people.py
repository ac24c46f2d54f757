"""Draws who is seen in a crop: looks, gait, clothes, what is carried, who walks beside.

How they are seen is `crop_views`'. Variety of gait and of what is carried is worth more than
surfaces: it is what differs between the few people of a data set and everybody else.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import numpy as np

from motionapp.scenes.crop import Actor
from motionapp.scenes.outline import drawn_colour
from motionapp.scenes.people.body import Body, Garment
from motionapp.scenes.people.carriage import Carriage, Hold
from motionapp.scenes.people.carried import Load, LoadKind
from motionapp.scenes.people.performance import REGISTRY, Performance
from motionapp.scenes.people.style import Style

Generator = np.random.Generator

WALKING: Final = (0.25, 1.1)
"""Body heights per second; people on three streets were seen to walk at 0.38 to 0.60 (median)."""
FREE_WALK: Final = REGISTRY["walk"].stride / REGISTRY["walk"].period_s
"""Body heights per second at the figures' usual stride and tempo: 0.70."""
RUNNING: Final = (1.0, 2.2)
"""Body heights per second: from jogging, 1.8 m/s, to running for a bus, 3.9."""
FREE_RUN: Final = REGISTRY["run"].stride / REGISTRY["run"].period_s
"""Body heights per second at the figures' usual stride and tempo: 1.28."""
TURNING: Final = 0.25
"""Share of those on their way who go round a bend: of the steps of a day, 8 to 50 % are turns
(Glaister et al., "Video task analysis of turning during activities of daily living", 2007)."""
FASTEST_TURN_DEG_S: Final = 120.0
"""As people turn in a street or a room (El-Gohary et al., "Continuous monitoring of turning in
patients with movement disability", 2014: healthy people's peak is about as fast)."""
SHORTEST_TURN: Final = 0.25
"""Steps of a turn, over those of who goes straight on: from hardly any shorter down to turning
nearly on the spot. A choice, not a measurement."""
ANY_SIDE: Final = 0.75
"""Share of people whose heading is any; the others are seen as people film each other."""

_ARMS_FREE: Final = ("walk", "run", "stand", "turn", "look", "shuffle")
"""Movements that are the same with a hand in the pocket."""
_HOLDS: Final[tuple[Hold, ...]] = ("pocket", "telephone", "screen", "strap", "still", "folded")
_BY_HAND: Final[tuple[LoadKind, ...]] = ("shopping", "shopping", "trolley", "box", "umbrella")
_DARK: Final = 0.6
"""Share of people in dark clothes, of trousers a little more: streets are brighter than these."""
_ON_BODY: Final[tuple[LoadKind, ...]] = ("rucksack", "satchel")


def drawn_actor(action: str, person: Generator, today: Generator) -> Actor:
    """Somebody who does a movement, from any side.

    Parameters
    ----------
    action : str
        A key of `REGISTRY`.
    person : numpy.random.Generator
        Decides looks and the person's own way of moving.
    today : numpy.random.Generator
        Decides how it is done this time, and where to.
    """
    body = _dressed(Body.random(person), person)
    act = _paced(Performance.random(action, person), person, today)
    carriage, loads = _burdened(action, person, today)
    since_s = float(today.uniform(0.0, 4.0))
    if action == "bend":  # from the beginning on: nobody bends for ever
        since_s = float(today.uniform(0.15, 0.9)) * act.period_s
    turn = 0.0
    if act.speed and today.random() < TURNING:
        turn = float(today.uniform(-FASTEST_TURN_DEG_S, FASTEST_TURN_DEG_S))
        # Who turns takes shorter steps, and not fewer: some turn nearly on the spot.
        shorter = act.style.amplitude * float(today.uniform(SHORTEST_TURN, 1.0))
        act = replace(act, style=replace(act.style, amplitude=shorter))
    return Actor(body, act, since_s, carriage=carriage, loads=loads, turn_deg_s=turn)


def companion(first: Actor, person: Generator, today: Generator) -> Actor:
    """A second person: beside the first and on the same way, or passing, or standing about."""
    lot = today.random()
    is_together = lot < 0.5 and first.act.action == "walk"
    # Beside somebody who waves, a walker would be most of what moves.
    passes = lot < (0.8 if first.act.speed else 0.25)
    action = "walk" if passes else str(today.choice(["stand", "look", "gesture", "shuffle"]))
    other = drawn_actor(action, person, today)
    act = other.act
    if is_together:
        style = replace(
            act.style, tempo=first.act.style.tempo * float(today.normal(1.0, 0.04)),
            amplitude=first.act.style.amplitude * float(today.normal(1.0, 0.04)),
        )  # fmt: skip
        act = replace(act, style=style, heading_deg=first.act.heading_deg)
    away_m = float(today.uniform(0.45, 0.9) if is_together else today.uniform(0.6, 2.2))
    angle = float(today.uniform(0.0, 2 * math.pi))
    if is_together:
        angle = math.radians(act.heading_deg + (90.0 if today.random() < 0.5 else -90.0))
    place = math.sin(angle) * away_m, math.cos(angle) * away_m
    turn = first.turn_deg_s if is_together else other.turn_deg_s
    return replace(other, act=act, place_m=place, turn_deg_s=turn)


def _dressed(body: Body, rng: Generator) -> Body:
    """More coats, skirts and wide trousers than in front of a wall in summer; children, too."""
    garments: tuple[Garment, ...] = ("shirt", "jacket", "coat", "skirt")
    garment = garments[int(rng.choice(4, p=[0.32, 0.30, 0.24, 0.14]))]
    is_child = rng.random() < 0.07
    top, trousers = body.top, body.trousers
    if rng.random() < _DARK:
        top = drawn_colour(rng, 14, 66)
    if rng.random() < _DARK + 0.1:
        trousers = drawn_colour(rng, 14, 72)
    return replace(
        body,
        garment=garment,
        top=top,
        trousers=trousers,
        hem=float(rng.uniform(0.2, 1.0)),
        long_sleeves=body.long_sleeves or garment in ("jacket", "coat"),
        bulk=float(np.clip(body.bulk + abs(rng.normal(0.0, 0.005)), 0.0, 0.025)),
        flare=float(np.clip(body.flare + abs(rng.normal(0.0, 0.006)), 0.0, 0.03)),
        stature_m=float(rng.uniform(1.05, 1.45)) if is_child else body.stature_m,
        head=body.head * (1.25 if is_child else 1.0),
    )


def _paced(act: Performance, person: Generator, today: Generator) -> Performance:
    """The pace of the person, the way of today."""
    style = act.style
    if act.action == "walk":
        style = _walking(style, person, today)
    elif act.action == "run":
        style = _running(style, person, today)
    else:
        style = replace(
            style, tempo=float(np.clip(style.tempo * today.normal(1.0, 0.07), 0.6, 1.5)),
            amplitude=float(np.clip(style.amplitude * today.normal(1.0, 0.06), 0.7, 1.3)),
        )  # fmt: skip
    style = replace(
        style, phase=float(today.random()), mirrored=style.mirrored != (today.random() < 0.5)
    )
    heading = act.heading_deg
    if today.random() < ANY_SIDE:
        heading = float(today.uniform(-180.0, 180.0))
    elif not REGISTRY[act.action].sideways and today.random() < 0.5:
        heading = -heading
    return replace(act, style=style, heading_deg=heading)


def _walking(style: Style, person: Generator, today: Generator) -> Style:
    """A stride and a tempo that together give a speed: both grow with its root, as people's do."""
    speed = float(np.clip(person.uniform(*WALKING) * today.normal(1.0, 0.06), *WALKING))
    share = speed / FREE_WALK
    amplitude = float(np.clip(math.sqrt(share) * math.exp(person.normal(0.0, 0.09)), 0.45, 1.35))
    return replace(style, amplitude=amplitude, tempo=share / amplitude)


def _running(style: Style, person: Generator, today: Generator) -> Style:
    """A stride and a tempo that together give a speed: who runs faster takes longer steps, and
    hardly more of them."""
    speed = float(np.clip(person.uniform(*RUNNING) * today.normal(1.0, 0.06), *RUNNING))
    share = speed / FREE_RUN
    amplitude = float(np.clip(share**0.75 * math.exp(person.normal(0.0, 0.09)), 0.6, 1.6))
    return replace(style, amplitude=amplitude, tempo=share / amplitude)


def _burdened(
    action: str, person: Generator, today: Generator
) -> tuple[Carriage, tuple[Load, ...]]:
    """How the person goes about it, and with what."""
    loads: list[Load] = []
    left: Hold = "free"
    right: Hold = "free"
    if today.random() < 0.35:
        kind = _ON_BODY[int(today.integers(len(_ON_BODY)))]
        loads.append(_load(kind, today))
    if action in _ARMS_FREE:
        if today.random() < 0.45:
            right = _HOLDS[int(today.integers(len(_HOLDS)))]
            if right == "folded" or today.random() < 0.35:
                left = right
        if today.random() < 0.3:
            load = _load(_BY_HAND[int(today.integers(len(_BY_HAND)))], today)
            left, right = _holding(load, left, right)
            loads.append(load)
    swings = np.clip(person.normal(1.0, 0.3, 2), 0.2, 1.9)
    is_walk = action == "walk"
    carriage = Carriage(
        left, right,
        swing=(float(swings[0]), float(swings[1])) if is_walk else (1.0, 1.0),
        stoop_deg=float(np.clip(person.normal(2.0, 6.0), -6.0, 28.0)),
        nod_deg=float(today.normal(3.0, 8.0)),
        wide=float(np.clip(person.normal(0.005, 0.012), -0.02, 0.05)),
        lift=float(np.clip(person.normal(1.0, 0.22), 0.45, 1.6)) if is_walk else 1.0,
        limp=float(max(0.0, person.normal(-0.2, 0.35))) if is_walk else 0.0,
    )  # fmt: skip
    return carriage, tuple(loads)


def _load(kind: LoadKind, rng: Generator) -> Load:
    side = 1 if rng.random() < 0.5 else -1
    return Load(kind, drawn_colour(rng), size=float(rng.uniform(0.7, 1.3)), side=side)


def _holding(load: Load, left: Hold, right: Hold) -> tuple[Hold, Hold]:
    """What the arms do that hold a load."""
    if load.kind == "box":
        return "load", "load"
    hold: Hold = "screen" if load.kind == "umbrella" else "still"
    return (hold, right) if load.side > 0 else (left, hold)
