"""How the service gets in at a broker, and what is said where it does not."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from motionapp.core.backoff import Backoff
from motionapp.edge.mqtt.client import MqttTeller
from motionapp.edge.mqtt.link import Link, Wakener
from motionapp.edge.mqtt.outbox import MemoryOutbox
from motionapp.edge.mqtt.refusals import refused_because, why_not
from motionapp.settings.edge import MqttSettings
from tests.servers.certificates import Certificates, certificates, needs_openssl
from tests.servers.log import Log, log_of
from tests.servers.mosquitto import Listener, free_port, mosquitto, needs_mosquitto
from tests.servers.tellers import SmallService, desk

PASSWORDS = shutil.which("mosquitto_passwd")
SECRET = "s3cret of the house"

pytestmark = [
    pytest.mark.timeout(60),
    # paho leaves the socket of a failed handshake to the garbage collector.
    pytest.mark.filterwarnings("ignore:unclosed <ssl.SSLSocket:ResourceWarning"),
]


@pytest.fixture
def log() -> Iterator[Log]:
    with log_of("motionapp.edge.mqtt") as heard:
        yield heard


def said(log: Log, word: str, settings: MqttSettings) -> str:
    """What a teller says of a broker; it is told of once, however often it is tried."""
    with desk() as at:
        teller = MqttTeller(settings, SmallService(), MemoryOutbox(), backoff=Backoff(0.01, 0.01))
        at.do(teller.start)
        line = log.wait_for(word)
        teller.close()
    assert log.lines.count(line) == 1
    assert SECRET not in "".join(log.lines)
    return line


def settings_of(port: int, **more: object) -> MqttSettings:
    return MqttSettings(**{"host": "127.0.0.1", "port": port, **more})


def file_with(folder: Path, text: str) -> Path:
    path = folder / "password"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[int]:
    """The port of a broker that wants a password."""
    if PASSWORDS is None:
        pytest.skip("no passwords: mosquitto_passwd is not installed")
    passwords = tmp_path / "passwords"
    passwords.write_text(f"edge:{SECRET}\n")
    subprocess.run([PASSWORDS, "-U", str(passwords)], check=True, timeout=30)
    with mosquitto(tmp_path, "allow_anonymous false", f"password_file {passwords}") as broker:
        yield broker.port


@needs_mosquitto
def test_a_password_from_a_file_lets_it_in(guarded: int, tmp_path: Path, log: Log) -> None:
    password = file_with(tmp_path, f"{SECRET}\n")
    said(log, "connected", settings_of(guarded, user="edge", password_file=password))


@needs_mosquitto
def test_a_password_that_is_put_right_lets_it_in_without_a_restart(
    guarded: int, tmp_path: Path, log: Log
) -> None:
    password = file_with(tmp_path, "another")
    with desk() as at:
        settings = settings_of(guarded, user="edge", password_file=password)
        teller = MqttTeller(settings, SmallService(), MemoryOutbox(), backoff=Backoff(0.01, 0.01))
        at.do(teller.start)
        log.wait_for("does not let us in: check mqtt.user and what is in mqtt.password_file")
        file_with(tmp_path, SECRET)
        log.wait_for("connected")
        teller.close()


@needs_mosquitto
def test_who_gives_no_password_is_told_that_one_is_wanted(guarded: int, log: Log) -> None:
    line = said(log, "does not let us in", settings_of(guarded))

    assert line == (
        f"MQTT broker 127.0.0.1:{guarded} does not let us in: it wants mqtt.user and "
        "mqtt.password_file; it is tried again"
    )


@needs_mosquitto
def test_a_password_file_that_is_missing_is_told_of(guarded: int, tmp_path: Path, log: Log) -> None:
    missing = tmp_path / "nowhere"
    line = said(log, "cannot be read", settings_of(guarded, user="edge", password_file=missing))

    assert str(missing) in line


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates(tmp_path_factory.mktemp("papers"))


@pytest.fixture
def encrypted(tmp_path: Path, papers: Certificates) -> Iterator[int]:
    """The port of a broker that speaks TLS."""
    files = [f"certfile {papers.certificate}", f"keyfile {papers.key}"]
    with mosquitto(tmp_path, "allow_anonymous true", *files) as broker:
        yield broker.port


@needs_openssl
@needs_mosquitto
def test_encryption_with_an_authority_of_ones_own(
    encrypted: int, papers: Certificates, log: Log
) -> None:
    said(log, "connected", settings_of(encrypted, tls=True, ca_file=papers.authority))


@needs_openssl
@needs_mosquitto
def test_many_messages_pass_an_encrypted_connection(encrypted: int, papers: Certificates) -> None:
    settings = settings_of(encrypted, tls=True, ca_file=papers.authority)
    service = SmallService("door")
    trust = ssl.create_default_context(cafile=papers.authority)
    ear = Listener(encrypted, "motionapp/door/state")
    ear.client.tls_set_context(trust)
    with ear, desk() as at:
        teller = MqttTeller(settings, service, MemoryOutbox(), backoff=Backoff(0.01, 0.01))
        at.do(teller.start)
        ear.next("motionapp/door/state")
        for number in range(1, 101):
            ear.say("motionapp/door/set/sensitivity", f"{number / 10:g}")
        while service.statuses["door"].sensitivity != 10.0:
            ear.next("motionapp/door/state")
        teller.close()

    assert [changes["sensitivity"] for _, changes, _ in service.asked] == [
        number / 10 for number in range(1, 101)
    ]


@needs_openssl
def test_messages_that_came_in_one_encrypted_piece_are_all_heard(papers: Certificates) -> None:
    """Once it is decoded, nothing more is to be read from the socket."""
    answer = b"\x20\x02\x00\x00" + b"".join(b"\x30\x04\x00\x01a%d" % n for n in range(5))
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(papers.certificate, papers.key)
    heard: list[bytes] = []
    wakener = Wakener()
    with own.wrap_socket(socket.create_server(("127.0.0.1", 0)), server_side=True) as server:
        settings = settings_of(server.getsockname()[1], tls=True, ca_file=papers.authority)
        link = Link(
            settings,
            "edge",
            ("motionapp/available", b"offline"),
            lambda _topic, payload, _is_retained: heard.append(payload),
            wakener,
        )

        def answer_and_wait() -> None:
            sock, _ = server.accept()
            with sock:
                sock.recv(1000)
                sock.sendall(answer)
                sock.recv(1000)

        thread = threading.Thread(target=answer_and_wait)
        thread.start()
        link.open()
        for _ in range(5):
            link.turn(0.1)
        link.close()
        thread.join(10)
    wakener.close()

    assert heard == [b"0", b"1", b"2", b"3", b"4"]


@needs_openssl
@needs_mosquitto
def test_a_certificate_that_nobody_known_has_signed_is_refused(encrypted: int, log: Log) -> None:
    line = said(log, "is not trusted", settings_of(encrypted, tls=True))

    assert "mqtt.ca_file names who signed it" in line


@needs_openssl
@needs_mosquitto
def test_a_certificate_for_another_name_is_refused(
    encrypted: int, papers: Certificates, log: Log
) -> None:
    settings = settings_of(encrypted, host="localhost", tls=True, ca_file=papers.authority)

    assert "Hostname mismatch" in said(log, "is not trusted", settings)


@needs_mosquitto
def test_a_broker_without_encryption_is_told_of(tmp_path: Path, log: Log) -> None:
    with mosquitto(tmp_path) as broker:
        line = said(log, "encryption", settings_of(broker.port, tls=True))

    assert f"does it speak TLS on port {broker.port}?" in line


@needs_openssl
@needs_mosquitto
def test_a_broker_that_wants_encryption_is_told_of(encrypted: int, log: Log) -> None:
    said(log, "does it want encryption (mqtt.tls)?", settings_of(encrypted))


@pytest.mark.parametrize("text", ["", "no certificate"])
def test_a_file_without_certificates_is_told_of(tmp_path: Path, log: Log, text: str) -> None:
    settings = settings_of(free_port(), tls=True, ca_file=file_with(tmp_path, text))

    assert "holds no certificates (PEM)" in said(log, "cannot be trusted", settings)


def test_a_missing_file_of_certificates_is_told_of(tmp_path: Path, log: Log) -> None:
    settings = settings_of(free_port(), tls=True, ca_file=tmp_path / "nowhere")

    assert "(mqtt.ca_file) cannot be read" in said(log, "cannot be trusted", settings)


def test_a_host_that_is_none_is_told_of(log: Log) -> None:
    # A name that nobody need be asked about; as a setting it would be refused.
    settings = settings_of(1883).model_copy(update={"host": "no host at all"})

    assert "cannot be found" in said(log, "cannot be found", settings)


def test_who_takes_the_connection_and_says_nothing_is_given_up(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("motionapp.edge.mqtt.link.CONNECT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        said(log, "is it an MQTT broker?", settings_of(server.getsockname()[1]))


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (socket.gaierror(-2, "Name or service not known"), "cannot be found"),
        (TimeoutError("timed out"), "does not answer in time"),
        (OSError(113, "No route to host"), "cannot be reached: No route to host"),
        (UnicodeError("label empty or too long"), "no name of a host"),
    ],
)
def test_each_reason_has_its_sentence(error: Exception, word: str) -> None:
    assert word in why_not(error, settings_of(1883))


def test_another_refusal_is_told_as_the_broker_calls_it() -> None:
    assert refused_because("Server unavailable", settings_of(1883)) == (
        "refuses us: server unavailable"
    )
