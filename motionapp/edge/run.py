"""The service from its start to its end: signals, reloading, and who is told."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from motionapp.core.errors import MotionAppError, SettingsError
from motionapp.edge.book import StoreBook, no_messages, stored_messages
from motionapp.edge.check import checked_settings, lines_of, warnings_of
from motionapp.edge.mqtt.client import MqttTeller
from motionapp.edge.notify import Notifier
from motionapp.edge.service import TICK_S, EdgeService
from motionapp.edge.webhooks import WebhookTeller
from motionapp.settings.edge import EdgeSettings

if TYPE_CHECKING:
    from motionapp.edge.web.server import WebServer

PAGE_AGAIN_S: Final = 3.0
"""A port that is taken, by the service before this one say, is tried again so much later."""
ENDING: Final = (signal.SIGINT, signal.SIGTERM)
STOP_S: Final = 1.6
"""From a signal on, for all that is waited for: a stop takes less than two seconds, whoever hangs,
and the interpreter needs some of them to end."""
TELLING_S: Final = 0.3
"""Of that, for who is told to hear of the end: a broker answers in some thousandths."""

log = logging.getLogger(__name__)


def run_service(path: Path) -> int:
    """Watch by a configuration until a signal comes.

    Parameters
    ----------
    path : Path

    Returns
    -------
    int
        0 after a signal.

    Raises
    ------
    MotionAppError
        The configuration, the store or the page's address cannot be used.
    """
    settings = checked_settings(path)
    os.umask(0o077)  # what is written shows people; children inherit it
    for line in lines_of(settings):
        log.info("%s", line)
    for warning in warnings_of(path, settings):
        log.warning("%s", warning)
    asyncio.run(Running(path, settings).until_stopped())
    return 0


class Running:
    """The service while it runs.

    Parameters
    ----------
    path : Path
        Read again at a hangup.
    settings : EdgeSettings
    """

    def __init__(self, path: Path, settings: EdgeSettings) -> None:
        self._path, self._settings = path, settings
        self._notifier = Notifier.from_environment(os.environ)
        self._news: asyncio.Queue[int] = asyncio.Queue()
        self._stop_at_s = math.inf
        """When all must have ended, by `time.monotonic`; known from the signal on."""
        self._is_stopping = asyncio.Event()
        self._page: WebServer | None = None
        self._is_shown = False
        self._why_not_shown = ""
        """As it was told."""

    async def until_stopped(self) -> None:
        """Watch until a signal to end comes."""
        loop = asyncio.get_running_loop()
        for number in (*ENDING, signal.SIGHUP):
            loop.add_signal_handler(number, self._hear, number)
        async with AsyncExitStack() as stack:
            service = await stack.enter_async_context(self._service())
            ticking = asyncio.create_task(self._tick(service))
            self._notifier.ready()
            try:
                while await self._next(ticking) not in ENDING:
                    await self._reload_until_stopped(service)
            finally:
                self._notifier.stopping()
                ticking.cancel()

    def _hear(self, number: int) -> None:
        """A signal. The time to end in begins with it, also where a reload is under way."""
        if number in ENDING:
            self._stop_at_s = min(self._stop_at_s, time.monotonic() + STOP_S)
            self._is_stopping.set()
        self._news.put_nowait(number)

    @asynccontextmanager
    async def _service(self) -> AsyncIterator[EdgeService]:
        """All parts, begun in the order in which they need each other, and ended the other way."""
        settings = self._settings
        messages = no_messages if settings.mqtt is None else stored_messages
        async with AsyncExitStack() as stack:
            book = await stack.enter_async_context(StoreBook.opened(settings.store.dir, messages))
            service = EdgeService(settings, book)
            tellers = list(self._tellers(service, book))
            for tell in tellers:
                service.tellers.append(tell)
                service.counters.append(tell.figures)
                if isinstance(tell, MqttTeller):
                    service.partings.append(tell.forget)
            stack.push_async_callback(self._end, service, tellers)
            await service.start()
            for tell in tellers:
                tell.start()
            if settings.web is not None:
                from motionapp.edge.web.server import WebServer  # of an extra

                self._page = WebServer(settings.web, service)
                await self._show_page(self._page)
            yield service

    async def _end(self, service: EdgeService, tellers: list[MqttTeller | WebhookTeller]) -> None:
        """Cameras first: who tells is told of their end, too. What can takes its time at once."""
        page = [] if self._page is None else [self._page.close()]
        stop_at_s = min(self._stop_at_s, time.monotonic() + STOP_S)
        try:
            closing = service.close(stop_at_s - TELLING_S if tellers else stop_at_s)
            await asyncio.gather(closing, *page)
        finally:
            closings = (asyncio.to_thread(tell.close, stop_at_s) for tell in tellers)
            await asyncio.gather(*closings)

    def _tellers(
        self, service: EdgeService, book: StoreBook
    ) -> Iterator[MqttTeller | WebhookTeller]:
        """The broker and webhooks, as far as they are asked for."""
        settings = self._settings
        if settings.mqtt is not None:
            yield MqttTeller(settings.mqtt, service, book.outbox)
        if settings.webhook:
            yield WebhookTeller(settings.webhook)

    async def _show_page(self, page: WebServer) -> None:
        """Begin to serve; a port that is taken is tried again, cameras are watched meanwhile."""
        try:
            await page.start()
        except SettingsError as error:
            if str(error) != self._why_not_shown:
                self._why_not_shown = str(error)
                log.warning("%s; it is tried again each %g s", error, PAGE_AGAIN_S)
        else:
            self._is_shown = True
            log.info("the page is at %s", page.address)

    async def _next(self, ticking: asyncio.Task[None]) -> int:
        """The next signal, one to end before all others; raises what ended the ticking."""
        waiting = asyncio.ensure_future(self._news.get())
        await asyncio.wait([waiting, ticking], return_when=asyncio.FIRST_COMPLETED)
        if ticking.done():
            waiting.cancel()
            ticking.result()
        heard = {await waiting}
        while not self._news.empty():
            heard.add(self._news.get_nowait())
        return next((number for number in ENDING if number in heard), signal.SIGHUP)

    async def _tick(self, service: EdgeService) -> None:
        loop = asyncio.get_running_loop()
        watched_s, page_s = 0.0, loop.time() + PAGE_AGAIN_S
        while True:
            await asyncio.sleep(TICK_S)
            await service.tick()
            if self._page is not None and not self._is_shown and loop.time() >= page_s:
                page_s = loop.time() + PAGE_AGAIN_S
                await self._show_page(self._page)
            if self._notifier.watchdog_s is not None and loop.time() >= watched_s:
                self._notifier.watchdog()
                watched_s = loop.time() + self._notifier.watchdog_s
            self._notifier.status(summary(service))

    async def _reload_until_stopped(self, service: EdgeService) -> None:
        """A stop breaks it off: who it waits for is ended with all others."""
        reloading = asyncio.create_task(self._reload(service))
        stopping = asyncio.create_task(self._is_stopping.wait())
        await asyncio.wait([reloading, stopping], return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        reloading.cancel()  # nothing happens where it has ended
        with contextlib.suppress(asyncio.CancelledError):
            await reloading

    async def _reload(self, service: EdgeService) -> None:
        """Read the configuration again; a bad one keeps the old one running."""
        self._notifier.reloading()
        try:
            settings = checked_settings(self._path)
            fixed = ("store", "mqtt", "web", "webhook")
            later = [key for key in fixed if getattr(settings, key) != getattr(self._settings, key)]
            if later:
                log.warning("what is new in %s holds from the next start on", ", ".join(later))
                kept = {key: getattr(self._settings, key) for key in later}
                settings = settings.model_copy(update=kept)
            await service.reload(settings)
            if self._page is not None:
                self._page.renew()
            self._settings = settings
            log.warning("%s was read again", self._path)
        except MotionAppError as error:
            log.error("the old configuration stays in force: %s", error)
        finally:
            self._notifier.ready()


def summary(service: EdgeService) -> str:
    """How all cameras are, in a line."""
    states = [status.state for status in service.cameras()]
    counts = {state: states.count(state) for state in dict.fromkeys(states)}
    at = datetime.now(UTC).astimezone().strftime("%H:%M")
    return ", ".join(f"{count} {state}" for state, count in counts.items()) + f" ({at})"
