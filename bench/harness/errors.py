"""What can go wrong in a benchmark, as sentences."""


class BenchError(Exception):
    """A run that gives no number; the message is the reason a reader sees."""


class Unavailable(BenchError):
    """A contender that can't take part at all: its lines say `skipped` with this reason."""
