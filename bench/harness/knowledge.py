"""The knowledge system twice: ours, and the same in FastAPI. Both keep documents in SQLite with FTS5."""

import json
import random
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path

from . import build, net, services
from .bench import Bench
from .errors import BenchError
from .paths import PEERS, venv_program
from .server import Server

KEY, TENANT = "bench-key", "t1"
SOURCES = PEERS / "knowledge_fastapi"
VOCABULARY = 20_000
LOAD_TIMEOUT = 600


def makers() -> dict[str, Callable[[], services.Program]]:
    """Every contender."""
    return services.makers("knowledge", build.knowledge, SOURCES.name, "api:app")


def start(bench: Bench, name: str, program: services.Program, corpus: Path) -> tuple[Server, int]:
    """A service on a file of its own that holds the corpus, ready to answer."""
    settings = {"API_KEYS_JSON": json.dumps({KEY: [TENANT]}), "DB_PATH": str(bench.folder / f"{net.free_port()}.db")}
    is_peer = program.folder == SOURCES
    load = [venv_program("python"), "load.py", TENANT] if is_peer else [*program.serve(0), "load", "--tenant", TENANT]
    loader = bench.start(f"{name} load", [*load, str(corpus)], {**program.environment, **settings}, program.folder)
    if loader.ended(LOAD_TIMEOUT) != 0:
        raise BenchError(f"the corpus could not be loaded: {loader.last_line()}")
    return services.start(bench, name, program, settings, "/api/v1/health")


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
