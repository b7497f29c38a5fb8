"""The knowledge system twice: ours, and the same in FastAPI. Both keep documents in SQLite with FTS5."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from . import build, install, net
from .bench import Bench
from .errors import BenchError
from .paths import PEERS, venv_program
from .server import Server

KEY, TENANT = "bench-key", "t1"
SOURCES = PEERS / "knowledge_fastapi"
VOCABULARY = 20_000
LOAD_TIMEOUT = 600


@dataclass(frozen=True)
class Program:
    """How to run one implementation."""

    serve: Callable[[int], list[str]]
    load: list[str]
    environment: dict[str, str]
    folder: Path | None = None


def ours(threads: int) -> Program:
    """The Rust service on so many threads."""
    program = str(build.knowledge())
    load = [program, "load", "--tenant", TENANT]
    return Program(lambda _: [program], load, {"TOKIO_WORKER_THREADS": str(threads)})


def fastapi(workers: int) -> Program:
    """So many uvicorn workers with uvloop and httptools, access log off."""
    install.python_packages()

    def serve(port: int) -> list[str]:
        server = [venv_program("uvicorn"), "api:app", "--host", net.HOST, "--port", str(port)]
        return [*server, "--workers", str(workers), "--loop", "uvloop", "--http", "httptools", "--no-access-log"]

    load = [venv_program("python"), "load.py", TENANT]
    return Program(serve, load, {"PYTHONDONTWRITEBYTECODE": "1"}, SOURCES)


def start(bench: Bench, name: str, program: Program, corpus: Path) -> tuple[Server, int]:
    """A service on a file of its own that holds the corpus, ready to answer."""
    port = net.free_port()
    settings = {
        **program.environment,
        "API_KEYS_JSON": json.dumps({KEY: [TENANT]}),
        "DB_PATH": str(bench.folder / f"{port}.db"),
        "LOG_LEVEL": "WARNING",
        "HOST": net.HOST,
        "PORT": str(port),
    }
    loader = bench.start(f"{name} load", [*program.load, str(corpus)], settings, program.folder)
    if loader.ended(LOAD_TIMEOUT) != 0:
        raise BenchError(f"the corpus could not be loaded: {loader.last_line()}")
    server = bench.start(name, program.serve(port), settings, program.folder)
    server.wait_until(net.answers(port, "/api/v1/health"))
    return server, port


def write_corpus(file: Path, documents: int) -> None:
    """Documents of 20 to 80 words, common and rare as in a language; the same every time. `w0` is in most of them, and
    `rare7` in one."""
    dice = random.Random(1)
    words = [f"w{rank}" for rank in range(VOCABULARY)]
    weights = list(accumulate(1 / (rank + 1) for rank in range(VOCABULARY)))
    with file.open("w") as lines:
        for number in range(documents):
            content = dice.choices(words, cum_weights=weights, k=dice.randint(20, 80))
            line = {"title": " ".join(content[:4]), "content": " ".join([*content, f"rare{number}"]), "tags": ["bench"]}
            lines.write(json.dumps(line) + "\n")


def document() -> str:
    """The body of a new document, of an ordinary length."""
    dice = random.Random(2)
    content = " ".join(f"new{dice.randrange(VOCABULARY)}" for _ in range(50))
    return json.dumps({"title": "A new document", "content": content, "tags": ["bench"]})
