"""Nothing phones home: no process of the service contacts anybody but its camera."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.servers.rtsp import RtspServer, encoded

REPOSITORY = Path(__file__).resolve().parents[2]
ADDRESS = re.compile(r'sin6?_port=htons\((\d+)\).*?(?:inet_addr\("|inet_pton\(AF_INET6, ")([^"]+)"')


@pytest.mark.timeout(120)
@pytest.mark.skipif(shutil.which("strace") is None, reason="there is no strace here")
def test_the_service_contacts_nobody_but_its_camera_and_writes_nowhere_else(tmp_path: Path) -> None:
    """With names, so that ONNX Runtime is imported; in a home that is empty, and stays so."""
    home, trace = tmp_path / "home", tmp_path / "trace"
    home.mkdir()
    pictures = (np.full((120, 160, 3), 40 + 9 * (n % 20), np.uint8) for n in range(40))
    with RtspServer(encoded(pictures, rate_hz=10), rate_hz=10) as server:
        config = tmp_path / "edge.toml"
        config.write_text(
            f'[[camera]]\nname = "door"\nurl = "{server.url}"\n[store]\ndir = "kept"\n'
        )
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
            "HOME": str(home),
        }
        command = [
            "strace", "-f", "-qq", "-s", "200", "-e", "trace=connect,sendto", "-o", str(trace),
            sys.executable, "-B", "-m", "motionapp", "edge", "run", str(config),
        ]  # fmt: skip
        with subprocess.Popen(
            command, cwd=REPOSITORY, env=environment, start_new_session=True
        ) as process:
            try:
                server.wait_until_played(60)
                # A collector is looked up while a library is imported, long before a picture.
                while trace.read_text().count("connect(") == 0:
                    os.sched_yield()
            finally:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait(30)

    lines = trace.read_text().splitlines()
    called = {found.groups() for line in lines if (found := ADDRESS.search(line))}
    assert called == {(str(server.port), "127.0.0.1")}
    assert list(home.iterdir()) == []
    assert {path.name for path in tmp_path.iterdir()} == {"home", "trace", "edge.toml", "kept"}
