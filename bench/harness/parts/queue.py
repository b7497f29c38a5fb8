"""The queue against moto's server and ElasticMQ: send, receive, delete."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .. import build, clouds, install, load
from ..aws import Cloud
from ..bench import Bench, Sample, case_of
from ..machine import package_versions
from ..results import CPU_CYCLE, CYCLES, IDLE_RSS, PEAK_RSS, Bound, Part
from ..server import Server

OURS = "Taxiway"
DURABILITIES = {OURS: "process-crash", "Taxiway (power-loss)": "power-loss"}
MOTO, ELASTICMQ = "moto", "ElasticMQ"
CONNECTIONS = (1, 4, 16, 64)
BATCHES = {"single": 1, "batches of 10": 10}
BODY_BYTES = 1024
FIFO_CONNECTIONS = 16
LEAST_ON_ONE, LEAST_FROM_SIXTEEN = 25.0, 50.0
Fleet = dict[str, tuple[Server, Cloud]]

NOTES = [
    "A cycle is SendMessage, ReceiveMessage and DeleteMessage of a 1 KiB body over the AWS JSON protocol "
    "on keep-alive connections, or the same of a batch of ten; latency is that of a cycle.",
    "The load generator (`bench/load`, one thread) is the same for all. Each run has a fresh queue.",
    "On the FIFO queue each connection sends to a group of its own, with a deduplication id for each message.",
    "Taxiway keeps messages on disk: by default an acknowledged message survives `kill -9`, with power-loss "
    "it is synced first. moto and ElasticMQ keep them in memory and lose them with their process.",
    f"The goal at the default level: {LEAST_ON_ONE:.0f} times moto's cycles on one connection, "
    f"{LEAST_FROM_SIXTEEN:.0f} times from 16 on.",
]


@dataclass(frozen=True)
class Case:
    """How a queue is loaded."""

    kind: str
    batch: int
    connections: int
    suffix: str = ""

    @property
    def name(self) -> str:
        """What the report calls it."""
        return f"{self.kind}, {case_of(self.connections)}"


def measure(bench: Bench) -> Part:
    """All connection counts; memory before the first message and at its highest after the last."""
    generator = build.load()
    part = Part("Queue: send, receive, delete", list(DURABILITIES), [MOTO, ELASTICMQ], list(NOTES))
    fleet = bench.available(part, _makers(bench))
    for name, (server, _) in fleet.items():
        part.add("before the first message", IDLE_RSS, name, server.memory().rss)
    for case in _cases():
        bench.take_turns(part, case.name, fleet, _run(fleet, generator, case))
        if case.connections == 1:
            part.bind(case.name, CYCLES, Bound(OURS, MOTO, LEAST_ON_ONE))
        elif case.connections >= 16:
            part.bind(case.name, CYCLES, Bound(OURS, MOTO, LEAST_FROM_SIXTEEN))
    for name, (server, _) in fleet.items():
        part.add("after all runs", PEAK_RSS, name, server.memory().peak)
    part.versions = package_versions(["moto", "werkzeug"])
    return part


def _cases() -> list[Case]:
    standard = [Case(kind, batch, connections) for kind, batch in BATCHES.items() for connections in CONNECTIONS]
    return [*standard, Case("FIFO, single", 1, FIFO_CONNECTIONS, ".fifo")]


def _makers(bench: Bench) -> dict[str, Callable[[], tuple[Server, Cloud]]]:
    def elasticmq() -> tuple[Server, Cloud]:
        return clouds.elasticmq(bench, install.elasticmq())

    def ours(durability: str) -> Callable[[], tuple[Server, Cloud]]:
        return lambda: clouds.taxiway(bench, build.taxiway(), durability)

    makers = {name: ours(durability) for name, durability in DURABILITIES.items()}
    return {**makers, MOTO: lambda: clouds.installed_moto(bench), ELASTICMQ: elasticmq}


def _run(fleet: Fleet, program: Path, case: Case) -> Callable[[str, int], Sample]:
    numbers = itertools.count()

    def run(name: str, seconds: int) -> Sample:
        server, cloud = fleet[name]
        url = cloud.create_queue(f"bench-{case.batch}-{case.connections}-{next(numbers)}{case.suffix}")
        generator = load.Generator(program, cloud.port, case.connections)
        seen = load.sample(server, lambda: generator.queue(url, BODY_BYTES, case.batch, seconds), CYCLES, CPU_CYCLE)
        cloud.delete_queue(url)
        return seen

    return run
