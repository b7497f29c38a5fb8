"""The ingest system twice: ours, and the same in FastAPI. Both talk to one local cloud."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from . import build, install, net
from .aws import Cloud
from .bench import Bench
from .paths import PEERS, venv_program
from .server import Server

OURS, FASTAPI = "Taxiway ingest", "FastAPI"
TOKEN = "bench-token"
PARAMETER = "/ingest/token"
SOURCES = PEERS / "ingest_fastapi"


@dataclass(frozen=True)
class Program:
    """How to run one implementation."""

    api: Callable[[int], list[str]]
    worker: list[str]
    folder: Path | None = None
    environment: dict[str, str] = field(default_factory=dict)


def ours() -> Program:
    """The Rust service, on one thread as its peer."""
    program = str(build.ingest())
    return Program(lambda _: [program, "api"], [program, "worker"], environment={"TOKIO_WORKER_THREADS": "1"})


def fastapi() -> Program:
    """One uvicorn worker with uvloop and httptools, access log off."""
    install.python_packages()

    def api(port: int) -> list[str]:
        server = [venv_program("uvicorn"), "api:app", "--host", net.HOST, "--port", str(port)]
        return [*server, "--loop", "uvloop", "--http", "httptools", "--no-access-log"]

    return Program(api, [venv_program("python"), "worker.py"], SOURCES, {"PYTHONDONTWRITEBYTECODE": "1"})


def start_api(bench: Bench, name: str, program: Program, cloud: Cloud) -> tuple[Server, int]:
    """An API with a queue of its own, ready to answer."""
    port = net.free_port()
    settings = {
        **cloud.environment,
        **program.environment,
        "SSM_TOKEN_PARAM": PARAMETER,
        "SQS_QUEUE_URL": cloud.create_queue(f"api-{port}"),
        "LOG_LEVEL": "WARNING",
        "HOST": net.HOST,
        "PORT": str(port),
    }
    server = bench.start(f"{name} api", program.api(port), settings, program.folder)
    server.wait_until(net.answers(port, "/healthz"))
    return server, port


def start_worker(bench: Bench, name: str, program: Program, cloud: Cloud, queue: str, bucket: str) -> Server:
    """A worker on a queue that is already full."""
    settings = {
        **cloud.environment,
        **program.environment,
        "SQS_QUEUE_URL": queue,
        "S3_BUCKET": bucket,
        "LOG_LEVEL": "WARNING",
    }
    return bench.start(f"{name} worker {queue.rpartition('/')[2]}", program.worker, settings, program.folder)
