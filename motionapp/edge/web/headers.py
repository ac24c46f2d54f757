"""What every answer says to a browser, and which requests a browser was talked into.

Host is checked, so that a name of a stranger that leads here (DNS rebinding) opens nothing.
Origin and Fetch Metadata are checked, so that a page of a stranger changes and shows nothing.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping

from motionapp.edge.web.problems import Problem
from motionapp.settings.edge import WebSettings

STRICT: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; media-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
"""Of all answers; what an answer says itself stays. No Strict-Transport-Security: it would hold
for every port of this name, and a certificate of one's own could not be left again."""

READING = ("GET", "HEAD")
_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(:\d{1,5})?")
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


class Hosts:
    """Under which names the page may be asked for.

    Parameters
    ----------
    settings : WebSettings
    """

    def __init__(self, settings: WebSettings) -> None:
        self._names = {_plain(name) for name in (settings.bind, *settings.names)}
        self._is_for_all = settings.bind in ("0.0.0.0", "::")
        if settings.is_local or self._is_for_all:
            self._names |= set(_LOOPBACK_NAMES)

    def check(self, host: str | None) -> None:
        """Raise a `Problem` for a Host header under which nobody is known here.

        Where it listens on all addresses any address will do: a stranger's page is asked for by a
        name.
        """
        found = _HOST.fullmatch(host or "")
        if found is None:
            raise Problem(400, "The request has no Host header that can be read.")
        name = _plain(found["name"])
        if name in self._names or (self._is_for_all and _is_address(name)):
            return
        raise Problem(
            421, "This service is not known under this name: add it to web.names if it should be."
        )


def check_origin(
    method: str, path: str, headers: Mapping[str, str], *, by_cookie: bool = False
) -> None:
    """Raise a `Problem` for what a page of somebody else made a browser ask for.

    Parameters
    ----------
    method : str
    path : str
    headers : mapping of str to str
        Names in small letters.
    by_cookie : bool
        Whether it is a cookie that says who asks. Browsers send one along by themselves; then
        something must show where a change comes from.
    """
    site = headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        is_link = headers.get("sec-fetch-mode") == "navigate" and (
            headers.get("sec-fetch-dest") == "document"
        )
        if method not in READING or path != "/" or not is_link:
            raise _foreign()
    if method in READING:
        return
    origin = headers.get("origin")
    # http or https: who stands before this one may have taken the encryption off.
    where = (origin or "").partition("://")[2]
    if origin is not None and where.lower() != headers.get("host", "").lower():
        raise _foreign()
    if by_cookie and origin is None and site is None:
        raise _foreign()


def _foreign() -> Problem:
    return Problem(403, "This was asked for by a page of somebody else, for whom it is not.")


def _plain(name: str) -> str:
    return name.lower().strip("[]").rstrip(".")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
