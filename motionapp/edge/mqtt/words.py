"""What is said of a broker in the log: each thing once, however often it happens."""

from __future__ import annotations

import logging

MOST_WORDS = 200
"""So many different things are said in one connection; whoever floods us gets no long log."""

_log = logging.getLogger(__name__)


class Words:
    """Says things of one broker. Safe to use from several threads.

    Parameters
    ----------
    address : str
        Host and port.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._said: set[str] = set()

    def connected(self) -> None:
        """There is a connection: what was said before may be said again."""
        self._said.clear()
        _log.info("MQTT broker %s: connected", self._address)

    def say(self, sentence: str) -> None:
        """Something about what is told or heard."""
        if self._is_new(sentence):
            _log.warning("MQTT: %s", sentence)

    def complain(self, why: str) -> None:
        """Why there is no connection, as in `refusals`."""
        if self._is_new(why):
            _log.warning("MQTT broker %s %s; it is tried again", self._address, why)

    def _is_new(self, what: str) -> bool:
        is_new = what not in self._said and len(self._said) < MOST_WORDS
        if is_new:
            self._said.add(what)
        return is_new
