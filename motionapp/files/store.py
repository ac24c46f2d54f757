"""Files that lie in an object store or on a server: listed, fetched, and written whole.

The one door to fsspec. An address holds no password and no key: those come from the environment of
the process, as each store's own library reads them, and are told nowhere.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from motionapp.core.addresses import shown
from motionapp.core.errors import MissingExtraError, OutputError, SourceError
from motionapp.files.sftp import on_its_server, sftp_system

_SCHEME: Final = re.compile(r"(s3|gs|gcs|sftp|ssh|https?)://", re.IGNORECASE)
_PACKAGES: Final = {
    "s3": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "sftp": "paramiko", "ssh": "paramiko",
    "http": "aiohttp", "https": "aiohttp",
}  # fmt: skip
"""What fsspec needs besides itself, by the scheme."""
SPARE_BYTES: Final = 200_000_000
"""Stay free on the disk to which a recording is fetched."""
READ_AT_ONCE: Final = 8
READ_AHEAD: Final = 64
"""Small files that are in memory at a time."""
_PLAYLISTS: Final = ("mpegurl", "multipart", "dash+xml")
"""Kinds of answers over HTTP that are no file."""
_STAMPS: Final = ("ETag", "etag", "mtime", "LastModified", "md5Hash", "generation", "updated")
"""What stores say of a file that changes with it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One file in a store."""

    address: str
    size_bytes: int | None
    stamp: str
    """Another text when the file has changed, as far as the store tells."""


def is_store(spec: str) -> bool:
    """Whether it is the address of something in an object store or on a server."""
    return bool(_SCHEME.match(spec))


def is_web(spec: str) -> bool:
    """Whether it is an address of a kind under which there are live streams, too."""
    return spec.lower().startswith(("http://", "https://"))


def check_store(address: str) -> None:
    """See that an address can be used here.

    Raises
    ------
    MissingExtraError
        Something is not installed.
    SourceError
        There is a password or a key in it.
    """
    scheme = address.partition(":")[0].lower()
    if importlib.util.find_spec("fsspec") is None:
        raise MissingExtraError(f"{scheme}://", "cluster")
    package = _PACKAGES[scheme]
    if importlib.util.find_spec(package) is None:
        raise SourceError(f"{scheme}:// needs another package: pip install {package}")
    authority = address.partition("://")[2].partition("/")[0]
    if ":" in authority.rpartition("@")[0] or ("?" in address and "=" in address):
        raise SourceError(
            f"{shown(address)} holds a password or a key: leave it out, and give it in the "
            "environment, where the store's own tools look for it"
        )


def look(address: str) -> Kept:
    """What a store says of one file.

    Raises
    ------
    SourceError
        It is not there, or may not be seen.
    """
    with _said(address, SourceError):
        return _kept(address, _system(address).info(address))


def is_file(address: str) -> bool:
    """Whether it names a file whose size is known: over HTTP, that is no stream.

    Raises
    ------
    SourceError
        The store cannot be asked.
    """
    with _said(address, SourceError):
        system = _system(address)
        try:
            info = system.info(address)
        except FileNotFoundError:
            return False
    kind = str(info.get("mimetype") or "")
    is_list = any(word in kind.lower() for word in _PLAYLISTS) or address.endswith(".m3u8")
    return info.get("type") == "file" and info.get("size") is not None and not is_list


def files_below(address: str) -> list[Kept]:
    """All files in a folder, or those that fit a pattern, sorted by their addresses.

    Raises
    ------
    SourceError
        There is nothing, or it may not be seen.
    """
    with _said(address, SourceError):
        system = _system(address)
        has_pattern = any(letter in address for letter in "*?[")
        system.invalidate_cache()  # other processes write there, too
        find = system.glob if has_pattern else system.find
        found: dict[str, dict[str, Any]] = find(address, detail=True)
        return [
            _kept(_address_of(name, address), info)
            for name, info in sorted(found.items())
            if info.get("type") == "file"
        ]


def names_below(address: str) -> frozenset[str]:
    """Names of all files below a folder, relative to it; empty where there is none.

    Raises
    ------
    SourceError
        The store cannot be asked.
    """
    start = len(_bare(address)) + 1
    try:
        return frozenset(_bare(kept.address)[start:] for kept in files_below(address))
    except SourceError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            return frozenset()
        raise


def read_all(addresses: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
    """What stands in small files, one after the other.

    Yields
    ------
    tuple of (str, bytes or None)
        The address and the content; None where it cannot be had.
    """

    def read(address: str) -> bytes | None:
        try:
            with _said(address, SourceError):
                content: bytes = _system(address).cat_file(address)
                return content
        except SourceError:
            return None

    # What speaks HTTP waits for most of the time; SFTP takes one question at a time.
    at_once = 1 if any(map(_is_over_sftp, addresses)) else READ_AT_ONCE
    with ThreadPoolExecutor(at_once, thread_name_prefix="read") as pool:
        for begin in range(0, len(addresses), READ_AHEAD):
            some = addresses[begin : begin + READ_AHEAD]
            yield from zip(some, pool.map(read, some), strict=True)


def fetch(address: str, folder: Path, on_wait: Callable[[], object]) -> Path:
    """Bring a file into a folder of this machine.

    Parameters
    ----------
    address : str
    folder : Path
    on_wait : callable
        Called again and again meanwhile.

    Returns
    -------
    Path
        It has the file's own name.

    Raises
    ------
    SourceError
        It cannot be had, or there is no room.
    """
    kept = look(address)
    free_bytes = shutil.disk_usage(folder).free
    if kept.size_bytes is not None and kept.size_bytes > free_bytes - SPARE_BYTES:
        raise SourceError(
            f"{shown(address)} has {kept.size_bytes} bytes, and {folder} has no room for it: make "
            "some, or name another place in TMPDIR"
        )
    path = folder / address.rstrip("/").rpartition("/")[2]
    with _said(address, SourceError):
        _system(address).get_file(address, str(path), callback=_callback(on_wait))
    return path


def bring(files: Sequence[tuple[Path, str]], on_wait: Callable[[], object]) -> None:
    """Write files into a store, each whole, in their order.

    Parameters
    ----------
    files : sequence of (Path, str)
        What is here, and its address there.
    on_wait : callable
        Called again and again meanwhile.

    Raises
    ------
    OutputError
        One of them cannot be written; those after it are not.
    """
    for path, address in files:
        with _said(address, OutputError):
            system = _system(address)
            if _is_over_sftp(address):  # in an object store, that would make a bucket
                system.makedirs(address.rpartition("/")[0], exist_ok=True)
            system.put_file(str(path), address, callback=_callback(on_wait))


def _system(address: str) -> Any:
    """The file system behind an address; fsspec keeps one for each set of options."""
    check_store(address)
    if _is_over_sftp(address):
        return sftp_system(address)
    import fsspec

    return fsspec.core.url_to_fs(address)[0]


def _is_over_sftp(address: str) -> bool:
    return address.lower().startswith(("sftp://", "ssh://"))


def _address_of(name: str, asked: str) -> str:
    """The address of a file that was found, where another was asked for."""
    if "://" in name:
        return name
    if _is_over_sftp(asked):
        return on_its_server(asked, name)
    return f"{asked.partition('://')[0]}://{name.lstrip('/')}"


def _callback(on_wait: Callable[[], object]) -> Any:
    from fsspec.callbacks import Callback

    class Waiting(Callback):
        """Says that bytes come."""

        def call(self, hook_name: str | None = None, **kwargs: object) -> None:
            on_wait()

    return Waiting()


def _kept(address: str, info: dict[str, Any]) -> Kept:
    size = info.get("size")
    told = {name: str(info[name]) for name in _STAMPS if info.get(name)}
    text = json.dumps({"size": size, **told}, sort_keys=True)
    return Kept(address, size, hashlib.sha256(text.encode()).hexdigest())


def _bare(address: str) -> str:
    return address.partition("://")[2].strip("/")


@contextlib.contextmanager
def _said(address: str, kind: type[SourceError] | type[OutputError]) -> Iterator[None]:
    """Errors of the stores' libraries, in a sentence of ours.

    Their own words are left out: some repeat what stands in the environment.
    """
    try:
        yield
    except (SourceError, OutputError, MissingExtraError, KeyboardInterrupt):
        raise
    except FileNotFoundError as error:
        is_read = kind is SourceError
        what = "is not there" if is_read else "cannot be written, as it has no such place"
        raise kind(f"{shown(address)} {what}: is it spelt as the store has it?") from error
    except Exception as error:
        what = "written" if kind is OutputError else "read"
        known = ", is it among the known hosts of ssh" if _is_over_sftp(address) else ""
        number = error.errno if isinstance(error, OSError) else None
        reason = os.strerror(number) if number else type(error).__name__
        raise kind(
            f"{shown(address)} cannot be {what} ({reason}): can this machine reach it{known}, "
            "and are the credentials in its environment?"
        ) from error
