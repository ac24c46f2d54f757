"""Ask the edge's API for ten thousand things that its description allows or forbids.

    pip install schemathesis
    python benchmarks/edge_fuzz.py [--calls 10000] [--seed 1]

schemathesis is no dependency of the program. It makes requests of the OpenAPI description that the
server itself gives, half of them as described and half of them not, and this counts what came: any
answer of 5xx other than a described 503, any status, media type or shape that is not described, and
any change that was made without an admin's token. The server is the real one, on the loopback, over
the fake service of `tests/edge/web/fake.py`. Exits with 1 where something was wrong.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from itertools import count, cycle
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from motionapp.edge.web import access
from motionapp.edge.web.access import make_token
from tests.edge.web.fake import SECRET, FakeService, jpeg
from tests.edge.web.running import Running, settings_for

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
EACH_TURN = 50
MODES = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)


class Tally:
    """What came."""

    def __init__(self, service: FakeService, tokens: dict[str, str]) -> None:
        self.calls = 0
        self.statuses: Counter[int] = Counter()
        self.failures: Counter[str] = Counter()
        self.leaks = 0
        self.wrong_changes = 0
        """Made by somebody who is no admin."""
        self._service, self._tokens = service, tokens
        self._random = random.Random(1)

    def call(self, case: Any, who: str) -> None:
        """Make one call and look at what comes."""
        if self._random.random() < 0.5:  # else hardly any camera or event would be met
            for name, there in (("name", "door"), ("number", self._random.randint(1, 60))):
                if name in (case.path_parameters or {}):
                    case.path_parameters[name] = there
        changes = self._changes()
        answer = case.call(headers={"Authorization": f"Bearer {self._tokens[who]}"}, timeout=20)
        self.calls += 1
        self.statuses[answer.status_code] += 1
        self.wrong_changes += who != "admin" and self._changes() != changes
        secrets = (SECRET, *self._tokens.values(), "Traceback")
        self.leaks += any(secret.encode() in answer.content for secret in secrets)
        try:
            case.validate_response(answer, checks=list(CHECKS))
        except (Failure, FailureGroup) as failure:
            for one in getattr(failure, "exceptions", [failure]):
                self.failures[f"{case.method} {case.path}: {type(one).__name__} {one}"[:300]] += 1

    def _changes(self) -> int:
        return len(self._service.changes) + len(self._service.locks)


def fuzzed(schema: Any, tally: Tally, *, calls: int, first_seed: int) -> None:
    """Each operation in turn, as somebody else in turn, until there were enough calls."""
    # A live picture has no end: that it begins and ends is tried by the tests.
    found = [one.ok() for one in schema.get_all_operations()]
    ways = [(one, mode) for one in found if not one.path.endswith("live.mjpg") for mode in MODES]
    who = whoever()
    for turn in count(first_seed):
        for operation, mode in list(ways):
            strategy = operation.as_strategy(generation_mode=mode)

            @seed(turn)
            @settings(
                max_examples=EACH_TURN,
                database=None,
                deadline=None,
                derandomize=False,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=strategy)
            def ask(case: Any) -> None:
                tally.call(case, next(who))

            try:
                ask()
            except Unsatisfiable:
                ways.remove((operation, mode))
                print(f"{operation.method} {operation.path}: nothing about it can be {mode.value}")
            if tally.calls >= calls:
                return


def whoever() -> Iterator[str]:
    """An admin more often than the others, since most is open to an admin."""
    return cycle(("admin", "viewer", "admin", "nobody"))


def main() -> int:
    """Run it and tell."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "one.jpg").write_bytes(jpeg(0))
        (folder / "one.mp4").write_bytes(bytes(100_000))
        access.COST = 16  # wrong tokens are shown thousands of times
        viewer, admin = make_token("viewer"), make_token("admin")
        (folder / "tokens").write_text(f"{viewer[1]}\n{admin[1]}\n")
        service = FakeService(folder)
        shown = {"viewer": viewer[0], "admin": admin[0], "nobody": "a made-up token"}
        tally = Tally(service, shown)
        begun_s = time.monotonic()
        with Running(service, settings_for(folder / "tokens")) as running:
            schema = schemathesis.openapi.from_url(f"{running.server.address}api/v1/openapi.json")
            fuzzed(schema, tally, calls=options.calls, first_seed=options.seed)
            took_s = time.monotonic() - begun_s
            alive = running.ask("/healthz").status
    faults = sum(number for status, number in tally.statuses.items() if status >= 500)
    print(
        f"{tally.calls} calls in {took_s:.0f} s; by status: {dict(sorted(tally.statuses.items()))}"
    )
    print(
        f"5xx: {faults}; undescribed: {sum(tally.failures.values())}; leaks: {tally.leaks}; "
        f"changes: {len(service.changes)} of cameras, {len(service.locks)} of events, "
        f"{tally.wrong_changes} of them not by an admin; health afterwards: {alive}"
    )
    for failure, number in tally.failures.most_common(20):
        print(f"  {number} × {failure}")
    wrong = faults or tally.leaks or tally.failures or tally.wrong_changes
    return 1 if wrong or alive != 200 else 0


if __name__ == "__main__":
    sys.exit(main())
