"""Medians, spreads and who wins."""

import statistics
from dataclasses import dataclass
from enum import Enum

EVEN_BAND = 0.03


class Better(Enum):
    """Which direction of a measure is good."""

    HIGHER = "higher"
    LOWER = "lower"


class Outcome(Enum):
    """Who wins a line."""

    OURS = "ours"
    PEER = "peer"
    EVEN = "even"


@dataclass(frozen=True)
class Comparison:
    """Ours divided by the peer's, round by round."""

    ratio: float
    outcome: Outcome


def compare(ours: list[float], peer: list[float], better: Better) -> Comparison | None:
    """The median of the ratios of runs that stood side by side. Even: within 3 %, or the rounds disagree."""
    ratios = sorted(mine / theirs for mine, theirs in zip(ours, peer, strict=False) if theirs > 0)
    if not ratios:
        return None
    ratio = statistics.median(ratios)
    kept = ratios[1:-1] if len(ratios) >= 5 else ratios
    if abs(ratio - 1) < EVEN_BAND or kept[0] < 1 < kept[-1]:
        return Comparison(ratio, Outcome.EVEN)
    return Comparison(ratio, Outcome.OURS if (ratio > 1) == (better is Better.HIGHER) else Outcome.PEER)


def median(values: list[float]) -> float:
    """The middle value."""
    return statistics.median(values)
