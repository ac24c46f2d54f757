"""An inspection as the JSON document that `motionapp dataset check` writes."""

from __future__ import annotations

from typing import Any, Final

from motionapp.training.inspection.check import Inspection
from motionapp.training.inspection.counts import LabelCount
from motionapp.training.inspection.finding import Finding
from motionapp.training.inspection.probing import Probe

SCHEMA: Final = 1


def document(inspection: Inspection) -> dict[str, Any]:
    """All that was found, for programs."""
    counts = inspection.counts
    return {
        "schema": SCHEMA,
        "data": inspection.name,
        "recordings": inspection.recordings,
        "unreadable": inspection.unreadable,
        "damaged": inspection.damaged,
        "labels": [_label(one) for one in counts.labels],
        "groups": [
            {"group": group, "samples": samples, "labels": labels}
            for group, samples, labels in counts.groups
        ],
        "rates": [{"rate_hz": rate, "recordings": number} for rate, number in counts.rates_hz],
        "sizes": [
            {"width": width, "height": height, "recordings": number}
            for (width, height), number in counts.sizes
        ],
        "probes": {
            "first_frame": _probe(inspection.rooms.first_frame),
            "background": _probe(inspection.rooms.background),
        },
        "findings": [_finding(finding) for finding in inspection.findings],
    }


def _label(one: LabelCount) -> dict[str, Any]:
    lengths = one.lengths
    return {
        "label": one.label,
        "samples": one.samples,
        "recordings": one.recordings,
        "groups": one.groups,
        "shortest_s": None if lengths is None else round(lengths.shortest_s, 3),
        "median_s": None if lengths is None else round(lengths.median_s, 3),
        "longest_s": None if lengths is None else round(lengths.longest_s, 3),
        "total_s": None if lengths is None else round(lengths.total_s, 3),
    }


def _probe(probe: Probe | None) -> dict[str, Any] | None:
    if probe is None:
        return None
    return {
        "samples": probe.samples,
        "right": round(probe.right, 4),
        "chance": round(probe.chance, 4),
        "by_luck": round(probe.by_luck, 4),
        "p": round(probe.p, 4),
        "tells": probe.tells,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind.value,
        "severity": finding.severity.value,
        "sentence": finding.sentence,
        "advice": finding.advice,
        "recordings": list(finding.recordings),
        "labels": list(finding.labels),
        "groups": list(finding.groups),
    }
