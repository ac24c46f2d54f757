"""The front-end that reads an encoder's vectors, chosen while something plays."""

from __future__ import annotations

from pathlib import Path

import pytest

from motionapp.gui.play.driver import Driver
from motionapp.gui.play.wish import Wish
from motionapp.settings import AnalysisSettings
from motionapp.testing import Mover, Stage
from tests.coded import written
from tests.gui.play.test_driver import Ear

pytestmark = pytest.mark.timeout(40)

WALKER = Stage(
    size=(320, 240), movers=(Mover(lambda t_s: (20 + 60 * (t_s % 4), 60), size=(48, 96)),)
)
PLAIN = AnalysisSettings(people="off", recognition={"classifier": "none"})


def test_it_is_taken_up_in_what_plays(tmp_path: Path) -> None:
    path, ear = tmp_path / "walk.mp4", Ear()
    written(WALKER.frames(8.0), path, container="mp4")
    with Driver(ear, threads=1) as driver:
        wish = Wish(str(path), PLAIN)
        driver.want(wish)
        ear.wait_for(lambda: ear.pictures)

        driver.want(wish.with_frontend("codec"))
        ear.wait_for(lambda: "codec" in {m.motion.frontend for m in ear.moments.get(0, [])})

    assert ear.names().count("opened") == 1
    assert not ear.all_of("failed")


def test_what_has_no_vectors_plays_on_as_it_did(tmp_path: Path) -> None:
    path, ear = tmp_path / "walk.avi", Ear()
    written(WALKER.frames(4.0), path, codec="mjpeg", options={}, container="avi")
    with Driver(ear, threads=1) as driver:
        wish = Wish(str(path), PLAIN)
        driver.want(wish)
        ear.wait_for(lambda: ear.pictures)

        driver.want(wish.with_frontend("codec"))
        ear.wait_for(lambda: "refused" in ear.names())
        shown = len(ear.pictures)
        ear.wait_for(lambda: len(ear.pictures) > shown)

    (sentence,) = ear.all_of("failed")
    assert "walk.avi is coded as MJPEG" in str(sentence)
    assert "--frontend flow" in str(sentence)
