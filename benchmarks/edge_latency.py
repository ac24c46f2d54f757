"""How soon is a broker told that something moves? RTSP in, MQTT out, the store in between.

    python benchmarks/edge_latency.py [--times 20] [--rate 10]

A camera of our own speaks RTSP: a wall for six seconds, then somebody who walks in for four, over
and over. Taken is the time from sending the first picture in which somebody is seen to the `new`
message, as a subscriber of mosquitto gets it. Bars: at most 0.6 s in the median, and 0.4 s after
the body is confirmed, which takes `tracking.confirm_s` (0.2 s) of being seen.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from bars import Bar, report, share_of
from numpy.typing import NDArray
from paho.mqtt import client as mqtt

from motionapp.settings import AnalysisSettings

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from tests.servers.rtsp import RtspServer, encoded  # noqa: E402  beside the checkout's own

SIZE = (640, 360)
STILL_S, MOVING_S = 6.0, 4.0
BARS = (Bar("after_motion_ms_p50", "most", 600.0), Bar("after_body_ms_p50", "most", 400.0))


def pictures(rate_hz: int) -> Iterator[NDArray[np.uint8]]:
    """A wall with the noise of a sensor, then a block of a person's size that walks in."""
    rng = np.random.default_rng(19)
    width, height = SIZE
    wall = rng.integers(90, 130, (height // 8, width // 8, 1)).repeat(8, axis=0).repeat(8, axis=1)
    for number in range(round((STILL_S + MOVING_S) * rate_hz)):
        picture = np.clip(wall + rng.normal(0, 1.5, wall.shape), 0, 255).astype(np.uint8)
        moving_s = number / rate_hz - STILL_S
        if moving_s >= 0:
            x = round(40 + moving_s * 120)
            picture[100:300, x : x + 70] = 215
        yield picture.repeat(3, axis=2)


def free_port() -> int:
    """One that nobody has."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def measured(times: int, rate_hz: int) -> list[float]:
    """Seconds from the first moving picture to the message, so many times."""
    shown_s: list[float] = []
    told_s: list[float] = []
    enough = threading.Event()

    def sent(number: int) -> None:
        if number == round(STILL_S * rate_hz):
            shown_s.append(time.monotonic())

    def heard(_: object, __: object, message: mqtt.MQTTMessage) -> None:
        if json.loads(message.payload)["type"] == "new" and len(shown_s) > len(told_s):
            told_s.extend([time.monotonic()] * (len(shown_s) - len(told_s)))
            if len(told_s) > times:
                enough.set()

    port = free_port()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "mosquitto.conf").write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
        with (
            subprocess.Popen(
                ["mosquitto", "-c", str(folder / "mosquitto.conf")], stderr=subprocess.DEVNULL
            ) as broker,
            RtspServer(encoded(pictures(rate_hz), rate_hz=rate_hz), rate_hz=rate_hz) as server,
        ):
            time.sleep(1.0)
            subscriber = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
            subscriber.on_message = heard
            subscriber.connect("127.0.0.1", port)
            subscriber.subscribe("motionapp/+/events", qos=1)
            subscriber.loop_start()
            config = folder / "edge.toml"
            config.write_text(
                f'[[camera]]\nname = "door"\nurl = "{server.url}"\n'
                f'[store]\ndir = "kept"\n[mqtt]\nhost = "127.0.0.1"\nport = {port}\n'
            )
            config.chmod(0o600)
            command = [sys.executable, "-m", "motionapp", "edge", "run", str(config)]
            with subprocess.Popen(command, cwd=REPOSITORY) as process:
                time.sleep(8.0)
                shown_s.clear()
                told_s.clear()
                server.sent = sent
                enough.wait((times + 3) * (STILL_S + MOVING_S))
                process.send_signal(signal.SIGTERM)
            subscriber.loop_stop()
            broker.terminate()
    return [b - a for a, b in zip(shown_s, told_s, strict=False)][1 : times + 1]


def main() -> int:
    """Measure, and say whether the bars were met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--rate", type=int, default=10)
    options = parser.parse_args()
    if shutil.which("mosquitto") is None:
        print("there is no mosquitto here: apt-get install mosquitto")
        return 2
    took_ms = [1000 * each for each in measured(options.times, options.rate)]
    confirm_ms = 1000 * AnalysisSettings().tracking.confirm_s
    median = share_of(took_ms, 0.5)
    figures = {
        "times": len(took_ms),
        "after_motion_ms_p50": median,
        "after_motion_ms_p95": share_of(took_ms, 0.95),
        "after_body_ms_p50": None if median is None else round(median - confirm_ms, 1),
    }
    return report(figures, BARS)


if __name__ == "__main__":
    sys.exit(main())
