"""The queue against moto's server and ElasticMQ: send, receive, delete."""

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
MOTO, ELASTICMQ = "moto", "ElasticMQ"
CONNECTIONS = (1, 4, 16, 64)
BATCHES = {"single": 1, "batches of 10": 10}
BODY_BYTES = 1024
Fleet = dict[str, tuple[Server, Cloud]]

NOTES = [
    "A cycle is SendMessage, ReceiveMessage and DeleteMessage of a 1 KiB body over the AWS JSON protocol "
    "on keep-alive connections, or the same of a batch of ten; latency is that of a cycle.",
    "The load generator (`bench/load`, one thread) is the same for all. Each run has a fresh queue.",
    "Taxiway keeps messages on disk: by default an acknowledged message survives `kill -9`, with power-loss "
    "it is synced first. moto and ElasticMQ keep them in memory and lose them with their process.",
]


def measure(bench: Bench) -> Part:
    """All connection counts; memory before the first message and at its highest after the last."""
    generator = build.load()
    part = Part("Queue: send, receive, delete", list(DURABILITIES), [MOTO, ELASTICMQ], list(NOTES))
    fleet = bench.available(part, _makers(bench))
    for name, (server, _) in fleet.items():
        part.add("before the first message", IDLE_RSS, name, server.memory().rss)
    for kind, batch in BATCHES.items():
        for connections in CONNECTIONS:
            shape = load.Shape(connections, batch, BODY_BYTES)
            bench.take_turns(part, f"{kind}, {case_of(connections)}", fleet, _run(fleet, generator, shape))
    for name, (server, _) in fleet.items():
        part.add("after all runs", PEAK_RSS, name, server.memory().peak)
    part.versions = package_versions(["moto", "werkzeug"])
    return part


def _makers(bench: Bench) -> dict[str, Callable[[], tuple[Server, Cloud]]]:
    def moto() -> tuple[Server, Cloud]:
        install.python_packages()
        return clouds.moto(bench)

    def elasticmq() -> tuple[Server, Cloud]:
        return clouds.elasticmq(bench, install.elasticmq())

    def ours(durability: str) -> Callable[[], tuple[Server, Cloud]]:
        return lambda: clouds.taxiway(bench, build.taxiway(), durability)

    return {**{name: ours(durability) for name, durability in DURABILITIES.items()}, MOTO: moto, ELASTICMQ: elasticmq}


def _run(fleet: Fleet, generator: Path, shape: load.Shape) -> Callable[[str, int], Sample]:
    numbers = itertools.count()

    def run(name: str, seconds: int) -> Sample:
        server, cloud = fleet[name]
        queue = cloud.create_queue(f"bench-{shape.batch}-{shape.connections}-{next(numbers)}")
        before = server.cpu_seconds()
        seen = load.run(generator, cloud.port, queue, shape, seconds)
        cpu = server.cpu_seconds() - before
        cloud.delete_queue(queue)
        return {CYCLES: seen.per_second, P50: seen.p50, P99: seen.p99, CPU_CYCLE: cpu * 1e6 / seen.cycles}

    return run
