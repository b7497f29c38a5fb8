"""The same operations on this cloud and on SecantusDB, an independent implementation, in a process of its own.

Usage: mongo_beside.py URL CASES SEED [STEPS]. First the cases of the folder CASES: the answer here is the one that is
expected, and the other server's is the same, unless the case says that it differs from MongoDB. Then random operations,
whose answers and documents have to be the same; known differences of the other server are left out. Prints what differs
and the seed, or `ok N checks`.
"""

import datetime
import json
import pathlib
import random
import socket
import subprocess
import sys
import tempfile
import time

from bson import Decimal128, Int64, ObjectId, Regex, json_util
from pymongo import MongoClient
from pymongo.errors import BulkWriteError, OperationFailure, PyMongoError, WriteError

url, folder, seed = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
steps = int(sys.argv[4]) if len(sys.argv) > 4 else 400
chance = random.Random(seed)
checks = 0


def start():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    place = tempfile.TemporaryDirectory()
    program = "import sys; from secantus.cli import main; sys.exit(main())"
    words = [sys.executable, "-c", program, "--port", str(port), "--storage-path", place.name, "--log-level", "ERROR"]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return process, MongoClient("127.0.0.1", port, directConnection=True), place


def wait_for(client):
    until = time.monotonic() + 60
    while True:
        try:
            return client.admin.command("ping")
        except PyMongoError:
            assert time.monotonic() < until, "the other server did not start"


def failure(error):
    """The number of what went wrong."""
    if isinstance(error, BulkWriteError):
        return error.details["writeErrors"][0]["code"]
    return error.code


# The cases.


def loaded(value):
    return json_util.loads(json.dumps(value))


def answer(database, case, documents):
    """What a server makes of a case: documents as extended JSON, or a number."""
    cases = database.cases
    try:
        cases.delete_many({})
        if documents:
            cases.insert_many(loaded(documents))
        if "find" in case:
            query = loaded(case["find"])
            found = cases.find(query.get("filter"), query.get("projection"), skip=query.get("skip", 0),
                               limit=query.get("limit", 0), sort=list(query.get("sort", {}).items()) or None)
        elif "update" in case:
            query = loaded(case["update"])
            one = {"q": query["filter"], "u": query["update"], "upsert": query.get("upsert", False)}
            if "arrayFilters" in query:
                one["arrayFilters"] = query["arrayFilters"]
            errors = database.command("update", "cases", updates=[one]).get("writeErrors")
            if errors:
                return errors[0]["code"]
            found = cases.find()
        else:
            found = cases.aggregate(loaded(case["aggregate"]))
        return [without_made_ids(one, case) for one in found]
    except (OperationFailure, WriteError) as error:
        return failure(error)


def without_made_ids(document, case):
    """An `_id` that nobody said is another one each time."""
    if isinstance(document.get("_id"), ObjectId) and "$oid" not in json.dumps(case):
        del document["_id"]
    return same_form(document)


def same_form(value):
    """Numbers by their value, whatever their type: files of cases write doubles without a point."""
    if isinstance(value, dict):
        return [[name, same_form(item)] for name, item in value.items()]
    if isinstance(value, (list, tuple)):
        return [same_form(item) for item in value]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return repr(value)
    return "nan" if value != value else int(value) if value == value // 1 and abs(value) < 2**53 else value


def compare_cases(here, there):
    global checks
    wrong = []
    for file in sorted(folder.glob("*.json")):
        content = json.loads(file.read_text())
        for case in content["cases"]:
            documents = case.get("documents", content.get("documents", []))
            expected = case.get("error") or [without_made_ids(one, case) for one in loaded(case.get("expect", []))]
            mine, theirs = answer(here, case, documents), answer(there, case, documents)
            checks += 1
            if mine != expected:
                wrong.append(f"{file.name}: {json.dumps(case)[:300]}\n  here:     {mine}\n  expected: {expected}")
            # Of refusals only that there is one is compared: few servers have MongoDB's numbers.
            alike = mine == theirs or isinstance(mine, int) and isinstance(theirs, int)
            if not alike and case.get("independent") != "differs":
                wrong.append(f"{file.name}: {json.dumps(case)[:300]}\n  here:  {mine}\n  there: {theirs}")
    return wrong


# Random operations.

NAMES = ["a", "b", "c"]
PATHS = ["a", "b", "c", "a.b", "b.c", "c.a.b"]


def scalar():
    # No booleans: to the other server true is one in `distinct` and `$group`.
    return chance.choice([
        lambda: chance.randint(-3, 5), lambda: Int64(chance.randint(-3, 5)), lambda: chance.randint(-6, 10) / 2,
        lambda: chance.choice(["", "x", "xy", "y", "Z"]),
        lambda: datetime.datetime(2026, 1, chance.randint(1, 9)), lambda: ObjectId(f"{chance.randint(0, 5):024x}"),
    ])()


def value(depth=0):
    kind = chance.random()
    if depth < 2 and kind < 0.15:
        return [value(depth + 1) for _ in range(chance.randint(0, 3))]
    if depth < 2 and kind < 0.3:
        return {name: value(depth + 1) for name in chance.sample(NAMES, chance.randint(0, 2))}
    return scalar()


def condition():
    return chance.choice([
        scalar, lambda: {"$gt": scalar()}, lambda: {"$gte": scalar()}, lambda: {"$lt": scalar()},
        lambda: {"$lte": scalar()}, lambda: {"$ne": scalar()}, lambda: {"$in": [scalar() for _ in range(3)]},
        lambda: {"$nin": [scalar(), scalar()]}, lambda: {"$exists": chance.random() < 0.5},
        lambda: {"$type": chance.choice(["int", "string", "array", "object", "number"])},
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
        lambda: {"$rename": {"a": "d"}}, lambda: {"$push": {path: {"$each": [3, 1], "$slice": -3}}},
    ])()


def ordered():
    return [(chance.choice(NAMES), chance.choice([1, -1])), ("_id", 1)]


def insertion(serial):
    one = {"_id": serial, **{name: value() for name in chance.sample(NAMES, chance.randint(1, 3))}}
    return f"insert {one}", lambda c: c.insert_one(dict(one)).inserted_id


def finding():
    q, sort, skip, limit = query(), ordered(), chance.randint(0, 2), chance.randint(0, 5)
    shown = chance.choice([None, {"a": 1}, {"b": 0}, {"a.b": 1, "_id": 0}])
    return (f"find {q} {shown} sort {sort} skip {skip} limit {limit}",
            lambda c: list(c.find(q, shown).sort(sort).skip(skip).limit(limit)))


def updating():
    # Which one of several an update takes is left to the server.
    many = chance.random() < 0.5
    q, u = {"_id": {"$gt": chance.randint(0, 60)} if many else chance.randint(0, 100), **query()}, change()

    def act(collection):
        done = (collection.update_many if many else collection.update_one)(q, u)
        return done.matched_count, done.modified_count
    return f"update {q} {u} {'many' if many else 'one'}", act


def modifying():
    q, u, sort = query(), change(), ordered()
    return f"modify {q} {u} {sort}", lambda c: c.find_one_and_update(q, u, sort=sort, return_document=True)


def deleting():
    q = {"_id": chance.randint(0, 100), **query()}
    return f"delete {q}", lambda c: c.delete_one(q).deleted_count


def counting():
    q = query()
    return f"count {q}", lambda c: c.count_documents(q)


def telling_apart():
    # No path into arrays: the other server looks at their first element only.
    q, path = query(), chance.choice(NAMES)
    return f"distinct {path} {q}", lambda c: sorted(map(repr, map(plain, c.distinct(path, q))))


def aggregating():
    q, by, of = query(), chance.choice(NAMES), chance.choice(NAMES)
    # By type: to the other server an empty array and an empty document are one group.
    stages = chance.choice([
        [{"$match": q}, {"$group": {"_id": {"$type": f"${by}"}, "n": {"$sum": 1}, "most": {"$max": "$_id"}}}],
        [{"$match": q}, {"$unwind": f"${by}"}, {"$sort": {"_id": 1}}, {"$project": {by: 1}}],
        [{"$match": q}, {"$sort": dict(ordered())}, {"$limit": 4}, {"$project": {"x": {"$type": f"${of}"}}}],
        [{"$sortByCount": {"$type": f"${by}"}}],
        [{"$match": q}, {"$lookup": {"from": "c", "localField": by, "foreignField": "_id", "as": "j"}}, {"$sort": {"_id": 1}}],
    ])
    return f"aggregate {stages}", lambda c: sorted(map(repr, map(plain, c.aggregate(stages))))


def indexing(collection):
    """Only here: the other server finds less with some indexes than without."""
    # One field each: two arrays in a compound index would be refused.
    collection.create_index([(chance.choice(["a", "b", "c", "a.b"]), chance.choice([1, -1]))])


WRITES = [updating, modifying, deleting]
READS = [finding, finding, counting, telling_apart, aggregating, aggregating]


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
    return str(found) if isinstance(found, Decimal128) else found


def outcome(collection, action):
    try:
        return plain(action(collection))
    except OperationFailure:
        return "refused"


def compare_random(here, there):
    global checks
    wrong = []
    for step in range(steps):
        if step % 50 == 30:
            indexing(here)
        kind = chance.random()
        name, action = insertion(step) if kind < 0.25 else chance.choice(WRITES if kind < 0.45 else READS)()
        mine, theirs = outcome(here, action), outcome(there, action)
        checks += 1
        if mine != theirs:
            wrong.append(f"step {step}: {name}\n  here:  {mine}\n  there: {theirs}")
        if mine == theirs == "refused":
            # How many documents were changed before is left to the server.
            there.delete_many({})
            there.insert_many(here.find())
        elif kind < 0.45:
            mine, theirs = ([plain(one) for one in c.find().sort("_id", 1)] for c in (here, there))
            if mine != theirs:
                pair = next(((a, b) for a, b in zip(mine, theirs) if a != b), (len(mine), len(theirs)))
                return wrong + [f"step {step}: after {name}\n  here:  {pair[0]}\n  there: {pair[1]}"]
    return wrong


process, other, place = start()
try:
    wait_for(other)
    client = MongoClient(url)
    differences = compare_cases(client.beside, other.beside) + compare_random(client.random.c, other.random.c)
    for text in differences:
        print(text)
    print(f"SEED={seed}: {len(differences)} differences" if differences else f"ok {checks} checks")
finally:
    process.kill()
    process.wait()
    place.cleanup()
