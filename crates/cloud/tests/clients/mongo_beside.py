"""Random operations on two servers, whose answers are compared. Usage: mongo_beside.py URL SEED [STEPS].

The other server is SecantusDB, an independent implementation, in a process of its own. Where it is known to differ from
MongoDB, the operation is left out. Prints what differs and the seed, or `ok N checks`.
"""

import datetime
import random
import re
import socket
import subprocess
import sys
import tempfile
import time

from bson import Decimal128, Int64, ObjectId, Regex
from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

url, seed = sys.argv[1], int(sys.argv[2])
steps = int(sys.argv[3]) if len(sys.argv) > 3 else 600
chance = random.Random(seed)

NAMES = ["a", "b", "c"]
PATHS = ["a", "b", "c", "a.b", "b.c", "a.0", "c.a.b"]


def scalar():
    return chance.choice([
        lambda: chance.randint(-3, 5), lambda: Int64(chance.randint(-3, 5)), lambda: chance.randint(-6, 10) / 2,
        lambda: chance.choice(["", "x", "xy", "y", "Z"]), lambda: None, lambda: chance.random() < 0.5,
        lambda: datetime.datetime(2026, 1, chance.randint(1, 9)), lambda: ObjectId(f"{chance.randint(0, 5):024x}"),
    ])()


def value(depth=0):
    kind = chance.random()
    if depth < 2 and kind < 0.15:
        return [value(depth + 1) for _ in range(chance.randint(0, 3))]
    if depth < 2 and kind < 0.3:
        return {name: value(depth + 1) for name in chance.sample(NAMES, chance.randint(0, 2))}
    return scalar()


def document():
    return {name: value() for name in chance.sample(NAMES, chance.randint(1, 3))}


def condition():
    return chance.choice([
        value, lambda: {"$gt": scalar()}, lambda: {"$gte": scalar()}, lambda: {"$lt": scalar()},
        lambda: {"$lte": scalar()}, lambda: {"$ne": scalar()}, lambda: {"$in": [scalar() for _ in range(3)]},
        lambda: {"$nin": [scalar(), scalar()]}, lambda: {"$exists": chance.random() < 0.5},
        lambda: {"$type": chance.choice(["int", "string", "array", "object", "null", "number", "bool"])},
        lambda: {"$size": chance.randint(0, 3)}, lambda: {"$not": {"$gt": scalar()}},
        lambda: {"$elemMatch": {"$gt": chance.randint(-3, 3)}}, lambda: {"$all": [scalar()]},
        lambda: {"$gte": chance.randint(-3, 0), "$lt": chance.randint(1, 5)}, lambda: Regex("^x"),
    ])()


def query():
    if chance.random() < 0.1:
        return {"$or": [query(), query()]}
    return {path: condition() for path in chance.sample(PATHS, chance.randint(0, 2))}


def change():
    path = chance.choice(PATHS)
    return chance.choice([
        lambda: {"$set": {path: value()}}, lambda: {"$unset": {path: ""}},
        lambda: {"$inc": {path: chance.randint(-2, 2)}}, lambda: {"$mul": {path: 2}},
        lambda: {"$push": {path: value()}}, lambda: {"$addToSet": {path: scalar()}},
        lambda: {"$pull": {path: scalar()}}, lambda: {"$pop": {path: chance.choice([1, -1])}},
        lambda: {"$min": {path: chance.randint(-3, 3)}}, lambda: {"$max": {path: chance.randint(-3, 3)}},
        lambda: {"$rename": {"a": "d"}}, lambda: {"$push": {path: {"$each": [3, 1], "$sort": 1, "$slice": -3}}},
    ])()


def key():
    return {path: chance.choice([1, -1]) for path in chance.sample(["a", "b", "c", "a.b"], chance.randint(1, 2))}


def ordered():
    return list(key().items()) + [("_id", 1)]


def operation():
    """One operation, to be done on each server: a name for it, and what does it."""
    global serial
    kind = chance.choices(["insert", "find", "update", "delete", "count", "distinct", "modify", "aggregate", "index"],
                          [20, 30, 20, 4, 5, 5, 6, 10, 2])[0]
    if kind == "insert":
        serial += 1
        one = {"_id": serial, **document()}
        return f"insert {one}", lambda c: c.insert_one(dict(one)).inserted_id
    q = query()
    if kind == "find":
        sort, skip, limit = ordered(), chance.randint(0, 2), chance.randint(0, 5)
        shown = chance.choice([None, {"a": 1}, {"b": 0}, {"a.b": 1, "_id": 0}])
        return (f"find {q} {shown} sort {sort} skip {skip} limit {limit}",
                lambda c: list(c.find(q, shown).sort(sort).skip(skip).limit(limit)))
    if kind == "update":
        u, many, upsert = change(), chance.random() < 0.5, False
        return f"update {q} {u} {many}", lambda c: update(c, q, u, many)
    if kind == "delete":
        return f"delete {q}", lambda c: c.delete_one({"_id": chance_of(c), **q}).deleted_count
    if kind == "count":
        return f"count {q}", lambda c: c.count_documents(q)
    if kind == "distinct":
        path = chance.choice(PATHS)
        return f"distinct {path} {q}", lambda c: sorted(map(repr, map(plain, c.distinct(path, q))))
    if kind == "modify":
        u, sort = change(), ordered()
        return f"modify {q} {u} {sort}", lambda c: c.find_one_and_update(q, u, sort=sort, return_document=True)
    if kind == "index":
        k = list(key().items())
        return f"index {k}", lambda c: c.create_index(k)
    by, of = chance.choice(NAMES), chance.choice(NAMES)
    stages = chance.choice([
        [{"$match": q}, {"$group": {"_id": f"${by}", "n": {"$sum": 1}}}],
        [{"$match": q}, {"$unwind": f"${by}"}, {"$sort": {"_id": 1}}, {"$project": {by: 1}}],
        [{"$match": q}, {"$sort": dict(ordered())}, {"$limit": 4}, {"$project": {"x": {"$type": f"${of}"}}}],
        [{"$match": q}, {"$count": "n"}],
    ])
    return f"aggregate {stages}", lambda c: sorted(map(repr, map(plain, c.aggregate(stages))))


def update(collection, q, u, many):
    done = (collection.update_many if many else collection.update_one)({"_id": {"$gt": 0}, **q}, u)
    return done.matched_count, done.modified_count


def chance_of(_):
    return serial // 2


def plain(found):
    """Comparable, whatever number type it has."""
    if isinstance(found, dict):
        return {name: plain(item) for name, item in found.items()}
    if isinstance(found, (list, tuple)):
        return [plain(item) for item in found]
    if isinstance(found, bool) or found is None:
        return found
    if isinstance(found, (int, float)):
        return float(found)
    if isinstance(found, Decimal128):
        return str(found)
    return found


def done(collection, action):
    try:
        return plain(action(collection))
    except OperationFailure as error:
        return f"error {error.code}"


def start():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tempfile.TemporaryDirectory()
    program = "import sys; from secantus.cli import main; sys.exit(main())"
    words = [sys.executable, "-c", program, "--port", str(port), "--storage-path", folder.name, "--log-level", "ERROR"]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL), MongoClient("127.0.0.1", port, directConnection=True), folder


serial = 0
process, other, folder = start()
try:
    until = time.monotonic() + 60
    while True:
        try:
            other.admin.command("ping")
            break
        except PyMongoError:
            assert time.monotonic() < until, "the other server did not start"
    here, there = MongoClient(url)["beside"]["c"], other["beside"]["c"]
    differences = []
    for step in range(steps):
        name, action = operation()
        one, two = done(here, action), done(there, action)
        if one != two and not (str(one).startswith("error") and str(two).startswith("error")):
            differences.append(f"step {step}: {name}\n  here:  {one}\n  there: {two}")
        if step % 100 == 99:
            mine, theirs = ([plain(d) for d in c.find().sort("_id", 1)] for c in (here, there))
            for a, b in zip(mine, theirs):
                if a != b:
                    differences.append(f"step {step}: document\n  here:  {a}\n  there: {b}")
                    there.replace_one({"_id": a["_id"]}, here.find_one({"_id": a["_id"]}))
    for text in differences:
        print(text)
    print(f"ok {steps} checks" if not differences else f"SEED={seed}: {len(differences)} differences")
finally:
    process.kill()
    process.wait()
    folder.cleanup()
