"""Named starting points: a few values that belong together, beneath a file and flags."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

PRESETS: Final[Mapping[str, Mapping[str, object]]] = MappingProxyType(
    {
        # People are near and large; lamps and screens change the light.
        "indoor": {
            "analysis.absdiff.min_area": 0.001,
            "analysis.absdiff.light_share": 0.25,
        },
        # Leaves and rain move in place or for a moment; who matters goes somewhere.
        "outdoor": {
            "analysis.absdiff.noise_factor": 5.5,
            "analysis.events.persist_s": 0.5,
            "analysis.events.travel": 0.1,
        },
        # Rather one event too many: small, faint and short movements count.
        "sensitive": {
            "analysis.absdiff.sensitivity": 1.6,
            "analysis.absdiff.min_area": 0.0002,
            "analysis.flow.sensitivity": 1.6,
            "analysis.pose.sensitivity": 1.6,
            "analysis.background.sensitivity": 1.6,
            "analysis.events.persist_s": 0.16,
        },
    }
)
"""Name -> values by key path."""
