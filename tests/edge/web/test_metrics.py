"""The figures, read as Prometheus reads them."""

from __future__ import annotations

import dataclasses
import math
import re

from motionapp.edge.web.metrics import metrics_text
from tests.edge.web.fake import FakeService

_LINE = re.compile(
    r'(?P<name>[a-z_]+)(\{(?P<labels>[a-z]+="([^"\\\n]|\\.)*"(,[a-z]+="([^"\\\n]|\\.)*")*)\})? '
    r"(?P<value>[-+0-9.einfaNI]+)"
)


def read(text: str) -> dict[str, float]:
    found = {}
    named: set[str] = set()
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            name = line.split()[2]
            assert name not in named, "told in one piece"
            named.add(name)
        elif not line.startswith("#"):
            row = _LINE.fullmatch(line)
            assert row is not None, line
            assert row["name"] in named
            key = f"{row['name']}{{{row['labels'] or ''}}}"
            assert key not in found
            found[key] = float(row["value"])
    return found


def test_each_camera_has_its_figures_and_one_state(service: FakeService) -> None:
    figures = read(metrics_text(service.cameras(), service.figures(), streams=2, answered={200: 7}))

    assert figures['motionapp_camera_pictures_total{camera="door"}'] == 86400
    assert figures['motionapp_camera_written_day_bytes{camera="door"}'] == 98_765_432
    assert figures['motionapp_camera_state{camera="garage",state="lost"}'] == 1
    assert figures['motionapp_camera_state{camera="garage",state="live"}'] == 0
    assert 'motionapp_camera_picture_age_seconds{camera="garage"}' not in figures
    assert figures["motionapp_service_free_bytes{}"] == 12.5e9
    assert figures["motionapp_web_streams{}"] == 2
    assert figures['motionapp_web_answers_total{status="200"}'] == 7


def test_no_name_and_no_figure_breaks_the_text(service: FakeService) -> None:
    odd = dataclasses.replace(service.cameras()[0], name='a"b\\c\nd', age_s=math.inf)

    figures = read(metrics_text([odd], {"Free bytes!": math.nan}, streams=0, answered={}))

    assert math.isnan(figures["motionapp_service_free_bytes_{}"])
    assert figures['motionapp_camera_picture_age_seconds{camera="a\\"b\\\\c\\nd"}'] == math.inf
