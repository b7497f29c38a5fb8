"""Where things are."""

import os
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
ROOT = BENCH.parent
VENV = BENCH / ".venv"
PEERS = BENCH / "peers"
RESULTS_JSON = BENCH / "results.json"
RESULTS_MD = BENCH / "RESULTS.md"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).absolute()
LOAD_TARGET = TARGET / "bench-load"
LOAD = LOAD_TARGET / "release" / "taxiway-bench-load"


def venv_program(name: str) -> str:
    """A program of the peers' virtual environment."""
    return str(VENV / "bin" / name)


def built(name: str) -> Path:
    """One of our programs, as `cargo build --profile dist` leaves it."""
    return TARGET / "dist" / name
