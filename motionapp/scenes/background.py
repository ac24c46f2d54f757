"""Still backgrounds: a wall or a view, ground in perspective, light and lens.

Painted once per scene and seed; slow and careful rather than fast. Nothing in it moves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.scenes.scene import Backdrop, BackdropKind

_Picture = NDArray[np.float32]
_Painter = Callable[[_Picture, int, np.random.Generator], None]


def paint_backdrop(backdrop: Backdrop, size: tuple[int, int]) -> NDArray[np.uint8]:
    """The background of a scene, uint8 of shape (h, w, 3), BGR."""
    w, h = size
    rng = np.random.default_rng([backdrop.seed, 17])
    # Painted at no less than 320 pixels' width, so that small pictures have fine texture too.
    scale = max(1.0, 360.0 / w)
    big_w, big_h = round(w * scale), round(h * scale)
    picture = np.zeros((big_h, big_w, 3), np.float32)
    line = int(np.clip(backdrop.ground, 0.2, 0.95) * big_h)
    _WALLS[backdrop.kind](picture, line, rng)
    _ground(picture, line, backdrop.kind, rng)
    _lens(picture, rng)
    picture = cv2.resize(picture, (w, h), interpolation=cv2.INTER_AREA).astype(np.float32)
    return _compressed(np.clip(picture, 0, 255).astype(np.uint8), int(rng.integers(82, 95)))


def cloud_noise(
    shape: tuple[int, int], cells: tuple[int, int], rng: np.random.Generator, *, octaves: int = 3
) -> NDArray[np.float32]:
    """Smooth noise of about -1 to 1 with `cells` (x, y) lumps in its coarsest octave."""
    h, w = shape
    total = np.zeros((h, w), np.float32)
    for octave in range(octaves):
        cx, cy = cells[0] << octave, cells[1] << octave
        grid = rng.uniform(-1, 1, (max(2, cy), max(2, cx))).astype(np.float32)
        total += cv2.resize(grid, (w, h), interpolation=cv2.INTER_CUBIC) * 0.5**octave
    return total


def _tone(rng: np.random.Generator, *choices: tuple[int, int, int]) -> NDArray[np.float32]:
    base = np.array(choices[int(rng.integers(len(choices)))], np.float32)
    return (base * rng.uniform(0.88, 1.10) + rng.normal(0, 4, 3)).astype(np.float32)


def _fill(picture: _Picture, y0: int, y1: int, tone: NDArray[np.float32]) -> None:
    picture[y0:y1] = tone


def _grain(picture: _Picture, y0: int, y1: int, rng: np.random.Generator, amount: float) -> None:
    part = picture[y0:y1]
    if part.shape[0] < 2:
        return
    fine = rng.normal(0, amount, part.shape[:2]).astype(np.float32)
    part += cv2.GaussianBlur(fine, (0, 0), 0.8)[..., None] * 1.6
    part *= 1.0 + 0.07 * cloud_noise((part.shape[0], part.shape[1]), (4, 3), rng)[..., None]


def _plain(picture: _Picture, line: int, rng: np.random.Generator) -> None:
    _fill(
        picture,
        0,
        line,
        _tone(rng, (168, 172, 176), (120, 124, 128), (196, 190, 180), (84, 90, 96)),
    )
    _grain(picture, 0, line, rng, 2.0)


def _plaster(picture: _Picture, line: int, rng: np.random.Generator) -> None:
    _fill(
        picture,
        0,
        line,
        _tone(rng, (170, 196, 208), (186, 190, 190), (150, 180, 204), (200, 206, 200)),
    )
    h, w = picture.shape[:2]
    stains = cloud_noise((line, w), (7, 4), rng, octaves=5)
    picture[:line] += 9.0 * stains[..., None]
    streaks = np.cumsum(rng.normal(0, 1, w)).astype(np.float32)
    streaks -= cv2.blur(streaks[None], (w // 6, 1))[0]
    picture[:line] -= (
        np.clip(streaks, 0, 6)[None, :, None] * np.linspace(1.5, 0.2, line)[:, None, None]
    )
    _windows(picture, line, rng, count=int(rng.integers(0, 2)))
    _fill(picture, max(0, line - h // 30), line, _tone(rng, (96, 104, 112)))
    _grain(picture, 0, line, rng, 4.0)


def _courses(
    picture: _Picture, line: int, rng: np.random.Generator, *, brick: tuple[float, float],
    tone: NDArray[np.float32], joint: NDArray[np.float32], spread: float, ragged: float,
) -> None:  # fmt: skip
    """Rows of bricks or slabs, every one in its own shade."""
    h, w = picture.shape[:2]
    _fill(picture, 0, line, joint)
    y, row = -float(rng.uniform(0, brick[1])) * h, 0
    while y < line:
        tall = brick[1] * h * float(rng.uniform(1 - ragged, 1 + ragged))
        x = -float(rng.uniform(0, brick[0])) * h
        while x < w:
            wide = brick[0] * h * float(rng.uniform(1 - 2 * ragged, 1 + 2 * ragged))
            shade = tone + np.float32(rng.normal(0, spread)) + rng.normal(0, spread / 4, 3)
            x0, y0 = round(x) + 1, round(y) + 1
            x1, y1 = round(x + wide), min(line, round(y + tall))
            if x1 > max(x0, 0) and y1 > max(y0, 0):
                picture[max(y0, 0) : y1, max(x0, 0) : x1] = shade
            x += wide
        y, row = y + tall, row + 1


def _bricks(picture: _Picture, line: int, rng: np.random.Generator) -> None:
    tone = _tone(rng, (74, 92, 150), (96, 120, 168), (110, 130, 150))
    _courses(picture, line, rng, brick=(0.075, 0.028), tone=tone, joint=_tone(rng, (160, 166, 170)),
             spread=9.0, ragged=0.02)  # fmt: skip
    _windows(picture, line, rng, count=int(rng.integers(0, 3)))
    _grain(picture, 0, line, rng, 5.0)


def _stone(picture: _Picture, line: int, rng: np.random.Generator) -> None:
    tone = _tone(rng, (176, 190, 198), (160, 178, 186), (184, 188, 196))
    _courses(picture, line, rng, brick=(0.10, 0.15), tone=tone, joint=tone - 16.0,
             spread=6.0, ragged=0.22)  # fmt: skip
    stains = cloud_noise((line, picture.shape[1]), (6, 3), rng, octaves=5)
    low = np.linspace(0.2, 1.0, line, dtype=np.float32)[:, None]
    picture[:line] -= 13.0 * (np.clip(stains, 0, 1) * low)[..., None]
    _windows(picture, line, rng, count=int(rng.integers(0, 2)))
    _grain(picture, 0, line, rng, 4.0)


def _fence(picture: _Picture, line: int, rng: np.random.Generator) -> None:
    _park(picture, line, rng)
    h, w = picture.shape[:2]
    tone = _tone(rng, (60, 88, 118), (150, 156, 160), (70, 80, 88))
    top, wide = line - int(h * rng.uniform(0.22, 0.40)), h * rng.uniform(0.022, 0.045)
    gap = wide * float(rng.uniform(1.05, 1.7))
    for rail in (0.2, 0.75):
        y = int(top + (line - top) * rail)
        picture[y : y + max(2, h // 60)] = tone * 0.8
    x = 0.0
    while x < w:
        shade = tone * float(rng.uniform(0.88, 1.1))
        picture[top + int(rng.integers(0, 3)) : line, int(x) : int(x + wide)] = shade
        picture[top:line, int(x) : int(x) + 1] *= 0.75
        x += gap
    _grain(picture, top, line, rng, 4.0)


def _park(picture: _Picture, line: int, rng: np.random.Generator) -> None:
    h, w = picture.shape[:2]
    sky = _tone(rng, (226, 206, 180), (220, 216, 210), (214, 190, 160))
    fade = np.linspace(0.92, 1.06, line, dtype=np.float32)[:, None, None]
    picture[:line] = sky * fade
    picture[:line] += (
        10.0 * np.clip(cloud_noise((line, w), (3, 3), rng, octaves=4), 0, 1)[..., None]
    )
    for layer, shade in ((0.45, 0.85), (0.7, 0.6)):
        skyline = line * (
            1.0 - layer * (0.55 + 0.3 * cloud_noise((1, w), (6, 1), rng, octaves=5)[0])
        )
        leaf = _tone(rng, (58, 104, 84), (48, 92, 70), (60, 110, 110)) * np.float32(shade)
        crown = np.arange(line)[:, None] > skyline[None]
        spots = cloud_noise((line, w), (w // 14, max(2, line // 14)), rng, octaves=3)
        picture[:line][crown] = (leaf + 20.0 * spots[..., None])[crown]
    for _ in range(int(rng.integers(1, 4))):
        x, wide = int(rng.integers(0, w)), int(h * rng.uniform(0.012, 0.03)) + 1
        picture[int(line * 0.45) : line, x : x + wide] = _tone(rng, (44, 56, 70))
    _grain(picture, 0, line, rng, 5.0)


def _street(picture: _Picture, line: int, rng: np.random.Generator) -> None:
    w = picture.shape[1]
    x = 0
    while x < w:
        wide = int(w * rng.uniform(0.25, 0.6))
        front = picture[:, x : x + wide]
        _fill(
            front,
            0,
            line,
            _tone(rng, (140, 168, 190), (150, 150, 156), (120, 150, 176), (176, 186, 190)),
        )
        _rows_of_windows(front, line, rng)
        x += wide
    _grain(picture, 0, line, rng, 4.0)


def _room(picture: _Picture, line: int, rng: np.random.Generator) -> None:
    h, w = picture.shape[:2]
    _fill(picture, 0, line, _tone(rng, (178, 196, 206), (190, 196, 186), (170, 176, 190)))
    picture[max(0, line - h // 25) : line] = _tone(rng, (216, 220, 222), (80, 100, 124))
    _windows(picture, line, rng, count=1)
    for _ in range(int(rng.integers(1, 4))):  # pictures on the wall, a cupboard, a door
        x, wide = int(rng.integers(0, w)), int(w * rng.uniform(0.06, 0.2))
        top, tall = int(line * rng.uniform(0.08, 0.5)), int(line * rng.uniform(0.15, 0.5))
        tall = line - top if rng.random() < 0.4 else min(tall, line - top)
        picture[top : top + tall, x : x + wide] = _tone(
            rng, (60, 84, 112), (110, 120, 124), (200, 204, 206)
        )
        inner = picture[top + 3 : top + tall - 3, x + 3 : x + wide - 3]
        inner *= 0.86
        if inner.size:
            inner += 14.0 * cloud_noise((inner.shape[0], inner.shape[1]), (3, 3), rng)[..., None]
    _grain(picture, 0, line, rng, 3.0)


def _windows(picture: _Picture, line: int, rng: np.random.Generator, *, count: int) -> None:
    h, w = picture.shape[:2]
    for _ in range(count):
        wide, tall = int(w * rng.uniform(0.06, 0.14)), int(line * rng.uniform(0.3, 0.5))
        x, y = int(rng.uniform(-0.3, 1.0) * w), int(line * rng.uniform(-0.15, 0.2))
        _window(picture, max(0, x), max(0, y), x + wide, y + tall, rng, max(1, h // 140))


def _rows_of_windows(front: _Picture, line: int, rng: np.random.Generator) -> None:
    h, w = front.shape[:2]
    tall, wide = int(line * rng.uniform(0.2, 0.3)), int(h * rng.uniform(0.09, 0.16))
    step_x, step_y = int(wide * rng.uniform(1.5, 2.2)), int(tall * rng.uniform(1.5, 1.9))
    for y in range(int(line * 0.06), line - tall, step_y):
        for x in range(wide // 2, w - wide, step_x):
            _window(front, x, y, x + wide, y + tall, rng, max(1, h // 120))


def _window(
    picture: _Picture, x0: int, y0: int, x1: int, y1: int, rng: np.random.Generator, frame: int
) -> None:
    if x1 - x0 <= 2 * frame or y1 - y0 <= 2 * frame:
        return
    picture[y0:y1, x0:x1] = _tone(rng, (210, 214, 216), (70, 90, 60), (60, 76, 100))
    glass = picture[y0 + frame : y1 - frame, x0 + frame : x1 - frame]
    glass[:] = _tone(rng, (84, 76, 64), (60, 56, 50), (150, 130, 110))
    if glass.size:
        fade = np.linspace(1.25, 0.8, glass.shape[0], dtype=np.float32)[:, None, None]
        glass *= fade
    middle = (x0 + x1) // 2
    picture[y0:y1, middle : middle + frame] = picture[y0, min(x0, picture.shape[1] - 1)]


def _ground(picture: _Picture, line: int, kind: BackdropKind, rng: np.random.Generator) -> None:
    """Ground that gets coarser towards the camera, as seen from a man's height."""
    h, w = picture.shape[:2]
    tall = h - line
    if tall < 2:
        return
    rows = np.arange(tall, dtype=np.float32) + 0.12 * h
    away = 0.9 * h / rows  # larger is farther
    xs = (np.arange(w, dtype=np.float32) - 0.5 * w)[None] * away[:, None]
    ys = np.repeat((away * 1.4 * h)[:, None], w, axis=1)
    lawn = kind in ("park", "fence")
    side = 512
    tile = 16.0 * cloud_noise((side, side), (48, 48), rng, octaves=3)
    tile += rng.normal(0, 9 if lawn else 5, (side, side)).astype(np.float32)
    if kind in ("room",) and rng.random() < 0.7:  # boards or tiles
        step = int(rng.choice([24, 32, 48]))
        tile[::step] -= 26
        tile[:, ::step] -= 26 if rng.random() < 0.5 else 0
    elif not lawn and rng.random() < 0.6:  # paving
        tile[:: int(rng.choice([32, 64]))] -= 22
        tile[:, :: int(rng.choice([32, 64]))] -= 22
    texture = cv2.remap(
        tile, np.mod(xs, side - 2).astype(np.float32), np.mod(ys, side - 2).astype(np.float32),
        cv2.INTER_LINEAR,
    )  # fmt: skip
    if lawn:
        tone = _tone(rng, (62, 124, 104), (56, 108, 86), (84, 140, 130))
    elif kind == "room":
        tone = _tone(rng, (84, 118, 152), (130, 140, 148), (96, 100, 110))
    else:
        tone = _tone(rng, (120, 122, 126), (140, 146, 156), (104, 110, 124), (150, 160, 166))
    fade = np.linspace(0.94, 1.05, tall, dtype=np.float32)[:, None, None]
    contrast = np.linspace(0.45, 1.0, tall, dtype=np.float32)[:, None]
    picture[line:] = tone * fade + (texture * contrast)[..., None]
    if not lawn and kind != "room":  # kerb
        y = line + int(tall * rng.uniform(0.15, 0.6))
        picture[y : y + max(1, h // 90)] *= 1.18
        picture[y + max(1, h // 90) : y + max(2, h // 50)] *= 0.72
    picture[line : line + max(1, h // 100)] *= 0.80


def _lens(picture: _Picture, rng: np.random.Generator) -> None:
    """Light that falls off to one side and to the corners, and a little softness."""
    h, w = picture.shape[:2]
    ys, xs = np.mgrid[-1 : 1 : complex(0, h), -1 : 1 : complex(0, w)].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    slope = rng.uniform(0.02, 0.10)
    light = 1.0 + slope * (xs * np.cos(angle) + ys * np.sin(angle))
    light *= 1.0 - rng.uniform(0.04, 0.14) * (xs**2 + ys**2) ** 1.2
    light *= rng.uniform(0.82, 1.06)
    picture *= light.astype(np.float32)[..., None]
    picture[:] = cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(0.6, 1.0)))


def _compressed(picture: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    done, packed = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return np.ascontiguousarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), dtype=np.uint8)


_WALLS: Final[dict[BackdropKind, _Painter]] = {
    "plain": _plain,
    "plaster": _plaster,
    "bricks": _bricks,
    "stone": _stone,
    "fence": _fence,
    "park": _park,
    "street": _street,
    "room": _room,
}
