"""How fast a worker moves a full queue into a bucket."""

import itertools
import json
import time
from collections.abc import Callable

from . import apis
from .apis import Program
from .aws import Cloud
from .bench import Bench, Sample
from .errors import BenchError
from .results import CPU_OBJECT, OBJECTS, Measure

MESSAGES = 5_000
CASE = f"worker drains {MESSAGES:,} messages"
TIMEOUT = 300.0
POLL_INTERVAL = 0.02
BODY = json.dumps(
    {
        "email_subject": "Happy new year!",
        "email_sender": "John Doe",
        "email_timestream": 1693561101,
        "email_content": "Just want to say... Happy new year!!!",
        "received_at": "2026-01-01T00:00:00.000000+00:00",
    }
)


def run(bench: Bench, programs: dict[str, Program], cloud: Cloud) -> Callable[[str, int], Sample]:
    """One worker, one full queue, one empty bucket."""
    numbers = itertools.count()

    def drain(name: str, _seconds: int) -> Sample:
        number = next(numbers)
        queue, bucket = cloud.create_queue(f"drain-{number}"), f"drain-{number}"
        cloud.create_bucket(bucket)
        cloud.fill(queue, [BODY] * MESSAGES)
        with apis.start_worker(bench, name, programs[name], cloud, queue, bucket) as worker:
            rate = _rate(cloud, queue)
            cpu = worker.cpu_seconds()
        if (objects := cloud.count_objects(bucket)) != MESSAGES:
            raise BenchError(f"{MESSAGES} messages became {objects} objects")
        cloud.delete_queue(queue)
        return _sample(rate, cpu)

    return drain


def _sample(rate: float, cpu: float) -> dict[Measure, float]:
    return {OBJECTS: rate, CPU_OBJECT: cpu * 1e6 / MESSAGES}


def _rate(cloud: Cloud, queue: str) -> float:
    """Messages gone per second, between the first look that finds some gone and the first that finds none left."""
    left, began = _wait(cloud, queue, at_most=MESSAGES - 1)
    if not left:
        raise BenchError("the queue was empty at the first look; more messages are needed to see a rate")
    _, ended = _wait(cloud, queue, at_most=0)
    return left / (ended - began)


def _wait(cloud: Cloud, queue: str, at_most: int) -> tuple[int, float]:
    """How many messages are left, and when, as soon as it is `at_most` so many."""
    deadline = time.monotonic() + TIMEOUT
    while (left := cloud.waiting(queue)) > at_most:
        if time.monotonic() > deadline:
            raise BenchError(f"{left} of {MESSAGES} messages were still there after {TIMEOUT:.0f} s")
        time.sleep(POLL_INTERVAL)
    return left, time.monotonic()
