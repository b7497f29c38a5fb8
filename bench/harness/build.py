"""Builds our side with cargo, in the profile that is shipped."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from .errors import Unavailable
from .paths import BENCH, LOAD, LOAD_TARGET, ROOT, TARGET, built
from .progress import say

# Named in every build, so that what the programs share is compiled once, with one set of features.
_SELECTION = (
    *("-p", "taxiway", "-p", "taxiway-edge", "-p", "taxiway-targets"),
    *("-p", "bootstrap", "-p", "flights", "-p", "ingest", "-p", "knowledge"),
)


def edge_proxy() -> Path:
    """The edge alone, without a manifest."""
    return _ours(["--example", "proxy"], "examples/proxy")


def taxiway() -> Path:
    """The one binary."""
    return _ours(["--bin", "taxiway"], "taxiway")


def compiler() -> Path:
    """The compiler alone, in memory."""
    return _ours(["--example", "compile"], "examples/compile")


def ingest() -> Path:
    """The ingest system's program."""
    return _ours(["--bin", "ingest"], "ingest")


def flights() -> Path:
    """The flights system's program."""
    return _ours(["--bin", "flights"], "flights")


def bootstrap() -> Path:
    """The bootstrap system's program."""
    return _ours(["--bin", "bootstrap"], "bootstrap")


def knowledge() -> Path:
    """The knowledge system's program."""
    return _ours(["--bin", "knowledge"], "knowledge")


def load() -> Path:
    """The load generator for queues."""
    _cargo(
        [
            "--release",
            "--locked",
            "--manifest-path",
            str(BENCH / "load" / "Cargo.toml"),
            "--target-dir",
            str(LOAD_TARGET),
        ]
    )
    return LOAD


def _ours(what: Sequence[str], path: str) -> Path:
    _cargo(["--profile", "dist", "--target-dir", str(TARGET), *_SELECTION, *what])
    return built(path)


def _cargo(arguments: Sequence[str]) -> None:
    command = ["cargo", "build", "--quiet", *arguments]
    say(" ".join(command))
    try:
        finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError as error:
        raise Unavailable(f"cargo could not be run: {error}") from error
    if finished.returncode != 0:
        errors = [line for line in finished.stderr.splitlines() if line.startswith("error")]
        raise Unavailable(
            f"`cargo build {' '.join(arguments)}` failed: {errors[0] if errors else finished.stderr.strip()[-200:]}"
        )
