"""Where a webhook's calls go, and how they are signed."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

from motionapp.core.errors import SettingsError
from motionapp.settings.edge import WebhookSettings

SIGNATURE, TIMESTAMP = "X-Motionapp-Signature", "X-Motionapp-Timestamp"


def signature_of(secret: bytes, timestamp: str, body: bytes) -> str:
    """What stands in `SIGNATURE`: `sha256=` and the HMAC of timestamp, a full stop, and body.

    The timestamp (seconds since 1970, in `TIMESTAMP`) is signed too: who has overheard a call
    cannot send it again later, if its receiver refuses what is older than some minutes.
    """
    return (
        f"sha256={hmac.new(secret, timestamp.encode() + b'.' + body, hashlib.sha256).hexdigest()}"
    )


@dataclass(frozen=True, slots=True)
class Target:
    """Where calls go. Its text shows the host only: a path may be as secret as a password."""

    host: str
    port: int
    is_encrypted: bool
    path: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    secret: bytes | None = field(repr=False)


def target_of(settings: WebhookSettings) -> Target:
    """Where the calls of a webhook go.

    Raises
    ------
    SettingsError
        Its address cannot be used, or its secret cannot be read.
    """
    try:
        parts = urlsplit(settings.url.get_secret_value())
        is_encrypted = {"http": False, "https": True}[parts.scheme.lower()]
        port = parts.port or (443 if is_encrypted else 80)
        host = parts.hostname or ""
    except (KeyError, ValueError):
        host = ""
    if not host or any(not "!" <= letter <= "~" for letter in settings.url.get_secret_value()):
        raise SettingsError(
            "webhook.url is no address that can be called: write https://HOST/PATH, without blanks"
        )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(host, port, is_encrypted, path, _basic(parts), _secret(settings))


def _basic(parts: SplitResult) -> Mapping[str, str]:
    """User and password of an address, as a header (RFC 7617)."""
    if parts.username is None:
        return {}
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def _secret(settings: WebhookSettings) -> bytes | None:
    if settings.secret_file is None:
        return None
    try:
        secret = settings.secret_file.read_bytes().strip()
    except OSError as error:
        raise SettingsError(
            f"{settings.secret_file} (webhook.secret_file) cannot be read: {error.strerror}"
        ) from None
    if not secret:
        raise SettingsError(f"{settings.secret_file} (webhook.secret_file) is empty")
    return secret
