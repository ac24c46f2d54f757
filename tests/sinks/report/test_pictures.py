"""Pictures inside a page, and addresses that no name can turn into something else."""

from __future__ import annotations

import base64
import os
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.sinks.report.pictures import (
    LARGEST_INLINED_BYTES,
    data_uri,
    inlined,
    jpeg_uri,
    link,
)

JPEG = b"\xff\xd8\xff\xe0 a picture"


@given(st.binary(max_size=60))
def test_a_link_is_relative_and_leads_to_the_very_name(name: bytes) -> None:
    address = link(os.fsdecode(name))

    assert re.fullmatch(r"\./[\w.~/%-]*", address, re.ASCII)
    assert unquote_to_bytes(address.removeprefix("./")) == name


@pytest.mark.parametrize("name", ["javascript:alert(1)", "//example.org/a", "a?b#c", '"><script>'])
def test_no_name_leads_elsewhere(name: str) -> None:
    assert link(name).startswith("./")
    assert not set(link(name)) & set(":?#\"<>' ")


def test_half_of_a_pair_in_a_name_can_be_linked() -> None:
    assert link("\ud83d.mp4") == "./%ED%A0%BD.mp4"


def test_only_pictures_are_inlined() -> None:
    assert data_uri(JPEG) == f"data:image/jpeg;base64,{base64.b64encode(JPEG).decode()}"
    assert data_uri(b"<svg onload=alert(1)>") is None
    assert data_uri(JPEG + bytes(LARGEST_INLINED_BYTES)) is None


def test_pictures_are_inlined_as_long_as_they_fit(tmp_path: Path) -> None:
    for index in range(4):
        (tmp_path / f"{index}.jpg").write_bytes(JPEG)
    room = 2 * len(data_uri(JPEG) or "")

    found = inlined(tmp_path, ["0.jpg", "gone.jpg", "0.jpg", "1.jpg", "2.jpg"], most_bytes=room)

    assert list(found) == ["0.jpg", "1.jpg"]


def test_a_large_picture_is_made_small_enough_or_left_out() -> None:
    noise = np.random.default_rng(1)
    large = noise.integers(0, 256, (700, 900, 3), np.uint8)
    huge = noise.integers(0, 256, (3000, 3000, 3), np.uint8)

    assert len(jpeg_uri(large) or "") in range(1000, LARGEST_INLINED_BYTES * 4 // 3 + 100)
    assert jpeg_uri(huge) is None
