"""What a tree of processes takes: processor, memory, threads, files. Linux only."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a tree holds at one moment."""

    processes: int
    threads: int
    files: int
    sockets: int
    pss_mb: float
    """Memory of all, what they share counted once."""


def tree(pid: int) -> list[int]:
    """A process and all below it; those that end meanwhile are left out."""
    found = [pid]
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += tree(int(child))
    except OSError:
        return []
    return found


def core_s(pids: Sequence[int]) -> float:
    """Seconds of processor that they have taken."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def pss_mb(pid: int) -> float:
    """Memory of one process, of what it shares its share."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def holdings(pids: Sequence[int]) -> Holdings:
    """What they hold now."""
    links = [
        os.readlink(link)
        for pid in pids
        for link in Path(f"/proc/{pid}/fd").iterdir()
        if _is_there(link)
    ]
    return Holdings(
        processes=len(pids),
        threads=sum(len(os.listdir(f"/proc/{pid}/task")) for pid in pids),
        files=len(links),
        sockets=sum(link.startswith("socket:") for link in links),
        pss_mb=round(sum(pss_mb(pid) for pid in pids), 1),
    )


def _is_there(link: Path) -> bool:
    try:
        os.readlink(link)
    except OSError:
        return False
    return True
