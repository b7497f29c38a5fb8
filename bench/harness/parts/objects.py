"""Objects against moto's S3: put, get, list."""

from collections.abc import Callable
from pathlib import Path

from .. import build, clouds, load
from ..aws import Cloud
from ..bench import Bench, Sample, case_of
from ..machine import package_versions
from ..results import CPU, PEAK_RSS, RATE, Part
from ..server import Server

OURS, MOTO = "Taxiway", "moto"
KIB, MIB = 1024, 1024 * 1024
# Length of an object and connections.
SHAPES = ((KIB, 1), (KIB, 16), (64 * KIB, 16), (MIB, 4), (8 * MIB, 4), (100 * MIB, 1))
LISTED = 1000
OBJECTS, LISTING = "objects", "listing"
Fleet = dict[str, tuple[Server, Cloud]]

NOTES = [
    "One request is one object put, got or one page of a thousand keys listed, on keep-alive connections; the load "
    "generator (`bench/load`, one thread) is the same for both and checks lengths and counts.",
    "Taxiway keeps objects on disk, where an acknowledged one survives `kill -9`; moto keeps them in memory.",
]


def measure(bench: Bench) -> Part:
    """All lengths, put and got, then a page of a bucket."""
    generator = build.load()
    part = Part("Objects: put, get, list", [OURS], [MOTO], list(NOTES))
    makers = {
        OURS: lambda: clouds.taxiway(bench, build.taxiway(), "process-crash"),
        MOTO: lambda: clouds.installed_moto(bench),
    }
    fleet = bench.available(part, makers)
    for _, cloud in fleet.values():
        _prepare(cloud)
    for size, connections in SHAPES:
        shape = f"{_length(size)}, {case_of(connections)}"
        bench.take_turns(part, f"put {shape}", fleet, _run(fleet, generator, connections, _put(size)))
        bench.take_turns(part, f"get {shape}", fleet, _run(fleet, generator, connections, _get(size)))
    for connections in (1, 16):
        case = f"list {LISTED:,} keys, {case_of(connections)}"
        bench.take_turns(part, case, fleet, _run(fleet, generator, connections, _list))
    for name, (server, _) in fleet.items():
        part.add("after all runs", PEAK_RSS, name, server.memory().peak)
    part.versions = package_versions(["moto", "werkzeug"])
    return part


def _prepare(cloud: Cloud) -> None:
    cloud.create_bucket(OBJECTS)
    for size in {size for size, _ in SHAPES}:
        cloud.put_object(OBJECTS, str(size), b"x" * size)
    cloud.create_bucket(LISTING)
    for number in range(LISTED):
        cloud.put_object(LISTING, f"folder/of/keys/{number:06}", b"x")


def _run(
    fleet: Fleet, program: Path, connections: int, work: Callable[[load.Generator, int], load.Seen]
) -> Callable[[str, int], Sample]:
    def run(name: str, seconds: int) -> Sample:
        server, cloud = fleet[name]
        generator = load.Generator(program, cloud.port, connections)
        return load.sample(server, lambda: work(generator, seconds), RATE, CPU)

    return run


def _put(size: int) -> Callable[[load.Generator, int], load.Seen]:
    return lambda generator, seconds: generator.put(OBJECTS, size, seconds)


def _get(size: int) -> Callable[[load.Generator, int], load.Seen]:
    return lambda generator, seconds: generator.get(f"/{OBJECTS}/{size}", size, seconds)


def _list(generator: load.Generator, seconds: int) -> load.Seen:
    return generator.list(LISTING, LISTED, seconds)


def _length(size: int) -> str:
    return f"{size // MIB} MiB" if size >= MIB else f"{size // KIB} KiB"
