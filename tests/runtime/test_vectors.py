"""Who needs vectors of an encoder gets them, or a sentence before work begins."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from motionapp.assembly import open_source
from motionapp.batch.job import Job, run_job
from motionapp.core.errors import SettingsError, SourceError
from motionapp.core.frame import Vectors
from motionapp.core.models import NO_MODELS
from motionapp.core.seams import Source
from motionapp.runtime.vectors import offer_vectors, with_vectors
from motionapp.settings import AnalysisSettings, Settings
from motionapp.sources.reconnecting import ReconnectingSource
from motionapp.sources.synthetic import SyntheticSource
from motionapp.testing import Mover, ScriptedSource, Stage
from tests.coded import written
from tests.servers.rtsp import RtspServer, encoded

CODEC = AnalysisSettings(frontend="codec", people="off")
WALKER = Stage(size=(320, 240), movers=(Mover(lambda t_s: (20 + 100 * t_s, 60), size=(48, 96)),))


def brings_vectors(source: Source) -> bool:
    frame = next(iter(source.frames()))
    source.close()
    return isinstance(frame.pixels, Vectors)


def test_a_recording_brings_them_for_the_front_end_that_needs_them(tmp_path: Path) -> None:
    path = tmp_path / "walk.mp4"
    written(WALKER.frames(0.2), path, container="mp4")

    assert brings_vectors(with_vectors(open_source(path), CODEC))
    assert not brings_vectors(with_vectors(open_source(path), AnalysisSettings()))


@pytest.mark.parametrize("kind", ["rendered", "images"])
def test_what_no_encoder_has_made_is_refused_by_name(kind: str, tmp_path: Path) -> None:
    source: Source = SyntheticSource.named("jack")
    if kind == "images":
        from motionapp.sources.images import ImagesSource

        for number in range(2):
            grey = np.full((24, 32, 3), 40 * number, np.uint8)
            cv2.imwrite(str(tmp_path / f"{number:04}.png"), grey)
        source = ImagesSource(tmp_path)

    with pytest.raises(SourceError, match=r"has no vectors of an encoder.*--frontend flow"):
        with_vectors(source, CODEC)


def test_a_window_gets_them_where_there_are_some_and_no_word_where_not(tmp_path: Path) -> None:
    good, bad = tmp_path / "a.mp4", tmp_path / "b.avi"
    written(WALKER.frames(0.2), good, container="mp4")
    written(WALKER.frames(0.2), bad, codec="mjpeg", options={}, container="avi")

    for path, brings in ((good, True), (bad, False)):
        source = open_source(path)
        offer_vectors(source)
        assert brings_vectors(source) is brings


def test_in_a_batch_only_the_recording_without_them_fails(tmp_path: Path) -> None:
    good, bad = tmp_path / "a.mp4", tmp_path / "b.avi"
    written(WALKER.frames(2.0), good, container="mp4")
    written(WALKER.frames(0.4), bad, codec="mjpeg", options={}, container="avi")
    settings = Settings(analysis=CODEC)

    records = [
        run_job(Job(str(path), str(tmp_path / "out"), path.stem), settings, NO_MODELS)
        for path in (good, bad)
    ]

    assert [record.status for record in records] == ["ok", "failed"]
    assert records[0].events == 1
    assert "b.avi is coded as MJPEG" in (records[1].error or "")
    assert not (tmp_path / "out" / "b").exists()


def test_a_stream_brings_them() -> None:
    pictures = (np.array(frame.bgr()) for frame in WALKER.frames(1.0))
    with RtspServer(encoded(pictures, rate_hz=25), rate_hz=25) as server:
        assert brings_vectors(with_vectors(open_source(server.url), CODEC))


def test_a_stream_that_has_none_ends_with_a_sentence() -> None:
    pictures = (np.array(frame.bgr()) for frame in WALKER.frames(0.4))
    units = encoded(pictures, rate_hz=25, codec="hevc")
    with RtspServer(units, rate_hz=25) as server:
        source = with_vectors(open_source(server.url), CODEC)
        with pytest.raises(SettingsError, match="is coded as HEVC"):
            next(iter(source.frames()))
        source.close()


def test_a_lost_source_that_has_none_is_not_looked_for_again() -> None:
    source = ReconnectingSource(lambda: ScriptedSource(), name="door")

    with pytest.raises(SettingsError, match="no vectors of an encoder"):
        next(with_vectors(source, CODEC).frames())
