"""What a person asked for on the command line."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from dataclasses import dataclass

PARTS = (
    "edge",
    "queue",
    "growth",
    "objects",
    "parameters",
    "documents",
    "ingest",
    "flights",
    "bootstrap",
    "knowledge",
    "start",
    "compile",
)


@dataclass(frozen=True)
class Options:
    """Which parts to measure, how often and for how long."""

    parts: tuple[str, ...]
    rounds: int
    seconds: int
    warmup: int
    quick: bool

    @classmethod
    def parse(cls, arguments: Sequence[str] | None = None) -> "Options":
        """Reads the command line; prints usage and exits where it makes no sense."""
        given = _parser().parse_args(arguments)
        rounds = given.rounds or (1 if given.quick else 5)
        seconds = given.seconds or (1 if given.quick else 3)
        return cls(tuple(given.part) or PARTS, rounds, seconds, 0 if given.quick else 1, given.quick)


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="bench/run", description="Measures Taxiway side by side with its peers.")
    parser.add_argument(
        "part", nargs="*", type=_part, help=f"what to measure: {', '.join(PARTS)}; all of them by default"
    )
    parser.add_argument("--rounds", type=_positive, help="runs of each contender in each case (5)")
    parser.add_argument("--seconds", type=_positive, help="length of one run (3)")
    parser.add_argument(
        "--quick", action="store_true", help="one round of one second: proves that it works, not a result"
    )
    return parser


def _part(text: str) -> str:
    if text not in PARTS:
        raise ArgumentTypeError(f"`{text}` is not a part; parts are {', '.join(PARTS)}")
    return text


def _positive(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 3600:
        raise ArgumentTypeError(f"`{text}` is not a whole number from 1 to 3600")
    return int(text)
