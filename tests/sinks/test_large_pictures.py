"""Pictures beyond 4K: what the encoder and the decoder hold of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import av
import pytest

from motionapp.sinks.h264 import QUALITY, options_for
from motionapp.sources.decoder_options import MOST_THREADS, most_threads

ENCODE = """
import sys
from pathlib import Path
import numpy as np
from motionapp.sinks.h264 import H264Writer

width, height = 4096, 2160
writer = H264Writer(Path(sys.argv[1]), threads=4)
for k in range(14):
    writer.write(np.full((height, width, 3), 9 * k, np.uint8), k / 30, 1 / 30)
writer.finish()
status = Path("/proc/self/status").read_text()
print(int(status.split("VmHWM:")[1].split()[0]) // 1024)
"""
"""In a process of its own: what it has taken at most is the system's figure. That of `getrusage`
would begin with what the process had taken that started it."""


@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
def test_the_encoder_holds_few_large_pictures(tmp_path: Path) -> None:
    """Issue 14: 700 MB with x264's own look-ahead, after so many pictures."""
    path = tmp_path / "large.mp4"

    done = subprocess.run(
        [sys.executable, "-c", ENCODE, str(path)], check=True, capture_output=True, text=True
    )

    with av.open(str(path)) as container:
        assert container.streams.video[0].frames == 14
    assert int(done.stdout) < 520


@pytest.mark.parametrize("size", [(640, 360), (1920, 1080), (2560, 1440)])
def test_pictures_of_usual_sizes_are_encoded_as_they_were(size: tuple[int, int]) -> None:
    assert options_for(*size) == QUALITY


@pytest.mark.parametrize(
    ("size", "threads"),
    [((640, 360), MOST_THREADS), ((1920, 1080), MOST_THREADS), ((3840, 2160), 10),
     ((5312, 2988), 5), ((7680, 4320), 2), ((32768, 32768), 1), ((0, 0), MOST_THREADS)],
)  # fmt: skip
def test_the_larger_the_pictures_the_fewer_threads_decode(
    size: tuple[int, int], threads: int
) -> None:
    assert most_threads(*size) == threads
