"""Files on a server over SFTP, by way of fsspec and paramiko: from known hosts, written whole.

What fsspec has for it trusts whatever host answers, writes into a file's place as it comes, and
says nothing while it waits.
"""

from __future__ import annotations

import contextlib
import functools
import uuid
from pathlib import Path
from typing import Any

from motionapp.files.atomic import part_of


def sftp_system(address: str) -> Any:
    """The file system behind an address; one for each server and user.

    Raises
    ------
    OSError
        The server cannot be reached, or is none of the known hosts.
    """
    kind = _system_class()
    system = kind(**kind._get_kwargs_from_urls(address))
    if not system.is_connected:  # fsspec keeps it, also when the server has hung up
        system._connect()
    return system


def on_its_server(address: str, path: str) -> str:
    """The address of a path on the server that another address names."""
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}/{path.lstrip('/')}"


@functools.cache
def _system_class() -> Any:
    """Made when it is first needed: paramiko is imported then, and not before."""
    import paramiko
    from fsspec.callbacks import DEFAULT_CALLBACK
    from fsspec.implementations.sftp import SFTPFileSystem

    class KnownServer(SFTPFileSystem):  # type: ignore[misc]  # fsspec has no types
        """Servers that `ssh` has been told of: they stand in its `known_hosts`."""

        def _connect(self) -> None:
            self.client = paramiko.SSHClient()
            self.client.load_system_host_keys()
            self.client.set_missing_host_key_policy(paramiko.RejectPolicy())
            self.client.connect(self.host, **self.ssh_kwargs)
            self.ftp = self.client.open_sftp()

        @property
        def is_connected(self) -> bool:
            transport = self.client.get_transport()
            return transport is not None and transport.is_active()

        def makedirs(self, path: str, exist_ok: bool = False, mode: int = 0o777) -> None:
            super().makedirs(self._strip_protocol(path), exist_ok=exist_ok, mode=mode)

        def get_file(
            self, rpath: str, lpath: str, callback: Any = DEFAULT_CALLBACK, **more: object
        ) -> None:
            path = self._strip_protocol(rpath)
            self.ftp.get(path, lpath, callback=lambda done, of: callback.relative_update(0))

        def put_file(
            self, lpath: str, rpath: str, callback: Any = DEFAULT_CALLBACK, **more: object
        ) -> None:
            path = self._strip_protocol(rpath)
            folder, _, name = path.rpartition("/")
            part = f"{folder}/{part_of(Path(f'{uuid.uuid4().hex}-{name}'))}"
            try:
                self.ftp.put(lpath, part, callback=lambda done, of: callback.relative_update(0))
                self.ftp.posix_rename(part, path)
            except BaseException:
                with contextlib.suppress(OSError, EOFError):
                    self.ftp.remove(part)
                raise

    return KnownServer
