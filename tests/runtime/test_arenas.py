"""What threads allocate lies in few places."""

from __future__ import annotations

import subprocess
import sys

import pytest

from motionapp.runtime.arenas import ARENAS, few_arenas, give_back

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

HOLES = """
import ctypes, sys
from motionapp.runtime.arenas import give_back
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
def resident():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096 / 1e6
large = []
for _ in range(1000):
    large.append(ctypes.c_void_p(libc.malloc(100_000)))
    ctypes.memset(large[-1], 1, 100_000)
    libc.malloc(100)
for one in large:
    libc.free(one)
before = resident()
if not give_back():
    sys.exit("there is no such thing")
print(before - resident())
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
    assert not give_back()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's own")
def test_what_is_free_between_what_is_used_is_given_back() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HOLES], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip("this C library gives nothing back")

    assert float(done.stdout) > 50  # of 100 MB
