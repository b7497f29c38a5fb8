"""The knowledge system against the same in FastAPI, both over SQLite with FTS5."""

from collections.abc import Callable
from functools import partial

from .. import install, knowledge, wrk
from ..bench import Bench, Sample, case_of
from ..knowledge import KEY, TENANT
from ..machine import package_versions, version_of
from ..paths import PEERS
from ..results import CPU, IDLE_PSS, IDLE_RSS, P50, P99, PEAK_RSS, RATE, Part
from ..server import Server

OURS = {f"knowledge, {threads} thread{'s' * (threads - 1)}": threads for threads in (1, 2)}
FASTAPI = {f"FastAPI, {workers} worker{'s' * (workers - 1)}": workers for workers in (1, 2)}
SCRIPT = PEERS / "knowledge.lua"
DOCUMENTS, QUICK_DOCUMENTS = 20_000, 1_000
CONNECTIONS = (1, 16, 64)
ROUTE = f"/api/v1/tenants/{TENANT}/documents"
SEARCHES = {"a rare word": "rare7", "a word of most documents": "w0", "three words": "w0+w1+w20", "nothing": "nowhere"}
Fleet = dict[str, tuple[Server, int]]

NOTES = [
    "SQLite with FTS5, write-ahead log and synchronous=FULL on both sides: every 201 is on the disk. The disk is shared.",
    "FastAPI runs under uvicorn with uvloop and httptools, its routes in FastAPI's thread pool with a connection per "
    "thread; it ranks with FTS5's bm25.",
    "Searches come before additions, so that all search the same documents.",
]


def measure(bench: Bench) -> Part:
    """Every route."""
    install.program("wrk")
    documents = QUICK_DOCUMENTS if bench.options.quick else DOCUMENTS
    notes = [f"{documents:,} documents of 20 to 80 words before the first request.", *NOTES]
    part = Part("Knowledge: documents and search", list(OURS), list(FASTAPI), notes)
    corpus = bench.folder / "corpus.jsonl"
    knowledge.write_corpus(corpus, documents)
    makers = {name: partial(knowledge.ours, threads) for name, threads in OURS.items()}
    makers |= {name: partial(knowledge.fastapi, workers) for name, workers in FASTAPI.items()}
    programs = bench.available(part, makers)
    starts = {name: partial(knowledge.start, bench, name, program, corpus) for name, program in programs.items()}
    fleet: Fleet = bench.available(part, starts)
    for name, (server, _) in fleet.items():
        memory = server.memory()
        part.add("before the first request", IDLE_RSS, name, memory.rss)
        part.add("before the first request", IDLE_PSS, name, memory.pss)
    _measure(bench, part, fleet)
    for name, (server, _) in fleet.items():
        part.add("after all runs", PEAK_RSS, name, server.memory().peak)
    part.versions = {
        **package_versions(["fastapi", "uvicorn", "uvloop", "httptools"]),
        "wrk": version_of(["wrk", "-v"]),
    }
    return part


def _measure(bench: Bench, part: Part, fleet: Fleet) -> None:
    turns = partial(_turns, bench, part, fleet)
    turns("GET health, 64 connections", "/api/v1/health", 64, None)
    for what, query in SEARCHES.items():
        turns(f"search for {what}, 16 connections", f"{ROUTE}/search?q={query}", 16, _script())
    turns("search without a key (401), 64 connections", f"{ROUTE}/search?q=x", 64, wrk.Script(SCRIPT, {}, refused=True))
    for connections in CONNECTIONS:
        turns(f"add a document, {case_of(connections)}", ROUTE, connections, _script(BODY=knowledge.document()))
    turns("GET metrics, 16 connections", "/api/v1/metrics", 16, None)


def _turns(bench: Bench, part: Part, fleet: Fleet, case: str, path: str, connections: int, script: wrk.Script | None) -> None:
    bench.take_turns(part, case, fleet, _run(fleet, lambda port, seconds: wrk.run(port, path, connections, seconds, script)))


def _script(**environment: str) -> wrk.Script:
    return wrk.Script(SCRIPT, {"KEY": KEY, **environment})


def _run(fleet: Fleet, load: Callable[[int, int], wrk.Load]) -> Callable[[str, int], Sample]:
    def run(name: str, seconds: int) -> Sample:
        server, port = fleet[name]
        before = server.cpu_seconds()
        seen = load(port, seconds)
        cpu = server.cpu_seconds() - before
        return {RATE: seen.requests_per_second, P50: seen.p50, P99: seen.p99, CPU: cpu * 1e6 / seen.requests}

    return run
