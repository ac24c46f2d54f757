"""Flicker in bands: told from bodies, and taken off."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from motionapp.core.geometry import Box
from motionapp.frontends.difference.banding import are_suspected, fit_bands, with_bands
from motionapp.gate import make_gate
from motionapp.settings import AnalysisSettings
from motionapp.testing import Mover, Stage, frames_from

STILL = Stage(size=(320, 180), sigma=1.0)


def banded(picture: np.ndarray, t_s: float, *, hz: float, waves: float) -> np.ndarray:
    rows = np.arange(len(picture))[:, None] / len(picture)
    gains = 1 + 0.12 * np.sin(2 * math.pi * (hz * t_s + waves * rows))
    return np.clip(np.rint(picture * gains), 0, 255).astype(np.uint8)


def sampled(picture: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(picture[::4, ::4])


def test_the_gain_of_every_row_is_found_and_taken_off() -> None:
    then = banded(STILL.picture(0.0), 0.0, hz=3, waves=1.5)
    now = banded(STILL.picture(0.08), 0.08, hz=3, waves=1.5)

    gains = fit_bands(sampled(then), sampled(now))

    assert are_suspected(sampled(cv2.absdiff(then, now)))
    assert gains is not None
    assert cv2.absdiff(with_bands(then, gains), now).mean() < 0.25 * cv2.absdiff(then, now).mean()


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 1.0])
def test_a_body_of_any_width_is_no_band(share: float) -> None:
    near = Mover(lambda t_s: (100 * t_s, 0), size=(round(320 * share), 180))
    stage = Stage(size=(320, 180), sigma=1.0, movers=(near,))

    assert fit_bands(sampled(stage.picture(0.0)), sampled(stage.picture(0.08))) is None


def test_pictures_of_a_few_pixels_have_no_bands() -> None:
    tiny = np.zeros((3, 2), np.uint8)

    assert not are_suspected(tiny)
    assert fit_bands(tiny, tiny) is None


@pytest.mark.parametrize(("hz", "waves"), [(3.0, 2.0), (7.0, 1.0), (1.0, 3.0)])
def test_bands_alone_give_no_region_and_a_body_among_them_is_found(hz: float, waves: float) -> None:
    body = Mover(lambda t_s: (20 + 100 * t_s, 70), size=(30, 60))
    times = [k / 25 for k in range(40)]

    found = {}
    for name, stage in (("empty", STILL), ("body", Stage(movers=(body,), sigma=1.0))):
        pictures = [banded(stage.picture(t_s), t_s, hz=hz, waves=waves) for t_s in times]
        frames = list(frames_from(pictures))
        session = make_gate(AnalysisSettings()).start(frames[0].epoch)
        found[name] = [session.step(frame).regions for frame in frames]

    assert not any(found["empty"])
    seen = 0
    for t_s, regions in list(zip(times, found["body"], strict=True))[4:]:
        truth = Box(0, 0, 30, 60).shifted(20 + 100 * t_s, 70)
        seen += any(region.box.iou(truth) > 0.3 for region in regions)
    assert seen >= 0.9 * (len(times) - 4)
