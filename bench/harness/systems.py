"""Whole systems under `taxiway up`."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from . import net
from .bench import Bench
from .errors import BenchError, Unavailable
from .paths import ROOT
from .server import Server

PREPARE_TIMEOUT = 900.0
IGNORED = shutil.ignore_patterns(".venv", ".taxiway", "__pycache__")


@dataclass(frozen=True)
class System:
    """A folder with a manifest, and a path that is answered with 200 when it is healthy."""

    folder: Path
    health: str


def ingest(_bench: Bench) -> System:
    """Where it stands: its manifest names the workspace's target folder."""
    folder = ROOT / "systems" / "ingest"
    if not (folder / "taxiway.yaml").is_file():
        raise Unavailable("systems/ingest has no taxiway.yaml")
    return System(folder, "/healthz")


def fastapi(bench: Bench) -> System:
    """The FastAPI example, in a folder of its own."""
    source, folder = ROOT / "examples" / "fastapi", bench.folder / "fastapi-example"
    if not (source / "taxiway.yaml").is_file():
        raise Unavailable("examples/fastapi has no taxiway.yaml")
    shutil.copytree(source, folder, ignore=IGNORED)
    return System(folder, "/healthz")


def up(bench: Bench, program: Path, system: System, timeout: float) -> Server:
    """Starts it on a free port and waits for the first healthy answer."""
    port = net.free_port()
    command = [str(program), "up", str(system.folder), "--port", str(port)]
    # A manifest's `run` names the workspace's own target folder, whatever the bench builds into.
    environment = {"CARGO_TARGET_DIR": str(ROOT / "target")}
    server = bench.start(f"up {system.folder.name} {port}", command, environment)
    server.wait_until(net.answers(port, system.health), timeout)
    return server


def prepare(bench: Bench, program: Path, system: System) -> System:
    """One start that is not measured: builds what the manifest builds."""
    try:
        up(bench, program, system, PREPARE_TIMEOUT).stop()
    except BenchError as reason:
        raise Unavailable(str(reason)) from reason
    return system
