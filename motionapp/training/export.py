"""Writes a trained network as ONNX, in 8 bits where that says the same."""

from __future__ import annotations

import io
import logging
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import nn

from motionapp.core.contract import FEATURES, GOING
from motionapp.ort import onnxruntime, quantization
from motionapp.recognition.going import NUMBERS, numbers_of
from motionapp.training.architectures import ClipNetwork
from motionapp.training.fit import answers_of
from motionapp.training.task import Task
from motionapp.training.windows import Windows

LEAST_AGREEMENT = 0.99
"""An 8-bit network must choose the same output as PyTorch's for this share of windows. It is a
quarter as large, and as a rule faster: a stopwatch on a busy machine has no say in it."""
LOOKED_AT = 4000
"""At most so many windows are compared."""
CALIBRATED_ON = 512
"""Windows from which the quantiser learns the range of every layer."""
INPUT, OUTPUT = "clips", "answers"
Fed = dict[str, NDArray[np.float32]]
"""A batch of what a network takes, by the names of its inputs."""


@dataclass(frozen=True, slots=True, eq=False)
class Exported:
    """A network as an ONNX file's content, and how it compares."""

    content: bytes
    precision: str
    """`int8` or `float32`."""
    agreement: float
    """Share of windows for which it chooses the same output as PyTorch's."""
    int8_agreement: float

    def figures(self) -> dict[str, Any]:
        """What the model's contract says about it."""
        return {
            "precision": self.precision,
            "agreement_with_pytorch": round(self.agreement, 5),
            "int8_agreement": round(self.int8_agreement, 5),
            "compared_windows": LOOKED_AT,
        }


@dataclass(frozen=True, slots=True, eq=False)
class Forms:
    """A network as ONNX in 32 and in 8 bits, and how often each chooses the same output as
    PyTorch's."""

    float32: bytes
    int8: bytes
    float32_agreement: float
    """Share of the windows compared, 0 to 1."""
    int8_agreement: float

    @property
    def precision(self) -> str:
        """Which of them is a model: `int8` where that is good enough, else `float32`."""
        return "int8" if self.int8_agreement >= LEAST_AGREEMENT else "float32"


def export(network: ClipNetwork, task: Task, *, seed: int) -> Exported:
    """The 8-bit network, or the 32-bit one where 8 bits are too few.

    Parameters
    ----------
    network : ClipNetwork
        Trained.
    task : Task
        What it was trained on: its windows set the 8-bit ranges and are compared.
    seed : int
        Chooses among the windows where there are many.
    """
    forms = forms_of(network, task, seed=seed)
    is_small = forms.precision == "int8"
    return Exported(
        content=forms.int8 if is_small else forms.float32,
        precision=forms.precision,
        agreement=forms.int8_agreement if is_small else forms.float32_agreement,
        int8_agreement=forms.int8_agreement,
    )


def forms_of(network: ClipNetwork, task: Task, *, seed: int, looked_at: int = LOOKED_AT) -> Forms:
    """A network in both precisions; see `export`. At most `looked_at` windows are compared."""
    order = np.random.default_rng(seed).permutation(len(task.windows))
    compared = task.windows.of(order[:looked_at])
    plain, small = written(network, task, order[:CALIBRATED_ON])
    told = task.representation.going
    truth = answers_of(network, compared).argmax(1)
    agreements = [
        float(np.mean(_answers(content, batches(compared, told=told)).argmax(1) == truth))
        for content in (plain, small)
    ]
    return Forms(plain, small, *agreements)


def written(network: ClipNetwork, task: Task, rows: NDArray[np.int64]) -> tuple[bytes, bytes]:
    """A network as ONNX in 32 and in 8 bits, whose ranges come from some of the task's windows."""
    plain = to_onnx(network, task)
    examples = batches(task.windows.of(rows), told=task.representation.going)
    return plain, quantised(plain, examples)


class _WithFeatures(nn.Module):
    """A network that also gives what its last layer decides by."""

    def __init__(self, network: ClipNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, clips: torch.Tensor, going: torch.Tensor | None = None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Answers and features."""
        features = self.network.embed(clips, going)
        return self.network.head(features), features


def to_onnx(network: ClipNetwork, task: Task) -> bytes:
    """A network as ONNX with 32-bit weights, for any number of clips."""
    shape = task.representation
    # Two clips, not one: the exporter would take a batch of one for a constant.
    example = [torch.zeros(2, shape.channels, shape.side_px, shape.side_px)]
    example += [torch.zeros(2, NUMBERS)] if shape.going else []
    count = torch.export.Dim("count")
    with _quiet_exporter(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's own deprecations; nothing for users
        program = torch.onnx.export(
            _WithFeatures(network).eval(),
            tuple(example),
            dynamo=True,
            external_data=False,
            input_names=[INPUT, GOING][: len(example)],
            output_names=[OUTPUT, FEATURES],
            dynamic_shapes=({0: count},) * len(example),
            verbose=False,
        )
        buffer = io.BytesIO()
        program.save(buffer, external_data=False)
    model = onnx.load_from_string(buffer.getvalue())
    _forget_where_it_was_made(model)
    written: bytes = model.SerializeToString(deterministic=True)
    return written


def quantised(content: bytes, examples: Iterator[Fed]) -> bytes:
    """An ONNX network in 8 bits: unsigned activations, signed weights for every channel.

    Notes
    -----
    Weights use 7 of their 8 bits: on processors without VNNI, products of full 8-bit numbers
    overflow their 16-bit sums, and a model is made once for all of them. The first convolution
    and the heads stay as they are: the one sees few channels and gains no speed, the others'
    answers are compared with each other.
    """
    quantiser = quantization()
    logging.getLogger().addFilter(_is_not_quantiser_chatter)
    try:
        with tempfile.TemporaryDirectory() as folder:
            plain, prepared, small = (
                Path(folder) / name for name in ("plain.onnx", "prepared.onnx", "small.onnx")
            )
            plain.write_bytes(content)
            quantiser.quant_pre_process(plain, prepared)
            quantiser.quantize_static(
                prepared,
                small,
                _Examples(examples),
                quant_format=quantiser.QuantFormat.QDQ,
                activation_type=quantiser.QuantType.QUInt8,
                weight_type=quantiser.QuantType.QInt8,
                per_channel=True,
                reduce_range=True,
                nodes_to_exclude=_ends(prepared),
            )
            return small.read_bytes()
    finally:
        logging.getLogger().removeFilter(_is_not_quantiser_chatter)


def _ends(path: Path) -> list[str]:
    """The names of a network's first convolution, and of its heads: what reads the features."""
    nodes = onnx.load(path).graph.node
    convolutions = [node.name for node in nodes if node.op_type == "Conv"]
    heads = [n.name for n in nodes if n.op_type in ("Gemm", "MatMul") and FEATURES in n.input]
    return convolutions[:1] + heads


class _Examples:
    """Gives the quantiser its examples in batches; the shape of its interface is onnxruntime's."""

    def __init__(self, batches: Iterator[Fed]) -> None:
        self._batches = batches

    def get_next(self) -> Fed | None:
        """The next batch; None when there is none."""
        return next(self._batches, None)


def batches(windows: Windows, *, told: bool) -> Iterator[Fed]:
    """What a network is fed, which may be told how bodies go."""
    for first in range(0, len(windows), 64):
        chosen = slice(first, first + 64)
        going = {GOING: numbers_of(windows.goings[chosen])} if told else {}
        yield {INPUT: windows.numbers(chosen), **going}


@contextmanager
def _quiet_exporter() -> Iterator[None]:
    """The exporter misses torchvision, and with `--verbose` tells of every node it looks at."""
    loggers = [logging.getLogger(name) for name in ("torch.onnx", "onnxscript", "onnx_ir")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _is_not_quantiser_chatter(record: logging.LogRecord) -> bool:
    """onnxruntime's quantiser advises on the root logger what has been done already."""
    return "quantization" not in str(record.msg).lower()


def _forget_where_it_was_made(model: Any) -> None:
    """The exporter writes stack traces, with this machine's paths, beside every operator."""
    del model.metadata_props[:]
    del model.graph.metadata_props[:]
    model.graph.doc_string = model.doc_string = ""
    for part in (*model.graph.node, *model.graph.value_info, *model.graph.input):
        del part.metadata_props[:]
        part.doc_string = ""


def _answers(content: bytes, batches: Iterator[Fed]) -> NDArray[np.float32]:
    session = _session(content)
    return np.concatenate([session.run([OUTPUT], fed)[0] for fed in batches])


def _session(content: bytes) -> Any:
    """An onnxruntime session on one thread (it ships no types)."""
    runtime = onnxruntime()
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return runtime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
