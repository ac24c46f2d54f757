"""What a person names becomes a source, models and an analysis."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from motionapp.assembly import is_address, load_models, open_source
from motionapp.core.contract import ModelContract
from motionapp.core.errors import ModelError, SettingsError, SourceError
from motionapp.core.representation import Representation
from motionapp.settings import Settings, apply_changes


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("gone.mp4", "there is no file gone.mp4"),
        ("", "an empty name is no source"),
        ("synthetic:", "there is no synthetic scene '': use "),
        ("camera:front", "no camera is called front"),
        ("synthetic:nobody", "there is no synthetic scene"),
        ("rtmp://yard.local/1", "no address of a stream: it begins with one of http"),
        ("rtmp://me:secret@yard.local/1", "rtmp://yard.local/1 is no address"),
    ],
)
def test_what_cannot_be_a_source_is_said_in_a_sentence(spec: str, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        open_source(spec)


@pytest.mark.parametrize("spec", ["rtsp://yard.local/1", "RTSP://yard.local/1"])
def test_an_address_is_a_stream_however_it_is_written(spec: str) -> None:
    source = open_source(spec)

    assert source.info.is_live
    source.close()


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("camera:0", True),
        ("synthetic:walk", True),
        ("https://a/b.mp4", True),
        ("C:/films/a.mp4", False),
        ("udp:x.mp4", False),
        ("a.mp4", False),
    ],
)
def test_addresses_are_told_from_paths(spec: str, expected: bool) -> None:
    assert is_address(spec) == expected


def test_a_model_that_looks_for_longer_than_an_event_was_to_be_held_open_is_refused(
    write_model: Callable[..., Path],
) -> None:
    """Its label would come after the event has been closed."""
    slow = Representation("absdiff", grid_s=0.5)
    model = write_model(contract=ModelContract("slow", "1", ("run", "walk"), slow, "vgg16"))
    changes = {"analysis.recognition.classifier": str(model), "analysis.events.hold_s": 1.5}
    settings = apply_changes(Settings(), changes)

    with pytest.raises(SettingsError, match=r"hold_s is 1\.5 s, but the model .* 2\.50 s"):
        load_models(settings.analysis)


def test_unless_somebody_says_so_no_model_looks_for_too_long(
    write_model: Callable[..., Path],
) -> None:
    """A fall is looked at for two seconds; nobody had to say that events wait for its name."""
    slow = Representation("absdiff", grid_s=0.5)
    model = write_model(contract=ModelContract("slow", "1", ("run", "walk"), slow, "vgg16"))
    settings = apply_changes(Settings(), {"analysis.recognition.classifier": str(model)})

    assert load_models(settings.analysis).recogniser is not None


def test_a_model_that_was_trained_on_other_maps_is_refused(
    write_model: Callable[..., Path],
) -> None:
    """Poses of 33 points looked different."""
    contract = ModelContract("old", "1", ("run", "walk"), Representation("pose"), "vgg16")
    model = write_model(contract=contract)
    changes = {"analysis.recognition.classifier": str(model), "analysis.frontend": "pose"}

    with pytest.raises(ModelError, match="old was trained on version 1 of the maps of pose"):
        load_models(apply_changes(Settings(), changes).analysis)


@pytest.mark.parametrize(("hold_s", "is_enough"), [(1.24, True), (1.23, False)])
def test_an_event_is_held_for_half_a_clip_and_half_of_the_smoothing(
    hold_s: float, is_enough: bool, write_model: Callable[..., Path]
) -> None:
    contract = ModelContract("usual", "1", ("run", "walk"), Representation("absdiff"), "vgg16")
    changes = {
        "analysis.recognition.classifier": str(write_model(contract=contract)),
        "analysis.events.hold_s": hold_s,
    }
    settings = apply_changes(Settings(), changes)

    if is_enough:
        assert load_models(settings.analysis).recogniser is not None
    else:
        with pytest.raises(SettingsError, match=r"needs at least 1\.24 s"):
            load_models(settings.analysis)


@pytest.mark.parametrize(
    ("classifier", "says"),
    [
        ("actions,,actions-alexnet", "between two commas stands no name"),
        ("actions,none", "none stands by itself"),
        ("actions,actions", "two of the classifiers call themselves"),
        ("actions,nobody", "there is no model 'nobody'"),
    ],
)
def test_several_classifiers_that_cannot_be_used_together_are_refused(
    classifier: str, says: str
) -> None:
    settings = apply_changes(Settings(), {"analysis.recognition.classifier": classifier})

    with pytest.raises((SettingsError, ModelError), match=says):
        load_models(settings.analysis)


def test_of_several_classifiers_the_first_decides() -> None:
    changes = {"analysis.recognition.classifier": "actions, actions-alexnet"}

    models = load_models(apply_changes(Settings(), changes).analysis)

    assert len(models.all) == 2
    assert models.all[0] is models.recogniser
    assert len(models.digest) == 128
