"""The machine, the date and the versions a result belongs to."""

import os
import platform
import re
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from .options import Options
from .paths import ROOT, venv_program


def circumstances(options: Options) -> dict[str, str]:
    """When, on what and how long."""
    kind = " (quick: proves that it works, not a result)" if options.quick else ""
    return {
        "Date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "Machine": f"{_cpu()}, {len(os.sched_getaffinity(0))} cores, {_memory()}, Linux {platform.release()}",
        "Runs": f"{options.rounds} rounds of {options.seconds} s{kind}",
    }


def version_of(program: Sequence[str]) -> str:
    """The first version number a program prints about itself."""
    try:
        finished = subprocess.run(program, capture_output=True, text=True, timeout=30, check=False)
    except OSError:
        return "missing"
    match = re.search(r"\d+\.\d+[\w.+~-]*", finished.stdout + finished.stderr)
    return match[0] if match else "unknown"


def package_versions(names: Sequence[str]) -> dict[str, str]:
    """Versions of Python packages in the peers' virtual environment."""
    code = "import sys, importlib.metadata as m\nfor name in sys.argv[1:]: print(name, m.version(name))"
    command = [venv_program("python"), "-c", code, *names]
    try:
        finished = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return {}
    return dict(line.split() for line in finished.stdout.splitlines())


def our_version() -> dict[str, str]:
    """The commit that was measured."""
    finished = subprocess.run(
        ["git", "-C", str(ROOT), "describe", "--always", "--dirty"], capture_output=True, text=True, check=False
    )
    return {"taxiway": finished.stdout.strip() or "unknown"}


def _cpu() -> str:
    match = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return match[1] if match else platform.machine()


def _memory() -> str:
    match = re.search(r"^MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text(), re.MULTILINE)
    return f"{int(match[1]) / 1024**2:.0f} GiB" if match else "unknown memory"
