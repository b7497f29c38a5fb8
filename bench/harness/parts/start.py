"""How long things take to start, and what they hold when nothing happens."""

from collections.abc import Callable
from pathlib import Path

from .. import build, clouds, install, systems
from ..bench import Bench, Sample
from ..machine import package_versions
from ..results import IDLE_PSS, IDLE_RSS, START, Bound, Part
from ..server import Server

OURS, MOTO = "Taxiway", "moto"
ALONE = "a cloud alone"
FASTER, SMALLER = 50.0, 5.0
UP_GOAL_MS = 1000.0
IDLE_GOAL_MIB = 30.0

NOTES = [
    "Start is from the start of the process to the first answer: a ListQueues call of a cloud, a healthy answer "
    "through the edge of `taxiway up` (built before).",
    "Memory is read at that first answer. For `taxiway up` it is that of Taxiway's own processes (edge, cloud, "
    "supervisor), not of the services it runs.",
    f"The goal of a cloud alone: ready {FASTER:.0f} times as soon as moto, in a {SMALLER:.0f}th of its memory. What it "
    "takes with a full queue on the disk stands under Growth.",
    "`taxiway up` has no peer here that runs the same without Docker; its lines stand against the goals.",
]


def measure(bench: Bench) -> Part:
    """Clouds against each other; whole systems against the goals."""
    part = Part("Start and idle memory", [OURS], [MOTO], list(NOTES))
    install.python_packages()
    starts: dict[str, Callable[[], Server]] = {MOTO: lambda: clouds.moto(bench)[0]}
    programs = bench.available(part, {OURS: build.taxiway})
    if program := programs.get(OURS):
        starts = {OURS: lambda: clouds.taxiway(bench, program, "process-crash")[0], **starts}
    bench.take_turns(part, ALONE, starts, lambda name, _: _started(starts[name]))
    part.bind(ALONE, START, Bound(OURS, MOTO, 1 / FASTER))
    part.bind(ALONE, IDLE_RSS, Bound(OURS, MOTO, 1 / SMALLER))
    if program:
        _systems(bench, part, program)
    part.versions = package_versions(["moto"])
    return part


def _started(start: Callable[[], Server]) -> Sample:
    with start() as server:
        memory = server.memory()
        return {START: server.ready_after * 1000, IDLE_RSS: memory.rss, IDLE_PSS: memory.pss}


def _systems(bench: Bench, part: Part, program: Path) -> None:
    def ready(make: Callable[[Bench], systems.System]) -> Callable[[], systems.System]:
        return lambda: systems.prepare(bench, program, make(bench))

    makers = {
        "`taxiway up systems/ingest`": ready(systems.ingest),
        "`taxiway up examples/fastapi`": ready(systems.fastapi),
    }
    for case, system in bench.available(part, makers).items():
        bench.take_turns(part, case, [OURS], _up(bench, program, system))
        part.aim(case, START, UP_GOAL_MS)
        part.aim(case, IDLE_RSS, IDLE_GOAL_MIB)


def _up(bench: Bench, program: Path, system: systems.System) -> Callable[[str, int], Sample]:
    def run(_name: str, _seconds: int) -> Sample:
        with systems.up(bench, program, system, 60.0) as server:
            memory = server.memory(program)
            return {START: server.ready_after * 1000, IDLE_RSS: memory.rss, IDLE_PSS: memory.pss}

    return run
