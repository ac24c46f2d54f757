"""The service's voice at an MQTT broker: a thread that connects, tells, hears, and never gives up.

Events come from the outbox and leave it when the broker has acknowledged them. All else is the
board's: its newest values are sent while there is a connection, and all of them again in the next.
"""

from __future__ import annotations

import hashlib
import logging
import math
import socket
import threading
import time
from collections.abc import Callable

from motionapp.core.backoff import Backoff
from motionapp.core.errors import MotionAppError
from motionapp.edge.mqtt.board import Board, Strangers
from motionapp.edge.mqtt.commands import Commands
from motionapp.edge.mqtt.discovery import (
    discovery_payload,
    discovery_topic,
    is_birth,
    status_topic,
)
from motionapp.edge.mqtt.link import Link, Wakener, need_paho
from motionapp.edge.mqtt.outbox import Outbox
from motionapp.edge.mqtt.pictures import Pictures
from motionapp.edge.mqtt.refusals import BrokerError
from motionapp.edge.mqtt.stream import Stream
from motionapp.edge.mqtt.topics import OFFLINE, ONLINE, Topics
from motionapp.edge.mqtt.words import Words
from motionapp.edge.records import CameraStatus, Change, EventRecord
from motionapp.edge.seams import Service
from motionapp.settings.edge import MqttSettings

LONGEST_WAIT_S = 15.0
"""Between tries: a broker is near and a try costs it little, so that events are told soon after it
is back."""
CLOSE_S = 1.0
"""How long `close` waits: stopping the service has 2 s in all."""
GOODBYE_SHARE = 0.7
"""Of that, for the broker to acknowledge that the service is offline."""
OUTBOX_S = 5.0
"""An outbox that cannot be read or written, for want of room say, is asked again so much later."""
MOST_BROKEN = 3
"""After so many connections in a row that a picture has broken, as it seems, none are told."""

_log = logging.getLogger(__name__)


class MqttTeller:
    """Tells a broker, and hears its commands. A `Teller`.

    Parameters
    ----------
    settings : MqttSettings
    service : Service
        Asked for its cameras, for pictures and for changes, on its event loop only.
    outbox : Outbox
        Asked on a thread of this teller's.
    page : str, optional
        Address of the page, for Home Assistant, where it can be reached from elsewhere.
    backoff : Backoff, optional
        Between connections: from 1 s to `LONGEST_WAIT_S` if None.
    """

    def __init__(
        self,
        settings: MqttSettings,
        service: Service,
        outbox: Outbox,
        *,
        page: str | None = None,
        backoff: Backoff | None = None,
    ) -> None:
        self._settings, self._service, self._page = settings, service, page
        self._topics = Topics(settings.prefix)
        self._board, self._strangers = Board(self._topics), Strangers()
        self._pictures = Pictures(service, self._board, self.wake)
        self._stream = Stream(outbox, self._topics)
        self._backoff = backoff or Backoff(longest_s=LONGEST_WAIT_S)
        self._connected_s = math.inf
        """When the present connection began, by the monotonic clock; infinite without one."""
        self._cameras: frozenset[str] = frozenset()
        self._known: frozenset[str] = frozenset()
        self._broken = 0
        self._outbox_s = -math.inf
        """Until then the outbox is left alone, by the monotonic clock."""
        self._words = Words(f"{settings.host}:{settings.port}")
        self._commands = Commands(self._topics, service, self._words, self._changed)
        self._is_closing = threading.Event()
        self._goodbye_until_s = math.inf
        self._wakener = Wakener()
        self._thread = threading.Thread(target=self._run, name="mqtt", daemon=True)

    def start(self) -> None:
        """Begin to tell. On the event loop of the service, once.

        Raises
        ------
        MissingExtraError
            paho-mqtt is not installed.
        """
        need_paho()
        self._commands.start()
        for status in self._service.cameras():
            self.camera_changed(status)
        self._thread.start()

    def close(self, until_s: float = math.inf) -> None:
        """Say that the service is offline, and end.

        Parameters
        ----------
        until_s : float
            It waits until then, by `time.monotonic`, and for at most `CLOSE_S`.
        """
        now_s = time.monotonic()
        left_s = min(CLOSE_S, max(0.0, until_s - now_s))
        self._goodbye_until_s = now_s + left_s * GOODBYE_SHARE
        self._is_closing.set()
        self._wakener.wake()
        self._pictures.close()
        if self._thread.ident is not None:
            self._thread.join(left_s)
        if not self._thread.is_alive():
            self._wakener.close()

    def wake(self) -> None:
        """Something waits in the outbox. From any thread."""
        self._stream.has_more = True
        self._wakener.wake()

    def event_changed(self, change: Change, event: EventRecord) -> None:
        """An event has begun, changed or ended; the message itself is in the outbox. On the event
        loop, as all that the service tells."""
        self._board.note_event(change, event)
        self._pictures.note_event(change, event)
        self.wake()

    def camera_changed(self, status: CameraStatus) -> None:
        """A camera's state is another one, or its figures are due."""
        if status.name not in self._cameras:
            self._cameras |= {status.name}
            self._known |= {status.name}
            if self._settings.discovery:
                topic = discovery_topic(self._settings.discovery_prefix, self._topics, status.name)
                payload = discovery_payload(self._topics, status.name, page=self._page)
                self._board.put(topic, payload)
        self._board.note_status(status)
        self._pictures.note_status(status)
        self._wakener.wake()

    def _changed(self, camera: str, status: CameraStatus | None) -> None:
        """Whoever asked for a change is shown what holds, although it may be the same as before."""
        self._board.again(self._topics.kept(camera, "state"))
        if status is not None:
            self.camera_changed(status)
        self._wakener.wake()

    def forget(self, camera: str) -> None:
        """A camera has gone from the configuration: nothing of it stays with the broker. On the
        event loop."""
        self._cameras -= {camera}
        self._pictures.forget(camera)
        self._remove(camera)

    def _remove(self, camera: str) -> None:
        self._board.forget(camera)
        if self._settings.discovery:
            topic = discovery_topic(self._settings.discovery_prefix, self._topics, camera)
            self._board.put(topic, b"")
        self._wakener.wake()

    def figures(self) -> dict[str, float]:
        """Whether there is a connection."""
        return {"mqtt_connected": float(math.isfinite(self._connected_s))}

    def _run(self) -> None:
        while not self._is_closing.is_set():
            try:
                self._talk()
            except BrokerError as error:
                self._words.complain(str(error))
            except Exception as error:  # noqa: BLE001 - the thread must outlive whatever it was
                self._words.complain(f"could not be told: internal error ({type(error).__name__})")
                _log.debug("internal error", exc_info=True)
            self._is_closing.wait(self._backoff.next_s())

    def _talk(self) -> None:
        """One connection, until it or the service ends."""
        link = Link(
            self._settings,
            client_id(self._settings),
            (self._topics.available, OFFLINE.encode()),
            self._heard,
            self._wakener,
        )
        try:
            link.open()
            self._welcome(link)
            try:
                while not self._is_closing.is_set():
                    self._send(link)
                    link.turn()
                    self._stream.note_taken(link.taken())
            finally:
                # What it acknowledged with its last breath counts too.
                self._stream.note_taken(link.taken())
                self._with_outbox(self._stream.settle)
                self._judge_pictures(link)
            self._leave(link)
        finally:
            link.close()
            self._backoff.note_success(time.monotonic() - self._connected_s)
            self._connected_s = math.inf

    def _welcome(self, link: Link) -> None:
        """What comes first in each connection."""
        self._connected_s = time.monotonic()
        self._words.connected()
        link.subscribe(self._topics.commands, self._topics.available, self._topics.states)
        if self._settings.discovery:
            link.subscribe(status_topic(self._settings.discovery_prefix))
        self._board.put(self._topics.available, ONLINE.encode())
        self._board.again()
        self._stream.begin()

    def _send(self, link: Link) -> None:
        for camera in self._strangers.gone(time.monotonic()):
            if camera not in self._known:
                _log.info("MQTT: %s is in the configuration no longer; it is removed", camera)
                self._remove(camera)
        if time.monotonic() >= self._outbox_s:
            self._with_outbox(lambda: self._stream.send(link))
        room = self._stream.room_beside(link)
        for topic, payload in self._board.take(room):
            link.publish(topic, payload, retain=True, key=topic)

    def _with_outbox(self, work: Callable[[], None]) -> None:
        """Something that the outbox may refuse for a while: the rest goes on without it."""
        try:
            work()
        except MotionAppError as error:
            self._outbox_s = time.monotonic() + OUTBOX_S
            self._words.say(f"events wait: {error}")

    def _judge_pictures(self, link: Link) -> None:
        """A broker with a limit below a picture's size ends each connection that brings one."""
        is_broken = not self._is_closing.is_set() and link.has_outstanding(self._topics.is_picture)
        self._broken = self._broken + 1 if is_broken else 0
        if self._broken == MOST_BROKEN:
            self._board.leave_out_pictures()
            _log.warning("MQTT: the broker takes no pictures of this size; none are told any more")

    def _leave(self, link: Link) -> None:
        until_s = self._goodbye_until_s
        link.publish(self._topics.available, OFFLINE.encode(), retain=True, key="offline")
        is_taken = False
        while not is_taken and (left_s := until_s - time.monotonic()) > 0:
            link.turn(left_s)
            taken = link.taken()
            self._stream.note_taken(taken)
            is_taken = "offline" in taken
        self._with_outbox(self._stream.settle)
        link.end(until_s)

    def _heard(self, topic: str, payload: bytes, is_retained: bool) -> None:
        """A message of the broker's, on the thread."""
        if topic == self._topics.available:
            # The will of a connection that broke long ago comes late, or another service with this
            # prefix has ended: neither is true of us.
            if not is_retained and payload != ONLINE.encode() and not self._is_closing.is_set():
                self._board.again(topic)
        elif topic == status_topic(self._settings.discovery_prefix):
            if is_birth(payload) and not is_retained:
                self._board.again()
        elif (camera := self._topics.camera_of_state(topic)) is not None:
            self._heard_state(camera, payload, is_retained)
        else:
            self._commands.hear(topic, payload, is_retained=is_retained, cameras=self._cameras)

    def _heard_state(self, camera: str, payload: bytes, is_retained: bool) -> None:
        if camera in self._known or not payload:
            return
        if self._strangers.heard(camera, is_retained=is_retained, now_s=time.monotonic()):
            self._words.say(
                f"another service uses the prefix {self._settings.prefix} and has a camera "
                f"{camera}: give each service its own mqtt.prefix"
            )


def client_id(settings: MqttSettings) -> str:
    """What the broker knows the service by: the same after each restart, so that a connection of
    which it does not know yet that it is broken gives way; at most 23 letters and digits, which
    every broker takes (MQTT 3.1.1, 3.1.3.1)."""
    digest = hashlib.sha256(f"{socket.gethostname()}/{settings.prefix}".encode()).hexdigest()
    return f"motionapp{digest[:14]}"
