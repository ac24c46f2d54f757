"""`motionapp edge run` in a process of its own, as a box runs it, and its API asked over HTTP."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from tests.servers.mosquitto import free_port

REPOSITORY: Final = Path(__file__).resolve().parents[2]
UNNAMED: Final = '[analysis]\npeople = "off"\n[analysis.recognition]\nclassifier = "none"\n'


class EdgeProcess:
    """Runs from entering the `with` block until it is left, or stopped.

    Parameters
    ----------
    folder : Path
        For its configuration and its store, which is called ``kept``.
    cameras : mapping of str to str
        Addresses by their names.
    more : str
        More of the configuration: whole tables.
    camera_more : str
        More of each camera.
    before : sequence of str
        A command that runs it, ``unshare`` say.
    """

    def __init__(
        self,
        folder: Path,
        cameras: dict[str, str],
        *,
        more: str = "",
        camera_more: str = "",
        before: tuple[str, ...] = (),
    ) -> None:
        self.folder, self.config, self.port = folder, folder / "edge.toml", free_port()
        self.cameras, self.more, self.camera_more = cameras, more, camera_more
        self._before = before
        self.lines: list[str] = []
        self._process: subprocess.Popen[str] | None = None
        self._log: threading.Thread | None = None
        (folder / "unnamed.toml").write_text(UNNAMED)
        self.configure()

    def configure(self) -> None:
        """Write the configuration as it is to be now."""
        cameras = "".join(
            f'[[camera]]\nname = "{name}"\nurl = "{url}"\nsettings = "unnamed.toml"\n'
            f"{self.camera_more}"
            for name, url in self.cameras.items()
        )
        self.config.write_text(
            f'{cameras}[store]\ndir = "kept"\n[web]\nport = {self.port}\n{self.more}'
        )
        self.config.chmod(0o600)

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [*self._before, sys.executable, "-m", "motionapp", "edge", "run", str(self.config)],
            cwd=REPOSITORY,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        self._log = threading.Thread(target=self._read, args=(self._process,), name="edge-log")
        self._log.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._log is not None:
            self._log.join(10)
        if kind is not None:
            print(self.log)  # noqa: T201  pytest shows it beside what has failed

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr is not None
        with process.stderr:
            self.lines.extend(process.stderr)

    @property
    def log(self) -> str:
        """All that it has said."""
        return "".join(list(self.lines))

    @property
    def pid(self) -> int:
        """Of the service."""
        assert self._process is not None
        return self._process.pid

    def children(self) -> list[int]:
        """Its processes, in the order in which they were started."""
        path = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        return sorted(int(word) for word in path.read_text().split())

    def send(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def stop(self, number: int = signal.SIGTERM) -> float:
        """Stop it; gives back how long that took, in seconds."""
        assert self._process is not None
        began_s = time.monotonic()
        self._process.send_signal(number)
        code = self._process.wait(10)
        lasted_s = time.monotonic() - began_s
        assert code == 0, f"exit code {code}\n{self.log}"
        return lasted_s

    def ask(self, path: str, changes: dict[str, Any] | None = None) -> Any:
        """What the API answers, below ``/api/v1/``."""
        body = None if changes is None else json.dumps(changes).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1/{path}",
            body,
            {"Content-Type": "application/json"},
            method="GET" if body is None else "PATCH",
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def states(self) -> dict[str, str]:
        """The state of every camera; empty where the page is not there."""
        try:
            cameras = self.ask("cameras")["cameras"]
        except (OSError, urllib.error.URLError):
            return {}
        return {one["name"]: one["state"] for one in cameras}

    def until(self, is_so: Callable[[], object], *, what: str, within_s: float = 30.0) -> float:
        """Until something is so; gives back how long that took, in seconds."""
        began_s = time.monotonic()
        while time.monotonic() < began_s + within_s:
            assert self._process is not None
            assert self._process.poll() is None, f"the service has ended\n{self.log}"
            if is_so():
                return time.monotonic() - began_s
            time.sleep(0.1)
        raise AssertionError(f"it never came to be: {what}; {self.states()}\n{self.log}")

    def until_live(self, *names: str) -> None:
        """Until cameras are live, all of them if none is named."""
        wanted = names or tuple(self.cameras)
        self.until(
            lambda: all(self.states().get(name) == "live" for name in wanted), what=f"live {wanted}"
        )
