"""A batch that is interrupted ends at once, and leaves what a later run can go on from."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import av
import pytest

AT_WORK = """
import sys
from motionapp.batch.progress import PlainLines
from motionapp.cli import main

def progressed(self, index, done_s, total_s):
    PlainLines.progressed = lambda self, index, done_s, total_s: None
    print("at work", flush=True)

PlainLines.progressed = progressed
sys.exit(main(sys.argv[1:]))
"""
"""`motionapp`, which says on standard output when a recording has begun to be analysed."""


def played_over(path: Path, longer: Path, times: int) -> None:
    """The pictures of a recording, so many times one after the other; none is decoded."""
    with av.open(str(path)) as source, av.open(str(longer), "w") as container:
        stream = container.add_stream_from_template(source.streams.video[0])
        packets = [packet for packet in source.demux(video=0) if packet.dts is not None]
        length = sum(packet.duration for packet in packets)
        for packet in packets * times:
            packet.stream = stream
            container.mux(packet)
            packet.pts, packet.dts = packet.pts + length, packet.dts + length


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize(
    ("workers", "ended_by"), [("1", signal.SIGINT), ("2", signal.SIGINT), ("2", signal.SIGTERM)]
)
def test_a_signal_ends_with_130_and_nothing_half_written(
    recording: Callable[..., Path], tmp_path: Path, workers: str, ended_by: signal.Signals
) -> None:
    """Ten minutes of recording, so that none is done before the signal comes."""
    clips = [tmp_path / "one.mp4", tmp_path / "two.mp4"]
    played_over(recording(), clips[0], times=150)
    shutil.copy(*clips)
    out = tmp_path / "out"
    command = [sys.executable, "-c", AT_WORK, "batch", *map(str, clips), "--out", str(out)]
    process = subprocess.Popen(
        [*command, "--annotated", "--classifier", "none", "--people", "off", "--workers", workers],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        half_written = list(out.glob("*/.annotated.mp4.part"))
        process.send_signal(ended_by)
        _, said = process.communicate(timeout=40)
    finally:
        process.kill()

    assert first == "at work\n", said
    assert half_written
    assert process.returncode == 130
    assert said.splitlines()[-1] == "motionapp: interrupted"
    assert sorted(path.name for path in out.rglob("*")) == ["journal.jsonl", "summary.json"]
    entries = json.loads((out / "summary.json").read_text())["inputs"]
    assert ["was interrupted" in entry["error"] for entry in entries] == [True, True]
