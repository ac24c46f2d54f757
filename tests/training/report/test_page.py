"""The page says all that was measured, escapes all names, and asks the browser for nothing."""

from __future__ import annotations

import re
from copy import deepcopy
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from motionapp.core.event import UNKNOWN
from motionapp.training.album import Album
from motionapp.training.report.page import mistakes, page
from motionapp.training.scores import document
from tests.training.report.conftest import LABELS, SHAPE, sample, windows_of

HOSTILE = '<script>alert("x")</script>\u202ecod.exe'
OPEN = {"meta", "link", "img", "br", "input"}


class Reader(HTMLParser):
    """Sees that tags are closed in order, and notes addresses and headings."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        named = dict(attrs)
        self.addresses += [value for key in ("src", "href") if (value := named.get(key))]
        self.ids += [value for value in [named.get("id")] if value]
        assert "style" not in named  # the page's own policy forbids it
        if tag not in OPEN:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    assert reader.stack == []
    return reader


def test_every_section_stands_in_the_page_and_needs_nothing_else(
    figures: dict[str, Any], album: Album
) -> None:
    figures["worst"] = album.document()
    figures["history"] = [
        {"step": step, "loss": 2 / step, "accuracy": 0.5, "held_out_loss": None}
        for step in range(1, 30)
    ]
    points = [
        {"groups": count, "clip_accuracy": 0.5, "window_accuracy": 0.6, "window_deviation": 0.05}
        for count in (1, 2)
    ]
    gain = {"per_doubling": 0.1, "standard_error": 0.01, "groups": 3, "verdict": "more"}
    figures["learning_curve"] = {"points": points, "gain": gain}

    html = page(figures, album.wrongs, SHAPE)

    reader = read(html)
    assert [one.removesuffix("-h") for one in reader.ids if one.endswith("-h")] == [
        "how", "labels", "confusion", "rejection", "calibration", "seconds", "groups", "folds",
        "curve", "history", "worst", "unreadable",
    ]  # fmt: skip
    assert all(one.startswith(("data:", "#")) for one in reader.addresses)
    assert set(re.findall(r"#m\d+", html)) <= {f"#{one}" for one in reader.ids}
    assert reader.tags.count("svg") > 5
    assert "More recordings would help" in html
    assert "dan_run.mp4 cannot be opened" in html
    assert "prefers-color-scheme: dark" in html


@pytest.mark.parametrize("place", ["label", "name", "group", "reason", "model"])
def test_names_cannot_become_anything_else(figures: dict[str, Any], place: str) -> None:
    text = deepcopy(figures)
    if place == "label":
        text["labels"][0] = text["per_label"][0]["label"] = HOSTILE
        text["clips"][3]["label"] = text["clips"][3]["predicted"] = HOSTILE
    elif place == "model":
        text["how"]["model"] = text["how"]["data"] = HOSTILE
    elif place == "reason":
        text["unreadable"][0]["reason"] = HOSTILE
    else:
        key = {"name": "path", "group": "group"}[place]
        for one in [*text["clips"], *text["unreadable"], *text["groups"]]:
            one[key] = HOSTILE

    html = page(text, (), SHAPE)

    assert read(html).tags.count("script") == 1
    assert "&lt;script&gt;alert" in html
    assert "\u202e" not in html


def test_a_mistake_names_the_recordings_behind_it(figures: dict[str, Any]) -> None:
    found = mistakes(figures)

    assert [(one.label, one.said, one.count) for one in found] == [
        ("run", "skip", 1), ("skip", "walk", 1), ("walk", "run", 1),
    ]  # fmt: skip
    assert found[0].recordings == ("cyn_run.mp4 0.70",)


def test_what_was_not_measured_has_no_section() -> None:
    html = page(document(LABELS, (), threshold=0.5), (), SHAPE)

    assert "nothing was measured" in html
    assert [one for one in read(html).ids if one.endswith("-h")] == ["how-h"]


def test_recordings_of_nothing_that_has_a_name_have_a_page_all_the_same() -> None:
    one = windows_of(sample("run", "ann"), 0.9)
    unknown = type(one)(sample(UNKNOWN, "sea"), one.probabilities, one.times_s)

    html = page(document(LABELS, [unknown], threshold=0.5), (), SHAPE)

    assert "rejection-h" in read(html).ids


def test_many_labels_have_a_list_of_mistakes_and_no_table() -> None:
    labels = [f"label{number:02d}" for number in range(40)]
    rows = np.eye(40, dtype=np.float32)
    named = [
        type(windows_of(sample("run", "ann"), 1.0))(sample(label, "ann"), rows[[number // 2]])
        for number, label in enumerate(labels)
    ]

    html = page(document(labels, named, threshold=0.5), (), SHAPE)

    assert 'class="matrix"' not in html
    assert "behind the 39 mistakes" in html


def test_a_single_mistake_is_no_plural() -> None:
    rows = np.array([[0.9, 0.1, 0.0]], np.float32)
    named = type(windows_of(sample("run", "ann"), 1.0))(sample(LABELS[1], "ann"), rows)

    html = page(document(LABELS, [named], threshold=0.5), (), SHAPE)

    assert "behind the mistake<" in html


def test_recordings_without_windows_have_a_page() -> None:
    html = page(document(LABELS, [windows_of(sample("run", "ann"))], threshold=0.5), (), SHAPE)

    read(html)
    assert "no window was cut" in html


def test_a_recording_that_has_gone_is_shown_without_its_picture(
    figures: dict[str, Any], album: Album
) -> None:
    html = page(figures, album.wrongs[:1], SHAPE)

    assert "The recording cannot be read any more" in html
    assert html.count('<img src="data:image/png') == SHAPE.steps


def test_of_a_search_it_is_told_that_it_chose_by_what_is_measured(figures: dict[str, Any]) -> None:
    assert "too good" not in page(figures, (), SHAPE)
    figures["search"] = {
        "trials": [{"given_up": False}, {"given_up": True}],
        "best": 0,
        "parameters": {"optimiser": "nadam", "dropout": 0.25},
        "window_accuracy": 0.95,
        "unseen_accuracy": 0.93,
        "importance": {"method": "PED-ANOVA", "shares": {"dropout": 1.0}},
    }

    told = page(figures, (), SHAPE)
    figures["search"]["unseen_accuracy"] = None

    read(told)
    assert "Of 2 recipes, 1 of them given up" in told
    assert "optimiser nadam, dropout 0.25." in told
    assert "chosen on the same groups that the figures of this page are of" in told
    assert "95.0\u202f% of windows were right by it" in told
    assert "it would be 93.0\u202f%" in told
    assert "With a single fold nobody can tell by how much" in page(figures, (), SHAPE)
