"""What was measured, and the file it is kept in."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .stats import Better

FORMAT = 1


@dataclass(frozen=True)
class Measure:
    """A quantity: how it is called, its unit and which direction is good."""

    name: str
    unit: str
    better: Better


RATE = Measure("throughput", "requests/s", Better.HIGHER)
CYCLES = Measure("throughput", "cycles/s", Better.HIGHER)
OPERATIONS = Measure("throughput", "operations/s", Better.HIGHER)
OBJECTS = Measure("throughput", "objects/s", Better.HIGHER)
P50 = Measure("latency p50", "ms", Better.LOWER)
P99 = Measure("latency p99", "ms", Better.LOWER)
CPU = Measure("CPU per request", "µs", Better.LOWER)
CPU_CYCLE = Measure("CPU per cycle", "µs", Better.LOWER)
CPU_OPERATION = Measure("CPU per operation", "µs", Better.LOWER)
CPU_OBJECT = Measure("CPU per object", "µs", Better.LOWER)
TIME = Measure("time", "ms", Better.LOWER)
START = Measure("start to first answer", "ms", Better.LOWER)
IDLE_RSS = Measure("idle memory (RSS)", "MiB", Better.LOWER)
IDLE_PSS = Measure("idle memory (PSS)", "MiB", Better.LOWER)
PEAK_RSS = Measure("peak memory (RSS)", "MiB", Better.LOWER)


@dataclass(frozen=True)
class Bound:
    """What the ratio of one of ours to a peer should be: at least this where more is better, else at most."""

    ours: str
    peer: str
    ratio: float


@dataclass
class Row:
    """One line of the report: a measure in a case, with every round's value for every contender."""

    case: str
    measure: str
    unit: str
    better: str
    goal: float | None = None
    bound: Bound | None = None
    values: dict[str, list[float]] = field(default_factory=dict)


@dataclass
class Part:
    """Everything one part of the benchmark found out."""

    title: str
    ours: list[str]
    peers: list[str]
    notes: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    circumstances: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)

    @property
    def contenders(self) -> list[str]:
        """Ours first, then the peers."""
        return self.ours + self.peers

    def add(self, case: str, measure: Measure, contender: str, value: float) -> None:
        """Adds one round's value to its line, which appears with its first value."""
        row = next(iter(self._found(case, measure)), None)
        if row is None:
            row = Row(case, measure.name, measure.unit, measure.better.value)
            self.rows.append(row)
        row.values.setdefault(contender, []).append(value)

    def aim(self, case: str, measure: Measure, goal: float) -> None:
        """Says under which value a line should stay."""
        for row in self._found(case, measure):
            row.goal = goal

    def bind(self, case: str, measure: Measure, bound: Bound) -> None:
        """Says which ratio a line should have."""
        for row in self._found(case, measure):
            row.bound = bound

    def drop(self, case: str, contender: str, reason: str) -> None:
        """Forgets a contender's values in a case that gave no number in one round."""
        for row in self.rows:
            if row.case == case:
                row.values.pop(contender, None)
        self.skipped[f"{contender}, {case}"] = reason

    def _found(self, case: str, measure: Measure) -> list[Row]:
        return [row for row in self.rows if row.case == case and row.measure == measure.name]


def load(path: Path) -> dict[str, Part]:
    """The parts measured before; none where the file is missing or of another format."""
    try:
        kept = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    if not isinstance(kept, dict) or kept.get("format") != FORMAT:
        return {}
    return {name: _part(values) for name, values in kept["parts"].items()}


def save(path: Path, parts: dict[str, Part]) -> None:
    """Replaces the file as a whole."""
    text = json.dumps({"format": FORMAT, "parts": parts}, default=vars, indent=1, ensure_ascii=False, sort_keys=False)
    temporary = path.with_suffix(".tmp")
    temporary.write_text(text + "\n")
    temporary.replace(path)


def _part(values: dict[str, Any]) -> Part:
    return Part(**{**values, "rows": [_row(row) for row in values["rows"]]})


def _row(values: dict[str, Any]) -> Row:
    bound = values.get("bound")
    return Row(**{**values, "bound": Bound(**bound) if bound else None})
