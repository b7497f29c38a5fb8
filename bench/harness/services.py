"""One service twice: ours on one and two threads, and the same in FastAPI with one and two workers, under wrk."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from . import install, net, wrk
from .bench import Bench, Sample
from .machine import package_versions, version_of
from .paths import PEERS, venv_program
from .results import CPU, IDLE_PSS, IDLE_RSS, P50, P99, PEAK_RSS, RATE, Part
from .server import Server

FASTAPI = {f"FastAPI, {workers} worker{'s' * (workers - 1)}": workers for workers in (1, 2)}
PEER_PACKAGES = ["fastapi", "uvicorn", "uvloop", "httptools"]
Fleet = dict[str, tuple[Server, int]]


@dataclass(frozen=True)
class Program:
    """How to serve on a port, and with what besides."""

    serve: Callable[[int], list[str]]
    environment: dict[str, str] = field(default_factory=dict)
    folder: Path | None = None


def names_of_ours(service: str) -> dict[str, int]:
    """What our contenders are called, and on how many threads each runs."""
    return {f"{service}, {threads} thread{'s' * (threads - 1)}": threads for threads in (1, 2)}


def makers(
    service: str, build: Callable[[], Path], peer: str, app: str = "main:app"
) -> dict[str, Callable[[], Program]]:
    """Every contender: ours from its build, theirs from its folder below `peers/`."""
    ours = {name: partial(_ours, build, threads) for name, threads in names_of_ours(service).items()}
    return {**ours, **{name: partial(_fastapi, PEERS / peer, app, workers) for name, workers in FASTAPI.items()}}


def start(
    bench: Bench, name: str, program: Program, settings: Mapping[str, str], health: str, status: int = 200
) -> tuple[Server, int]:
    """Starts one, ready to answer `health` with `status`."""
    port = net.free_port()
    environment = {**program.environment, "LOG_LEVEL": "WARNING", "HOST": net.HOST, "PORT": str(port), **settings}
    server = bench.start(name, program.serve(port), environment, program.folder)
    server.wait_until(net.answers(port, health, status))
    return server, port


def measure(bench: Bench, part: Part, fleet: Fleet, work: Callable[["Turns"], None]) -> None:
    """Memory before and after, and `work` between."""
    for name, (server, _) in fleet.items():
        memory = server.memory()
        part.add("before the first request", IDLE_RSS, name, memory.rss)
        part.add("before the first request", IDLE_PSS, name, memory.pss)
    work(Turns(bench, part, fleet))
    for name, (server, _) in fleet.items():
        part.add("after all runs", PEAK_RSS, name, server.memory().peak)
    part.versions = {**package_versions(PEER_PACKAGES), "wrk": version_of(["wrk", "-v"])}


@dataclass(frozen=True)
class Turns:
    """Puts the same load on each in turn."""

    bench: Bench
    part: Part
    fleet: Fleet

    def take(
        self, case: str, path: str | Mapping[str, str], connections: int, script: wrk.Script | None = None
    ) -> None:
        """One case; a path may differ by contender, where it holds what only one of them knows."""

        def load(name: str, port: int, seconds: int) -> wrk.Load:
            return wrk.run(port, path if isinstance(path, str) else path[name], connections, seconds, script)

        run = sampled(self.fleet, load)
        self.bench.take_turns(self.part, case, self.fleet, run)


def sampled(fleet: Fleet, load: Callable[[str, int, int], wrk.Load]) -> Callable[[str, int], Sample]:
    """What a load (by name, port and seconds) shows: rate, latencies, and the server's processor time per request."""

    def run(name: str, seconds: int) -> Sample:
        server, port = fleet[name]
        before = server.cpu_seconds()
        seen = load(name, port, seconds)
        cpu = server.cpu_seconds() - before
        return {RATE: seen.requests_per_second, P50: seen.p50, P99: seen.p99, CPU: cpu * 1e6 / seen.requests}

    return run


def _ours(build: Callable[[], Path], threads: int) -> Program:
    program = str(build())
    return Program(lambda _: [program], {"TOKIO_WORKER_THREADS": str(threads)}, Path("/"))


def _fastapi(folder: Path, app: str, workers: int) -> Program:
    """So many uvicorn workers with uvloop and httptools, access log off."""
    install.python_packages()

    def serve(port: int) -> list[str]:
        server = [venv_program("uvicorn"), app, "--host", net.HOST, "--port", str(port)]
        return [*server, "--workers", str(workers), "--loop", "uvloop", "--http", "httptools", "--no-access-log"]

    return Program(serve, {"PYTHONDONTWRITEBYTECODE": "1"}, folder)
