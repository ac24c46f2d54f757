"""Small inputs that once went wrong: real commands on them, and what should come.

    python benchmarks/cases.py [--only NAME ...] [--json FILE] [--data DIR] [--list]

One case for every row of `../shared/data/cases/README.md`, each on fresh copies in a temporary
folder. A case runs `motionapp` as people do and checks its exit code, events (within 0.2 s), clips
(decoded, and compared with the recording picture by picture) and what is said. Ends with 1 when
one fails. `benchmarks/cases/` has the cases, by kind.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from cases import clips, folders, memory, rates, streams, times
from cases.trial import Case, Place, Unable

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "cases"
CASES = (
    *rates.CASES,
    *clips.CASES,
    *times.CASES,
    *streams.CASES,
    *memory.CASES,
    *folders.CASES,
)


def main() -> int:
    """Print the table; 1 if a case fails, 2 if there is nothing to try them on."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--only", nargs="+", metavar="NAME", choices=[c.name for c in CASES])
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results")
    parser.add_argument("--data", type=Path, default=DATA, help="where the inputs lie")
    parser.add_argument("--list", action="store_true", help="name the cases and run none")
    options = parser.parse_args()
    wanted = [case for case in CASES if not options.only or case.name in options.only]
    if options.list:
        for case in wanted:
            print(f"{case.name:12} {case.should}")
        return 0
    if not (options.data / "files").is_dir():
        print(f"there are no cases in {options.data}", file=sys.stderr)
        return 2
    results = [result_of(case, options.data) for case in wanted]
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return 1 if any(result["complaints"] for result in results) else 0


def result_of(case: Case, data: Path) -> dict[str, object]:
    """Run one case and print its line, with what is wrong below it."""
    began_s = time.monotonic()
    unable = ""
    with tempfile.TemporaryDirectory(prefix="case-") as temporary:
        place = Place(Path(temporary), data)
        try:
            complaints: Sequence[str] = tuple(case.check(place))
        except Unable as reason:
            complaints, unable = (), str(reason)
    took_s = time.monotonic() - began_s
    mark = "NOT" if complaints else "-" if unable else "ok"
    print(f"{mark:4} {case.name:12} {took_s:5.1f} s  {case.should}", flush=True)
    for line in [unable] if unable else complaints:
        print(f"       {line:.600}", flush=True)
    return {
        "name": case.name,
        "should": case.should,
        "commands": place.commands,
        "complaints": list(complaints),
        "not_tried": unable,
        "took_s": round(took_s, 1),
    }


if __name__ == "__main__":
    sys.exit(main())
