"""A stop has one deadline, which all that are waited for share."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.edge.test_service import pictures
from tests.servers.edge_service import EdgeProcess
from tests.servers.mosquitto import mosquitto, needs_mosquitto
from tests.servers.rtsp import RtspServer, encoded

pytestmark = [
    pytest.mark.timeout(60),
    pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc"),
]


@needs_mosquitto
@pytest.mark.parametrize("when", ["it watches", "it reloads"])
def test_it_ends_within_two_seconds_when_broker_and_children_hang_together(
    tmp_path: Path, when: str
) -> None:
    units = encoded(pictures(), rate_hz=20)
    with mosquitto(tmp_path) as broker, RtspServer(units, rate_hz=20) as server:
        more = f'[mqtt]\nhost = "127.0.0.1"\nport = {broker.port}\n'
        with EdgeProcess(tmp_path, {"a": server.url, "b": server.url}, more=more) as service:
            service.until_live()
            service.until(lambda: "connected" in service.log, what="a broker that knows us")
            for process in (broker.pid, *service.children()):
                os.kill(process, signal.SIGSTOP)
            try:
                if when == "it reloads":
                    service.more += '[record]\nwhen = "never"\n'
                    service.configure()
                    service.send(signal.SIGHUP)
                assert service.stop() < 2.0
            finally:
                os.kill(broker.pid, signal.SIGCONT)
    assert "Traceback" not in service.log
    assert "internal error" not in service.log
