"""Why a broker cannot be told anything, in words for the person who runs the program.

What they say goes behind the broker's address: "MQTT broker HOST:PORT ...". Nothing secret is in
them: neither user nor password.
"""

from __future__ import annotations

import socket
import ssl

from motionapp.core.errors import MotionAppError
from motionapp.settings.edge import MqttSettings


class BrokerError(MotionAppError, OSError):
    """There is no connection to the broker, or no longer; it is tried again."""


def why_not(error: Exception, settings: MqttSettings) -> str:
    """What an error on the way to a broker means.

    Parameters
    ----------
    error : OSError or ValueError
        As sockets and certificates raise them.
    settings : MqttSettings
    """
    match error:
        case ssl.SSLCertVerificationError():
            return (
                f"is not trusted: its certificate does not hold ({error.verify_message}). Is "
                "mqtt.host the name in it? mqtt.ca_file names who signed it"
            )
        case ssl.SSLError() if settings.ca_file is not None and not _has_met_broker(error):
            return f"cannot be trusted: {settings.ca_file} holds no certificates (PEM)"
        case ssl.SSLError() | ConnectionResetError() if settings.tls:
            return f"does not agree on encryption: does it speak TLS on port {settings.port}?"
        case socket.gaierror():
            return "cannot be found: is mqtt.host right, and is there a network?"
        case ConnectionRefusedError():
            return f"cannot be reached: nobody listens on port {settings.port} there"
        case TimeoutError():
            return "does not answer in time"
        case FileNotFoundError() | PermissionError() if settings.ca_file is not None:
            return f"cannot be trusted: {settings.ca_file} (mqtt.ca_file) cannot be read"
        case OSError():
            return f"cannot be reached: {error.strerror or 'the connection ended'}"
        case _:
            return "cannot be found: mqtt.host is no name of a host"


def refused_because(reason: str, settings: MqttSettings) -> str:
    """What a broker's refusal means.

    Parameters
    ----------
    reason : str
        As MQTT calls it.
    settings : MqttSettings
    """
    if reason in ("Bad user name or password", "Not authorized"):
        ask = (
            "it wants mqtt.user and mqtt.password_file"
            if settings.user is None
            else "check mqtt.user and what is in mqtt.password_file"
        )
        return f"does not let us in: {ask}"
    return f"refuses us: {reason.lower()}"


def _has_met_broker(error: ssl.SSLError) -> bool:
    """A file without certificates fails before anybody is met, and says so."""
    return error.reason not in ("NO_START_LINE", "NO_CERTIFICATE_OR_CRL_FOUND", "BAD_END_LINE")
