"""Documents as pymongo uses them. Usage: mongo.py URL. Ends with `ok N checks`."""

import datetime
import sys
import time

import bson
from bson import Decimal128, Int64, MaxKey, MinKey, ObjectId, Regex, Timestamp
from pymongo import DeleteOne, InsertOne, MongoClient, ReplaceOne, ReturnDocument, UpdateMany, UpdateOne, WriteConcern
from pymongo.errors import BulkWriteError, DuplicateKeyError, OperationFailure, WriteConcernError

client = MongoClient(sys.argv[1], serverSelectionTimeoutMS=10_000)
db = client["shop"]
checks = 0


def equal(found, expected, what=""):
    global checks
    checks += 1
    assert found == expected, f"{what}: found {found!r}, expected {expected!r}"


def refused(code, call, words=""):
    try:
        call()
    except OperationFailure as error:
        equal(error.code, code, str(error))
        equal(words in str(error), True, f"{words!r} in {error}")
        return error
    raise AssertionError(f"expected {code}, but it succeeded")


def handshake():
    hello = client.admin.command("hello")
    equal((hello["isWritablePrimary"], hello["setName"], hello["maxWireVersion"]), (True, "rs0", 21))
    equal((hello["maxBsonObjectSize"], hello["maxMessageSizeBytes"], hello["maxWriteBatchSize"]),
          (16 * 1024 * 1024, 48_000_000, 100_000))
    equal(client.server_info()["version"].startswith("7.0"), True)
    equal(client.admin.command("ping")["ok"], 1.0)
    for command in ("hostInfo", "getCmdLineOpts", "connectionStatus", "whatsmyuri", "serverStatus", "buildInfo"):
        equal(client.admin.command(command)["ok"], 1.0, command)
    equal(client.admin.command({"getLog": "startupWarnings"})["log"], [])
    equal(client.admin.command({"getParameter": 1, "featureCompatibilityVersion": 1})["featureCompatibilityVersion"],
          {"version": "7.0"})
    for options in ("?directConnection=true", "?replicaSet=rs0", "?w=majority&journal=true&retryWrites=true"):
        with MongoClient(sys.argv[1] + options, serverSelectionTimeoutMS=10_000) as other:
            other.shop.reached.insert_one({"by": options})
    equal(db.reached.count_documents({}), 3)


def inserting():
    orders = db.orders
    equal(orders.insert_one({"_id": 1, "total": 5}).inserted_id, 1)
    error = refused(11000, lambda: orders.insert_one({"_id": 1}),
                    "E11000 duplicate key error collection: shop.orders index: _id_ dup key: { _id: 1 }")
    equal(isinstance(error, DuplicateKeyError), True)
    equal((error.details["keyPattern"], error.details["keyValue"]), ({"_id": 1}, {"_id": 1}))
    refused(11000, lambda: orders.insert_one({"_id": 1.0}))
    equal(isinstance(orders.insert_one({"total": 7}).inserted_id, ObjectId), True)
    for wrong, code in (({"_id": [1]}, 53), ({"_id": Regex("a")}, 53), ({"_id": {"$a": 1}}, 52)):
        refused(code, lambda: orders.insert_one(wrong))
    equal(list(db.command({"find": "orders", "filter": {"_id": 1}})["cursor"]["firstBatch"][0]), ["_id", "total"])
    db.command({"insert": "first", "documents": [{"a": 1, "_id": 5}]})
    equal(list(db.first.find_one()), ["_id", "a"])
    try:
        db.bulk.insert_many([{"_id": 1}, {"_id": 1}, {"_id": 2}])
    except BulkWriteError as error:
        equal(error.details["nInserted"], 1)
        equal([(one["index"], one["code"]) for one in error.details["writeErrors"]], [(1, 11000)])
    try:
        db.bulk.insert_many([{"_id": 2}, {"_id": 1}, {"_id": 3}], ordered=False)
    except BulkWriteError as error:
        equal(error.details["nInserted"], 2)
    equal(sorted(one["_id"] for one in db.bulk.find()), [1, 2, 3])
    db.many.insert_many({"_id": number} for number in range(5000))
    equal(db.many.estimated_document_count(), 5000)
    everything = {
        "double": 1.5, "text": "Grüße", "document": {"b": 1, "a": 2}, "array": [1, [2]], "binary": b"\x00\xff",
        "id": ObjectId(), "truth": True, "date": datetime.datetime(2026, 1, 2, 3, 4, 5, 678000), "nothing": None,
        "regex": Regex("^a", "i"), "int": 7, "long": Int64(1 << 40), "stamp": Timestamp(5, 6),
        "decimal": Decimal128("1.10"), "low": MinKey(), "high": MaxKey(), "code": bson.Code("f()"),
    }
    db.types.insert_one({"_id": 1, **everything})
    equal(db.types.find_one(), {"_id": 1, **everything})
    stamped = db.types.insert_one({"at": Timestamp(0, 0)}).inserted_id
    equal(db.types.find_one(stamped)["at"].time > 0, True)
    large = "x" * (15 * 1024 * 1024)
    db.large.insert_one({"_id": 1, "text": large})
    equal(len(db.large.find_one()["text"]), len(large))


def finding():
    numbers = db.numbers
    numbers.insert_many({"_id": number, "n": number % 10, "tags": [number % 3, number % 5]} for number in range(100))
    equal([one["_id"] for one in numbers.find({"n": 3}).sort("_id", -1).limit(3)], [93, 83, 73])
    equal([one["_id"] for one in numbers.find({"n": {"$in": [1, 2]}}, {"n": 0}).skip(2).limit(2)], [11, 12])
    equal(numbers.count_documents({"tags": 4}), 20)
    equal(numbers.count_documents({"n": {"$gte": 8}}, skip=5, limit=10), 10)
    equal(sorted(numbers.distinct("tags")), [0, 1, 2, 3, 4])
    equal(sorted(numbers.distinct("n", {"_id": {"$lt": 3}})), [0, 1, 2])
    equal([one["_id"] for one in numbers.find().sort([("n", -1), ("_id", 1)]).limit(3)], [9, 19, 29])
    equal(len(list(numbers.find().batch_size(7))), 100)
    equal(len(list(numbers.find().sort("n").batch_size(7))), 100)
    equal([one["_id"] for one in numbers.find(batch_size=2, limit=5)], [0, 1, 2, 3, 4])
    equal([one["_id"] for one in numbers.find().sort("$natural", -1).limit(2)], [99, 98])
    equal(list(numbers.find({"_id": 5}, {"_id": 0, "n": 1})), [{"n": 5}])
    equal(numbers.find_one({"_id": 1000}), None)
    equal(list(db.nowhere.find()), [])
    raw = db.command({"find": "numbers", "batchSize": 0})
    equal(raw["cursor"]["firstBatch"], [])
    more = db.command({"getMore": raw["cursor"]["id"], "collection": "numbers", "batchSize": 3})
    equal(len(more["cursor"]["nextBatch"]), 3)
    killed = db.command({"killCursors": "numbers", "cursors": [raw["cursor"]["id"], Int64(5)]})
    equal((killed["cursorsKilled"], killed["cursorsNotFound"]), ([raw["cursor"]["id"]], [5]))
    refused(43, lambda: db.command({"getMore": raw["cursor"]["id"], "collection": "numbers"}))
    equal(db.command({"find": "numbers", "singleBatch": True, "batchSize": 3})["cursor"]["id"], 0)
    refused(2, lambda: list(numbers.find().hint("nothing")), "hint provided does not correspond")
    refused(50, lambda: list(db.many.find({"$expr": {"$gt": [{"$sum": {"$range": [0, 2000]}}, -1]}})
                             .sort("x").max_time_ms(1)))


def updating():
    things = db.things
    things.insert_many([{"_id": 1, "n": 1}, {"_id": 2, "n": 1}, {"_id": 3, "n": 2, "list": [1, 2, 3]}])
    result = things.update_many({"n": 1}, {"$set": {"n": 1, "seen": True}})
    equal((result.matched_count, result.modified_count), (2, 2))
    result = things.update_one({"_id": 1}, {"$set": {"seen": True}})
    equal((result.matched_count, result.modified_count), (1, 0))
    result = things.update_one({"_id": 9}, {"$inc": {"n": 5}}, upsert=True)
    equal((result.matched_count, result.upserted_id, things.find_one(9)), (0, 9, {"_id": 9, "n": 5}))
    things.replace_one({"_id": 2}, {"whole": True})
    equal(things.find_one(2), {"_id": 2, "whole": True})
    things.update_one({"_id": 3, "list": 2}, {"$set": {"list.$": 20}})
    things.update_one({"_id": 3}, {"$inc": {"list.$[big]": 1}}, array_filters=[{"big": {"$gte": 3}}])
    equal(things.find_one(3)["list"], [1, 21, 4])
    things.update_one({"_id": 3}, [{"$set": {"sum": {"$sum": "$list"}}}])
    equal(things.find_one(3)["sum"], 26)
    refused(66, lambda: things.update_one({"_id": 1}, {"$set": {"_id": 2}}))
    refused(9, lambda: things.update_one({"_id": 1}, {"$nonsense": {"a": 1}}))
    refused(14, lambda: things.update_one({"_id": 1}, {"$inc": {"seen": 1}}))
    found = things.find_one_and_update({"_id": 1}, {"$inc": {"n": 1}})
    equal(found["n"], 1)
    found = things.find_one_and_update({"_id": 1}, {"$inc": {"n": 1}}, return_document=ReturnDocument.AFTER,
                                       projection={"n": 1, "_id": 0})
    equal(found, {"n": 3})
    found = things.find_one_and_replace({"_id": 77}, {"a": 1}, upsert=True, return_document=ReturnDocument.AFTER)
    equal(found, {"_id": 77, "a": 1})
    equal(things.find_one_and_delete({}, sort=[("_id", -1)])["_id"], 77)
    equal(things.find_one_and_delete({"_id": 77}), None)
    result = things.bulk_write([InsertOne({"_id": 50}), UpdateOne({"_id": 50}, {"$set": {"a": 1}}),
                                UpdateMany({"a": 1}, {"$set": {"a": 2}}), ReplaceOne({"_id": 51}, {"b": 1}, upsert=True),
                                DeleteOne({"_id": 50})])
    equal((result.inserted_count, result.modified_count, result.upserted_count, result.deleted_count), (1, 2, 1, 1))
    equal(things.delete_many({"_id": {"$gte": 9}}).deleted_count, 2)
    equal(things.delete_one({"_id": 1000}).deleted_count, 0)
    many = db.many
    equal(many.update_many({"_id": {"$gte": 1000}}, {"$set": {"big": True}}).modified_count, 4000)
    equal(many.update_one({"big": True, "_id": {"$mod": [4999, 0]}, "x": None}, {"$set": {"x": 1}}).modified_count, 1)
    equal(many.update_one({"absent": 1}, {"$set": {"y": 1}}, upsert=True).upserted_id is None, False)
    equal(many.find_one_and_update({"_id": {"$mod": [4998, 4000]}, "big": True}, {"$set": {"z": 1}})["_id"], 4000)
    equal(many.delete_many({"big": True}).deleted_count, 4000)


def indexing():
    people = db.people
    people.insert_many([{"_id": n, "name": f"n{n}", "age": n % 7, "mail": [f"{n}@a", f"{n}@b"],
                         "at": {"city": f"c{n % 3}"}} for n in range(200)])
    equal(people.create_index([("age", 1), ("name", -1)]), "age_1_name_-1")
    equal(people.create_index("mail", unique=True), "mail_1")
    equal(people.create_index("at.city", name="city"), "city")
    equal(people.create_index("at.city", name="city"), "city")
    equal(sorted(people.index_information()), ["_id_", "age_1_name_-1", "city", "mail_1"])
    error = refused(11000, lambda: people.insert_one({"mail": ["x", "7@b"]}), "index: mail_1")
    equal(error.details["keyPattern"], {"mail": 1})
    refused(11000, lambda: people.update_one({"_id": 1}, {"$set": {"mail": ["2@a"]}}))
    equal(people.find_one({"_id": 1})["mail"], ["1@a", "1@b"])

    def plan(cursor):
        explained = cursor.explain()
        stage = explained["queryPlanner"]["winningPlan"]
        stages = []
        while stage:
            stages.append(stage["stage"])
            stage = stage.get("inputStage")
        return stages, explained["executionStats"]["totalDocsExamined"]

    equal(plan(people.find({"age": 3})), (["FETCH", "IXSCAN"], 28 + (200 % 7 > 3)))
    equal(plan(people.find({"age": 3}).sort("name", -1))[0], ["FETCH", "IXSCAN"])
    equal(plan(people.find({"age": 3}).sort("name", 1))[0], ["FETCH", "IXSCAN"])
    equal(plan(people.find({"mail": "7@a"})), (["FETCH", "IXSCAN"], 1))
    equal(plan(people.find({"nothing": 1}))[0], ["COLLSCAN"])
    equal(plan(people.find({"at.city": {"$in": ["c1", "c2"]}}).sort("age"))[0], ["SORT", "FETCH", "IXSCAN"])
    names = [one["name"] for one in people.find({"age": 3}).sort("name", -1)]
    equal(names, sorted(names, reverse=True))
    names = [one["name"] for one in people.find({"age": 3}).sort("name", 1).batch_size(5)]
    equal(names, sorted(names))
    ages = [one["age"] for one in people.find({"age": {"$gt": 1, "$lte": 4}}).sort("age", -1)]
    equal(ages, sorted((n % 7 for n in range(200) if 1 < n % 7 <= 4), reverse=True))
    equal(len(list(people.find({"mail": {"$gte": ""}}).batch_size(3))), 200)
    equal(people.count_documents({"mail": {"$in": ["5@a", "5@b", "6@a"]}}), 2)
    people.drop_index("mail_1")
    refused(27, lambda: people.drop_index("mail_1"))
    refused(72, lambda: people.drop_index("_id_"))
    refused(86, lambda: people.create_index("name", name="city"))
    refused(85, lambda: people.create_index("at.city", name="other"))
    refused(67, lambda: people.create_index([("name", "text")]), "text")
    refused(67, lambda: people.create_index([("place", "2dsphere")]), "2dsphere")
    refused(67, lambda: people.create_index("$**"), "wildcard")
    refused(197, lambda: people.create_index("name", nonsense=1))
    refused(11000, lambda: people.create_index("age", unique=True, name="single"))
    equal("single" in people.index_information(), False)
    refused(171, lambda: db.parallel.create_index([("a", 1), ("b", 1)]) and db.parallel.insert_one({"a": [1], "b": [2]}))
    sparse = db.sparse
    sparse.create_index("mail", unique=True, sparse=True)
    sparse.insert_many([{}, {}, {"mail": "a"}])
    refused(11000, lambda: sparse.insert_one({"mail": "a"}))
    equal(plan(sparse.find({"mail": "a"}))[0], ["FETCH", "IXSCAN"])
    equal(plan(sparse.find({"mail": None}))[0], ["COLLSCAN"])
    equal(sparse.count_documents({"mail": None}), 2)
    partial = db.partial
    partial.create_index("n", unique=True, partialFilterExpression={"live": True})
    partial.insert_many([{"n": 1}, {"n": 1}, {"n": 1, "live": True}])
    refused(11000, lambda: partial.insert_one({"n": 1, "live": True}))
    refused(11000, lambda: partial.update_many({}, {"$set": {"live": True}}))
    equal(plan(partial.find({"n": 1, "live": True}))[0], ["FETCH", "IXSCAN"])
    equal(plan(partial.find({"n": 1}))[0], ["COLLSCAN"])
    for collection in ("people", "sparse", "partial", "parallel", "many", "things"):
        validated = db.command("validate", collection)
        equal(validated["valid"], True, validated)


def expiring():
    sessions = db.sessions
    sessions.create_index("at", expireAfterSeconds=1)
    now = datetime.datetime.now(datetime.timezone.utc)
    sessions.insert_many([{"_id": 1, "at": now}, {"_id": 2, "at": [now + datetime.timedelta(hours=1), now]},
                          {"_id": 3, "at": now + datetime.timedelta(hours=1)}, {"_id": 4, "at": "never"}, {"_id": 5}])
    until = time.monotonic() + 30
    while sorted(one["_id"] for one in sessions.find()) != [3, 4, 5]:
        assert time.monotonic() < until, list(sessions.find())
        time.sleep(0.1)
    changed = db.command({"collMod": "sessions", "index": {"name": "at_1", "expireAfterSeconds": 7200}})
    equal((changed["expireAfterSeconds_old"], changed["expireAfterSeconds_new"]), (1, 7200))
    refused(67, lambda: db.other.create_index([("a", 1), ("b", 1)], expireAfterSeconds=1))


def managing():
    db.create_collection("made")
    refused(48, lambda: db.command("create", "made"))
    refused(115, lambda: db.command("create", "checked", validator={"a": 1}))
    refused(73, lambda: db.command("create", "system.mine"))
    listed = {one["name"]: one for one in db.list_collections()}
    equal((listed["made"]["type"], listed["made"]["info"]["readOnly"]), ("collection", False))
    equal(db.list_collection_names(filter={"name": "made"}), ["made"])
    db.made.insert_one({"a": 1})
    db.made.rename("renamed")
    equal(db.renamed.find_one({}, {"_id": 0}), {"a": 1})
    db.made.insert_one({"a": 2})
    refused(48, lambda: db.made.rename("renamed"))
    db.made.rename("renamed", dropTarget=True)
    equal(db.renamed.distinct("a"), [2])
    stats = db.command("collStats", "renamed")
    equal((stats["count"], stats["nindexes"], stats["ns"]), (1, 1, "shop.renamed"))
    equal(db.command("dbStats")["db"], "shop")
    db.renamed.drop()
    db.renamed.drop()
    equal("renamed" in db.list_collection_names(), False)
    equal(list(db.renamed.find()), [])
    refused(26, lambda: list(db.command("listIndexes", "renamed")))
    equal(list(db.renamed.list_indexes()), [])
    client.other.here.insert_one({})
    equal("other" in client.list_database_names(), True)
    client.drop_database("other")
    equal("other" in client.list_database_names(), False)
    for w, code in ((2, 100), ("everywhere", 79)):
        try:
            db.get_collection("concerned", write_concern=WriteConcern(w)).insert_one({"_id": w})
        except WriteConcernError as error:
            equal((error.code, db.concerned.count_documents({"_id": w})), (code, 1))
        else:
            raise AssertionError(f"expected {code}, but it succeeded")
    error = refused(59, lambda: db.command("mapReduce", "orders"), "no such command: 'mapReduce'")
    equal(error.details["codeName"], "CommandNotFound")
    cursor = db.many.find().batch_size(2)
    next(cursor)
    db.many.drop()
    refused(175, lambda: list(cursor))


def aggregating():
    sales = db.sales
    sales.insert_many([{"_id": n, "shop": n % 3, "price": n, "tags": ["a", "b"][: n % 3]} for n in range(30)])
    db.shops.insert_many([{"_id": n, "name": f"shop {n}"} for n in range(3)])
    grouped = list(sales.aggregate([{"$match": {"price": {"$gte": 10}}},
                                    {"$group": {"_id": "$shop", "sum": {"$sum": "$price"}}}, {"$sort": {"_id": 1}}]))
    equal(grouped, [{"_id": r, "sum": sum(n for n in range(10, 30) if n % 3 == r)} for r in range(3)])
    joined = list(sales.aggregate([{"$match": {"_id": {"$lt": 2}}}, {"$lookup": {
        "from": "shops", "localField": "shop", "foreignField": "_id", "as": "at"}}, {"$sort": {"_id": 1}}]))
    equal([one["at"][0]["name"] for one in joined], ["shop 0", "shop 1"])
    equal(len(list(sales.aggregate([{"$unwind": "$tags"}]))), 30)
    equal(len(list(sales.aggregate([], batchSize=4))), 30)
    facet = next(sales.aggregate([{"$facet": {"count": [{"$count": "n"}], "top": [{"$sort": {"price": -1}}, {"$limit": 1}]}}]))
    equal((facet["count"], facet["top"][0]["_id"]), ([{"n": 30}], 29))
    equal(list(sales.aggregate([{"$match": {"$expr": {"$eq": ["$_id", "$$wanted"]}}}], let={"wanted": 7}))[0]["price"], 7)
    sales.aggregate([{"$match": {"shop": 1}}, {"$out": "copied"}])
    equal(db.copied.count_documents({}), 10)
    sales.aggregate([{"$match": {"shop": 2}}, {"$set": {"seen": True}}, {"$merge": {"into": "copied"}}])
    equal((db.copied.count_documents({}), db.copied.count_documents({"seen": True})), (20, 10))
    refused(115, lambda: sales.watch(), "$changeStream")
    refused(40324, lambda: list(sales.aggregate([{"$nonsense": {}}])))


for part in (handshake, inserting, finding, updating, indexing, expiring, aggregating, managing):
    part()
print(f"ok {checks} checks")
