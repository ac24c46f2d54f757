"""Clips of recordings that are joined: over their borders, and up to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from motionapp.core.event import Event
from motionapp.core.frame import Frame
from motionapp.core.moment import Moment
from motionapp.core.seams import Damage, SourceInfo
from motionapp.settings.tree import RunSettings
from motionapp.sinks.clips.sink import clips_sink
from motionapp.sources.file import FileSource
from tests.sinks.clips.conftest import KEYS, read_clip
from tests.sinks.conftest import WriteRecording, event_at


class Joined:
    """Two recordings as one, with one time line."""

    def __init__(self, first: Path, second: Path, border_s: float) -> None:
        self._paths, self._border_s = (first, second), border_s
        self.info = SourceInfo("joined", None, None, is_seekable=False)
        self.damage, self.is_damaged = Damage(), False

    def frames(self, start_s: float = 0.0) -> Iterator[Frame]:
        for number, path in enumerate(self._paths):
            for frame in FileSource(path, decode_threads=1).frames():
                yield replace(frame, pts_s=frame.pts_s + number * self._border_s)

    def path_at(self, pts_s: float) -> Path:
        return self._paths[pts_s >= self._border_s]

    def close(self) -> None:
        """Each file ends by itself."""


@pytest.mark.parametrize("mode", ["copy", "encode"])
def test_a_clip_runs_over_the_border_of_joined_recordings(
    mode: str, write_recording: WriteRecording, folder: Path
) -> None:
    first = write_recording("a.mp4", sound="aac", tone_from_s=9, options=KEYS)
    second = write_recording("b.mp4", sound="aac", tone_from_s=0.4, first=100, options=KEYS)
    joined = Joined(first, second, 4.0)
    run = RunSettings.model_validate({"clips": mode, "clip_before_s": 0.5, "clip_after_s": 0.5})
    sink = clips_sink(folder, run, reopen=lambda: joined, path_at=joined.path_at)
    for frame in joined.frames():
        sink.accept(Moment("a", frame))
    sink.accept(Moment("a", None, closed=(event_at(3.6, 4.8),)))

    sink.close()

    assert sink.problems == ()
    fields = sink.fields_of(event_at(3.6, 4.8))
    clip = read_clip(folder / str(fields["clip"]))
    start_s = fields["clip_start_s"]
    assert isinstance(start_s, float)
    assert clip.codes == list(range(round(start_s * 25 + 0.49), clip.codes[-1] + 1))
    assert 131 <= clip.codes[-1] <= 135
    assert clip.times_s == pytest.approx([0.04 * n for n in range(len(clip.codes))], abs=0.002)
    assert clip.tone_from_s == pytest.approx(4.4 - start_s, abs=0.04)


@pytest.mark.parametrize("codec", ["libx265", "mpeg4"])
@pytest.mark.parametrize("side", ["before", "behind"])
def test_padding_ends_at_a_recording_that_is_stored_in_another_form(
    codec: str, side: str, write_recording: WriteRecording, folder: Path
) -> None:
    one, other = {"options": KEYS}, {"codec": codec, "size": (96, 48), "options": {}}
    forms = (other, one) if side == "before" else (one, other)
    first = write_recording("a.mp4", **forms[0])
    second = write_recording("b.mp4", first=100, **forms[1])
    event = event_at(4.4, 5.0) if side == "before" else event_at(2.4, 3.6)

    clip, problems, notes = cut_joined(Joined(first, second, 4.0), folder, event)

    assert (problems, notes) == ((), ())
    assert clip[0] in ((100,) if side == "before" else range(20, 40))
    assert clip[-1] in (range(148, 156) if side == "before" else (99,))
    assert clip == list(range(clip[0], clip[-1] + 1))


def test_an_event_that_goes_on_in_another_form_is_encoded(
    write_recording: WriteRecording, folder: Path
) -> None:
    first = write_recording("a.mp4", options=KEYS)
    second = write_recording("b.mp4", first=100, codec="mpeg4", options={})

    clip, problems, notes = cut_joined(Joined(first, second, 4.0), folder, event_at(3.6, 4.8))

    assert problems == ()
    assert notes == (
        "1 clip encoded instead of copied, because it goes on in b.mp4, which is stored in "
        "another form",
    )
    assert clip == list(range(65, 145))


def cut_joined(
    joined: Joined, folder: Path, event: Event
) -> tuple[list[int], tuple[str, ...], tuple[str, ...]]:
    """The codes of a copied clip's pictures with 1 s of padding, its problems and notes."""
    run = RunSettings.model_validate({"clips": "copy", "clip_before_s": 1, "clip_after_s": 1})
    sink = clips_sink(folder, run, reopen=lambda: joined, path_at=joined.path_at)
    for frame in joined.frames():
        sink.accept(Moment("a", frame))
    sink.accept(Moment("a", None, closed=(event,)))
    sink.close()
    name = str(sink.fields_of(event).get("clip", ""))
    return (read_clip(folder / name).codes if name else []), sink.problems, sink.notes
