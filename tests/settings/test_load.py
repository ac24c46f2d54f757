"""Where settings come from, who wins, and what is refused by name."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.errors import SettingsError
from motionapp.settings import Settings, apply_changes, load_settings


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_without_anything_given_the_defaults_hold() -> None:
    assert load_settings() == Settings()


def test_file_beats_default_environment_beats_file_and_flags_beat_all(toml: Path) -> None:
    toml.write_text(
        "[analysis.events]\nhold_s = 2.0\npersist_s = 2.0\nmax_event_s = 20\n", encoding="utf-8"
    )
    environment = {
        "MOTIONAPP_ANALYSIS__EVENTS__PERSIST_S": "3.0",
        "MOTIONAPP_ANALYSIS__EVENTS__MAX_EVENT_S": "30",
    }
    flags = {"analysis.events.max_event_s": 40, "analysis.frontend": None}

    settings = load_settings(toml, environment=environment, changes=flags)

    assert settings.analysis.events.hold_s == 2.0
    assert settings.analysis.events.persist_s == 3.0
    assert settings.analysis.events.max_event_s == 40.0
    assert settings.analysis.frontend == "absdiff"


def test_the_environment_is_text_and_becomes_what_the_setting_is() -> None:
    environment = {
        "MOTIONAPP_RUN__WORKERS": "4",
        "MOTIONAPP_RUN__ANNOTATED": "true",
        "MOTIONAPP_ANALYSIS__ABSDIFF__LAG_S": "0.1",
        "MOTIONAPP_ANALYSIS__RECOGNITION__THRESHOLD": "0.25",
    }

    settings = load_settings(environment=environment)

    assert settings.run.workers == 4
    assert settings.run.annotated is True
    assert settings.analysis.absdiff.lag_s == 0.1
    assert settings.analysis.recognition.threshold == 0.25


@given(text=st.text(max_size=200))
def test_no_text_in_a_file_gives_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    file = tmp_path_factory.getbasetemp() / "fuzzed.toml"
    file.write_text(text, encoding="utf-8", errors="surrogatepass", newline="")

    with contextlib.suppress(SettingsError):
        load_settings(file)


def test_other_variables_are_nobodys_business() -> None:
    environment = {"PATH": "/bin", "MOTIONAPP_": "x", "MOTIONAPP": "x", "RUN__WORKERS": "9"}

    assert load_settings(environment=environment) == Settings()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("surprise = 1", "surprise"),
        ("[analysis]\nfront_end = 'flow'", "analysis.front_end"),
        ("[analysis.absdiff]\nlag = 0.1", "analysis.absdiff.lag"),
        ("[run]\nworker = 2", "run.worker"),
    ],
)
def test_an_unknown_key_in_a_file_is_named_with_its_path_and_file(
    toml: Path, text: str, key: str
) -> None:
    toml.write_text(text, encoding="utf-8")

    with pytest.raises(SettingsError) as caught:
        load_settings(toml)

    assert f"unknown key {key}" in str(caught.value)
    assert str(toml) in str(caught.value)


def test_an_unknown_variable_is_an_error_with_its_key_path() -> None:
    with pytest.raises(SettingsError, match=r"unknown key analysis\.front_end"):
        load_settings(environment={"MOTIONAPP_ANALYSIS__FRONT_END": "flow"})


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[run]\nworkers = 'many'", "run.workers"),
        ("[run]\nworkers = 0", "run.workers"),
        ("[run]\npace = 'slow'", "run.pace"),
        ("[analysis]\nabsdiff = 3", "analysis.absdiff"),
        ("[analysis]\nfrontend = 3", "analysis.frontend"),
        ("[analysis.absdiff]\nlag_s = nan", "analysis.absdiff.lag_s"),
        ("[analysis.absdiff]\nlag_s = inf", "analysis.absdiff.lag_s"),
        ("[analysis.absdiff]\nlag_s = 2020-01-01", "analysis.absdiff.lag_s"),
        ("[analysis.flow]\npreset = 'finest'", "analysis.flow.preset"),
    ],
)
def test_a_value_that_does_not_fit_is_named_with_its_path(toml: Path, text: str, key: str) -> None:
    toml.write_text(text, encoding="utf-8")

    with pytest.raises(SettingsError, match=key.replace(".", r"\.")):
        load_settings(toml)


def test_a_variable_below_a_value_is_refused(toml: Path) -> None:
    toml.write_text("analysis = 3", encoding="utf-8")

    with pytest.raises(SettingsError, match=r"settings\.toml: analysis is a value, not a table"):
        load_settings(toml, environment={"MOTIONAPP_ANALYSIS__FRONTEND": "flow"})


def test_a_wrong_value_is_blamed_on_the_place_that_it_comes_from(toml: Path) -> None:
    toml.write_text("[run]\nworkers = 2\n", encoding="utf-8")

    with pytest.raises(SettingsError, match="the variable MOTIONAPP_RUN__WORKERS: run"):
        load_settings(toml, environment={"MOTIONAPP_RUN__WORKERS": "many"})
    with pytest.raises(SettingsError, match="the variable MOTIONAPP_RUM__WORKERS: unknown key rum"):
        load_settings(toml, environment={"MOTIONAPP_RUM__WORKERS": "3"})
    with pytest.raises(SettingsError, match="the settings: run"):
        load_settings(toml, changes={"run.workers": 0})


@pytest.mark.parametrize(
    "name", ["MOTIONAPP_ANALYSIS_FRONTEND", "MOTIONAPP_RUN_WORKERS", "MOTIONAPP_WORKERS"]
)
def test_a_variable_with_one_underscore_too_few_is_not_passed_over(name: str) -> None:
    with pytest.raises(SettingsError, match=f"the variable {name}: unknown key"):
        load_settings(environment={name: "flow"})


def test_a_misspelt_key_is_told_before_the_right_one_that_is_missing(toml: Path) -> None:
    toml.write_text("[[analysis.zones]]\nname = 'door'\npoligon = [[0, 0], [1, 0], [1, 1]]\n")

    with pytest.raises(SettingsError, match=r"unknown key analysis\.zones\.0\.poligon"):
        load_settings(toml)


def test_a_mark_of_byte_order_before_a_file_is_no_matter(toml: Path) -> None:
    toml.write_bytes(b"\xef\xbb\xbf[run]\r\nworkers = 2\r\n")

    assert load_settings(toml).run.workers == 2


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nothing\.toml cannot be read"):
        load_settings(tmp_path / "nothing.toml")


def test_a_folder_is_no_settings_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"not toml at all",
        b"[analysis",
        b"\xff\xfe\x00",
        b"\x00" * 100,
        b"a = " + b"[" * 100_000,
        b"a = " + b"{b = " * 10_000,
        b"a = " + b"9" * 10_000,
        b"a = 2020-99-99",
        b"[run]\nworkers = 1\nworkers = 2",
    ],
    ids=lambda content: repr(content[:12]),
)
def test_what_is_not_toml_is_refused_with_a_sentence(toml: Path, content: bytes) -> None:
    toml.write_bytes(content)

    with pytest.raises(SettingsError, match="is not a TOML file"):
        load_settings(toml)


@given(
    st.one_of(
        st.binary(max_size=40),
        st.text(alphabet="[]{}=.,'\"\n abrun0123-_", max_size=60).map(str.encode),
    )
)
def test_whatever_a_file_holds_gives_settings_or_a_settings_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzzed.toml"
    path.write_bytes(content)

    with contextlib.suppress(SettingsError):
        assert isinstance(load_settings(path), Settings)


keys = st.sampled_from(
    ["analysis", "run", "events", "absdiff", "hold_s", "workers", "frontend", "lag_s", "x"]
)


@given(st.dictionaries(st.lists(keys, min_size=2, max_size=4).map("__".join), st.text(max_size=3)))
def test_whatever_the_environment_holds_gives_settings_or_a_settings_error(
    variables: dict[str, str],
) -> None:
    environment = {f"MOTIONAPP_{key.upper()}": value for key, value in variables.items()}

    with contextlib.suppress(SettingsError):
        assert isinstance(load_settings(environment=environment), Settings)


def test_a_message_stays_a_sentence_however_long_the_value_is(toml: Path) -> None:
    toml.write_text(f"[run]\nworkers = '{'x' * 100_000}'", encoding="utf-8")

    with pytest.raises(SettingsError) as caught:
        load_settings(toml)

    assert len(str(caught.value)) < 500


def test_changes_are_checked_like_everything_else() -> None:
    settings = load_settings()

    changed = apply_changes(settings, {"analysis.absdiff.sensitivity": 2, "run.workers": 3})

    assert changed.analysis.absdiff.sensitivity == 2.0
    assert changed.run.workers == 3
    assert settings == Settings()
    with pytest.raises(SettingsError, match=r"unknown key analysis\.x"):
        apply_changes(settings, {"analysis.x": 1})
    with pytest.raises(SettingsError, match=r"analysis\.absdiff\.sensitivity"):
        apply_changes(settings, {"analysis.absdiff.sensitivity": 0})


def test_a_change_to_none_takes_a_value_back() -> None:
    settings = load_settings(changes={"analysis.recognition.threshold": 0.7})

    cleared = apply_changes(settings, {"analysis.recognition.threshold": None})

    assert cleared == Settings()


def test_a_dumped_tree_loads_as_the_same_settings() -> None:
    tree = load_settings(changes={"analysis.frontend": "flow"}).model_dump(exclude_none=True)

    assert Settings.model_validate(tree).analysis.frontend == "flow"


def test_a_settings_file_without_end_is_refused(tmp_path: Path) -> None:
    toml = tmp_path / "endless.toml"
    toml.write_text("# much\n" * 200_000)

    with pytest.raises(SettingsError, match="is no settings file: it has more than 1000000 bytes"):
        load_settings(toml)


def test_a_front_end_may_be_asked_for_with_its_preset(toml: Path) -> None:
    toml.write_text("[analysis]\nfrontend = 'flow:ultrafast'\n", encoding="utf-8")

    named = load_settings(toml).analysis
    asked = load_settings(toml, changes={"analysis.frontend": "flow:best"}).analysis
    plain = load_settings(toml, changes={"analysis.frontend": "flow"}).analysis

    assert (named.frontend, named.flow.preset) == ("flow", "ultrafast")
    assert (asked.frontend, asked.flow.preset) == ("flow", "best")
    assert (plain.frontend, plain.flow.preset) == ("flow", "fast")


def test_a_preset_beside_other_values_of_the_front_end_leaves_them() -> None:
    settings = load_settings(
        changes={"analysis.frontend": "flow:best", "analysis.flow.min_speed": 0.1}
    )

    assert settings.analysis.flow.preset == "best"
    assert settings.analysis.flow.min_speed == 0.1


@pytest.mark.parametrize(
    ("frontend", "sentence"),
    [
        ("flow:medium", "medium is now called fast"),
        ("flow:slow", "no flow preset 'slow': choose from fast, best, ultrafast"),
        ("flow:", "no flow preset ''"),
        ("absdiff:best", "'absdiff' has no presets"),
        ("nothing:best", "'nothing' has no presets"),
        ("tracking:best", "'tracking' has no presets"),
        (":best", "'' has no presets"),
        ("flow:best:more", "no flow preset 'best:more'"),
    ],
)
def test_a_preset_that_is_none_is_refused(frontend: str, sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        load_settings(changes={"analysis.frontend": frontend})


def test_a_former_name_in_a_file_is_told_the_new_one(toml: Path) -> None:
    toml.write_text("[analysis.flow]\npreset = 'medium'\n", encoding="utf-8")

    with pytest.raises(SettingsError, match=r"analysis\.flow\.preset: .* is now called fast"):
        load_settings(toml)
