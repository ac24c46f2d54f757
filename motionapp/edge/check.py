"""What is wrong with a configuration, before anything is watched by it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from motionapp.core.addresses import shown, without_passwords
from motionapp.core.errors import MissingExtraError, SettingsError
from motionapp.edge.camera.settings import settings_of
from motionapp.edge.web.access import read_tokens
from motionapp.edge.webhook_target import target_of
from motionapp.settings.edge import CameraSettings, EdgeSettings, is_private, read_edge


def checked_settings(path: Path) -> EdgeSettings:
    """A configuration of which every file that it names can be read.

    Raises
    ------
    SettingsError
        The first thing that is wrong, and where.
    MissingExtraError
        It asks for a part that is not installed.
    """
    settings = read_edge(path)
    for camera in settings.camera:
        try:
            settings_of(camera, {})
        except SettingsError as error:
            named = [str(file) for file in (camera.settings, camera.zones) if file is not None]
            raise SettingsError(
                f"camera {camera.name}: {without_passwords(str(error), named)}"
            ) from None
    for what, file in _files(settings):
        if file is not None:
            _try_to_read(path, what, file)
    for webhook in settings.webhook:
        target_of(webhook)
    if settings.web is not None and settings.web.token_file is not None:
        read_tokens(settings.web.token_file)
    for what, needed, is_asked in (
        ("telling a broker", "paho", settings.mqtt is not None),
        ("the page", "starlette", settings.web is not None),
        ("the page", "uvicorn", settings.web is not None),
    ):
        if is_asked and find_spec(needed) is None:
            raise MissingExtraError(what, "edge")
    return settings


def warnings_of(path: Path, settings: EdgeSettings) -> Iterator[str]:
    """What is allowed and yet not good, in sentences."""
    has_secrets = any(_has_secret(camera) for camera in settings.camera)
    if has_secrets and not is_private(path):
        yield f"{path} holds a password and can be read by others: chmod 600 {path}"
    for what, file in _files(settings):
        if file is not None and "file" in what and not is_private(file):
            yield f"{what} {file} can be read by others: chmod 600 {file}"


def lines_of(settings: EdgeSettings) -> Iterator[str]:
    """What was understood, for a person; without a secret."""
    for camera in settings.camera:
        parts = [shown(camera.url.get_secret_value())]
        if camera.main_url is not None:
            parts.append(f"recorded from {shown(camera.main_url.get_secret_value())}")
        if camera.privacy:
            parts.append(f"{len(camera.privacy)} privacy zones")
        if camera.schedule:
            parts.append("armed " + "; ".join(camera.schedule))
        if not camera.is_enabled:
            parts.append("switched off")
        yield f"camera {camera.name}: {', '.join(parts)}"
    store = settings.store
    yield f"store: {store.dir}, up to {store.max_gb:g} GB and {store.max_days:g} days"
    yield f"recordings: {settings.record.when}"
    if settings.mqtt is not None:
        mqtt = settings.mqtt
        yield f"broker: {mqtt.host}:{mqtt.port}, topics {mqtt.prefix}/..."
    if settings.web is not None:
        scheme = "https" if settings.web.certificate else "http"
        yield f"page: {scheme}://{settings.web.bind}:{settings.web.port}/"
    for webhook in settings.webhook:
        target = target_of(webhook)  # of which a path may be as secret as a password
        yield f"webhook: {'https' if target.is_encrypted else 'http'}://{target.host}:{target.port}"


def _try_to_read(path: Path, what: str, file: Path) -> None:
    """Raise `SettingsError` for a file that is not there, or may not be read."""
    try:
        with file.open("rb"):
            return
    except FileNotFoundError:
        why = "is not there"
    except OSError as error:
        why = f"cannot be read: {error.strerror}"
    raise SettingsError(f"{path}: {what} {shown(str(file))} {why}")


def _has_secret(camera: CameraSettings) -> bool:
    urls = [camera.url, *([] if camera.main_url is None else [camera.main_url])]
    return any(shown(url.get_secret_value()) != url.get_secret_value() for url in urls)


def _files(settings: EdgeSettings) -> Iterator[tuple[str, Path | None]]:
    """Every file that is named, by its key."""
    if settings.mqtt is not None:
        yield "mqtt.password_file", settings.mqtt.password_file
        yield "mqtt.ca_file", settings.mqtt.ca_file
    if settings.web is not None:
        yield "web.token_file", settings.web.token_file
        yield "web.certificate", settings.web.certificate
        yield "web.key", settings.web.key
    for webhook in settings.webhook:
        yield "webhook.secret_file", webhook.secret_file
