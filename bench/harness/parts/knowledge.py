"""The knowledge system against the same in FastAPI, both over SQLite with FTS5."""

from functools import partial

from .. import install, knowledge, services, wrk
from ..bench import Bench, case_of
from ..knowledge import KEY, TENANT
from ..paths import PEERS
from ..results import Part
from ..services import FASTAPI, Turns

OURS = services.names_of_ours("knowledge")
SCRIPT = PEERS / "knowledge.lua"
DOCUMENTS, QUICK_DOCUMENTS = 20_000, 1_000
CONNECTIONS = (1, 16, 64)
ROUTE = f"/api/v1/tenants/{TENANT}/documents"
SEARCHES = {"a rare word": "rare7", "a word of most documents": "w0", "three words": "w0+w1+w20", "nothing": "nowhere"}

NOTES = [
    "SQLite with FTS5, write-ahead log and synchronous=FULL on both sides: every 201 is on the disk, which they share.",
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
    programs = bench.available(part, knowledge.makers())
    starts = {name: partial(knowledge.start, bench, name, program, corpus) for name, program in programs.items()}
    services.measure(bench, part, bench.available(part, starts), _routes)
    return part


def _routes(turns: Turns) -> None:
    turns.take("GET health, 64 connections", "/api/v1/health", 64)
    for what, query in SEARCHES.items():
        turns.take(f"search for {what}, 16 connections", f"{ROUTE}/search?q={query}", 16, _script())
    refused = wrk.Script(SCRIPT, {}, refused=True)
    turns.take("search without a key (401), 64 connections", f"{ROUTE}/search?q=x", 64, refused)
    for connections in CONNECTIONS:
        case = f"add a document, {case_of(connections)}"
        turns.take(case, ROUTE, connections, _script(BODY=knowledge.document()))
    turns.take("GET metrics, 16 connections", "/api/v1/metrics", 16)


def _script(**environment: str) -> wrk.Script:
    return wrk.Script(SCRIPT, {"KEY": KEY, **environment})
