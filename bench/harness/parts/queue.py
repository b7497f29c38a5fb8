"""The queue against moto's server: send, receive, delete."""

import itertools
from collections.abc import Callable
from pathlib import Path

from .. import build, clouds, install, load
from ..aws import Cloud
from ..bench import Bench, Sample, case_of
from ..machine import package_versions
from ..results import CPU_CYCLE, CYCLES, IDLE_RSS, P50, P99, PEAK_RSS, Part
from ..server import Server

DURABILITIES = {"Taxiway": "process-crash", "Taxiway (power-loss)": "power-loss"}
MOTO = "moto"
CONNECTIONS = (1, 4, 16)
BODY_BYTES = 1024
Fleet = dict[str, tuple[Server, Cloud]]

NOTES = [
    "A cycle is SendMessage, ReceiveMessage and DeleteMessage of a 1 KiB body over the AWS JSON protocol "
    "on keep-alive connections; latency is that of a cycle.",
    "The load generator (`bench/load`, one thread) is the same for all. Each run has a fresh queue.",
    "Taxiway keeps messages on disk: by default an acknowledged message survives `kill -9`, with power-loss "
    "it is synced first. moto keeps them in memory and loses them with its process.",
]


def measure(bench: Bench) -> Part:
    """All connection counts; memory before the first message and at its highest after the last."""
    generator = build.load()
    part = Part("Queue: send, receive, delete", list(DURABILITIES), [MOTO], list(NOTES))
    fleet = bench.available(part, _makers(bench))
    for name, (server, _) in fleet.items():
        part.add("before the first message", IDLE_RSS, name, server.memory().rss)
    for connections in CONNECTIONS:
        bench.take_turns(part, case_of(connections), fleet, _run(fleet, generator, connections))
    for name, (server, _) in fleet.items():
        part.add("after all runs", PEAK_RSS, name, server.memory().peak)
    part.versions = package_versions(["moto", "werkzeug"])
    return part


def _makers(bench: Bench) -> dict[str, Callable[[], tuple[Server, Cloud]]]:
    def moto() -> tuple[Server, Cloud]:
        install.python_packages()
        return clouds.moto(bench)

    def ours(durability: str) -> Callable[[], tuple[Server, Cloud]]:
        return lambda: clouds.taxiway(bench, build.taxiway(), durability)

    return {**{name: ours(durability) for name, durability in DURABILITIES.items()}, MOTO: moto}


def _run(fleet: Fleet, generator: Path, connections: int) -> Callable[[str, int], Sample]:
    numbers = itertools.count()

    def run(name: str, seconds: int) -> Sample:
        server, cloud = fleet[name]
        queue = cloud.create_queue(f"bench-{connections}-{next(numbers)}")
        before = server.cpu_seconds()
        seen = load.run(generator, cloud.port, queue, connections, seconds, BODY_BYTES)
        cpu = server.cpu_seconds() - before
        cloud.delete_queue(queue)
        return {CYCLES: seen.per_second, P50: seen.p50, P99: seen.p99, CPU_CYCLE: cpu * 1e6 / seen.cycles}

    return run
