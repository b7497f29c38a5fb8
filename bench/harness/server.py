"""A server under test: started, awaited, measured and ended by its process id."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from . import proc
from .errors import BenchError

READY_TIMEOUT = 30.0
STOP_TIMEOUT = 10.0
POLL_INTERVAL = 0.000_5


class Server:
    """One running server and everything it started. A context manager: leaving it ends all of them."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self.name = name
        self.log = log
        self.ready_after = float("nan")
        self._started_at = time.monotonic()
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(env or {})},
                cwd=cwd,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def wait_until(self, ready: Callable[[], bool], timeout: float = READY_TIMEOUT) -> None:
        """Waits for `ready` and notes the seconds since the start; a server that ends or takes too long is an error."""
        while not ready():
            if self._process.poll() is not None:
                raise BenchError(f"{self.name} ended with {self._process.returncode} at once: {self.last_line()}")
            if time.monotonic() - self._started_at > timeout:
                raise BenchError(f"{self.name} was not ready after {timeout:.0f} s: {self.last_line()}")
            time.sleep(POLL_INTERVAL)
        self.ready_after = time.monotonic() - self._started_at

    def cpu_seconds(self) -> float:
        """Processor time of it and its children so far."""
        return proc.cpu_seconds(self.pid)

    def memory(self, program: Path | None = None) -> proc.Memory:
        """Resident memory of it and its children, or of those among them that run `program`."""
        return proc.memory(self.pid, program)

    def stop(self) -> None:
        """SIGTERM, a while to obey, then SIGKILL for whatever of its tree is left."""
        processes = proc.tree(self.pid) if self._process.poll() is None else []
        if processes:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOP_TIMEOUT)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        _end(processes)

    def ended(self, timeout: float) -> int:
        """Waits until it ends by itself: its exit code."""
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired as late:
            raise BenchError(f"{self.name} did not end in {timeout:.0f} s: {self.last_line()}") from late

    def last_line(self) -> str:
        """The last thing it said, for a message."""
        lines = self.log.read_text(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")


def _end(processes: Sequence[proc.Identity]) -> None:
    """Kills those that are left and waits until the kernel has taken them away."""
    deadline = time.monotonic() + STOP_TIMEOUT
    while left := [process for process in processes if proc.alive(process)]:
        for process in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        if time.monotonic() > deadline:
            raise BenchError(f"processes {', '.join(str(process.pid) for process in left)} do not end")
        time.sleep(POLL_INTERVAL)
