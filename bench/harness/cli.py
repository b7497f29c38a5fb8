"""Runs the parts that were asked for and keeps what they found."""

import signal
import sys
import traceback
from collections.abc import Callable
from types import FrameType

from . import report, results
from .bench import Bench
from .errors import BenchError
from .machine import circumstances, our_version
from .options import Options
from .parts import (
    bootstrap,
    compile,
    documents,
    edge,
    flights,
    growth,
    ingest,
    knowledge,
    objects,
    parameters,
    queue,
    start,
)
from .paths import RESULTS_JSON, RESULTS_MD
from .results import Part

MEASURE: dict[str, Callable[[Bench], Part]] = {
    "edge": edge.measure,
    "queue": queue.measure,
    "growth": growth.measure,
    "objects": objects.measure,
    "parameters": parameters.measure,
    "documents": documents.measure,
    "ingest": ingest.measure,
    "flights": flights.measure,
    "bootstrap": bootstrap.measure,
    "knowledge": knowledge.measure,
    "start": start.measure,
    "compile": compile.measure,
}


def main() -> int:
    """The whole program; 1 when a part could not be measured, 130 when it was interrupted."""
    options = Options.parse()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        failed = [name for name in options.parts if not _measure(name, options)]
    except KeyboardInterrupt:
        print("interrupted; everything that was started has been ended", file=sys.stderr)
        return 130
    return 1 if failed else 0


def _measure(name: str, options: Options) -> bool:
    try:
        with Bench(options) as bench:
            part = MEASURE[name](bench)
    except BenchError as reason:
        print(f"{name}: not measured: {reason}", file=sys.stderr)
        return False
    except Exception:  # one broken part must not cost the others their results
        traceback.print_exc()
        return False
    part.circumstances = circumstances(options)
    part.versions = {**our_version(), **part.versions}
    _publish(name, part)
    return True


def _publish(name: str, part: Part) -> None:
    parts = {**results.load(RESULTS_JSON), name: part}
    ordered = {known: parts[known] for known in MEASURE if known in parts}
    results.save(RESULTS_JSON, ordered)
    RESULTS_MD.write_text(report.render(ordered))


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
