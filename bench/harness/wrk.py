"""wrk, the HTTP load generator: runs it and reads what it prints."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .errors import BenchError
from .net import HOST

THREADS = 2
SCALE = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True)
class Script:
    """What wrk sends instead of a plain GET, and whether every answer should be a refusal (4xx)."""

    file: Path
    environment: dict[str, str]
    refused: bool = False


@dataclass(frozen=True)
class Load:
    """What one run of wrk saw. Latencies in milliseconds."""

    requests: int
    requests_per_second: float
    p50: float
    p99: float


def run(port: int, path: str, connections: int, seconds: int, script: Script | None = None) -> Load:
    """Loads `path` over keep-alive connections. A socket error or an answer of the wrong class gives no number."""
    command = [
        "wrk",
        "--latency",
        f"-t{min(connections, THREADS)}",
        f"-c{connections}",
        f"-d{seconds}s",
        "--timeout",
        "10s",
    ]
    command += ["-s", str(script.file)] if script else []
    environment = {**os.environ, **(script.environment if script else {})}
    url = f"http://{HOST}:{port}{path}"
    finished = subprocess.run(
        [*command, url], capture_output=True, text=True, env=environment, timeout=seconds + 60, check=False
    )
    if finished.returncode != 0:
        raise BenchError(f"wrk failed: {(finished.stderr or finished.stdout).strip()}")
    return parse(finished.stdout, refused=script is not None and script.refused)


def parse(output: str, *, refused: bool) -> Load:
    """Reads wrk's report."""
    requests = int(_find(r"(\d+) requests in", output))
    match = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    errors = int(match[1]) if match else 0
    if socket_errors := re.search(r"Socket errors: (.+)", output):
        raise BenchError(f"socket errors: {socket_errors[1]}")
    if errors != (requests if refused else 0):
        raise BenchError(f"{errors} of {requests} answers were neither 2xx nor 3xx")
    if requests == 0:
        raise BenchError("no request was answered")
    return Load(
        requests, float(_find(r"Requests/sec:\s+([\d.]+)", output)), _latency("50", output), _latency("99", output)
    )


def _latency(percentile: str, output: str) -> float:
    match = re.search(rf"^\s+{percentile}%\s+([\d.]+)(us|ms|s|m)$", output, re.MULTILINE)
    if not match:
        raise BenchError(f"wrk printed no {percentile} % latency")
    return float(match[1]) * SCALE[match[2]]


def _find(pattern: str, output: str) -> str:
    match = re.search(pattern, output)
    if not match:
        raise BenchError(f"wrk printed something unexpected: {output.strip()[-200:]}")
    return match[1]
