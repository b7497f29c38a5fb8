"""Drives one MongoDB-compatible server with pymongo: one operation, again and again, for some seconds.

Usage: documents.py PORT OPERATION SECONDS. Prints counts and latencies as JSON; an answer that is not the right one
ends it.
"""

import itertools
import json
import random
import sys
import time
from collections.abc import Callable

from pymongo import ASCENDING, MongoClient
from pymongo.collection import Collection

DOCUMENTS, GROUPS = 10_000, 100
TEXT = "x" * 150
TIMEOUT_MS = 10_000
Operation = Callable[[], object]


def document(number: int) -> dict[str, object]:
    """One document; its group is one of a hundred."""
    return {"_id": number, "group": number % GROUPS, "count": 0, "text": TEXT}


def prepare(collection: Collection) -> None:
    """The documents that are looked for, and their index."""
    collection.drop()
    collection.create_index([("group", ASCENDING)])
    for first in range(0, DOCUMENTS, 1000):
        collection.insert_many([document(number) for number in range(first, first + 1000)])


def operations(collection: Collection) -> dict[str, Operation]:
    """Each operation by its name; what it returns must be true."""
    numbers = itertools.count(int(time.time() * 1000) << 20)
    inserted = collection.database["inserted"]
    chance = random.Random(1)

    def any_id() -> int:
        return chance.randrange(DOCUMENTS)

    def find_one() -> bool:
        wanted = any_id()
        found = collection.find_one({"_id": wanted})
        return found is not None and found["_id"] == wanted

    def group() -> list[dict[str, object]]:
        return list(collection.aggregate([{"$group": {"_id": "$group", "count": {"$sum": 1}}}]))

    return {
        "ping": lambda: collection.database.command("ping")["ok"] == 1,
        "prepare": lambda: prepare(collection) or collection.count_documents({}) == DOCUMENTS,
        "insert_one": lambda: inserted.insert_one(document(next(numbers))).acknowledged,
        "find_one": find_one,
        "update_one": lambda: collection.update_one({"_id": any_id()}, {"$inc": {"count": 1}}).modified_count == 1,
        "find_indexed": lambda: len(list(collection.find({"group": any_id() % GROUPS}))) == DOCUMENTS // GROUPS,
        "aggregate": lambda: sorted(row["count"] for row in group()) == [DOCUMENTS // GROUPS] * GROUPS,
    }


def repeat(operation: Operation, seconds: float) -> list[float]:
    """Does it at least once and until the time is over; seconds of each."""
    ended, durations = time.perf_counter() + seconds, []
    while not durations or time.perf_counter() < ended:
        begun = time.perf_counter()
        if not operation():
            sys.exit("the answer is not the right one")
        durations.append(time.perf_counter() - begun)
    return durations


def percentile(ordered: list[float], percent: int) -> float:
    """Nearest rank, in milliseconds."""
    return ordered[max(-(-len(ordered) * percent // 100), 1) - 1] * 1000


def main() -> None:
    """The whole program."""
    port, name, seconds = int(sys.argv[1]), sys.argv[2], float(sys.argv[3])
    with MongoClient("127.0.0.1", port, directConnection=True, serverSelectionTimeoutMS=TIMEOUT_MS) as client:
        operation = operations(client["bench"]["documents"])[name]
        client.admin.command("ping")
        begun = time.perf_counter()
        durations = sorted(repeat(operation, seconds))
        elapsed = time.perf_counter() - begun
    report = {
        "cycles": len(durations),
        "cycles_per_second": len(durations) / elapsed,
        "p50_ms": percentile(durations, 50),
        "p99_ms": percentile(durations, 99),
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
