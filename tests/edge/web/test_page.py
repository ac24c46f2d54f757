"""The page: what its files may hold, and that it works in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from motionapp.edge.web.app import page_files
from tests.edge.web import fake
from tests.edge.web.chromium import PROGRAM, Chromium
from tests.edge.web.fake import FakeService, film, jpeg, many_events
from tests.edge.web.fixtures import Tokens
from tests.edge.web.running import Running, settings_for

PAGE = Path(fake.__file__).parents[3] / "motionapp" / "edge" / "web" / "page"
SCRIPTS = sorted(PAGE.glob("*.js"))


def test_all_files_of_the_page_are_served_and_no_other() -> None:
    assert set(page_files()) == {"/"} | {
        f"/page/{path.name}" for path in PAGE.iterdir() if path.name != "index.html"
    }


def test_its_picture_is_that_of_the_program() -> None:
    own = PAGE.parents[3] / "assets" / "motionapp.svg"
    assert (PAGE / "icon.svg").read_bytes() == own.read_bytes()


def test_nothing_in_the_page_comes_from_elsewhere_and_no_script_stands_in_it() -> None:
    html = (PAGE / "index.html").read_text("utf-8")
    assert re.findall(r"<script(?![^>]*\bsrc=)", html) == []
    assert re.findall(r"\s(?:on\w+|style)=", html) == []
    for path in PAGE.iterdir():
        text = path.read_text("utf-8")
        outside = set(re.findall(r"(?:https?:)?//[a-z][\w.-]+\.[a-z]{2,}", text))
        assert outside <= {"http://www.w3.org"}, path.name  # the name of a language, not a place
        assert "innerHTML" not in text
        assert not re.search(r"\beval\(|new Function|document\.write", text)


def test_both_languages_have_the_same_words_and_none_is_missing() -> None:
    words = (PAGE / "words.js").read_text("utf-8")
    english, german = (
        set(re.findall(r'[{,]\s*"?([\w.]+)"?:\s*"', part))
        for part in re.search(r"ENGLISH = (.*?)GERMAN = (.*?)export", words, re.S).groups()  # type: ignore[union-attr]
    )
    asked = set()
    for path in SCRIPTS:
        asked |= set(re.findall(r'word\("([\w.]+)"', path.read_text("utf-8")))

    assert len(english) > 80
    assert english == german
    assert asked <= english


@pytest.fixture
def shown(tmp_path: Path, tokens: Tokens) -> Iterator[Running]:
    if PROGRAM is None:
        pytest.skip("no page is looked at: chromium is not installed")
    (tmp_path / "one.jpg").write_bytes(jpeg(0))
    film(tmp_path / "one.mp4")
    service = FakeService(tmp_path, many_events(45), picture_s=0.1)
    with Running(service, settings_for(tokens.path)) as running:
        yield running


def log_in(browser: Chromium, running: Running, token: str) -> None:
    browser.open(running.server.address)
    browser.until("document.querySelector('form.login') !== null")
    browser.run(f"document.querySelector('[name=token]').value = '{token}'")
    browser.run("document.querySelector('form.login').requestSubmit()")


@pytest.mark.parametrize("size", [(390, 844), (1280, 800)], ids=["phone", "desktop"])
def test_live_pictures_playback_filters_and_settings_work(
    shown: Running, tokens: Tokens, tmp_path: Path, size: tuple[int, int]
) -> None:
    service = shown.service
    with Chromium(tmp_path, size=size) as browser:
        log_in(browser, shown, "a wrong token")
        browser.until("document.getElementById('notice').textContent.includes('not known')")
        log_in(browser, shown, tokens.admin)
        browser.until("document.querySelectorAll('.card').length === 4")
        browser.until("document.querySelector('.card img').naturalWidth === 640")
        browser.until(
            "[...document.querySelectorAll('.card .chip')].some(one => one.textContent === 'lost')"
        )
        before = service.snapshots
        shown.until(lambda: service.snapshots >= before + 2)  # stills are renewed

        browser.run("location.hash = '#/camera/yard'")
        browser.until("document.querySelector('.wide .frame img')?.naturalWidth === 640")
        assert service.watched == 1
        browser.run(
            "document.querySelector('[name=is_enabled]').click();"
            "document.querySelector('[name=frontend]').value = 'flow';"
            "document.querySelector('form.panel').requestSubmit()"
        )
        shown.until(lambda: len(service.changes) == 1)
        assert service.changes[0][:2] == ("yard", {"is_enabled": False, "frontend": "flow"})
        browser.run("document.querySelectorAll('.wide .modes button')[1].click()")

        browser.run("location.hash = '#/events?kind=outage'")
        browser.until("document.querySelectorAll('.events .event').length === 4")
        browser.run(
            "document.querySelector('[name=camera]').value = 'yard';"
            "document.querySelector('.filters').requestSubmit()"
        )
        browser.until("document.querySelectorAll('.events .event').length === 2")
        browser.run(
            "document.querySelector('[name=kind]').value = '';"
            "document.querySelector('[name=camera]').value = '';"
            "document.querySelector('[name=label]').value = 'walk';"
            "document.querySelector('.filters').requestSubmit()"
        )
        walks = sum(one.label == "walk" for one in service.kept.values())
        browser.until(f"document.querySelectorAll('.events .event').length === {walks}")
        shown.until(lambda: service.watched == 0)  # the live picture has ended with its view

        browser.run("location.hash = '#/event/37'")
        browser.until("document.querySelector('video')?.readyState >= 2")
        browser.until("document.querySelector('video').currentTime >= 5")  # where it begins
        assert browser.run("document.querySelector('video').duration") == pytest.approx(12, abs=0.2)
        browser.run("document.querySelector('.switch input').click()")
        shown.until(lambda: service.locks == [(37, True)])

        browser.run("location.hash = '#/day?date=2026-11-30'")
        browser.until("document.querySelectorAll('.lane').length === 4")
        assert browser.run("document.querySelectorAll('.block').length") >= 40
        browser.run(
            "const lane = document.querySelectorAll('.lane')[1];"
            "const box = lane.getBoundingClientRect();"
            "lane.dispatchEvent(new MouseEvent('click', {bubbles: true,"
            " clientX: box.left + box.width / 2}))"
        )
        assert browser.run("document.querySelector('input[type=time]').value")[:2] == "12"
        browser.run("[...document.querySelectorAll('button')].find(one => /Why/.test(one.textContent)).click()")  # fmt: skip  # noqa: E501
        browser.until("document.querySelectorAll('.answer li').length === 2")

        assert browser.run("document.documentElement.scrollWidth") <= size[0]
        assert browser.complaints() == []
        asked = set(browser.asked_for()) - {"about:blank"}
        assert all(one.startswith((shown.server.address, "data:")) for one in asked)


def test_a_viewer_is_shown_no_settings_and_words_are_those_of_the_browser(
    shown: Running, tokens: Tokens, tmp_path: Path
) -> None:
    with Chromium(tmp_path, size=(390, 844), scheme="dark", language="de-DE") as browser:
        log_in(browser, shown, tokens.viewer)
        browser.until("document.querySelectorAll('.card').length === 4")
        assert browser.run("document.documentElement.lang") == "de"
        assert "Ereignisse" in browser.run("document.querySelector('nav').textContent")

        browser.run("location.hash = '#/camera/door'")
        browser.until("document.querySelector('.wide .frame img')?.naturalWidth === 640")
        assert browser.run("document.querySelector('form.panel')") is None

        nameless = "[...document.querySelectorAll('input, select, button, a, video, [role]')]"
        for view in ("camera/door", "events", "event/37", "day"):
            browser.run(f"location.hash = '#/{view}'")
            browser.until(f"document.body.dataset.from === '{view}'")
            assert (
                browser.run(
                    f"{nameless}.filter(one => !one.closest('[hidden]') && !(one.labels?.length)"
                    " && !one.textContent.trim() && !one.getAttribute('aria-label')"
                    " && !['group', 'status'].includes(one.getAttribute('role')))"
                    ".map(one => one.outerHTML)"
                )
                == []
            )

        browser.run("document.getElementById('leave').click()")
        browser.until("document.querySelector('form.login') !== null")
        assert browser.run("fetch('/api/v1/cameras').then(one => one.status)") == 401
