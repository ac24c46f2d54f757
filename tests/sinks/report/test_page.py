"""The report of one recording: whole in itself, safe with any name, bounded, the same each time."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from motionapp.sinks.report import FilePage, file_page
from motionapp.sinks.report.activity import Activity
from motionapp.sinks.report.page import (
    MOST_REJECTIONS,
    MOST_ROWS,
    LineSum,
    label_sums,
    union_s,
)
from motionapp.sinks.report.pictures import MOST_INLINED_BYTES
from motionapp.sinks.report.templates import grouped, percent, readable

PageReader = Callable[[str], Any]  # gives the tags and the words of a page

HOSTILE = (
    "</title></script><script>alert(1)</script><img src=x onerror='alert(1)'>\"&\udcff\u202egpj"
)


@dataclass(frozen=True)
class Rejection:
    start_s: float
    end_s: float
    gate: str
    sentence: str


def event(start_s: float = 1.0, **changes: object) -> dict[str, Any]:
    return {
        "id": f"all@{round(start_s * 1000)}", "zone": "all", "start_s": start_s,
        "end_s": start_s + 2.5, "start_utc": None, "label": "run", "score": 0.87,
        "peak_s": start_s + 1, "box": [1, 2, 30, 40], "segments": [{"label": "run"}],
        "clip": None, "clip_start_s": None, "thumbnail": None, "ended_by": "motion", **changes,
    }  # fmt: skip


def page(*events: dict[str, Any], **changes: Any) -> FilePage:
    values: dict[str, Any] = {
        "source": "door.mp4", "to_s": 60.0, "frames": 1500, "size": (1280, 720),
        "activity": Activity(0.0, 1.0, (0.5,) * 60), "events": events, **changes,
    }  # fmt: skip
    return FilePage(**values)


FULL = page(
    event(1, zone="door", clip="clips/door@1000.mp4", thumbnail="thumbnails/door@1000.jpg"),
    event(9, zone="yard", label="wave1", segments=[{"label": "walk"}, {"label": "wave1"}]),
    status="partial",
    damage="door.mp4 could be read in part only: 2.00 s are lost (30.00 to 32.00 s)",
    lost=((30.0, 32.0),),
    start_utc=datetime(2026, 10, 25, 0, 59, 50, tzinfo=UTC),
    zone=ZoneInfo("Europe/Zurich"),
    pictures={"thumbnails/door@1000.jpg": "data:image/jpeg;base64,/9j/"},
    heat="data:image/jpeg;base64,/9j/",
    rejections=(
        Rejection(40.0, 40.3, "persistence", "It lasted 0.2 s: persist_s 0.2 lets it in."),
    ),
    settings_toml='[analysis]\nfrontend = "absdiff"\n',
)


def test_the_page_says_what_is_known(read_page: PageReader) -> None:
    words = read_page(file_page(FULL)).words

    for said in (
        "door.mp4", "2026-10-25 02:59:50", "02:59:51.0 +02:00", "02:00:30.0 +01:00", "1280 × 720",
        "1\u202f500", "in part", "2.00 s are lost", "also walk", "persistence", "persist_s 0.2",
        'frontend = "absdiff"', "0.87", "it stopped",
    ):  # fmt: skip
        assert said in words


def test_every_tag_is_closed_and_every_picture_has_a_text(read_page: PageReader) -> None:
    read = read_page(file_page(FULL))

    assert all(picture["alt"] for picture in read.all("img"))
    assert len(read.all("img")) == 2
    ids = [attrs["id"] for _, attrs in read.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    named = " ".join(str(attrs["aria-labelledby"]) for _, attrs in read.tags
                     if "aria-labelledby" in attrs)  # fmt: skip
    assert set(named.split()) <= set(ids)


def test_the_page_asks_nobody_for_anything(read_page: PageReader) -> None:
    text = file_page(FULL)
    read = read_page(text)

    assert all(
        address.startswith(("#e", "./", "data:image/jpeg", "data:,")) for address in read.addresses
    )
    assert not re.search(r"(https?:)?//[a-z]", re.sub(r"base64,[\w+/=]*", "", text))
    assert "@import" not in text
    assert not re.search(r"url\((?!#)", text)


def test_the_browser_may_run_only_what_is_ours(read_page: PageReader) -> None:
    text = file_page(FULL)

    (policy,) = (
        str(meta["content"])
        for meta in read_page(text).all("meta")
        if meta.get("http-equiv") == "Content-Security-Policy"
    )

    for kind in ("script", "style"):
        (body,) = re.findall(f"<{kind}>(.*?)</{kind}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert not re.search(r"<[^>]* (style|on\w+)=", text.replace("onerror=&#39;", ""))


def test_no_name_becomes_a_tag(read_page: PageReader) -> None:
    plain, hostile = (
        page(
            event(
                zone=name, label=name, segments=[{"label": name + "!"}], clip=name, thumbnail=name
            ),
            source=name,
            damage=name,
            lost=((3.0, 4.0),),
            rejections=(Rejection(1, 2, name, name),),
            settings_toml=name,
        )
        for name in ("name", HOSTILE)
    )

    text = file_page(hostile)
    read = read_page(text)

    assert [tag for tag, _ in read.tags] == [tag for tag, _ in read_page(file_page(plain)).tags]
    assert "<script>alert(1)</script>" in read.words  # as text
    assert "\\udcff\\u202egpj" in read.words
    assert text.encode("utf-8").decode("utf-8") == text


def test_the_same_data_give_the_same_bytes() -> None:
    assert file_page(FULL) == file_page(replace(FULL))


def test_an_empty_recording_has_a_quiet_page(read_page: PageReader) -> None:
    read = read_page(file_page(FilePage("empty.mp4", rejections=())))

    assert "Nothing here became an event." in read.words
    assert "Nothing moved." in read.words
    assert "Nothing else was seen." in read.words
    assert read.all("table") == []
    assert read.all("img") == []


def test_where_nobody_asked_why_there_is_no_such_part(read_page: PageReader) -> None:
    assert "Seen, but no event" not in read_page(file_page(page(event()))).words


@pytest.mark.parametrize("has_script", [True, False])
def test_a_bar_leads_to_the_row_of_its_event(read_page: PageReader, has_script: bool) -> None:
    """The link is HTML's own: it works with the script and without it."""
    text = file_page(FULL)
    read = read_page(text if has_script else re.sub(r"<script>.*</script>", "", text, flags=re.S))

    bars = [str(a["href"])[1:] for a in read.all("a") if str(a["href"]).startswith("#")]
    rows = [row["id"] for row in read.all("tr") if "id" in row]
    assert sorted(bars) == sorted(map(str, rows)) == ["e1", "e2"]
    assert all("hidden" not in row for row in read.all("tr"))
    assert all("hidden" in each for each in read.all("p") if each.get("class") == "tools")


def test_a_picture_that_is_not_inside_is_linked_and_loaded_when_it_is_seen(
    read_page: PageReader,
) -> None:
    shown = page(event(thumbnail="thumbnails/a b.jpg", clip="clips/a.mp4"))

    read = read_page(file_page(shown))

    (picture,) = read.all("img")
    assert (picture["src"], picture["loading"]) == ("./thumbnails/a%20b.jpg", "lazy")
    assert (picture["width"], picture["height"]) == ("128", "72")
    assert [a["href"] for a in read.all("a")].count("./clips/a.mp4") == 2


def test_lost_stretches_are_hatched_and_listed(read_page: PageReader) -> None:
    read = read_page(file_page(FULL))

    (lost,) = (rect for rect in read.all("rect") if rect.get("class") == "lost")
    assert lost["fill"] == "url(#hatch)"
    assert "02:00:20.0 +01:00 to 02:00:22.0 +01:00" in read.words


def many(count: int) -> Sequence[dict[str, Any]]:
    return [
        event(
            index * 3.0, zone=f"zone {index % 32} of a rather long name" * 2,
            label=f"l{index % 40}",
            segments=[{"label": f"label {k}"} for k in range(8)], clip=f"clips/{index:060d}.mp4",
            thumbnail=f"thumbnails/{index:060d}.jpg",
        )
        for index in range(count)
    ]  # fmt: skip


def test_a_page_stays_below_five_megabytes() -> None:
    picture = "data:image/jpeg;base64," + "A" * 20_000
    events = many(3 * MOST_ROWS)
    pictures = {each["thumbnail"]: picture for each in events[: MOST_INLINED_BYTES // 20_023]}
    rejections = [Rejection(i, i + 0.1, "area", "x" * 5000) for i in range(9 * MOST_REJECTIONS)]

    text = file_page(
        page(
            *events, pictures=pictures, heat="data:image/jpeg;base64," + "A" * 533_000,
            rejections=rejections, lost=tuple((i, i + 0.5) for i in range(9000)), damage="x" * 9000,
            start_utc=datetime(2026, 10, 25, tzinfo=UTC), to_s=events[-1]["end_s"],
            source="x" * 9000, settings_toml="#" * 100_000,
        )
    )  # fmt: skip

    assert len(text.encode()) < 5_000_000
    assert text.count('<tr id="e') == MOST_ROWS
    assert f"The first {grouped(MOST_ROWS)} of {grouped(3 * MOST_ROWS)} events" in text
    assert "x" * 1000 not in text


def test_labels_are_ordered_by_their_time() -> None:
    events = [event(0, label="a"), event(1, label="b", end_s=9.0), event(2, label="a")]

    sums = label_sums(events)

    assert [(each.label, each.events, each.length_s) for each in sums] == [
        ("b", 1, 8.0),
        ("a", 2, 5.0),
    ]


def test_time_with_events_counts_a_second_once() -> None:
    assert union_s([(5, 6), (0, 2), (1, 3), (1.5, 2)]) == 4
    assert union_s([]) == 0


def test_letters_that_cannot_be_seen_are_spelt_out() -> None:
    assert readable("a\x00b\u202ec\udc80\nd\te é ☃") == "a\\x00b\\u202ec\\udc80\nd\te é ☃"
    assert readable(5) == 5


def test_a_little_is_not_said_to_be_nothing() -> None:
    assert [percent(each) for each in (0, 0.01, 5.25, 99.6)] == [
        "0\u202f%",
        "0.1\u202f%",
        "5.2\u202f%",
        "100\u202f%",
    ]


def test_a_page_counts_who_went_over_each_line_and_says_nothing_without_one() -> None:
    with_lines = file_page(
        FilePage("a.mp4", lines=(LineSum("door", 1200, 3), LineSum("kerb", 0, 0)))
    )

    assert "Over the lines" in with_lines
    assert re.search(r"door.*?<td class=.n.>1\D?200</td><td class=.n.>3</td>", with_lines)
    assert "kerb" in with_lines
    assert "Over the lines" not in file_page(FilePage("a.mp4"))
