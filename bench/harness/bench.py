"""One sitting: the options, a temporary folder, what must be ended, and the turns contenders take."""

import signal
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

from .errors import BenchError
from .options import Options
from .progress import say
from .report import number
from .results import Measure, Part
from .server import Server

Contender = TypeVar("Contender")
Sample = dict[Measure, float]


class Bench:
    """Owns every process and file of a part; leaving it ends and removes them."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._stack = ExitStack()
        self.folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="taxiway-bench-")))

    def __enter__(self) -> "Bench":
        return self

    def __exit__(self, *_: object) -> None:
        with _undisturbed():
            self._stack.close()

    def start(
        self, name: str, command: Sequence[str], env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> Server:
        """Starts a server that ends with this sitting at the latest."""
        log = self.folder / f"{name.replace(' ', '-')}.log"
        return self._stack.enter_context(Server(name, list(map(str, command)), log, env, cwd))

    def available(self, part: Part, makers: Mapping[str, Callable[[], Contender]]) -> dict[str, Contender]:
        """Prepares each contender; one that can't take part is noted with its reason."""
        ready: dict[str, Contender] = {}
        for name, make in makers.items():
            try:
                ready[name] = make()
            except BenchError as reason:
                part.skipped[name] = str(reason)
                say(f"{name}: skipped: {reason}")
        return ready

    def take_turns(self, part: Part, case: str, contenders: Iterable[str], run: Callable[[str, int], Sample]) -> None:
        """Runs A B C A B C …, each once to warm up. `run` gets the contender and the seconds.

        One that gives no number in a round leaves the case, and the report says why.
        """
        racing = list(contenders)
        if self.options.warmup:
            racing = [name for name in racing if self._run(part, case, "warm-up", name, run, keep=False)]
        for number_of_round in range(1, self.options.rounds + 1):
            turn = f"round {number_of_round}/{self.options.rounds}"
            racing = [name for name in racing if self._run(part, case, turn, name, run, keep=True)]

    def _run(
        self, part: Part, case: str, turn: str, name: str, run: Callable[[str, int], Sample], *, keep: bool
    ) -> bool:
        try:
            sample = run(name, self.options.seconds if keep else self.options.warmup)
        except BenchError as reason:
            part.drop(case, name, str(reason))
            say(f"{case}, {turn}, {name}: no number: {reason}")
            return False
        if keep:
            for measure, value in sample.items():
                part.add(case, measure, name, value)
        say(f"{case}, {turn}, {name}: {_summary(sample)}")
        return True


def case_of(connections: int) -> str:
    """How a case with so many connections is called."""
    return f"{connections} connection{'s' if connections > 1 else ''}"


@contextmanager
def _undisturbed() -> Iterator[None]:
    """A second Ctrl-C must not leave behind what the first is ending."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _summary(sample: Sample) -> str:
    return ", ".join(f"{number(value)} {measure.unit} {measure.name}" for measure, value in sample.items())
