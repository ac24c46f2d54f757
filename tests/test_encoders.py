"""Encoders of the tests leave the machine to others."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from tests.encoders import opened


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="priorities are listed on Linux")
@pytest.mark.parametrize("codec", ["libsvtav1", "libx264", "libx265", "libvpx-vp9"])
def test_no_thread_of_an_encoder_is_of_real_time_priority(
    codec: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SVT_LOG", "1")  # it prints on its own
    with av.open(str(tmp_path / "clip.mkv"), "w") as container:
        stream: Any = container.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        if codec == "libx265":
            stream.options = {"x265-params": "log-level=none"}
        picture = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), "bgr24")

        container.mux(opened(stream).encode(picture))

        threads = [int(name) for name in os.listdir("/proc/self/task")]
        assert {os.sched_getscheduler(thread) for thread in threads} == {os.SCHED_OTHER}
        container.mux(stream.encode())
    assert not hasattr(os, "geteuid") or os.geteuid() == os.getuid()
