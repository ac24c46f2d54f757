"""Short forms of benchmarks of the window: minutes long, they run there."""

from __future__ import annotations

import importlib.util
import random
import threading
from pathlib import Path
from types import ModuleType

import pytest
from PyQt6.QtWidgets import QApplication, QMainWindow

from motionapp.gui.play.wish import Loop, Play, Wish
from motionapp.gui.start import make_window
from motionapp.settings import AnalysisSettings

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


def script(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(BENCHMARKS)  # they use each other
    spec = importlib.util.spec_from_file_location(f"benchmark_{name}", BENCHMARKS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(__import__("sys").modules, spec.name, module)  # dataclasses look it up
    spec.loader.exec_module(module)
    return module


@pytest.mark.timeout(60)
def test_a_720p_recording_is_painted_in_time(
    app: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With room to spare for a machine that also runs other tests: the bars are 28 and 100 ms."""
    window_benchmark = script("window", monkeypatch)
    settings = AnalysisSettings()

    with window_benchmark.recording(None, seconds=4) as path:
        wish = Wish(str(path), settings, play=Play(loop=Loop())).with_classifier("none")
        # Beside other tests one stretch may be starved; a window that is too slow is so in each.
        for _ in range(4):
            window = make_window(wish)
            figures = window_benchmark.measure(window, app, 2.5).figures()
            assert figures["messages"] == ""
            if figures["pictures_hz"] > 15 and figures["age_p50_ms"] < 200:
                break

    assert figures["pictures_hz"] > 15
    assert figures["age_p50_ms"] < 200


@pytest.mark.timeout(60)
def test_front_ends_are_switched_while_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    switching = script("switching", monkeypatch)
    settings = Wish("", AnalysisSettings()).with_classifier("none").settings

    figures = switching.switch("synthetic:jack", settings, 4)

    assert figures["failures"] == []
    assert figures["threads_left"] == []
    assert figures["changes"] == 4


@pytest.mark.timeout(60)
def test_whatever_is_done_nothing_fails(
    app: QApplication, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`benchmarks/window_actions.py` does thousands of them, and looks at threads, memory and how
    long each takes, too; threads are counted here by the fixture of this folder."""
    doings, bench = script("window_doings", monkeypatch), script("window_bench", monkeypatch)
    trouble: list[object] = []
    monkeypatch.setattr("sys.excepthook", lambda *told: trouble.append(told))
    monkeypatch.setattr("threading.excepthook", trouble.append)
    monkeypatch.setattr("motionapp.gui.play.driver.list_cameras", list)
    damaged = tmp_path / "odd & <b>.avi"
    damaged.write_bytes(b"this is no recording")
    sources = ["synthetic:walk", "synthetic:crossing", str(damaged), "none.mp4"]
    settings = AnalysisSettings().model_copy(update={"people": "off"})
    window = make_window(Wish(sources[0], settings).with_classifier("none"))
    window.crew.recording.go_to(tmp_path / "films")
    window.player.failed.connect(
        lambda said: trouble.append(said) if "of the program itself" in said else None
    )
    window.show()
    assert bench.let_work(lambda: window.view.painted.count, 20.0)

    does = doings.Doings(window, random.Random(18), sources, tmp_path)
    with does.answered():
        done = [does.one() for _ in range(150) if bench.let_work(lambda: True, 1.0)]
    window.close()
    window.deleteLater()

    assert trouble == []
    assert len(set(done)) > 40


@pytest.mark.timeout(30)
def test_a_hand_asks_in_qt_s_thread_and_hears_what_went_wrong(
    app: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The walk itself needs a screen: `benchmarks/window_walk.py` makes one."""
    hands_, bench = script("window_hands", monkeypatch), script("window_bench", monkeypatch)
    window = QMainWindow()
    hands = hands_.Hands(window)
    heard: list[object] = []

    def walk() -> None:
        heard.append(hands.ask(threading.get_ident))
        for fails in (
            lambda: hands.ask(lambda: 1 // 0),
            lambda: hands.until(lambda: False, "it comes about", 0.1),
            lambda: hands.place(window),
            lambda: hands.raise_dock("Nowhere"),
        ):
            try:
                fails()
            except (ZeroDivisionError, AssertionError) as error:
                heard.append(type(error).__name__)

    thread = threading.Thread(target=walk)
    thread.start()

    assert bench.let_work(lambda: not thread.is_alive(), 10.0)
    assert heard == [threading.get_ident(), "ZeroDivisionError", "Failed", "Failed", "Failed"]
    window.deleteLater()
