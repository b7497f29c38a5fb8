"""The bootstrap system against the same in FastAPI: what a request costs where nothing is looked up."""

from functools import partial

from .. import build, install, services, wrk
from ..bench import Bench, case_of
from ..paths import PEERS
from ..results import Part
from ..services import FASTAPI, Turns

OURS = services.names_of_ours("bootstrap")
CONNECTIONS = (1, 16, 64)
REFUSED = wrk.Script(PEERS / "json.lua", {}, refused=True)


def measure(bench: Bench) -> Part:
    """Every route."""
    install.program("wrk")
    part = Part("Bootstrap: answers from memory", list(OURS), list(FASTAPI), [])
    programs = bench.available(part, services.makers("bootstrap", build.bootstrap, "bootstrap_fastapi"))
    settings = {"ENVIRONMENT": "bench"}
    starts = {
        name: partial(services.start, bench, name, program, settings, "/health") for name, program in programs.items()
    }
    services.measure(bench, part, bench.available(part, starts), _routes)
    return part


def _routes(turns: Turns) -> None:
    for connections in CONNECTIONS:
        turns.take(f"health, {case_of(connections)}", "/health", connections)
    turns.take("root, 64 connections", "/", 64)
    turns.take("version 1, 64 connections", "/api/v1/", 64)
    turns.take("its redirect (307), 64 connections", "/api/v1", 64)
    turns.take("nothing there (404), 64 connections", "/api/v2", 64, REFUSED)
