"""Our load generators, `load/` for HTTP and `peers/documents.py` for documents: runs them, reads their reports."""

import json
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import BenchError
from .net import HOST
from .results import P50, P99, Measure
from .server import Server

# A slow server ends what is under way after the time is over: 64 batches of moto's take half a minute.
PATIENCE = 120


@dataclass(frozen=True)
class Seen:
    """What one run saw: how often the work was done; latencies in milliseconds, those of its steps by name."""

    times: int
    per_second: float
    p50: float
    p99: float
    steps: dict[str, float]


@dataclass(frozen=True)
class Generator:
    """The generator for HTTP on so many connections of one port."""

    program: Path
    port: int
    connections: int

    def queue(self, url: str, body_bytes: int, batch: int, seconds: int) -> Seen:
        """Cycles of send, receive, delete of one message or a batch; a lost message gives no number."""
        return self._run("queue", seconds, url, body_bytes, batch)

    def fill(self, url: str, body_bytes: int, messages: int) -> Seen:
        """So many messages, in batches of ten."""
        return self._run("fill", 0, url, body_bytes, messages, patience=3600)

    def put(self, bucket: str, size: int, seconds: int) -> Seen:
        """Puts objects under a few keys."""
        return self._run("put", seconds, bucket, size)

    def get(self, path: str, size: int, seconds: int) -> Seen:
        """Gets one object; another length gives no number."""
        return self._run("get", seconds, path, size)

    def list(self, bucket: str, keys: int, seconds: int) -> Seen:
        """Lists the first page of a bucket; another count gives no number."""
        return self._run("list", seconds, bucket, keys)

    def call(self, target: str, arguments: dict[str, object], wanted: str, seconds: int) -> Seen:
        """Makes one call; an answer without `wanted` gives no number."""
        return self._run("call", seconds, target, json.dumps(arguments), wanted)

    def _run(self, work: str, seconds: int, *words: object, patience: int = PATIENCE) -> Seen:
        command = [self.program, work, f"{HOST}:{self.port}", self.connections, seconds, *words]
        return run(list(map(str, command)), seconds + patience)


def run(command: Sequence[str], timeout: float) -> Seen:
    """Runs a generator to its end. An answer that is not the right one gives no number."""
    try:
        finished = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired as expired:
        raise BenchError(
            f"the server left the load generator waiting for more than {expired.timeout:.0f} s"
        ) from expired
    if finished.returncode != 0:
        raise BenchError(finished.stderr.strip()[-300:])
    report = json.loads(finished.stdout)
    if not report["cycles"]:
        raise BenchError("nothing was done to the end")
    return Seen(
        report["cycles"],
        report["cycles_per_second"],
        report["p50_ms"],
        report["p99_ms"],
        report.get("steps_p50_ms", {}),
    )


def sample(
    server: Server, work: Callable[[], Seen], rate: Measure, cpu: Measure, steps: Sequence[Measure] = ()
) -> dict[Measure, float]:
    """Does the work and says how fast it went, at which latencies, and what it cost the server.

    `steps` are the measures of the work's steps, each called like its step.
    """
    before = server.cpu_seconds()
    seen = work()
    spent = server.cpu_seconds() - before
    whole = {rate: seen.per_second, P50: seen.p50, P99: seen.p99, cpu: spent * 1e6 / seen.times}
    return {**whole, **{step: seen.steps[step.name.split()[0]] for step in steps}}
