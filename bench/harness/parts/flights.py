"""The flights system against the same in FastAPI, both over Taxiway's document store."""

import json
from functools import partial

from .. import build, clouds, install, net, services, wrk
from ..bench import Bench, case_of
from ..errors import BenchError
from ..paths import PEERS
from ..results import Part
from ..server import Server
from ..services import FASTAPI, Program, Turns

OURS = services.names_of_ours("flights")
SCRIPT = PEERS / "json.lua"
BODY = {"BODY": json.dumps({"status": "scheduled"})}
FLIGHTS = 200
CONNECTIONS = (1, 16, 64)

NOTES = [
    "Each keeps its flights in a `taxiway cloud` of its own, which shares the cores; its processor time is not counted. "
    "Ours by the official Rust driver, FastAPI's by pymongo's asynchronous client, both with the majority's "
    "acknowledgement.",
    f"{FLIGHTS} flights before the first request. Additions come last, so that all read the same collection.",
]


def measure(bench: Bench) -> Part:
    """Every route."""
    install.program("wrk")
    part = Part("Flights: a document store over HTTP", list(OURS), list(FASTAPI), list(NOTES))
    programs = bench.available(part, services.makers("flights", build.flights, "flights_fastapi"))
    fleet = bench.available(part, {name: partial(_start, bench, name, program) for name, program in programs.items()})
    ids = {name: _filled(port) for name, (_, port) in fleet.items()}
    services.measure(bench, part, fleet, partial(_routes, ids))
    return part


def _routes(ids: dict[str, str], turns: Turns) -> None:
    one = {name: f"/flights/{id}" for name, id in ids.items()}
    turns.take("GET / (204), 64 connections", "/", 64)
    turns.take("a page of 100, 16 connections", "/flights", 16)
    turns.take("one flight, 1 connection", one, 1)
    turns.take("one flight, 64 connections", one, 64)
    turns.take("a malformed id (422), 64 connections", "/flights/x", 64, wrk.Script(SCRIPT, {}, refused=True))
    turns.take("change a flight, 16 connections", one, 16, wrk.Script(SCRIPT, {"METHOD": "PUT", **BODY}))
    for connections in CONNECTIONS:
        turns.take(f"add a flight, {case_of(connections)}", "/flights", connections, wrk.Script(SCRIPT, BODY))


def _start(bench: Bench, name: str, program: Program) -> tuple[Server, int]:
    _, cloud = clouds.taxiway(bench, build.taxiway(), "process-crash")
    settings = {"MONGO_URI": f"mongodb://{net.HOST}:{cloud.port}/?directConnection=true", "MONGO_DB_NAME": "bench"}
    return services.start(bench, name, program, settings, "/", 204)


def _filled(port: int) -> str:
    """The identifier of the last of so many flights."""
    for _ in range(FLIGHTS):
        status, answer = net.request(
            port, "POST", "/flights", BODY["BODY"].encode(), {"Content-Type": "application/json"}
        )
        if status != 200:
            raise BenchError(f"a flight was answered with {status}")
    return str(json.loads(answer)["id"])
