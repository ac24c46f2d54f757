"""Real outdoor recordings: seconds of events without a mover, and movers without an event.

    python benchmarks/outdoor.py [--only trees] [--preset outdoor] [--json FILE]

Analyses `../shared/data/outdoor`, as far as it is there, with the defaults and without names.
`MOVERS` says when something moves that is to be found, read off a picture every half second or
second, so that a border is known to about that; `UNCLEAR` stretches (dust behind a vehicle,
somebody in deep shadow) count neither way.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import motionapp
from motionapp.assembly import load_models, make_analysis
from motionapp.settings import AnalysisSettings, load_settings
from motionapp.settings.presets import PRESETS

DATA: Final = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "outdoor"
SLACK_S: Final = 1.0
"""By so much may an event be longer than the mover that was read off pictures."""

Spans = tuple[tuple[float, float], ...]
ALL: Final[Spans] = ((0.0, 1e9),)

MOVERS: Final[Mapping[str, Spans]] = {
    "field_atv": ((22.8, 27.6),),
    "field_atv3": ((16.8, 22.3),),
    "field_bicycle": ((2.7, 6.2),),
    "field_walkers": ((4.2, 41.8),),
    "highway_gantry": ALL,
    "indoor_office": ((3.3, 40.0),),  # frames 87 to 999, by its ground truth
    "road_campus_a": ((0.0, 23.0),),
    "road_footbridge": ALL,
    "shadow_pedestrians": ((12.3, 28.3), (33.2, 40.0)),
    "street_people": ((1.2, 3.6), (9.2, 22.9), (28.4, 39.0)),
    "trees_waving": ((60.75, 65.0),),  # frames 243 to 259, by its makers
}
UNCLEAR: Final[Mapping[str, Spans]] = {
    "field_atv": ((27.6, 30.0),),
    "field_atv3": ((15.6, 16.8), (22.3, 26.0)),
    "field_bicycle": ((6.2, 8.0),),
    "road_campus_a": ((23.0, 25.0),),
    "street_people": ((6.7, 8.2),),
}


def seconds_of(spans: Sequence[tuple[float, float]], *, outside: Sequence[tuple[float, float]] = (),
               step_s: float = 0.05) -> float:  # fmt: skip
    """Seconds that lie in any of the spans and in none of those they must lie outside of."""
    if not spans:
        return 0.0
    steps = range(int(min(a for a, _ in spans) / step_s), int(max(b for _, b in spans) / step_s))

    def lies_in(t_s: float, them: Sequence[tuple[float, float]]) -> bool:
        return any(a <= t_s < b for a, b in them)

    middles = ((k + 0.5) * step_s for k in steps)
    return step_s * sum(lies_in(t, spans) and not lies_in(t, outside) for t in middles)


def score(name: str, events: Spans, duration_s: float) -> dict[str, Any]:
    """How events meet the movers of a recording."""
    movers = [(a, min(b, duration_s)) for a, b in MOVERS[name]]
    wide = [(a - SLACK_S, b + SLACK_S) for a, b in (*movers, *UNCLEAR.get(name, ()))]
    lost = [mover for mover in movers if not any(a < mover[1] and b > mover[0] for a, b in events)]
    return {
        "name": name,
        "duration_s": round(duration_s, 2),
        "mover_s": round(seconds_of(movers), 1),
        "false_s": round(seconds_of(events, outside=wide), 1),
        "uncovered_s": round(seconds_of(movers, outside=events), 1),
        "movers": len(movers),
        "movers_lost": len(lost),
        "events": [[round(a, 2), round(b, 2)] for a, b in events],
    }


def look(path: Path, settings: AnalysisSettings) -> dict[str, Any]:
    """Analyse one recording."""
    analysis = make_analysis(settings, load_models(settings), source_name=path.name)
    found, end_s = [], 0.0
    source = motionapp.open_source(str(path))
    for frame in source.frames():
        found += analysis.step(frame).closed
        end_s = frame.pts_s + frame.duration_s
    source.close()
    found += analysis.finish().closed
    return score(path.stem, tuple((e.start_s, e.end_s) for e in found), end_s)


def line_of(row: Mapping[str, Any]) -> str:
    """A row of the table."""
    spans = ", ".join(f"{a:.1f}-{b:.1f}" for a, b in row["events"])
    cells = (
        row["name"], row["movers"], row["movers_lost"],
        f"{row['uncovered_s']:.1f} of {row['mover_s']:.1f}", f"{row['false_s']:.1f}",
        spans or "none",
    )  # fmt: skip
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def main() -> int:
    """Print a row a recording."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", nargs="*", default=[], metavar="PART", help="parts of names")
    parser.add_argument("--preset", choices=tuple(PRESETS))
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    settings = load_settings(preset=options.preset).analysis
    rows = []
    print("| recording | movers | lost | seconds of movers without an event |"
          " of events without a mover | events |\n|---|---|---|---|---|---|")  # fmt: skip
    for name in MOVERS:
        path = DATA / f"{name}.mp4"
        if not path.exists() or not all(part in name for part in options.only):
            continue
        row = look(path, settings)
        rows.append(row)
        print(line_of(row), flush=True)
    if not rows:
        print(f"no recordings in {DATA.parent.name}/{DATA.name}: nothing was measured")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
