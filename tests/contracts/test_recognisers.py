"""What every recogniser promises, whatever it makes of a clip."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from motionapp.core.clip import MotionClip
from motionapp.core.contract import ModelContract
from motionapp.core.geometry import Box
from motionapp.core.representation import Representation
from motionapp.core.seams import Recogniser
from motionapp.recognition.onnx import OnnxRecogniser
from motionapp.training.gather import Collector, wanting

SHAPE = Representation("absdiff", side_px=16)
LABELS = ("run", "walk", "wave1")
Make = Callable[[Any], Recogniser]


def of_network(write_model: Any, *, has_reject: bool) -> Recogniser:
    contract = ModelContract("small", "1", LABELS, SHAPE, "vgg16", has_reject=has_reject)
    return OnnxRecogniser(write_model(contract=contract))


MAKERS: dict[str, Make] = {
    "network": lambda write_model: of_network(write_model, has_reject=False),
    "network with a reject output": lambda write_model: of_network(write_model, has_reject=True),
    "collector": lambda write_model: Collector(wanting(SHAPE)),
    "collector that asks": lambda write_model: _asking(of_network(write_model, has_reject=True)),
}


def _asking(asked: Recogniser) -> Recogniser:
    return Collector(asked.contract, asked)


@pytest.fixture(params=MAKERS)
def recogniser(request: pytest.FixtureRequest, write_model: Any) -> Recogniser:
    return MAKERS[request.param](write_model)


def clips(count: int) -> list[MotionClip]:
    drawing = np.random.default_rng(count)
    return [
        MotionClip(
            subject_id=number + 1,
            start_s=0.16 * number,
            end_s=0.16 * number + 0.48,
            box=Box(0, 0, 20 + number, 20 + number),
            maps=drawing.random((6, 16, 16), dtype=np.float32),
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("count", [0, 1, 7, 40])
def test_every_clip_gets_one_prediction_in_order(recogniser: Recogniser, count: int) -> None:
    asked = clips(count)

    predictions = recogniser.classify(asked)

    assert [(one.subject_id, one.start_s, one.end_s) for one in predictions] == [
        (clip.subject_id, clip.start_s, clip.end_s) for clip in asked
    ]


def test_labels_and_probabilities_are_the_contracts(recogniser: Recogniser) -> None:
    labels = recogniser.contract.labels

    for prediction in recogniser.classify(clips(7)):
        assert prediction.label in (*labels, "unknown")
        assert len(prediction.probabilities) == len(labels)
        assert all(0 <= share <= 1 for share in prediction.probabilities)
        assert sum(prediction.probabilities) <= 1 + 1e-5
        assert prediction.score == max(prediction.probabilities)


def test_the_same_clips_get_the_same_answers_alone_or_together(recogniser: Recogniser) -> None:
    asked = clips(7)

    together = recogniser.classify(asked)

    assert together == recogniser.classify(asked)
    assert together == tuple(recogniser.classify([clip])[0] for clip in asked)


def test_clips_are_left_as_they_were(recogniser: Recogniser) -> None:
    asked = clips(3)
    before = [clip.maps.copy() for clip in asked]
    for clip in asked:
        clip.maps.flags.writeable = False

    recogniser.classify(asked)

    for clip, maps in zip(asked, before, strict=True):
        np.testing.assert_array_equal(clip.maps, maps)
