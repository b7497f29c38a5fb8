"""Our own load generator for queues (bench/load): runs it and reads its report."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .errors import BenchError
from .net import HOST

# A slow server ends the cycles that are under way after the time is over: 64 batches of moto's take half a minute.
PATIENCE = 120


@dataclass(frozen=True)
class Cycles:
    """What one run saw. A cycle is send, receive, delete, of one message or a batch; latencies in milliseconds."""

    cycles: int
    per_second: float
    p50: float
    p99: float


@dataclass(frozen=True)
class Shape:
    """How a queue is loaded."""

    connections: int
    batch: int
    body_bytes: int


def run(program: Path, port: int, queue_url: str, shape: Shape, seconds: int) -> Cycles:
    """Loads one queue. An answer other than 200, or a lost message, gives no number."""
    numbers = map(str, (shape.connections, seconds, shape.body_bytes, shape.batch))
    command = [str(program), f"{HOST}:{port}", queue_url, *numbers]
    try:
        finished = subprocess.run(command, capture_output=True, text=True, timeout=seconds + PATIENCE, check=False)
    except subprocess.TimeoutExpired as expired:
        raise BenchError(
            f"the server left the load generator waiting for more than {expired.timeout:.0f} s"
        ) from expired
    if finished.returncode != 0:
        raise BenchError(finished.stderr.strip()[-300:])
    report = json.loads(finished.stdout)
    if not report["cycles"]:
        raise BenchError("no cycle ended")
    return Cycles(report["cycles"], report["cycles_per_second"], report["p50_ms"], report["p99_ms"])
