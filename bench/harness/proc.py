"""What the kernel knows of a process and its descendants, from /proc (see proc_pid_stat(5))."""

import os
from dataclasses import dataclass
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Memory:
    """Resident memory of a process tree, in MiB. Shared pages count in each process, but not in `pss`."""

    rss: float
    peak: float
    pss: float


@dataclass(frozen=True)
class Identity:
    """A process that can't be mistaken for a later one with the same number."""

    pid: int
    started: int


def tree(root: int) -> list[Identity]:
    """`root` and all its living descendants, parents first."""
    children: dict[int, list[int]] = {}
    started: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
            started[int(entry.name)] = int(fields[19])
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop(0)
        if pid in started:
            found.append(Identity(pid, started[pid]))
            waiting.extend(children.get(pid, []))
    return found


def alive(process: Identity) -> bool:
    """Whether this very process still runs (a zombie does not)."""
    fields = _stat(process.pid)
    return fields is not None and int(fields[19]) == process.started and fields[0] != "Z"


def cpu_seconds(root: int) -> float:
    """User and system time of the tree so far, ended and awaited children included."""
    ticks = 0
    for process in tree(root):
        if fields := _stat(process.pid):
            ticks += sum(int(field) for field in fields[11:15])
    return ticks / TICKS_PER_SECOND


def memory(root: int, program: Path | None = None) -> Memory:
    """Resident memory of the tree, or of those of its processes that run `program`."""
    pids = [process.pid for process in tree(root) if program is None or _runs(process.pid, program)]
    return Memory(
        rss=sum(_kib(pid, "status", "VmRSS:") for pid in pids) / 1024,
        peak=sum(_kib(pid, "status", "VmHWM:") for pid in pids) / 1024,
        pss=sum(_kib(pid, "smaps_rollup", "Pss:") for pid in pids) / 1024,
    )


def _stat(pid: int) -> list[str] | None:
    """The fields after the program's name, which may itself hold spaces and parentheses."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()


def _runs(pid: int, program: Path) -> bool:
    try:
        return Path(f"/proc/{pid}/exe").samefile(program)
    except OSError:
        return False


def _kib(pid: int, file: str, key: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(key)), 0)
