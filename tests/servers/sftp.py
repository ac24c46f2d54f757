"""An SFTP server of our own on the loopback, which serves one folder to whoever has its key."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import paramiko


@dataclass(frozen=True)
class Served:
    """Where it listens."""

    port: int
    host_key: paramiko.PKey

    @property
    def known_hosts_line(self) -> str:
        """What stands in `known_hosts` of whoever knows it."""
        key = self.host_key
        return f"[127.0.0.1]:{self.port} {key.get_name()} {key.get_base64()}\n"


@contextmanager
def sftp_server(folder: Path, user_key: paramiko.PKey) -> Iterator[Served]:
    """Serve a folder as `/` until the block ends."""
    host_key = paramiko.ECDSAKey.generate()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)
        served = Served(listening.getsockname()[1], host_key)
        ends = threading.Event()
        transports: list[paramiko.Transport] = []
        files = _files_of(folder)

        def serve() -> None:
            while not ends.is_set():
                try:
                    connection, _ = listening.accept()
                except TimeoutError:
                    continue
                transport = paramiko.Transport(connection)
                transport.add_server_key(host_key)
                transport.set_subsystem_handler("sftp", paramiko.SFTPServer, files)
                transports.append(transport)
                try:
                    transport.start_server(server=_Door(user_key))
                except (paramiko.SSHException, EOFError):
                    transport.close()  # it was refused

        thread = threading.Thread(target=serve, name="sftp")
        thread.start()
        try:
            yield served
        finally:
            ends.set()
            thread.join()
            for transport in transports:
                transport.close()
                transport.join(10)


class _Door(paramiko.ServerInterface):
    def __init__(self, user_key: paramiko.PKey) -> None:
        self._user_key = user_key

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        is_known = key == self._user_key
        return paramiko.AUTH_SUCCESSFUL if is_known else paramiko.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED

    def get_allowed_auths(self, username: str) -> str:
        return "publickey"


def _files_of(folder: Path) -> type[paramiko.SFTPServerInterface]:
    class Files(paramiko.SFTPServerInterface):
        """As much of SFTP as a store needs."""

        def list_folder(self, path: str) -> object:
            try:
                return [
                    paramiko.SFTPAttributes.from_stat(one.stat(), one.name)
                    for one in os.scandir(_below(path))
                ]
            except OSError as error:
                return _code(error)

        def stat(self, path: str) -> object:
            try:
                return paramiko.SFTPAttributes.from_stat(_below(path).stat())
            except OSError as error:
                return _code(error)

        lstat = stat

        def open(self, path: str, flags: int, attr: object) -> object:
            try:
                descriptor = os.open(_below(path), flags, 0o666)
            except OSError as error:
                return _code(error)
            handle = paramiko.SFTPHandle(flags)
            handle.readfile = handle.writefile = os.fdopen(
                descriptor, "rb" if flags & (os.O_WRONLY | os.O_RDWR) == 0 else "wb"
            )
            return handle

        def remove(self, path: str) -> int:
            return _tried(_below(path).unlink)

        def posix_rename(self, oldpath: str, newpath: str) -> int:
            return _tried(lambda: os.replace(_below(oldpath), _below(newpath)))

        def mkdir(self, path: str, attr: object) -> int:
            return _tried(_below(path).mkdir)

    def _below(path: str) -> Path:
        return folder / path.lstrip("/")

    def _code(error: OSError) -> int:
        code: int = paramiko.SFTPServer.convert_errno(error.errno or 0)
        return code

    def _tried(work: object) -> int:
        try:
            work()  # type: ignore[operator]
        except OSError as error:
            return _code(error)
        return paramiko.SFTP_OK

    return Files
