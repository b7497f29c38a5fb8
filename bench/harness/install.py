"""Brings the peers onto this machine: Debian packages, and a virtual environment with pinned Python packages."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from .errors import BenchError, Unavailable
from .paths import BENCH, PEERS, VENV

REQUIREMENTS = PEERS / "requirements.txt"
LOG = VENV / "installed.txt"


def program(name: str) -> str:
    """The path of a program from a Debian package of the same name, installed when it is missing."""
    if not (found := _which(name)):
        _apt(name)
        found = _which(name)
    if not found:
        raise Unavailable(f"{name} is not installed and apt-get could not install it")
    return found


def python_packages() -> None:
    """Creates or refreshes the virtual environment; does nothing when the pins are those installed."""
    wanted = REQUIREMENTS.read_text()
    if LOG.exists() and LOG.read_text() == wanted:
        return
    _run([sys.executable, "-m", "venv", str(VENV)], "create bench/.venv")
    _run(
        [str(VENV / "bin/pip"), "install", "--quiet", "--disable-pip-version-check", "-r", str(REQUIREMENTS)],
        "install the Python peers",
    )
    LOG.write_text(wanted)


def node_packages(peer: str) -> Path:
    """The folder of a peer that runs on Node, with the packages of its lock file."""
    folder = PEERS / peer
    if not (npm := _which("npm")):
        raise Unavailable("npm is not installed")
    lock, installed = folder / "package-lock.json", folder / "node_modules" / "installed.json"
    if not installed.exists() or installed.read_text() != lock.read_text():
        _run(
            [npm, "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder)],
            f"install {peer}",
        )
        installed.write_text(lock.read_text())
    return folder


def elasticmq() -> Path:
    """The jar a person has brought: no Debian or Python package has it."""
    jar = Path(os.environ.get("ELASTICMQ_JAR", ""))
    if not jar.is_file():
        raise Unavailable("no jar; fetch elasticmq-server-all from its releases and name it in ELASTICMQ_JAR")
    if not shutil.which("java"):
        raise Unavailable("java is not installed")
    return jar


def _which(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


def _apt(package: str) -> None:
    if not shutil.which("apt-get"):
        return
    become_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    install = [*become_root, "apt-get", "install", "--yes", "--no-install-recommends", package]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if subprocess.run(install, capture_output=True, env=quiet, check=False).returncode != 0:
        subprocess.run([*become_root, "apt-get", "update"], capture_output=True, env=quiet, check=False)
        subprocess.run(install, capture_output=True, env=quiet, check=False)


def _run(command: Sequence[str], purpose: str) -> None:
    finished = subprocess.run(command, cwd=BENCH, capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        raise BenchError(f"could not {purpose}: {(finished.stderr or finished.stdout).strip().splitlines()[-1]}")
