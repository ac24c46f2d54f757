"""The driver: wishes come true on its own thread; no Qt in these tests."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from motionapp import assembly
from motionapp.core.errors import ModelError, SourceError
from motionapp.core.models import Models
from motionapp.core.moment import Moment
from motionapp.core.seams import Source, SourceInfo
from motionapp.gui.play import playing
from motionapp.gui.play.canvas import Shown
from motionapp.gui.play.driver import Driver
from motionapp.gui.play.listener import Happening
from motionapp.gui.play.lost import Lost
from motionapp.gui.play.wish import Loop, Play, Wish
from motionapp.privacy.frames import LEVEL
from motionapp.settings import AnalysisSettings, analysis_digest
from motionapp.settings.zones import ZoneSettings
from motionapp.sources import CameraInfo
from motionapp.testing import STEP_S, ScriptedSource

pytestmark = pytest.mark.timeout(20)


class Ear:
    """Keeps what is told, and lets a test wait for it."""

    def __init__(self) -> None:
        self.told: list[tuple[str, object]] = []
        self.pictures: list[int] = []
        self.picture: Shown | None = None
        self.roads: set[int] = set()
        self.moments: dict[int, list[Moment]] = {}
        self._changed = threading.Condition()

    def wait_for(self, holds: Callable[[], object]) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: bool(holds()), 10), self.told

    def names(self) -> list[str]:
        return [name for name, _ in self.told]

    def all_of(self, name: str) -> list[object]:
        return [value for told, value in self.told if told == name]

    def _tell(self, name: str, value: object) -> None:
        with self._changed:
            self.told.append((name, value))
            self._changed.notify_all()

    def pictured(self, picture: Shown, *, road: int = 0) -> None:
        with self._changed:
            self.roads.add(road)
            if road:
                return
            self.picture = picture
            self.pictures.append(picture.index)
            self._changed.notify_all()

    def happened(self, happening: Happening) -> None:
        self.moments.setdefault(happening.road, []).append(happening.moment)
        frame = happening.moment.frame
        self._tell("happened", None if frame is None else frame.index)

    def opened(self, wish: Wish, info: SourceInfo) -> None:
        self._tell("opened", wish)

    def refused(self, wish: Wish) -> None:
        self._tell("refused", wish)

    def noted(self, line: str) -> None:
        self._tell("noted", line)

    def failed(self, sentence: str) -> None:
        self._tell("failed", sentence)

    def recorded(self, written: str, trouble: str) -> None:
        self._tell("recorded", (written, trouble))

    def stood(self) -> None:
        self._tell("stood", None)

    def ended(self) -> None:
        self._tell("ended", None)

    def cameras_found(self, cameras: tuple[CameraInfo, ...]) -> None:
        self._tell("cameras_found", cameras)


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], Source]]:
    """What can be opened, by name; models are loaded unless they are called `broken`."""
    known: dict[str, Callable[[], Source]] = {
        "endless": lambda: ScriptedSource(None),
        "short": lambda: ScriptedSource(3),
        "camera": lambda: ScriptedSource(None, is_live=True),
    }

    def open_source(spec: str, *, decode_threads: int | None = None) -> Source:
        if spec not in known:
            raise SourceError(f"there is no {spec}")
        return known[spec]()

    def load_models(settings: AnalysisSettings, **_: object) -> Models:
        if settings.recognition.classifier == "broken":
            raise ModelError("broken is no model")
        return Models(note="nothing is named" if settings.frontend == "flow" else "")

    monkeypatch.setattr(assembly, "open_source", open_source)
    monkeypatch.setattr(assembly, "load_models", load_models)
    return known


@pytest.fixture
def driver(ear: Ear, sources: object) -> Iterator[Driver]:
    with Driver(ear, threads=1) as driver:
        yield driver


def a_wish(spec: str, **more: object) -> Wish:
    return Wish(spec, AnalysisSettings().model_copy(), **more)  # type: ignore[arg-type]  # fields


def test_a_source_plays_with_every_moment_told(driver: Driver, ear: Ear) -> None:
    driver.want(a_wish("short"))

    ear.wait_for(lambda: "ended" in ear.names())

    assert ear.pictures[-1] == 2
    assert ear.all_of("happened")[-1] is None
    assert driver.newest_moment is None


def test_a_looping_recording_begins_again(driver: Driver, ear: Ear) -> None:
    driver.want(a_wish("short", play=Play(loop=Loop())))

    ear.wait_for(lambda: ear.names().count("opened") >= 3)

    assert "ended" not in ear.names()


def test_what_cannot_be_opened_is_said_and_what_plays_goes_on(driver: Driver, ear: Ear) -> None:
    first = a_wish("endless")
    driver.want(first)
    ear.wait_for(lambda: ear.pictures)

    driver.want(first.opened("nowhere"))
    ear.wait_for(lambda: "failed" in ear.names())
    seen = len(ear.pictures)
    ear.wait_for(lambda: len(ear.pictures) > seen)

    assert ear.all_of("failed") == ["there is no nowhere"]
    assert ear.all_of("refused") == [replace(first, opening=2)]


def test_what_plays_can_be_paused_after_something_else_could_not_be_opened(
    driver: Driver, ear: Ear
) -> None:
    driver.want(a_wish("endless"))
    ear.wait_for(lambda: ear.pictures)
    driver.want(a_wish("endless").opened("nowhere"))
    ear.wait_for(lambda: "refused" in ear.names())
    (stays,) = ear.all_of("refused")
    assert isinstance(stays, Wish)

    driver.want(replace(stays, play=Play(until_s=0.0)))

    ear.wait_for(lambda: "stood" in ear.names())


def test_what_has_ended_is_fallen_back_to_where_something_else_cannot_be_opened(
    driver: Driver, ear: Ear
) -> None:
    driver.want(a_wish("short"))
    ear.wait_for(lambda: "ended" in ear.names())

    driver.want(a_wish("short").opened("nowhere"))
    ear.wait_for(lambda: "refused" in ear.names())

    (stays,) = ear.all_of("refused")
    assert isinstance(stays, Wish)
    assert stays.spec == "short"
    driver.want(stays.sought(0.0))
    ear.wait_for(lambda: ear.names().count("ended") == 2)


def test_an_unforeseen_error_while_opening_leaves_what_plays_in_force(
    driver: Driver, ear: Ear, sources: dict[str, Callable[[], Source]]
) -> None:
    def odd() -> Source:
        raise ZeroDivisionError("oops")

    sources["odd"] = odd
    first = a_wish("endless")
    driver.want(first)
    ear.wait_for(lambda: ear.pictures)

    driver.want(first.opened("odd"))
    ear.wait_for(lambda: "failed" in ear.names())

    assert ear.all_of("refused") == [replace(first, opening=2)]


def test_settings_reach_what_has_ended_and_its_last_picture(driver: Driver, ear: Ear) -> None:
    first = a_wish("short")
    driver.want(first)
    ear.wait_for(lambda: "ended" in ear.names())
    before = driver.digest
    assert grey(ear) == 90

    driver.want(private(first))

    ear.wait_for(lambda: grey(ear) == LEVEL)
    assert driver.digest != before


def test_a_refused_model_leaves_the_analysis_as_it_is(driver: Driver, ear: Ear) -> None:
    first = a_wish("endless")
    driver.want(first)
    ear.wait_for(lambda: ear.pictures)

    driver.want(first.with_classifier("broken"))
    ear.wait_for(lambda: "failed" in ear.names())

    assert ear.all_of("failed") == ["broken is no model"]
    assert ear.all_of("refused") == [first]
    assert ear.names().count("opened") == 1


def test_another_front_end_needs_no_opening_and_its_note_is_told(driver: Driver, ear: Ear) -> None:
    first = a_wish("endless")
    driver.want(first)
    ear.wait_for(lambda: ear.pictures)

    driver.want(first.with_frontend("flow"))
    ear.wait_for(lambda: "nothing is named" in ear.all_of("noted"))

    assert ear.names().count("opened") == 1


def test_people_can_be_looked_for_after_all_while_it_plays(
    driver: Driver, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Models that were loaded without a finder would find nobody, whatever is wished for."""
    monkeypatch.setattr(assembly, "load_models", lambda s, **_: Models(note=f"people {s.people}"))
    first = a_wish("endless")
    first = replace(first, settings=first.settings.model_copy(update={"people": "off"}))
    driver.want(first)
    ear.wait_for(lambda: "people off" in ear.all_of("noted"))

    driver.want(replace(first, settings=first.settings.model_copy(update={"people": "auto"})))

    ear.wait_for(lambda: "people auto" in ear.all_of("noted"))


def test_without_its_model_a_recording_plays_all_the_same(driver: Driver, ear: Ear) -> None:
    """One failure at the start must not refuse everything."""
    driver.want(a_wish("endless").with_classifier("broken"))

    ear.wait_for(lambda: ear.pictures)

    assert ear.all_of("failed") == ["broken is no model"]
    (opened,) = ear.all_of("opened")
    assert isinstance(opened, Wish)
    assert opened.settings.recognition.classifier == "none"


def test_after_a_failure_a_mended_wish_is_tried(driver: Driver, ear: Ear) -> None:
    wish = a_wish("nowhere")
    driver.want(wish)
    ear.wait_for(lambda: "failed" in ear.names())

    driver.want(wish.opened("endless"))

    ear.wait_for(lambda: ear.pictures)


def test_a_source_that_fails_while_playing_is_said_once(
    driver: Driver, ear: Ear, sources: dict[str, Callable[[], Source]]
) -> None:
    sources["loose"] = lambda: ScriptedSource(2, error=SourceError("the cable came off"))

    driver.want(a_wish("loose"))
    ear.wait_for(lambda: "failed" in ear.names())

    assert ear.all_of("failed") == ["the cable came off"]
    assert "ended" not in ear.names()
    assert driver.is_over


def test_what_cannot_be_drawn_is_said_and_stops_no_picture_in_silence(
    driver: Driver, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shown(*_: object) -> Shown:
        raise ZeroDivisionError("oops")

    driver.want(a_wish("endless"))
    ear.wait_for(lambda: ear.pictures)
    monkeypatch.setattr(playing, "shown", shown)
    ear.wait_for(lambda: "failed" in ear.names())

    assert "ZeroDivisionError" in str(ear.all_of("failed")[0])
    assert driver.is_over


def test_an_unforeseen_error_is_said_and_the_driver_lives_on(
    driver: Driver, ear: Ear, sources: dict[str, Callable[[], Source]]
) -> None:
    sources["odd"] = lambda: ScriptedSource(2, error=ZeroDivisionError("oops"))

    driver.want(a_wish("odd"))
    ear.wait_for(lambda: "failed" in ear.names())
    driver.want(a_wish("endless", opening=2))
    ear.wait_for(lambda: len(ear.pictures) > 3)

    assert "ZeroDivisionError" in str(ear.all_of("failed")[0])


def test_a_recording_pauses_and_goes_on(driver: Driver, ear: Ear) -> None:
    wish = a_wish("endless")
    driver.want(wish)
    ear.wait_for(lambda: len(ear.pictures) > 2)

    driver.want(wish.held())
    held = driver.snapshot().captured
    driver.want(wish)
    ear.wait_for(lambda: ear.pictures[-1] > held + 2)

    indices = [index for index in ear.all_of("happened") if isinstance(index, int)]
    assert indices == sorted(indices)


def test_paused_it_stays_where_it_is_sought(driver: Driver, ear: Ear) -> None:
    """Seeking, opening and looping know nothing of pausing: it is part of what is wished for."""
    wish = a_wish("endless")
    driver.want(wish)
    ear.wait_for(lambda: len(ear.pictures) > 2)

    wish = wish.held()
    driver.want(wish)
    wish = wish.sought(40.0)
    driver.want(wish)
    ear.wait_for(lambda: ear.pictures[-1] >= 1000)
    for wished in (wish.stepped_on(), wish.stepped_on().stepped_on()):
        driver.want(wished)
    ear.wait_for(lambda: ear.pictures[-1] >= 1002)

    later = [index for index in ear.pictures if index >= 1000]
    assert later[-1] == 1002
    assert driver.snapshot().captured == 3


def test_a_step_back_is_to_the_very_frame_before(driver: Driver, ear: Ear) -> None:
    wish = a_wish("endless").held().sought(40.0)
    driver.want(wish)
    ear.wait_for(lambda: ear.pictures)

    driver.want(wish.stepped_back(40.0))
    ear.wait_for(lambda: ear.pictures[-1] == 999)


def test_what_is_wished_while_it_is_opened_is_not_lost(
    driver: Driver, ear: Ear, sources: dict[str, Callable[[], Source]]
) -> None:
    """A pause and two steps, while the recording takes its time."""
    opening, wished = threading.Event(), threading.Event()

    def slow() -> Source:
        opening.set()
        assert wished.wait(10)
        return ScriptedSource(None)

    sources["slow"] = slow
    driver.want(a_wish("slow"))
    assert opening.wait(10)
    driver.want(a_wish("slow").stepped_on().stepped_on())
    wished.set()

    ear.wait_for(lambda: ear.pictures and ear.pictures[-1] >= 2)
    assert driver.snapshot().captured == 3


def test_a_place_beyond_the_end_is_the_last_frame(driver: Driver, ear: Ear) -> None:
    driver.want(a_wish("short").sought(3600.0))

    ear.wait_for(lambda: "ended" in ear.names())

    assert ear.pictures[-1] == 2


def test_where_a_recording_says_that_it_is_longer_its_last_frame_is_shown(
    driver: Driver, ear: Ear, sources: dict[str, Callable[[], Source]]
) -> None:
    def short() -> Source:
        source = ScriptedSource(3)
        source.info = replace(source.info, duration_s=60.0)
        return source

    sources["boasting"] = short
    driver.want(a_wish("boasting").sought(30.0))

    ear.wait_for(lambda: "ended" in ear.names())

    assert ear.pictures[-1] == 2


def test_a_camera_is_read_from_now_wherever_it_is_asked_for(driver: Driver, ear: Ear) -> None:
    """To compare on it, say: it would be waited for as long as it has played before."""
    driver.want(a_wish("camera").sought(400.0))

    ear.wait_for(lambda: ear.pictures)

    assert ear.pictures[0] < 400.0 / STEP_S


def test_a_stretch_begins_again_at_its_start(driver: Driver, ear: Ear) -> None:
    wish = a_wish("endless").at_rate(8.0).looped(Loop(1.0, 1.2))
    driver.want(wish.sought(1.0))

    ear.wait_for(lambda: ear.names().count("opened") >= 3)

    assert set(ear.pictures) <= set(range(25, 30))


def test_an_end_that_is_set_behind_the_picture_goes_back_to_the_start(
    driver: Driver, ear: Ear
) -> None:
    wish = a_wish("endless").sought(4.0)
    driver.want(wish)
    ear.wait_for(lambda: ear.pictures)

    driver.want(wish.looped(Loop(1.0, 2.0)))

    ear.wait_for(lambda: 25 in ear.pictures)


def test_of_a_flood_of_wishes_the_newest_comes_true(driver: Driver, ear: Ear) -> None:
    wish = a_wish("endless")
    for place_s in range(1, 200):
        wish = wish.sought(float(place_s))
        driver.want(wish)

    ear.wait_for(lambda: ear.pictures and ear.pictures[-1] >= 199 * 25)

    assert ear.all_of("opened")[-1] == wish
    assert ear.names().count("opened") < 100


def test_cameras_are_listed_on_the_driver_s_thread(
    driver: Driver, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [CameraInfo(0, "front door")]
    monkeypatch.setattr("motionapp.gui.play.driver.list_cameras", lambda: found)

    driver.find_cameras()
    ear.wait_for(lambda: "cameras_found" in ear.names())

    assert ear.all_of("cameras_found") == [tuple(found)]


def test_closing_while_a_paused_recording_waits_ends_all_threads(ear: Ear, sources: object) -> None:
    before = set(threading.enumerate())
    with Driver(ear) as driver:
        driver.want(a_wish("endless"))
        ear.wait_for(lambda: ear.pictures)
        driver.want(a_wish("endless").held())
        driver.close()  # twice is once

    assert set(threading.enumerate()) <= before


def marks(ear: Ear) -> int:
    """Pixels in the colours of boxes: the rendered street has none of them."""
    if ear.picture is None:
        return 0
    blue, green, red = (ear.picture.bgra[..., n].astype(int) for n in range(3))
    return int(((red > 200) & (green < 120) & (blue < 120)).sum())


def test_at_a_held_picture_stands_what_playing_on_to_it_would_have_found(ear: Ear) -> None:
    """Sought to, stepped back from, and seen by other settings; events are found by playing."""
    settings = Wish("", AnalysisSettings()).with_classifier("none").settings
    settings = settings.model_copy(update={"people": "off"})
    with Driver(ear, threads=1) as driver:
        wish = Wish("synthetic:walk", settings).held().sought(4.0)
        driver.want(wish)
        ear.wait_for(lambda: marks(ear) > 50)
        at_s = ear.picture.pts_s if ear.picture is not None else 0.0

        driver.want(wish.stepped_back(at_s))
        ear.wait_for(lambda: ear.picture is not None and ear.picture.pts_s < at_s)
        ear.wait_for(lambda: marks(ear) > 50)
        everywhere = ZoneSettings(
            name="all", kind="exclude", polygon=((0, 0), (1, 0), (1, 1), (0, 1))
        )
        blind = settings.model_copy(update={"zones": (everywhere,)})
        driver.want(replace(wish.stepped_back(at_s), settings=blind))
        ear.wait_for(lambda: marks(ear) < 20)


def test_what_leads_up_to_a_held_picture_is_left_at_once_for_another_wish(
    ear: Ear, sources: dict[str, Callable[[], Source]]
) -> None:
    """As a long way from a key frame would, the second source gives nothing until it is stopped."""
    leading, going_on = threading.Event(), threading.Event()

    class Leading(ScriptedSource):
        def stop(self) -> None:
            super().stop()
            going_on.set()

    def wait(index: int) -> None:
        leading.set()
        assert going_on.wait(10)

    made = iter([ScriptedSource(None), Leading(None, before=wait)])
    sources["held"] = lambda: next(made, ScriptedSource(None))
    with Driver(ear, threads=1) as driver:
        wish = a_wish("held").held().sought(4.0)
        driver.want(wish)
        assert leading.wait(10)

        driver.want(wish.sought(8.0))

        ear.wait_for(lambda: ear.picture is not None and ear.picture.pts_s >= 8.0)


def test_closing_does_not_wait_for_an_address_that_does_not_answer(
    ear: Ear, sources: dict[str, Callable[[], Source]]
) -> None:
    asked, answers = threading.Event(), threading.Event()

    def wait(index: int) -> None:
        asked.set()
        answers.wait(10)

    silent = ScriptedSource(None, is_live=True, before=wait)
    sources["http://silent"] = lambda: silent
    driver = Driver(ear, threads=1)
    driver.start()
    driver.want(a_wish("http://silent"))
    assert asked.wait(10)
    (capture,) = [thread for thread in threading.enumerate() if thread.name == "capture"]
    began_s = time.monotonic()

    driver.close()

    assert time.monotonic() - began_s < 2.0
    assert capture.is_alive()  # it ends when its read does
    assert silent.is_stopped
    answers.set()
    capture.join(10)
    assert not capture.is_alive()


def test_two_settings_see_the_same_frames_and_their_moments_are_told_apart(
    ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Decoded once; B is changed without another opening, and given up by one."""
    monkeypatch.setattr(assembly, "load_models", lambda s, **_: Models())
    opened: list[str] = []
    usual = assembly.open_source

    def open_source(spec: str, **how: Any) -> Source:
        opened.append(spec)
        return usual(spec, **how)

    monkeypatch.setattr(assembly, "open_source", open_source)
    settings = AnalysisSettings().model_copy(update={"people": "off"})
    flow = settings.model_copy(update={"frontend": "flow"})
    with Driver(ear, threads=1) as driver:
        wish = Wish("synthetic:walk", settings).beside(flow, 1.0)
        driver.look_otherwise(compares="side")
        driver.want(wish)
        ear.wait_for(lambda: ear.roads == {0, 1} and set(ear.moments) == {0, 1})
        ear.wait_for(lambda: {m.motion.frontend for m in ear.moments[1]} >= {"flow"})

        driver.want(wish.beside(flow.model_copy(update={"frontend": "background"}), 1.0))
        ear.wait_for(lambda: {m.motion.frontend for m in ear.moments[1]} >= {"background"})
        assert opened == ["synthetic:walk"]
        assert "background" not in {m.motion.frontend for m in ear.moments[0]}

        driver.want(wish.beside(None, 2.0))
        ear.wait_for(lambda: ear.names().count("opened") == 2)
        ear.roads.clear()
        ear.wait_for(lambda: 0 in ear.roads)
        assert ear.roads == {0}


def test_a_camera_that_is_lost_is_looked_for_until_it_is_back(
    ear: Ear, sources: dict[str, Callable[[], Source]]
) -> None:
    """The first two looks find nothing; each waits twice as long as the one before."""
    tries: list[int] = []
    waits: list[tuple[float, Callable[[], None]]] = []

    def camera() -> Source:
        tries.append(len(tries))
        if len(tries) in (2, 3):
            raise SourceError("there is no camera 0")
        error = SourceError("camera 0 was lost") if len(tries) == 1 else None
        return ScriptedSource(5 if error else None, is_live=True, error=error)

    sources["camera:0"] = camera
    with Driver(ear, threads=1, later=lambda s, do: waits.append((s, do))) as driver:
        driver.want(a_wish("camera:0"))
        ear.wait_for(lambda: ear.pictures)
        wait_until(lambda: driver.health == "camera 0 was lost; it is looked for again")

        for count, said in ((1, "there is no camera 0"), (2, "there is no camera 0")):
            waits[-1][1]()
            wait_until(lambda count=count: len(waits) == count + 1)
            assert driver.health == f"{said}; it is looked for again"
        waits[-1][1]()
        ear.wait_for(lambda: ear.names().count("opened") == 2)

        assert driver.health == ""
    assert [seconds for seconds, _ in waits] == [1.0, 2.0, 4.0]
    assert "failed" not in ear.names()


def test_a_lost_camera_is_waited_for_a_quarter_of_a_minute_at_most() -> None:
    waits: list[float] = []
    lost = Lost("lost", later=lambda seconds, do: waits.append(seconds), ring=list)

    for _ in range(6):
        lost.missed("still lost")

    assert waits == [1.0, 2.0, 4.0, 8.0, 15.0, 15.0, 15.0]


def test_who_asks_for_something_else_is_not_brought_back_to_a_lost_camera(
    ear: Ear, sources: dict[str, Callable[[], Source]]
) -> None:
    waits: list[Callable[[], None]] = []
    sources["camera:0"] = lambda: ScriptedSource(5, is_live=True, error=SourceError("lost"))
    with Driver(ear, threads=1, later=lambda s, do: waits.append(do)) as driver:
        wish = a_wish("camera:0")
        driver.want(wish)
        wait_until(lambda: waits)
        driver.want(wish.opened("endless"))
        ear.wait_for(lambda: ear.names().count("opened") == 2)

        waits[0]()
        seen = len(ear.pictures)
        ear.wait_for(lambda: len(ear.pictures) > seen + 5)

        assert ear.names().count("opened") == 2
        assert driver.health == ""


def test_a_lost_camera_is_looked_for_on_where_something_else_could_not_be_opened(
    ear: Ear, sources: dict[str, Callable[[], Source]]
) -> None:
    waits: list[Callable[[], None]] = []
    found = iter((ScriptedSource(5, is_live=True, error=SourceError("lost")), ScriptedSource(None)))
    sources["camera:0"] = lambda: next(found)
    with Driver(ear, threads=1, later=lambda s, do: waits.append(do)) as driver:
        driver.want(a_wish("camera:0"))
        wait_until(lambda: waits)
        driver.want(a_wish("camera:0").opened("nowhere"))
        ear.wait_for(lambda: "refused" in ear.names())

        waits[0]()
        ear.wait_for(lambda: ear.names().count("opened") == 2)

        assert not driver.is_over


def test_the_first_picture_is_shown_before_any_network_is_loaded(
    driver: Driver, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only once: what is opened later waits for its networks behind what plays."""
    seen: list[list[int]] = []
    load = assembly.load_models

    def load_models(settings: AnalysisSettings, **more: Any) -> Models:
        seen.append(list(ear.pictures))
        return load(settings, **more)

    monkeypatch.setattr(assembly, "load_models", load_models)
    wish = a_wish("endless")

    driver.want(wish)
    ear.wait_for(lambda: len(ear.pictures) > 3)
    driver.want(wish.with_frontend("flow").sought(9.0))
    ear.wait_for(lambda: ear.names().count("opened") == 2)

    assert seen[0] == [0]
    assert 225 not in seen[1]


@pytest.mark.parametrize(("spec", "times"), [("camera:0", 1), ("rtsp://door/1", 1), ("short", 2)])
def test_only_a_recording_is_opened_for_a_picture_ahead(
    spec: str, times: int, ear: Ear, sources: dict[str, Callable[[], Source]]
) -> None:
    """A camera may be opened once, and an address may be silent."""
    opened: list[Source] = []

    def open_it() -> Source:
        opened.append(ScriptedSource(3, is_live=spec != "short"))
        return opened[-1]

    sources[spec] = open_it
    with Driver(ear, threads=1) as driver:
        driver.want(a_wish(spec))
        ear.wait_for(lambda: ear.pictures and "opened" in ear.names())

        assert len(opened) == times


def test_a_recording_that_cannot_be_shown_ahead_is_complained_of_once(
    driver: Driver, ear: Ear
) -> None:
    driver.want(a_wish("nowhere"))
    ear.wait_for(lambda: "failed" in ear.names())

    assert ear.all_of("failed") == ["there is no nowhere"]


def test_a_lost_camera_is_opened_at_once_when_one_comes(
    ear: Ear, sources: dict[str, Callable[[], Source]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was waited for before rings no more."""
    monkeypatch.setattr("motionapp.gui.play.driver.list_cameras", list)
    there: list[bool] = [True]
    waits: list[tuple[float, Callable[[], None]]] = []

    def camera() -> Source:
        if not there:
            raise SourceError("there is no camera 0")
        error = SourceError("lost") if there.pop() else None
        return ScriptedSource(5 if error else None, is_live=True, error=error)

    sources["camera:0"] = camera
    with Driver(ear, threads=1, later=lambda s, do: waits.append((s, do))) as driver:
        driver.want(a_wish("camera:0"))
        wait_until(lambda: waits)
        driver.camera_came()  # another one
        wait_until(lambda: len(waits) == 2)
        waits[0][1]()
        there.append(False)
        driver.camera_came()
        ear.wait_for(lambda: ear.names().count("opened") == 2)

        assert driver.health == ""
    assert [seconds for seconds, _ in waits] == [1.0, 2.0]


def test_what_a_camera_gives_that_it_was_not_asked_for_is_said(
    ear: Ear, sources: dict[str, Callable[[], Source]]
) -> None:
    camera = ScriptedSource(None, is_live=True)
    camera.info = replace(camera.info, note="camera:0 was asked for more")
    sources["camera:0"] = lambda: camera
    with Driver(ear, threads=1) as driver:
        driver.want(a_wish("camera:0"))

        wait_until(lambda: driver.health == "camera:0 was asked for more")


def wait_until(holds: Callable[[], object]) -> None:
    """For what nobody tells of."""
    pause = threading.Event()
    while not holds():
        pause.wait(0.002)


def private(wish: Wish) -> Wish:
    zone = ZoneSettings(name="all of it", kind="privacy", polygon=((0, 0), (1, 0), (1, 1), (0, 1)))
    return replace(wish, settings=wish.settings.model_copy(update={"zones": (zone,)}))


def grey(ear: Ear) -> int:
    """Of the newest picture, left of where two may be divided; what is scripted is of 90."""
    assert ear.picture is not None
    height, width = ear.picture.bgra.shape[:2]
    return int(ear.picture.bgra[height // 2, width // 4, 0])


def test_a_picture_that_stands_is_covered_as_soon_as_a_privacy_zone_is_drawn(
    driver: Driver, ear: Ear
) -> None:
    first = a_wish("endless", play=Play(is_paused=True))
    driver.want(first)
    ear.wait_for(lambda: ear.picture is not None)
    assert grey(ear) == 90

    driver.want(private(first))
    ear.wait_for(lambda: grey(ear) == LEVEL)
    driver.want(first)
    ear.wait_for(lambda: grey(ear) == 90)

    assert ear.names().count("opened") == 1


def test_what_plays_is_covered_from_a_privacy_zone_on(driver: Driver, ear: Ear) -> None:
    first = a_wish("endless")
    driver.want(first)
    ear.wait_for(lambda: ear.pictures)

    driver.want(private(first))
    ear.wait_for(lambda: grey(ear) == LEVEL)
    seen = len(ear.pictures)
    ear.wait_for(lambda: len(ear.pictures) > seen + 3)

    assert grey(ear) == LEVEL
    moment = driver.newest_moment
    assert moment is not None
    assert moment.frame is not None
    assert int(moment.frame.bgr().max()) == LEVEL


def test_of_two_settings_beside_each_other_either_covers(driver: Driver, ear: Ear) -> None:
    first = a_wish("endless")

    driver.want(replace(first, other=private(first).settings))
    ear.wait_for(lambda: ear.picture is not None)

    assert grey(ear) == LEVEL


def test_the_last_picture_of_what_has_ended_is_covered_too(driver: Driver, ear: Ear) -> None:
    first = a_wish("short")
    driver.want(first)
    ear.wait_for(lambda: "ended" in ear.names())
    assert grey(ear) == 90

    driver.want(private(first))
    ear.wait_for(lambda: grey(ear) == LEVEL)
    assert driver.digest == analysis_digest(private(first).settings)
    driver.want(first)

    ear.wait_for(lambda: grey(ear) == 90)
    assert ear.names().count("opened") == 1


def test_what_cannot_be_is_refused_after_the_end_as_well(driver: Driver, ear: Ear) -> None:
    first = a_wish("short")
    driver.want(first)
    ear.wait_for(lambda: "ended" in ear.names())

    driver.want(first.with_classifier("broken"))

    ear.wait_for(lambda: "failed" in ear.names())
    assert ear.all_of("refused") == [first]
