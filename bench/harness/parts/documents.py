"""Documents against an independent implementation of MongoDB's wire, both driven by pymongo."""

from collections.abc import Callable

from .. import build, clouds, install, load, net
from ..bench import Bench, Sample
from ..errors import BenchError
from ..machine import package_versions
from ..paths import PEERS, venv_program
from ..results import CPU_OPERATION, IDLE_RSS, OPERATIONS, PEAK_RSS, Part
from ..server import Server

OURS, SECANTUS = "Taxiway", "SecantusDB"
DRIVER = PEERS / "documents.py"
PREPARE_TIMEOUT = 300.0
OPERATIONS_BY_NAME = {
    "insert_one": "insert one of 200 bytes",
    "find_one": "find one by _id",
    "update_one": "update one by _id ($inc)",
    "find_indexed": "find 100 of 10,000 by an index",
    "aggregate": "aggregate: group 10,000 in 100",
}
Fleet = dict[str, tuple[Server, int]]

NOTES = [
    "One pymongo client on one connection drives both (`peers/documents.py`), and takes most of the time of a quick "
    "operation: CPU per operation is what the server itself costs.",
    "The collection has 10,000 documents and an index. SecantusDB runs in a process of its own on WiredTiger, as it is "
    "by default; Taxiway at its default level.",
]


def measure(bench: Bench) -> Part:
    """Each operation in turn."""
    install.python_packages()
    part = Part("Documents: MongoDB's wire", [OURS], [SECANTUS], list(NOTES))
    fleet = bench.available(part, {OURS: lambda: _ours(bench), SECANTUS: lambda: _secantus(bench)})
    for name, (server, _) in fleet.items():
        part.add("before the first operation", IDLE_RSS, name, server.memory().rss)
    ready = bench.available(part, {name: _prepared(port) for name, (_, port) in fleet.items()})
    for operation, case in OPERATIONS_BY_NAME.items():
        bench.take_turns(part, case, ready, _run(fleet, operation))
    for name in ready:
        part.add("after all runs", PEAK_RSS, name, fleet[name][0].memory().peak)
    part.versions = package_versions(["SecantusDB", "pymongo"])
    return part


def _ours(bench: Bench) -> tuple[Server, int]:
    server, cloud = clouds.taxiway(bench, build.taxiway(), "process-crash")
    return server, cloud.port


def _secantus(bench: Bench) -> tuple[Server, int]:
    port = net.free_port()
    options = ["--host", net.HOST, "--port", str(port), "--storage-path", str(bench.folder / "secantus")]
    server = bench.start(f"secantus {port}", [venv_program("secantusd-py"), *options, "--log-level", "ERROR"])
    server.wait_until(lambda: _answers(port))
    return server, port


def _answers(port: int) -> bool:
    try:
        _drive(port, "ping", 0)
    except BenchError:
        return False
    return True


def _prepared(port: int) -> Callable[[], load.Seen]:
    return lambda: _drive(port, "prepare", 0)


def _run(fleet: Fleet, operation: str) -> Callable[[str, int], Sample]:
    def run(name: str, seconds: int) -> Sample:
        server, port = fleet[name]
        return load.sample(server, lambda: _drive(port, operation, seconds), OPERATIONS, CPU_OPERATION)

    return run


def _drive(port: int, operation: str, seconds: int) -> load.Seen:
    words = [venv_program("python"), str(DRIVER), str(port), operation, str(seconds)]
    return load.run(words, PREPARE_TIMEOUT + seconds)
