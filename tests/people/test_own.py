"""A user's own pose network: each known kind is decoded, and anything else is one sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.errors import ModelError
from motionapp.people.opened import open_networks
from motionapp.people.own.opening import open_own

onnx = pytest.importorskip("onnx")

Writer = Callable[..., Path]
Floats = NDArray[np.float32]


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    """A writer of graphs that answer the same whatever they are shown."""
    from onnx import TensorProto, helper, numpy_helper

    def written(
        answers: list[Floats],
        *,
        size: tuple[object, object] = (640, 640),
        planes: int = 3,
        really: tuple[int, int] | None = None,
    ) -> Path:
        nodes = [
            helper.make_node("Reshape", ["picture", "form"], ["same"]),
            helper.make_node("ReduceMean", ["same"], ["mean"], keepdims=0),
            helper.make_node("Mul", ["mean", "zero"], ["nothing"]),
        ]
        form = (-1,) if really is None else (1, planes, really[1], really[0])
        weights = [
            numpy_helper.from_array(np.zeros((), np.float32), "zero"),
            numpy_helper.from_array(np.array(form, np.int64), "form"),
        ]
        outputs = []
        for k, answer in enumerate(answers):
            weights.append(numpy_helper.from_array(answer.astype(np.float32), f"answer{k}"))
            nodes.append(helper.make_node("Add", [f"answer{k}", "nothing"], [f"out{k}"]))
            outputs.append(
                helper.make_tensor_value_info(f"out{k}", TensorProto.FLOAT, answer.shape)
            )
        shown = helper.make_tensor_value_info(
            "picture", TensorProto.FLOAT, [1, planes, size[1], size[0]]
        )
        graph = helper.make_graph(nodes, "own", [shown], outputs, weights)
        opsets = [helper.make_opsetid("", 17)]
        path = tmp_path / "own.onnx"
        onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=10), path)
        return path

    return written


def body() -> Floats:
    """17 points x, y, score of somebody at x 200 to 300 and y 100 to 300 of 640 pixels."""
    points = np.zeros((17, 3), np.float32)
    points[:, 0] = np.linspace(200, 300, 17)
    points[:, 1] = np.linspace(100, 300, 17)
    points[:, 2] = 0.8
    return points


def yolo_answer() -> Floats:
    """One person, a double of them, and nobody."""
    column = np.concatenate(([250, 200, 100, 200, 0.9], body().ravel()))
    double = column.copy()
    double[0], double[4] = 254, 0.7
    nobody = np.zeros(56)
    return np.stack((nobody, double, column), axis=1)[np.newaxis].astype(np.float32)


def check(rows: Floats) -> None:
    """The person of `body`, in shares of a picture of 640 by 320."""
    assert rows.shape == (1, 56)
    np.testing.assert_allclose(
        rows[0, 51:55], [100 / 320, 200 / 640, 300 / 320, 300 / 640], atol=1e-5
    )
    points = rows[0, :51].reshape(17, 3)
    np.testing.assert_allclose(points[0], [100 / 320, 200 / 640, 0.8], atol=1e-5)
    np.testing.assert_allclose(points[16], [300 / 320, 300 / 640, 0.8], atol=1e-5)
    assert rows[0, 55] == pytest.approx(0.9)


WIDE = np.zeros((320, 640, 3), np.uint8)


def test_yolo_pose_gives_each_person_once_in_shares_of_the_picture(write: Writer) -> None:
    people, _ = open_own(write([yolo_answer()]))

    assert people is not None
    check(people.persons(WIDE))


def test_yolo_pose_without_doubles_of_its_own_is_read_by_rows(write: Writer) -> None:
    row = np.concatenate(([200, 100, 300, 300, 0.9, 0], body().ravel()))

    people, _ = open_own(write([np.stack((row, np.zeros(57)))[np.newaxis]]))

    assert people is not None
    check(people.persons(WIDE))


@pytest.mark.parametrize("is_points_first", [False, True])
def test_rtmo_gives_boxes_and_points_in_either_order(write: Writer, is_points_first: bool) -> None:
    boxes = np.array([[[200, 100, 300, 300, 0.9], [0, 0, 0, 0, 0]]])
    points = np.stack((body(), np.zeros((17, 3))))[np.newaxis]

    people, _ = open_own(write([points, boxes] if is_points_first else [boxes, points]))

    assert people is not None
    check(people.persons(WIDE))


def test_rtmpose_reads_the_highest_bin_across_and_down(write: Writer) -> None:
    across, down = np.zeros((1, 17, 384)), np.zeros((1, 17, 512))
    across[0, :, 96], down[0, :, 384] = 0.7, 0.9

    people, points = open_own(write([across, down], size=(192, 256)))

    assert people is None
    assert points.size == (192, 256)
    found = points.points(np.zeros((256, 192, 3), np.uint8))
    np.testing.assert_allclose(found, [[384 / 512, 96 / 384, 0.7]] * 17, atol=1e-6)


def test_the_points_of_one_person_come_from_a_look_at_them(write: Writer) -> None:
    _, points = open_own(write([yolo_answer()]))

    found = points.points(np.zeros((640, 640, 3), np.uint8))

    np.testing.assert_allclose(found[0], [100 / 640, 200 / 640, 0.8], atol=1e-5)


def test_a_network_of_any_size_is_shown_pictures_as_they_are(write: Writer) -> None:
    people, _ = open_own(write([yolo_answer()], size=("w", "h")))

    assert people is not None
    check(people.persons(WIDE))


def test_a_network_of_which_one_side_is_free_is_shown_a_square(write: Writer) -> None:
    people, points = open_own(write([yolo_answer()], size=("w", 640)))

    assert people is not None
    assert points.size == (640, 640)
    check(people.persons(WIDE))


@pytest.mark.parametrize("really", [(192, 192), (192, 256), (640, 640)])
def test_a_network_that_only_says_that_it_takes_any_size_is_refused_before_the_first_frame(
    write: Writer, really: tuple[int, int], capfd: pytest.CaptureFixture[str]
) -> None:
    path = write([yolo_answer()], size=("w", "h"), really=really)

    with pytest.raises(ModelError, match=r"own\.onnx cannot be run") as refused:
        open_own(path)

    assert "\n" not in str(refused.value)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("at", [0, 4, 5, 7, 55])
def test_who_is_told_without_numbers_is_nobody(write: Writer, wrong: float, at: int) -> None:
    answer = yolo_answer()
    answer[0, at, 1:] = wrong

    people, points = open_own(write([answer]))

    assert people is not None
    rows, found = people.persons(WIDE), points.points(np.zeros((640, 640, 3), np.uint8))
    assert np.isfinite(rows).all()
    assert np.isfinite(found).all()


def test_a_point_far_outside_of_the_picture_stays_near_it(write: Writer) -> None:
    answer = yolo_answer()
    answer[0, 5, 1:] = 1e30

    people, _ = open_own(write([answer]))

    assert people is not None
    assert people.persons(WIDE)[0, 1] == 2.0


def test_bins_without_numbers_are_a_point_that_is_not_seen(write: Writer) -> None:
    across, down = np.full((1, 17, 384), np.nan), np.zeros((1, 17, 512))

    _, points = open_own(write([across, down], size=(192, 256)))

    found = points.points(np.zeros((256, 192, 3), np.uint8))
    assert np.isfinite(found).all()
    assert not found[:, 2].any()


def test_a_file_that_has_gone_meanwhile_ends_nothing(write: Writer) -> None:
    path = write([yolo_answer()])
    before = open_networks(str(path))
    path.unlink()

    assert open_networks(str(path)) is before


def test_rtmpose_is_followed_with_the_shipped_search(write: Writer) -> None:
    answers = [np.zeros((1, 17, 384)), np.zeros((1, 17, 512))]
    path = write(answers, size=(192, 256))

    networks = open_networks(str(path))

    assert networks.points.size == (192, 256)
    assert type(networks.people).__name__ == "MultiPose"
    assert len(networks.digest) == 64


@pytest.mark.parametrize(
    "answers",
    [
        [np.zeros((1, 84, 8400))],
        [np.zeros((1, 1000))],
        [np.zeros((1, 39, 8400))],
        [np.zeros((1, 13, 384)), np.zeros((1, 13, 512))],
        [np.zeros((1, 10, 5)), np.zeros((1, 10, 133, 3))],
        [np.zeros((1, 10, 5)), np.zeros((1, 9, 17, 3))],
        [np.zeros((1, 56, 8400)), np.zeros((1, 32, 160, 160))],
    ],
)
def test_other_answers_are_refused_with_the_kinds_that_are_known(
    write: Writer, answers: list[Floats]
) -> None:
    with pytest.raises(ModelError, match=r"own\.onnx answers .* none of YOLO-pose") as refused:
        open_own(write(answers))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("size", "planes"),
    [((640, 640), 1), (("w", "h"), 4), ((0, 0), 3), ((7, 640), 3), ((640, 10**6), 3)],
)
def test_another_input_is_refused(write: Writer, size: tuple[object, object], planes: int) -> None:
    with pytest.raises(ModelError, match="one picture 1 x 3 x height x width"):
        open_own(write([yolo_answer()], size=size, planes=planes))


@pytest.mark.parametrize("content", [b"", b"no network", None])
def test_a_file_that_is_no_network_is_refused_by_name(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "own.onnx"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(ModelError, match=r"pose network .*own\.onnx cannot be read"):
        open_own(path)
    with pytest.raises(ModelError, match="is no file"):
        open_own(tmp_path)


def test_a_network_cut_in_half_is_refused_by_name(write: Writer) -> None:
    path = write([yolo_answer()])
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])

    with pytest.raises(ModelError, match=r"own\.onnx"):
        open_own(path)
