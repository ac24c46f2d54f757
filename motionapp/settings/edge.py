"""What `motionapp edge run` is told: cameras, what is recorded and kept, and whom to tell.

Secrets stand in files of their own or in variables: `${NAME}` in an address is taken from the
environment. Values that hold one are never shown.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator

from motionapp.core.addresses import HIDDEN, shown
from motionapp.core.errors import SettingsError
from motionapp.settings.base import SettingsModel
from motionapp.settings.complaints import read_toml, sentence_of, worst_of
from motionapp.settings.zones import Corner, ZoneSettings

MOST_CAMERAS = 64
NAME = r"^[a-z0-9][a-z0-9_-]{0,39}$"
"""Names stand in topics, folders, and addresses of pages: none of them needs quoting."""
TOPIC = r"^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$"
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_TIME = r"([01]\d|2[0-4]):[0-5]\d"
SCHEDULE = re.compile(
    rf"^(?P<days>[a-z]{{3}}([-,][a-z]{{3}})*|daily) (?P<from>{_TIME})-(?P<to>{_TIME})$"
)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _is_schedule(line: str) -> str:
    found = SCHEDULE.match(line)
    days = re.split("[-,]", found["days"]) if found and found["days"] != "daily" else []
    if not found or not set(days) <= set(DAYS) or max(found["from"], found["to"]) > "24:00":
        raise ValueError(
            f"{line!r} is no schedule: write days and times, mon-fri 18:00-07:00 or daily "
            "00:00-24:00 say"
        )
    return line


ScheduleLine = Annotated[str, AfterValidator(_is_schedule)]


class CameraSettings(SettingsModel):
    """One camera."""

    name: str = Field(pattern=NAME, description="Small letters, digits, - and _.")
    url: SecretStr = Field(
        min_length=1,
        description="What is analysed, the camera's small stream if it has one: an address, "
        "camera:N, or a recording that is played for a trial. ${NAME} is taken from the "
        "environment.",
    )
    main_url: SecretStr | None = Field(
        None, description="What is recorded, if that is another stream: copied, never decoded."
    )
    is_enabled: bool = Field(True, description="Whether it is watched at all.")
    settings: Path | None = Field(
        None, description="A settings file for its analysis, as `motionapp settings` writes it."
    )
    zones: Path | None = Field(None, description="A file with its zones, as --zones takes it.")
    privacy: tuple[tuple[Corner, ...], ...] = Field(
        (),
        max_length=16,
        description="Polygons that are covered in all that is written or shown: corners [x, y] in "
        "shares of the picture. What is recorded is then encoded anew.",
    )
    schedule: tuple[ScheduleLine, ...] = Field(
        (),
        max_length=32,
        description="When it is armed, by the clock of this machine; always if unset. Times may "
        "go over midnight.",
    )
    threads: int = Field(1, ge=1, le=16, description="For decoding and networks.")

    @model_validator(mode="after")
    def _covers_something(self) -> "CameraSettings":
        try:
            _ = self.privacy_zones
        except ValidationError as error:
            raise ValueError(f"camera {self.name}: {sentence_of(worst_of(error))}") from None
        return self

    @property
    def privacy_zones(self) -> tuple[ZoneSettings, ...]:
        """The polygons of `privacy` as zones."""
        return tuple(
            ZoneSettings(name=f"privacy-{number}", kind="privacy", polygon=polygon)
            for number, polygon in enumerate(self.privacy, 1)
        )


class RecordSettings(SettingsModel):
    """What is recorded."""

    when: Literal["events", "always", "never"] = Field("events", description="When.")
    before_s: float = Field(5.0, ge=0, le=60, description="A recording begins so long before.")
    after_s: float = Field(5.0, ge=0, le=60, description="... and ends so long after.")
    longest_s: float = Field(
        600.0, ge=10, le=3600, description="After so long another file is begun."
    )
    ring_mb: float = Field(
        32.0, ge=1, le=1024, description="Of what came before, so many megabytes are held a camera."
    )
    sound: bool = Field(True, description="Whether sound is recorded where the camera has some.")


class StoreSettings(SettingsModel):
    """Where it is kept, and for how long."""

    dir: Path = Field(description="A folder of its own: events, recordings, what waits to be sent.")
    max_gb: float = Field(20.0, gt=0, description="The oldest recordings go beyond so much.")
    max_days: float = Field(30.0, gt=0, description="... and after so long.")
    min_free_gb: float = Field(1.0, ge=0, description="... and where less than so much is free.")


class MqttSettings(SettingsModel):
    """A broker that is told."""

    host: str = Field(
        min_length=1,
        pattern=r"^[^\s/@?]+$",
        description="Name or address of a machine, without mqtt:// and without a password.",
    )
    port: int = Field(1883, ge=1, le=65535)
    prefix: str = Field("motionapp", pattern=TOPIC, description="Of every topic.")
    user: str | None = None
    password_file: Path | None = Field(None, description="A file with nothing but the password.")
    tls: bool = Field(False, description="Whether the connection is encrypted (port 8883, mostly).")
    ca_file: Path | None = Field(
        None, description="Who signs the broker's certificate, if unusual."
    )
    discovery: bool = Field(True, description="Whether Home Assistant is told of the cameras.")
    discovery_prefix: str = Field("homeassistant", pattern=TOPIC)

    @model_validator(mode="after")
    def _is_whole(self) -> "MqttSettings":
        if self.password_file is not None and self.user is None:
            raise ValueError("mqtt.password_file is given, but no mqtt.user")
        return self


class WebSettings(SettingsModel):
    """The page and the API."""

    bind: str = Field("127.0.0.1", description="An address of this machine; 0.0.0.0 for all.")
    port: int = Field(8480, ge=1, le=65535)
    token_file: Path | None = Field(
        None,
        description="Who may see, and who may change: lines `viewer HASH` and `admin HASH`, as "
        "`motionapp edge token` makes them. Needed everywhere but on 127.0.0.1.",
    )
    certificate: Path | None = Field(None, description="PEM file, for HTTPS.")
    key: Path | None = Field(None, description="... and its private key.")
    names: tuple[str, ...] = Field(
        (), max_length=16, description="Host names under which the page is asked for."
    )

    @property
    def is_local(self) -> bool:
        """Whether nobody but this machine reaches it."""
        return self.bind in ("127.0.0.1", "::1", "localhost")

    @model_validator(mode="after")
    def _is_guarded(self) -> "WebSettings":
        if not self.is_local and self.token_file is None:
            raise ValueError(
                f"web.bind is {self.bind}, which others reach: give web.token_file, or bind to "
                "127.0.0.1"
            )
        if self.names and self.token_file is None:  # a proxy stands before it, then
            raise ValueError(
                "web.names says that others ask for the page: give web.token_file, or no names"
            )
        if (self.certificate is None) != (self.key is None):
            raise ValueError("web.certificate and web.key belong together: give both or none")
        return self


class WebhookSettings(SettingsModel):
    """An address that is told of events by HTTP POST."""

    url: SecretStr = Field(min_length=8)
    secret_file: Path | None = Field(None, description="With what each call is signed.")
    kinds: tuple[Literal["new", "update", "end"], ...] = Field(("new", "end"), min_length=1)


class EdgeSettings(SettingsModel):
    """The whole configuration."""

    camera: tuple[CameraSettings, ...] = Field(min_length=1, max_length=MOST_CAMERAS)
    store: StoreSettings
    record: RecordSettings = RecordSettings()
    mqtt: MqttSettings | None = None
    web: WebSettings | None = None
    webhook: tuple[WebhookSettings, ...] = Field((), max_length=8)

    @model_validator(mode="after")
    def _names_are_apart(self) -> "EdgeSettings":
        names = [camera.name for camera in self.camera]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"two cameras are called {twice}: give each a name of its own")
        return self


def read_edge(path: Path, *, environment: Mapping[str, str] | None = None) -> EdgeSettings:
    """The configuration in a TOML file; paths in it are seen from its folder.

    Parameters
    ----------
    path : Path
    environment : mapping of str to str, optional
        Where variables are taken from; those of the process if None.

    Raises
    ------
    SettingsError
        It cannot be read, a key is unknown, a value does not fit, or a variable is not set.
    """
    tree = read_toml(path, what="configuration")
    variables = os.environ if environment is None else environment
    for table in (*_tables(tree, "camera"), *_tables(tree, "webhook")):
        for key in ("url", "main_url"):
            if isinstance(table.get(key), str):
                table[key] = _filled(path, key, table[key], variables)
    try:
        settings = EdgeSettings.model_validate(tree)
    except ValidationError as error:
        raise SettingsError(f"{path}: {_complaint(error)}") from None
    return _beside(settings, path.parent)


def is_private(path: Path) -> bool:
    """Whether nobody but its owner can read a file; True where the system knows no such thing."""
    return os.name != "posix" or not path.stat().st_mode & 0o077


def _tables(tree: dict[str, Any], key: str) -> list[dict[str, Any]]:
    tables = tree.get(key)
    return (
        [table for table in tables if isinstance(table, dict)] if isinstance(tables, list) else []
    )


def _complaint(error: ValidationError) -> str:
    """What is wrong. What was given is told, too, but no address: whole tables are given where a
    key is missing."""
    details = worst_of(error)
    details["loc"] = tuple(_told(part) for part in details["loc"])
    details["input"] = _told(details["input"])
    return sentence_of(details)


def _told(value: Any) -> Any:  # Any: what a TOML file can hold
    """The same without the addresses in it."""
    if isinstance(value, dict):
        return {_told(key): _told(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_told(each) for each in value]
    is_address = isinstance(value, str) and ("://" in value or shown(value) != value)
    return HIDDEN if is_address else value


def _filled(path: Path, key: str, text: str, variables: Mapping[str, str]) -> str:
    """An address with its variables put in."""
    for name in _VARIABLE.findall(text):
        if name not in variables:
            raise SettingsError(f"{path}: {key} asks for the variable {name}, which is not set")
    return _VARIABLE.sub(lambda found: variables[found[1]], text)


def _beside(settings: EdgeSettings, folder: Path) -> EdgeSettings:
    """The same with every path seen from a folder."""

    def placed(model: SettingsModel) -> SettingsModel:
        changes: dict[str, object] = {}
        for name in type(model).model_fields:
            value = getattr(model, name)
            if isinstance(value, Path):
                changes[name] = folder / value.expanduser()
            elif isinstance(value, SettingsModel):
                changes[name] = placed(value)
            elif isinstance(value, tuple) and value and isinstance(value[0], SettingsModel):
                changes[name] = tuple(placed(each) for each in value)
        return model.model_copy(update=changes)

    found = placed(settings)
    assert isinstance(found, EdgeSettings)
    return found
