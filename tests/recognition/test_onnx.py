"""A model is checked before anything runs, and refused by name with a reason."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from motionapp.core.clip import MotionClip
from motionapp.core.contract import ModelContract
from motionapp.core.errors import ModelError
from motionapp.core.geometry import Box
from motionapp.core.representation import Representation
from motionapp.recognition import onnx as recognition_onnx
from motionapp.recognition.onnx import MOST_CLIPS, OnnxRecogniser, read_contract, softmax
from motionapp.resources import models_dir

CONTRACT = ModelContract(
    name="small",
    version="1",
    labels=("walk", "wave1"),
    representation=Representation("absdiff", side_px=16),
    architecture="vgg16",
)


def clip_of(channel: int, *, subject_id: int = 1, strength: float = 1.0) -> MotionClip:
    maps = np.zeros((6, 16, 16), np.float32)
    maps[channel] = strength
    return MotionClip(subject_id, 0.0, 0.48, Box(0, 0, 10, 10), maps)


def test_a_clip_is_named_by_the_output_that_answers_loudest(write_model: Any) -> None:
    recogniser = OnnxRecogniser(write_model(contract=CONTRACT))

    first, second = recogniser.classify([clip_of(0), clip_of(1, subject_id=7)])

    assert (first.label, second.label) == ("walk", "wave1")
    assert first.score == pytest.approx(1.0, abs=1e-3)
    assert (second.subject_id, second.start_s, second.end_s) == (7, 0.0, 0.48)


def test_a_model_of_before_has_no_features(write_model: Any) -> None:
    recogniser = OnnxRecogniser(write_model(contract=CONTRACT))

    assert recogniser.features(clip_of(0).maps[None]) is None


def test_no_clips_give_no_predictions(write_model: Any) -> None:
    assert OnnxRecogniser(write_model(contract=CONTRACT)).classify([]) == ()


def test_more_clips_than_one_call_takes_are_all_answered(write_model: Any) -> None:
    recogniser = OnnxRecogniser(write_model(contract=CONTRACT))
    clips = [clip_of(number % 2, subject_id=number) for number in range(2 * MOST_CLIPS + 3)]

    predictions = recogniser.classify(clips)

    assert [one.subject_id for one in predictions] == list(range(len(clips)))
    assert {one.label for one in predictions[::2]} == {"walk"}


def test_a_clip_alone_and_in_a_batch_get_the_same_answer(write_model: Any) -> None:
    recogniser = OnnxRecogniser(write_model(contract=CONTRACT))
    clips = [clip_of(number % 2, strength=0.1 * number) for number in range(5)]

    together = recogniser.classify(clips)

    assert together == tuple(recogniser.classify([clip])[0] for clip in clips)


def test_a_weak_answer_is_unknown_and_keeps_its_score(write_model: Any) -> None:
    recogniser = OnnxRecogniser(write_model(contract=replace(CONTRACT, threshold=0.6)))

    (prediction,) = recogniser.classify([clip_of(3)])

    assert prediction.label == "unknown"
    assert prediction.score == pytest.approx(0.5)


def test_a_threshold_that_is_given_goes_before_the_models_own(write_model: Any) -> None:
    path = write_model(contract=replace(CONTRACT, threshold=0.6))

    (prediction,) = OnnxRecogniser(path, threshold=0.4).classify([clip_of(3)])

    assert prediction.label == "walk"


def test_the_reject_output_declines_whatever_the_threshold(write_model: Any) -> None:
    contract = replace(CONTRACT, has_reject=True, threshold=0.0)
    recogniser = OnnxRecogniser(write_model(contract=contract))

    (prediction,) = recogniser.classify([clip_of(2)])

    assert prediction.label == "unknown"
    assert len(prediction.probabilities) == 2
    assert sum(prediction.probabilities) < 0.1


def test_a_higher_temperature_makes_answers_less_sure(write_model: Any) -> None:
    sure = OnnxRecogniser(write_model(contract=CONTRACT))
    unsure = OnnxRecogniser(write_model("warm.onnx", contract=replace(CONTRACT, temperature=10)))

    clip = clip_of(0)

    assert unsure.classify([clip])[0].score < sure.classify([clip])[0].score
    assert unsure.classify([clip])[0].label == "walk"


def test_threads_change_no_answer(write_model: Any) -> None:
    path = write_model(contract=CONTRACT)

    answers = [
        OnnxRecogniser(path, threads=threads).classify([clip_of(0, strength=0.05)])
        for threads in (1, 2)
    ]

    assert all(answer == answers[0] for answer in answers)


def test_the_digest_is_the_files(write_model: Any) -> None:
    path = write_model(contract=CONTRACT)

    assert OnnxRecogniser(path).digest == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_contract_is_read_without_loading_the_network(write_model: Any) -> None:
    path = write_model(contract=CONTRACT, outputs=5)

    assert read_contract(path) == CONTRACT


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"gone\.onnx cannot be read: No such file"):
        OnnxRecogniser(tmp_path / "gone.onnx")


def test_a_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        OnnxRecogniser(tmp_path)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_model_that_was_cut_is_refused(write_model: Any, share: float) -> None:
    path = write_model(contract=CONTRACT)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])

    with pytest.raises(ModelError, match=r"model\.onnx cannot be used: it"):
        OnnxRecogniser(path)


def test_text_renamed_to_onnx_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "text.onnx"
    path.write_text("this is no network\n" * 40)

    with pytest.raises(ModelError, match=r"text\.onnx cannot be used: it is not an ONNX file"):
        OnnxRecogniser(path)


def test_a_model_without_a_contract_is_refused(write_model: Any) -> None:
    with pytest.raises(ModelError, match="it has no contract"):
        OnnxRecogniser(write_model())


def test_a_contract_of_a_later_schema_is_refused(write_model: Any) -> None:
    path = write_model(contract=CONTRACT)
    path.write_bytes(path.read_bytes().replace(b'"schema": 2', b'"schema": 9'))

    with pytest.raises(ModelError, match="schema 9"):
        OnnxRecogniser(path)


def test_an_unknown_normalisation_is_refused(write_model: Any) -> None:
    path = write_model(contract=replace(CONTRACT, normalisation="by-moonlight"))

    with pytest.raises(ModelError, match="by-moonlight"):
        OnnxRecogniser(path)


@pytest.mark.parametrize("operator", ["If", "Loop", "NonMaxSuppression"])
def test_operators_beyond_the_allowed_are_named(write_model: Any, operator: str) -> None:
    path = write_model(contract=CONTRACT, operator=operator)

    with pytest.raises(ModelError, match=f"beyond the allowed: {operator}"):
        OnnxRecogniser(path)


def test_operators_of_others_are_refused_even_under_a_known_name(write_model: Any) -> None:
    path = write_model(contract=CONTRACT, operator="Conv", domain="com.example")

    with pytest.raises(ModelError, match=r"com\.example/Conv"):
        OnnxRecogniser(path)


def test_weights_in_another_file_are_refused(write_model: Any, tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    model = onnx.load(write_model(contract=CONTRACT))
    path = tmp_path / "outside.onnx"
    onnx.save(model, path, save_as_external_data=True, location="weights.bin", size_threshold=0)

    with pytest.raises(ModelError, match="its weights stand in another file"):
        OnnxRecogniser(path)


@pytest.mark.parametrize("worst", [np.nan, np.inf, -np.inf])
def test_weights_that_are_no_numbers_are_refused(
    write_model: Any, tmp_path: Path, worst: float
) -> None:
    """They named nonsense, and nobody was told."""
    onnx = pytest.importorskip("onnx")
    model = onnx.load(write_model(contract=CONTRACT))
    weights = onnx.numpy_helper.to_array(model.graph.initializer[0]).copy()
    weights[0, 0] = worst
    model.graph.initializer[0].CopyFrom(onnx.numpy_helper.from_array(weights, "weights"))
    path = tmp_path / "worst.onnx"
    onnx.save(model, path)

    with pytest.raises(ModelError, match="some of its weights are infinite or not a number"):
        OnnxRecogniser(path)


def test_answers_that_are_no_numbers_are_refused(write_model: Any, tmp_path: Path) -> None:
    """Each weight is a number, and their product is none."""
    onnx = pytest.importorskip("onnx")
    model = onnx.load(write_model(contract=CONTRACT))
    bias = onnx.numpy_helper.from_array(np.full(2, 3e38, np.float32), "bias")
    model.graph.initializer.append(bias)
    model.graph.node[-1].input.append("bias")
    model.graph.node[-1].attribute.append(onnx.helper.make_attribute("beta", 10.0))
    path = tmp_path / "huge.onnx"
    onnx.save(model, path)

    with pytest.raises(ModelError, match="its answers are no finite numbers"):
        OnnxRecogniser(path)


def test_a_network_that_cannot_answer_is_refused(write_model: Any, tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    model = onnx.load(write_model(contract=CONTRACT))
    half = onnx.numpy_helper.from_array(np.array([2, -1], np.int64), "half")
    model.graph.initializer.append(half)
    flatten = model.graph.node[1]
    flatten.op_type = "Reshape"
    flatten.input.append("half")
    path = tmp_path / "halved.onnx"
    onnx.save(model, path)

    with pytest.raises(ModelError, match=r"cannot be used: .*Gemm"):
        OnnxRecogniser(path)


def test_two_answers_to_one_clip_are_refused(write_model: Any, tmp_path: Path) -> None:
    """What is declared leaves their number open."""
    onnx = pytest.importorskip("onnx")
    model = onnx.load(write_model(contract=CONTRACT))
    model.graph.node[-1].output[0] = "once"
    twice = onnx.helper.make_node("Concat", ["once", "once"], ["answers"], axis=0)
    model.graph.node.append(twice)
    path = tmp_path / "twice.onnx"
    onnx.save(model, path)

    with pytest.raises(ModelError, match=r"to one clip it gives answers of shape \(2, 2\)"):
        OnnxRecogniser(path)


def test_outputs_that_the_contract_does_not_name_are_refused(write_model: Any) -> None:
    with pytest.raises(ModelError, match="its network takes and gives"):
        OnnxRecogniser(write_model(contract=CONTRACT, outputs=5))


def test_an_input_of_another_size_is_refused(write_model: Any) -> None:
    with pytest.raises(ModelError, match="its network takes and gives"):
        OnnxRecogniser(write_model(contract=CONTRACT, side_px=32))


def test_a_file_larger_than_any_model_is_not_read(
    write_model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_model(contract=CONTRACT)
    monkeypatch.setattr(recognition_onnx, "MOST_BYTES", 100)

    with pytest.raises(ModelError, match="at most 0 MB are read"):
        OnnxRecogniser(path)


def test_softmax_shares_sum_to_one_even_for_huge_answers() -> None:
    shares = softmax(np.array([[1e4, 0.0, -1e4], [1.0, 1.0, 1.0]], np.float32))

    assert shares.sum(1) == pytest.approx([1, 1])
    assert shares[1] == pytest.approx([1 / 3] * 3)


def test_the_networks_answers_are_the_same_bytes_with_features() -> None:
    """Labels, scores and probabilities of the shipped network do not depend on whether anybody
    wants to know by what clips are alike."""
    plain = OnnxRecogniser(models_dir() / "actions-absdiff-vgg16.onnx")
    shape = plain.contract.representation
    random = np.random.default_rng(1)
    maps = random.random((5, shape.channels, shape.side_px, shape.side_px), np.float32)
    clips = [MotionClip(n, 0.0, 1.0, Box(0, 0, 10, 10), one) for n, one in enumerate(maps)]

    telling = plain.giving_features()
    said_plainly, said_besides = plain.classify(clips), telling.classify(clips)

    assert said_plainly == said_besides
    assert all(one.features is None for one in said_plainly)
    assert all(one.features is not None and one.features.shape == (128,) for one in said_besides)
    assert all(not one.features.flags.writeable for one in said_besides if one.features is not None)
    assert np.array_equal(
        np.stack([one.features for one in said_besides if one.features is not None]),
        plain.features(maps),
    )


def test_a_model_without_features_gives_none_when_asked_for_them(write_model: Any) -> None:
    recogniser = OnnxRecogniser(write_model(contract=CONTRACT)).giving_features()

    (prediction,) = recogniser.classify([clip_of(0)])

    assert prediction.features is None
    assert not recogniser.has_features
