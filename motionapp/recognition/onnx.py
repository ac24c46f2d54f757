"""A network in an ONNX file, checked before anything runs.

Knows onnxruntime and the model contract; leaves cutting clips and smoothing to others.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from motionapp.core.clip import Going, MotionClip, Prediction
from motionapp.core.contract import FEATURES, GOING, METADATA_KEY, ModelContract, Prior
from motionapp.core.errors import ModelError
from motionapp.core.event import UNKNOWN
from motionapp.ort import network_errors, onnxruntime
from motionapp.recognition.going import NUMBERS, numbers_of
from motionapp.recognition.normalise import normalisation_of
from motionapp.recognition.outline import MOST_VALUES, Outline, read_outline
from motionapp.recognition.prior import weighed

MOST_BYTES = 128 * 2**20
"""Shipped networks have about 1 MB; this is room for a ResNet-50 of somebody's own, whose weights
take 98 MiB in 32 bits, not for anything at all."""
MOST_CLIPS = 32
"""Clips in one network call; more bodies take several calls, so memory stays bounded."""

_OPERATORS = """
    Abs Add AveragePool BatchNormalization Cast Clip Concat Constant ConstantOfShape Conv
    DequantizeLinear Div Dropout Elu Erf Exp Expand Flatten GRU Gather Gelu Gemm GlobalAveragePool
    GlobalMaxPool HardSigmoid HardSwish Identity InstanceNormalization LRN LSTM LayerNormalization
    LeakyRelu Log LogSoftmax MatMul Max MaxPool Min Mul Neg PRelu Pad Pow QuantizeLinear RNN
    ReduceMax ReduceMean ReduceSum Relu Reshape Selu Shape Sigmoid Slice Softmax Softplus Split Sqrt
    Squeeze Sub Sum Tanh Transpose Unsqueeze
    """
ALLOWED_OPERATORS = frozenset(_OPERATORS.split())
"""What a network over clips needs. No loops or branches: nothing here can run for ever. LSTM, GRU
and RNN walk over the steps of a clip, of which there are 64 at most; what torch writes around them
makes their first state (Expand, ConstantOfShape)."""


class OnnxRecogniser:
    """Names clips with a network from a file.

    Parameters
    ----------
    path : Path
        The ONNX file.
    threads : int
        For ONNX Runtime; more than one gains little with networks this small.
    threshold : float or None
        Below it a clip is `unknown`; None takes the model's own.
    prior : str or None
        How frequent movements are where it is used; None takes the model's own.
    content : bytes or None
        What the file holds, or will hold; None reads it.

    Raises
    ------
    ModelError
        The file is missing, too large, cut short or no ONNX file, has no contract, uses operators
        or sizes beyond the allowed, its inputs and outputs are not what its contract says, or its
        weights or answers are no finite numbers.
    """

    takes_nobody: ClassVar[bool] = False
    """What is nobody has no name."""

    def __init__(
        self,
        path: Path | str,
        *,
        threads: int = 1,
        threshold: float | None = None,
        prior: Prior | None = None,
        content: bytes | None = None,
    ) -> None:
        self.path = Path(path)
        content = read_model_file(self.path) if content is None else content
        self.contract: ModelContract = contract_of(self.path, content)
        self.digest = hashlib.sha256(content).hexdigest()
        """SHA-256 of the file, as hex."""
        self._threshold = self.contract.threshold if threshold is None else threshold
        self._prior: Prior = prior or self.contract.prior
        self._session = _session(self.path, content, threads=threads)
        self._inputs = _checked_inputs(self.path, self._session, self.contract)
        self.clips_at_once = _clips_at_once(self._session)
        """At most so many are given to the network in one call."""
        self._check_answers()
        self._gives_features = False

    @property
    def has_features(self) -> bool:
        """Whether the network also gives that by which clips are alike."""
        return len(self._session.get_outputs()) > 1

    def giving_features(self) -> Self:
        """The same network, whose predictions have features besides, if it has any.

        They are what its last layer decides by and worked out in any case: nothing else changes.
        """
        other = copy.copy(self)
        other._gives_features = self.has_features
        return other

    def classify(self, clips: Sequence[MotionClip]) -> tuple[Prediction, ...]:
        """One prediction a clip, in the same order; empty for no clips."""
        predictions: list[Prediction] = []
        for first in range(0, len(clips), self.clips_at_once):
            batch = clips[first : first + self.clips_at_once]
            maps, goings = np.stack([clip.maps for clip in batch]), [clip.going for clip in batch]
            logits, features = self._answers(maps, goings)
            shares = weighed(
                softmax(logits / self.contract.temperature),
                self.contract.labels, goings, self._prior,
            )  # fmt: skip
            predictions += [
                self._prediction(clip, row, own)
                for clip, row, own in zip(batch, shares, features, strict=True)
            ]
        return tuple(predictions)

    def logits(
        self, maps: NDArray[np.float32], goings: Sequence[Going] = ()
    ) -> NDArray[np.float32]:
        """The network's bare answers, shape (clips, outputs), for maps (clips, channels, S, S).

        `goings` say how each body goes; left out, all stand.
        """
        wanted = [self._session.get_outputs()[0].name]
        answers: NDArray[np.float32] = self._session.run(wanted, self._fed(maps, goings))[0]
        return answers

    def features(
        self, maps: NDArray[np.float32], goings: Sequence[Going] = ()
    ) -> NDArray[np.float32] | None:
        """By what clips are alike, shape (clips, n), for maps (clips, channels, S, S); None where
        the model has no such output."""
        if not self.has_features:
            return None
        features: NDArray[np.float32] = self._session.run([FEATURES], self._fed(maps, goings))[0]
        return features

    def _answers(
        self, maps: NDArray[np.float32], goings: Sequence[Going]
    ) -> tuple[NDArray[np.float32], Sequence[NDArray[np.float32] | None]]:
        """The bare answers, and each clip's features where they are wanted."""
        if not self._gives_features:
            return self.logits(maps, goings), [None] * len(maps)
        wanted = [self._session.get_outputs()[0].name, FEATURES]
        logits, features = self._session.run(wanted, self._fed(maps, goings))
        features.flags.writeable = False
        return logits, list(features)

    def _check_answers(self) -> None:
        """Raise where the network cannot answer to a clip without motion, or by no number.

        One call, below 1 ms. The weights alone do not tell: they may be too large for each other.
        """
        shape = self.contract.representation
        still = np.zeros((1, shape.channels, shape.side_px, shape.side_px), np.float32)
        outputs = len(self.contract.labels) + self.contract.has_reject
        try:
            answers = self.logits(still)
        except network_errors() as error:
            said = " ".join(str(error).split())
            raise ModelError(f"the model {self.path} cannot be used: {said}") from error
        if answers.shape != (1, outputs):
            raise ModelError(
                f"the model {self.path} cannot be used: to one clip it gives answers of shape "
                f"{answers.shape}, but its contract says {(1, outputs)}"
            )
        if not np.isfinite(answers).all():
            raise ModelError(
                f"the model {self.path} cannot be used: its answers are no finite numbers: train "
                "it again"
            )

    def _fed(self, maps: NDArray[np.float32], goings: Sequence[Going]) -> dict[str, Any]:
        """The network's inputs: maps, and how bodies go where it wants to know."""
        going = numbers_of(goings or [Going()] * len(maps))
        return dict(zip(self._inputs, (maps, going), strict=False))

    def _prediction(
        self,
        clip: MotionClip,
        shares: NDArray[np.float32],
        features: NDArray[np.float32] | None,
    ) -> Prediction:
        probabilities = tuple(float(share) for share in shares[: len(self.contract.labels)])
        best = int(np.argmax(probabilities))
        score = probabilities[best]
        named = score >= self._threshold and score >= float(np.max(shares))
        return Prediction(
            subject_id=clip.subject_id,
            start_s=clip.start_s,
            end_s=clip.end_s,
            label=self.contract.labels[best] if named else UNKNOWN,
            score=score,
            probabilities=probabilities,
            features=features,
        )


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Shares that sum to 1 along the last axis."""
    powers = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    shares: NDArray[np.float32] = powers / np.sum(powers, axis=-1, keepdims=True)
    return shares


def read_contract(path: Path) -> ModelContract:
    """What a model file says about itself; its network is not loaded.

    Raises
    ------
    ModelError
        As for `OnnxRecogniser`, but for the network's inputs and outputs.
    """
    return contract_of(path, read_model_file(path))


def read_model_file(path: Path) -> bytes:
    """A model file's content.

    Raises
    ------
    ModelError
        It is missing, cannot be read, or is larger than any model that is used here.
    """
    try:
        size_bytes = path.stat().st_size
        if size_bytes > MOST_BYTES:
            raise ModelError(
                f"the model {path} has {size_bytes / 2**20:.0f} MB: at most "
                f"{MOST_BYTES // 2**20} MB are read"
            )
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"the model {path} cannot be read: {error.strerror}") from error


def contract_of(path: Path, content: bytes) -> ModelContract:
    """What the content of a model file says about itself; `path` is for errors.

    Raises
    ------
    ModelError
        As for `read_contract`.
    """
    try:
        outline = read_outline(content)
        check_outline(outline)
        text = outline.metadata.get(METADATA_KEY)
        if text is None:
            raise ModelError(
                "it has no contract: it was not made by motionapp train, so what it looks at and "
                "what its outputs mean is not known (motionapp models import writes one)"
            )
        contract = ModelContract.from_json(text)
        if contract.normalisation != normalisation_of(contract.representation):
            raise ModelError(
                f"it wants its input normalised by {contract.normalisation!r}, which this "
                "version does not know"
            )
        return contract
    except ModelError as error:
        raise ModelError(f"the model {path} cannot be used: {error}") from error


def check_outline(outline: Outline) -> None:
    """Refuse what must not run, before anything does.

    Raises
    ------
    ModelError
        Operators, sizes or weights are not those of a network that is used here.
    """
    beyond = sorted(outline.operators - ALLOWED_OPERATORS)
    if outline.has_functions:
        raise ModelError("it defines functions of its own, which are not allowed")
    if beyond:
        raise ModelError(f"it uses operators beyond the allowed: {', '.join(beyond[:5])}")
    if outline.has_graphs or outline.has_sparse:
        raise ModelError("it holds networks within its network, or sparse weights: neither is used")
    if outline.has_external_data:
        raise ModelError("its weights stand in another file: put them into the model")
    if outline.has_false_sizes:
        raise ModelError("some of its weights are said to be larger than what the file holds")
    if outline.most_values > MOST_VALUES:
        raise ModelError(
            f"it declares a tensor of {outline.most_values:,} numbers: at most {MOST_VALUES:,}"
        )
    if outline.has_no_numbers:
        raise ModelError(
            "some of its weights are infinite or not a number, so that its names mean nothing: "
            "train it again"
        )


def _session(path: Path, content: bytes, *, threads: int) -> Any:
    """An onnxruntime session (which ships no types)."""
    runtime = onnxruntime()
    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4  # errors are raised, and told in one sentence
    # A thread that spins between two calls takes 2.3 ms of a core at each, twice what the call
    # itself takes, from whoever decodes.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return runtime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own have no common base
        line = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ModelError(f"the model {path} cannot be loaded: {line}") from error


def _checked_inputs(path: Path, session: Any, contract: ModelContract) -> tuple[str, ...]:
    """The inputs' names, once inputs and outputs are what the contract says."""
    shape = contract.representation
    wanted = [[shape.channels, shape.side_px, shape.side_px]]
    wanted += [[NUMBERS]] if shape.going else []
    wanted += [[len(contract.labels) + contract.has_reject]]
    inputs, outputs = list(session.get_inputs()), list(session.get_outputs())
    if len(outputs) == 2 and outputs[1].name == FEATURES and len(outputs[1].shape) == 2:
        outputs.pop()
    found = [list(end.shape[1:]) for end in (*inputs, *outputs)]
    types = {end.type for end in (*inputs, *outputs)}
    has_name = len(inputs) == 1 or inputs[1].name == GOING
    if found != wanted or types != {"tensor(float)"} or not has_name:
        raise ModelError(
            f"the model {path} cannot be used: its network takes and gives {found}, but its "
            f"contract says {wanted}"
        )
    return tuple(str(end.name) for end in inputs)


def _clips_at_once(session: Any) -> int:
    """How many clips one call takes: a network of others' may have been written for one."""
    count = session.get_inputs()[0].shape[0]
    return min(count, MOST_CLIPS) if isinstance(count, int) else MOST_CLIPS
