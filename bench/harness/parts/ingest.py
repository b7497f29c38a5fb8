"""The ingest system against the same in FastAPI."""

from collections.abc import Callable

from .. import apis, build, clouds, drain, install, services, wrk
from ..apis import FASTAPI, OURS, TOKEN, Program
from ..aws import Cloud
from ..bench import Bench, Sample, case_of
from ..machine import package_versions, version_of
from ..paths import PEERS
from ..results import IDLE_PSS, IDLE_RSS, PEAK_RSS, Part
from ..server import Server
from ..services import Fleet

SCRIPT = PEERS / "ingest.lua"
CONNECTIONS = (1, 16, 64)

NOTES = [
    "One process and one worker thread each for requests; no proxy in front. Both publish to the same local cloud "
    "(Taxiway's), which shares the cores.",
    "FastAPI runs under uvicorn with uvloop and httptools; boto3 works in FastAPI's thread pool with 50 pooled "
    "connections; access log off, token cached as ours is.",
    f"Draining: {drain.MESSAGES:,} messages wait before the worker starts; the clock runs from the first look that "
    "finds some gone to the first that finds none left, and every object is counted.",
]


def measure(bench: Bench) -> Part:
    """The API's three answers, then the worker."""
    install.program("wrk")
    part = Part("Ingest: the API and the worker", [OURS], [FASTAPI], list(NOTES))
    _, cloud = clouds.taxiway(bench, build.taxiway(), "process-crash")
    cloud.put_parameter(apis.PARAMETER, TOKEN)
    programs = bench.available(part, {OURS: apis.ours, FASTAPI: apis.fastapi})
    _measure_apis(bench, part, programs, cloud)
    bench.take_turns(part, drain.CASE, programs, drain.run(bench, programs, cloud))
    part.versions = {
        **package_versions(["fastapi", "uvicorn", "uvloop", "httptools", "boto3"]),
        "wrk": version_of(["wrk", "-v"]),
    }
    return part


def _measure_apis(bench: Bench, part: Part, programs: dict[str, Program], cloud: Cloud) -> None:
    def start(name: str, program: Program) -> Callable[[], tuple[Server, int]]:
        return lambda: apis.start_api(bench, name, program, cloud)

    fleet = bench.available(part, {name: start(name, program) for name, program in programs.items()})
    for name, (server, _) in fleet.items():
        memory = server.memory()
        part.add("API before the first request", IDLE_RSS, name, memory.rss)
        part.add("API before the first request", IDLE_PSS, name, memory.pss)
    for connections in CONNECTIONS:
        bench.take_turns(part, f"POST /ingest, {case_of(connections)}", fleet, _post(fleet, connections, TOKEN))
    bench.take_turns(
        part,
        "GET /healthz, 64 connections",
        fleet,
        services.sampled(fleet, lambda _, port, seconds: wrk.run(port, "/healthz", 64, seconds)),
    )
    bench.take_turns(part, "POST /ingest without a token (401), 64 connections", fleet, _post(fleet, 64, None))
    for name, (server, _) in fleet.items():
        part.add("API after all runs", PEAK_RSS, name, server.memory().peak)


def _post(fleet: Fleet, connections: int, token: str | None) -> Callable[[str, int], Sample]:
    def load(_: str, port: int, seconds: int) -> wrk.Load:
        script = wrk.Script(SCRIPT, {"TOKEN": token} if token else {}, refused=token is None)
        return wrk.run(port, "/ingest", connections, seconds, script)

    return services.sampled(fleet, load)
