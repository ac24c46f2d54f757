"""Listening: ports, addresses, certificates; what is brought along; what is logged."""

from __future__ import annotations

import http.client
import logging
import shutil
import socket
import ssl
import subprocess
from pathlib import Path

import pytest

from motionapp.core.errors import SettingsError
from tests.edge.web.fake import FakeService
from tests.edge.web.fixtures import Tokens
from tests.edge.web.running import Running, settings_for


def test_a_port_that_is_taken_is_told_and_may_be_tried_again(service: FakeService) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        taken = settings_for(port=port)
        with pytest.raises(SettingsError, match=f"port {port}: another program listens"), \
                Running(service, taken):  # fmt: skip
            pass

    with Running(service, settings_for()) as running:
        running.do(running.server.close())
        running.do(running.server.start())
        running.port = int(running.server.address.rstrip("/").rpartition(":")[2])
        assert running.ask("/healthz").status == 200


def test_an_address_of_another_machine_is_told(service: FakeService, tokens: Tokens) -> None:
    elsewhere = settings_for(tokens.path, bind="192.0.2.1")  # RFC 5737: nobody has it
    with pytest.raises(SettingsError, match="this machine has no such address"), \
            Running(service, elsewhere):  # fmt: skip
        pass


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    if shutil.which("openssl") is None:
        pytest.skip("no certificate: openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    made = ["-keyout", "k.pem", "-out", "c.pem", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=test", *made],
        cwd=folder, check=True, capture_output=True, timeout=30,
    )  # fmt: skip
    return folder / "c.pem", folder / "k.pem"


def test_with_a_certificate_it_is_encrypted_and_the_cookie_too(
    service: FakeService, tokens: Tokens, certificate: tuple[Path, Path]
) -> None:
    settings = settings_for(tokens.path, certificate=certificate[0], key=certificate[1])
    context = ssl.create_default_context(cafile=str(certificate[0]))
    with Running(service, settings) as running:
        assert running.server.address.startswith("https://")
        client = http.client.HTTPSConnection("127.0.0.1", running.port, timeout=20, context=context)
        client.request(
            "POST", "/api/v1/session", f'{{"token": "{tokens.viewer}"}}',
            {"Content-Type": "application/json"},
        )  # fmt: skip
        came = client.getresponse()
        assert came.status == 200
        assert "secure" in (came.getheader("Set-Cookie") or "").lower()
        came.read()
        plain = running.raw(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert b"200" not in plain
        client.close()


def test_a_key_that_does_not_fit_is_told(
    service: FakeService, tokens: Tokens, certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    key = tmp_path / "other.pem"
    key.write_text("-----BEGIN PRIVATE KEY-----\nnothing\n-----END PRIVATE KEY-----\n")
    settings = settings_for(tokens.path, certificate=certificate[0], key=key)
    with pytest.raises(SettingsError, match="cannot be used"), Running(service, settings):
        pass


def test_nothing_that_strangers_ask_for_is_logged(
    service: FakeService, tokens: Tokens, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with Running(service, settings_for(tokens.path)) as running:
        running.ask("/api/v1/cameras?token=s3cret", token="s3cret")
        running.raw(b"s3cret\r\n\r\n")
        running.ask("/api/v1/session", "POST", body={"token": "s3cret"})

    assert "s3cret" not in caplog.text
