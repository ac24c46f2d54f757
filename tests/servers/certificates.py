"""Certificates of a test's own, made by openssl."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

OPENSSL = shutil.which("openssl")

needs_openssl = pytest.mark.skipif(
    OPENSSL is None, reason="no certificates: openssl is not installed"
)


@dataclass(frozen=True, slots=True)
class Certificates:
    """Files, in PEM."""

    authority: Path
    """Who has signed; nobody else trusts it."""
    certificate: Path
    """Of 127.0.0.1, one day long."""
    key: Path


def certificates(folder: Path) -> Certificates:
    """A new authority, and a certificate of it for this machine."""
    authority, key = folder / "authority.pem", folder / "authority.key"
    made = Certificates(authority, folder / "server.pem", folder / "server.key")
    new = ["-x509", "-days", "1", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    _openssl("req", *new, "-subj", "/CN=Test", "-keyout", str(key), "-out", str(authority))
    signed = ["-CA", str(authority), "-CAkey", str(key), "-subj", "/CN=127.0.0.1"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=CA:FALSE"]
    out = ["-keyout", str(made.key), "-out", str(made.certificate)]
    _openssl("req", *new, *signed, *names, *out)
    return made


def _openssl(*words: str) -> None:
    assert OPENSSL is not None
    subprocess.run([OPENSSL, *words], check=True, capture_output=True, timeout=30)
