"""Zones as a person writes them: a file of polygons, or one rectangle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from motionapp.core.errors import SettingsError
from motionapp.settings import load_settings
from motionapp.settings.zones import ZoneSettings, read_zones, roi_zone, zones_text

DOOR = """
[[zone]]
name = "front door"
polygon = [[0.1, 0.2], [0.4, 0.2], [0.4, 0.9], [0.1, 0.9]]
sensitivity = 1.5

[[zone]]
name = "tree"
kind = "exclude"
polygon = [[0.6, 0.0], [1.0, 0.0], [1.0, 0.5]]
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "zones.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_zones_file_gives_its_zones_in_their_order(tmp_path: Path) -> None:
    door, tree = read_zones(written(tmp_path, DOOR))

    assert (door.name, door.kind, door.sensitivity) == ("front door", "include", 1.5)
    assert (tree.name, tree.kind, tree.sensitivity) == ("tree", "exclude", 1.0)
    assert tree.polygon == ((0.6, 0.0), (1.0, 0.0), (1.0, 0.5))


def test_the_settings_file_takes_the_same_tables(tmp_path: Path) -> None:
    path = written(tmp_path, DOOR.replace("[[zone]]", "[[analysis.zones]]"))

    zones = load_settings(path).analysis.zones

    assert zones == read_zones(written(tmp_path, DOOR))


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("polygon", "poligon", r"unknown key zone\.0\.poligon"),
        ("sensitivity", "sensitivty", r"unknown key zone\.0\.sensitivty"),
        ("[[zone]]", "[[zones]]", r"there is no \[\[zone\]\]"),
        ("0.9]]", "90]]", "a corner of zone front door is beyond 1"),
        ('"tree"', '"front door"', "two zones have the name front door"),
        ('"tree"', '"Front Door"', "two zones have the name Front Door"),
        ('"exclude"', '"exlude"', r"zone\.1\.kind"),
        ("[[zone]]", "[[zone", "is not a TOML file"),
    ],
)
def test_a_mistake_is_named_with_its_key_and_the_file(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    path = written(tmp_path, DOOR.replace(old, new))

    with pytest.raises(SettingsError, match=complaint) as caught:
        read_zones(path)

    assert str(path) in str(caught.value)


def test_a_polygon_without_an_inside_is_refused_by_its_name(tmp_path: Path) -> None:
    flat = '[[zone]]\nname = "wall"\npolygon = [[0.1, 0.2], [0.5, 0.2], [0.9, 0.2]]\n'

    with pytest.raises(SettingsError, match="polygon of zone wall covers nothing"):
        read_zones(written(tmp_path, flat))


def test_an_empty_file_is_a_mistake_too(tmp_path: Path) -> None:
    """Whoever names a file wants zones: watching everything would be another scan."""
    with pytest.raises(SettingsError, match=r"there is no \[\[zone\]\]"):
        read_zones(written(tmp_path, ""))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml cannot be read"):
        read_zones(tmp_path / "nowhere.toml")


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda b: b.decode("latin-1")))
def test_whatever_stands_in_a_file_gives_zones_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzzed.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))

    with pytest.raises(SettingsError, match="fuzzed"):
        read_zones(path)


# -- one rectangle -----------------------------------------------------------------------------


def test_a_rectangle_is_a_zone_with_four_corners() -> None:
    zone = roi_zone("0.25, 0, 0.5, 1")

    assert (zone.name, zone.kind) == ("roi", "include")
    assert zone.polygon == ((0.25, 0.0), (0.75, 0.0), (0.75, 1.0), (0.25, 1.0))


def test_a_rectangle_may_reach_the_edge_in_spite_of_rounding() -> None:
    assert roi_zone("0.35,0.1,0.65,0.9").polygon[2] == (1.0, 1.0)
    assert roi_zone("0.9000001,0,0.1,1").polygon[2] == (1.0, 1.0)


def test_a_rectangle_with_a_number_above_1_is_in_pixels() -> None:
    zone = roi_zone("631,532,210,127")

    assert (zone.unit, zone.polygon[0], zone.polygon[2]) == ("px", (631, 532), (841, 659))


def test_a_corner_beyond_the_picture_asks_whether_pixels_are_meant() -> None:
    with pytest.raises(ValidationError, match='add unit = "px"'):
        ZoneSettings(name="door", polygon=((0, 0), (100, 0), (100, 50)))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("0.5,0.5,0.6,0.5", "not within the picture"),
        ("-0.1,0,0.5,0.5", "at least 0"),
        ("0.1,0.1,0,0.5", "more than 0"),
        ("nan,0,0.5,0.5", "at least 0"),
        ("0.1,0.1,0.001,0.001", "too small"),
        ("1,1,99999,5", "too large"),
        ("0.1,0.1,0.5", "is no rectangle"),
        ("left", "is no rectangle"),
        ("", "is no rectangle"),
    ],
)
def test_what_is_no_rectangle_is_refused_with_a_sentence(text: str, complaint: str) -> None:
    with pytest.raises(SettingsError, match=complaint):
        roi_zone(text)


# -- lines and privacy ---------------------------------------------------------------------------

KINDS = """
[[zone]]
name = "door"
kind = "line"
polygon = [[0.2, 0.5], [0.8, 0.5]]

[[zone]]
name = "window"
kind = "privacy"
polygon = [[0.1, 0.1], [0.4, 0.1], [0.4, 0.3]]
"""


def test_lines_and_private_parts_are_read_and_written_as_they_were(tmp_path: Path) -> None:
    zones = read_zones(written(tmp_path, KINDS))

    assert [(zone.name, zone.kind, len(zone.polygon)) for zone in zones] == [
        ("door", "line", 2), ("window", "privacy", 3),
    ]  # fmt: skip
    assert read_zones(written(tmp_path, zones_text(zones))) == zones


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            "[[0.2, 0.5], [0.8, 0.5]]",
            "[[0.2, 0.5]]",
            "line door needs two points at least, and has 1",
        ),
        ("[[0.2, 0.5], [0.8, 0.5]]", "[]", "line door needs two points at least, and has 0"),
        ("[[0.2, 0.5], [0.8, 0.5]]", "[[0.2, 0.5], [0.2, 0.5]]", "line door leads nowhere"),
        ("[0.4, 0.3]]", "[0.7, 0.1]]", "polygon of zone window covers nothing"),
        (", [0.4, 0.3]]", "]", "polygon of zone window needs three corners at least, and has 2"),
        ("[0.4, 0.3]]", "[4.0, 3.0]]", "corner of zone window is beyond 1"),
        ('"privacy"', '"private"', r"zone\.1\.kind"),
    ],
)
def test_what_is_no_line_and_covers_nothing_is_refused_with_a_sentence(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    path = written(tmp_path, KINDS.replace(old, new))

    with pytest.raises(SettingsError, match=complaint):
        read_zones(path)


@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=10),
    st.sampled_from(["include", "exclude", "privacy", "line"]),
)
def test_every_zone_that_is_one_is_the_same_after_writing_and_reading(
    tmp_path_factory: pytest.TempPathFactory, points: list[tuple[float, float]], kind: Any
) -> None:
    try:
        zone = ZoneSettings(name="any", kind=kind, polygon=tuple(points))
    except ValidationError:
        return
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_text(zones_text([zone]), encoding="utf-8")

    assert read_zones(path) == (zone,)
