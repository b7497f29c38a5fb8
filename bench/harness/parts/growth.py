"""What a million waiting messages cost: the same cloud with a full queue and with an empty one."""

from collections.abc import Callable
from pathlib import Path

from .. import build, clouds, load
from ..aws import Cloud
from ..bench import Bench, Sample, case_of
from ..results import CPU_CYCLE, CYCLES, IDLE_RSS, PEAK_RSS, START, Bound, Measure, Part
from ..server import Server
from ..stats import Better

FULL, EMPTY = "full queue", "empty queue"
MESSAGES, QUICK_MESSAGES = 1_000_000, 20_000
BODY_BYTES = 1024
CONNECTIONS = (1, 16)
BATCHES = {"single": 1, "batches of 10": 10}
FILLING_CONNECTIONS = 4
# As slow as this at most beside an empty queue, in each step and in all.
SLOWDOWN = 1.5
STEPS = [Measure(f"{step} p50", "ms", Better.LOWER) for step in ("send", "receive", "delete")]
Fleet = dict[str, tuple[Server, Cloud, str]]


def measure(bench: Bench) -> Part:
    """Cycles beside what waits, then a start with all of it on the disk."""
    generator, program = build.load(), build.taxiway()
    messages = QUICK_MESSAGES if bench.options.quick else MESSAGES
    part = Part("Growth: what waiting messages cost", [FULL], [EMPTY], _notes(messages))
    fleet = {name: _queue(bench, program, name) for name in (FULL, EMPTY)}
    _, cloud, url = fleet[FULL]
    load.Generator(generator, cloud.port, FILLING_CONNECTIONS).fill(url, BODY_BYTES, messages)
    for kind, batch in BATCHES.items():
        for connections in CONNECTIONS:
            case = f"{kind}, {case_of(connections)}"
            bench.take_turns(part, case, fleet, _run(fleet, generator, connections, batch))
            part.bind(case, CYCLES, Bound(FULL, EMPTY, 1 / SLOWDOWN))
            for step in STEPS:
                part.bind(case, step, Bound(FULL, EMPTY, SLOWDOWN))
    for name, (server, _, _) in fleet.items():
        part.add("after all runs", PEAK_RSS, name, server.memory().peak)
        server.stop()
    bench.take_turns(part, "started again", fleet, lambda name, _: _started(bench, program, name))
    return part


def _notes(messages: int) -> list[str]:
    return [
        f"Two clouds of the same build at the default level: in one's queue {messages:,} messages of 1 KiB wait, the "
        "other's is empty. A cycle sends one to the end and takes one from the front.",
        f"The goal: no step more than {SLOWDOWN} times as slow beside them, and the memory flat.",
        "Started again: from the start of the process to the first answer, with the same folder.",
    ]


def _queue(bench: Bench, program: Path, name: str) -> tuple[Server, Cloud, str]:
    server, cloud = clouds.taxiway(bench, program, "process-crash", bench.folder / name)
    return server, cloud, cloud.create_queue("growth")


def _run(fleet: Fleet, program: Path, connections: int, batch: int) -> Callable[[str, int], Sample]:
    def run(name: str, seconds: int) -> Sample:
        server, cloud, url = fleet[name]
        generator = load.Generator(program, cloud.port, connections)
        return load.sample(server, lambda: generator.queue(url, BODY_BYTES, batch, seconds), CYCLES, CPU_CYCLE, STEPS)

    return run


def _started(bench: Bench, program: Path, name: str) -> Sample:
    server, _ = clouds.taxiway(bench, program, "process-crash", bench.folder / name)
    with server:
        return {START: server.ready_after * 1000, IDLE_RSS: server.memory().rss}
