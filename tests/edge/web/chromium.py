"""A headless Chromium, driven by its devtools protocol over two pipes: nothing else is needed."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

PROGRAM = next(
    (
        found
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (found := shutil.which(name))
    ),
    None,
)


class Chromium:
    """One page of it.

    Parameters
    ----------
    folder : Path
        For its profile.
    size : (int, int)
        Of its window.
    scheme : str
        ``light`` or ``dark``.
    language : str
    """

    def __init__(
        self, folder: Path, *, size: tuple[int, int], scheme: str = "light", language: str = "en-GB"
    ) -> None:
        asked_r, self._write = os.pipe()
        self._read, told_w = os.pipe()
        command = [
            str(PROGRAM),
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--hide-scrollbars",
            "--disable-component-update",
            "--disable-extensions",
            "--mute-audio",
            f"--user-data-dir={folder / 'profile'}",
            f"--lang={language}",
            f"--accept-lang={language}",
            "--remote-debugging-pipe",
            "about:blank",
        ]
        # The protocol wants the numbers 3 and 4.
        line = f'exec "$@" 3<&{asked_r} 4>&{told_w}'
        self._process = subprocess.Popen(
            ["bash", "-c", line, "bash", *command],
            pass_fds=(asked_r, told_w),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": str(folder)},
        )
        os.close(asked_r)
        os.close(told_w)
        self._bytes = b""
        self._number = 0
        self.told: list[dict[str, Any]] = []
        """What it has told unasked."""
        targets = self._call("Target.getTargets", session="")["targetInfos"]
        page = next(one["targetId"] for one in targets if one["type"] == "page")
        attached = self._call("Target.attachToTarget", session="", targetId=page, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self._call(f"{domain}.enable")
        self.resize(*size)
        self._call(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": scheme}],
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        os.close(self._write)
        os.close(self._read)

    def resize(self, width: int, height: int) -> None:
        """Of the window."""
        self._call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 700,
        )

    def open(self, address: str) -> None:
        """Another page."""
        self._call("Page.navigate", url=address)

    def run(self, script: str) -> Any:
        """What an expression gives, awaited."""
        came = self._call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in came, came["exceptionDetails"]
        return came["result"].get("value")

    def until(self, script: str, *, longest_s: float = 20.0) -> Any:
        """Wait until an expression gives something that is true."""
        end_s = time.monotonic() + longest_s
        while not (found := self.run(script)):
            assert time.monotonic() < end_s, f"it never came to be so: {script}"
            select.select([self._read], [], [], 0.05)
        return found

    def picture(self, path: Path) -> None:
        """Of the window, as PNG."""
        came = self._call("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(came["data"]))

    def complaints(self) -> list[str]:
        """Errors of scripts, and what the rules of the page have forbidden."""
        found = []
        for one in self.told:
            if one["method"] == "Runtime.exceptionThrown":
                found.append(json.dumps(one["params"]["exceptionDetails"])[:500])
            entry = one["params"].get("entry", {})
            if one["method"] == "Log.entryAdded" and entry["source"] == "security":
                found.append(entry["text"])
        return found

    def asked_for(self) -> list[str]:
        """The addresses that it has asked for."""
        return [
            one["params"]["request"]["url"]
            for one in self.told
            if one["method"] == "Network.requestWillBeSent"
        ]

    def _call(self, method: str, *, session: str | None = None, **given: Any) -> dict[str, Any]:
        self._number += 1
        asked: dict[str, Any] = {"id": self._number, "method": method, "params": given}
        if session is None:
            asked["sessionId"] = self._session
        os.write(self._write, json.dumps(asked).encode() + b"\0")
        while True:
            came = self._next()
            if came.get("id") == self._number:
                assert "error" not in came, came
                return dict(came["result"])
            if "method" in came:
                self.told.append(came)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._bytes:
            ready, _, _ = select.select([self._read], [], [], 30)
            assert ready, "Chromium does not answer"
            chunk = os.read(self._read, 1 << 20)
            assert chunk, "Chromium has ended"
            self._bytes += chunk
        line, _, self._bytes = self._bytes.partition(b"\0")
        return dict(json.loads(line))
