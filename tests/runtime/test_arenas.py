"""What threads allocate lies in few places."""

from __future__ import annotations

import subprocess
import sys

import pytest

from motionapp.runtime.arenas import ARENAS, few_arenas

ALLOCATE = """
import ctypes, sys, threading
from motionapp.runtime.arenas import few_arenas
if sys.argv[1] == "few" and not few_arenas():
    sys.exit("there is no such setting")
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.fopen.restype = ctypes.c_void_p
there = threading.Barrier(7)
def work():
    libc.malloc(1000)
    there.wait()
threads = [threading.Thread(target=work) for _ in range(6)]
for thread in threads:
    thread.start()
there.wait()
told = ctypes.c_void_p(libc.fopen(sys.argv[2].encode(), b"w"))
libc.malloc_info(0, told)
libc.fclose(told)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's own")
def test_many_threads_share_few_arenas(tmp_path: object) -> None:
    def arenas(how: str) -> int:
        told = f"{tmp_path}/{how}.xml"
        done = subprocess.run([sys.executable, "-c", ALLOCATE, how, told], check=False)
        if done.returncode:
            pytest.skip("this C library has no arenas")
        with open(told, encoding="utf-8") as file:
            return file.read().count("<heap nr=")

    assert arenas("usual") > ARENAS
    assert arenas("few") <= ARENAS


def test_a_library_without_the_setting_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctypes.CDLL", lambda name: object())

    assert not few_arenas()
