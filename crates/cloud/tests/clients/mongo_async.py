"""Documents as asynchronous applications use them, and files in GridFS. Usage: mongo_async.py URL. Ends with `ok N checks`."""

import asyncio
import sys

import gridfs
from pymongo import AsyncMongoClient, InsertOne, MongoClient, UpdateOne
from pymongo.errors import DuplicateKeyError, OperationFailure

url = sys.argv[1]
checks = 0


def equal(found, expected):
    global checks
    checks += 1
    assert found == expected, f"found {found!r}, expected {expected!r}"


async def refused(code, awaited):
    try:
        await awaited
    except OperationFailure as error:
        equal(error.code, code)
        return error
    raise AssertionError(f"expected {code}, but it succeeded")


async def documents(db):
    tasks = db.tasks
    await tasks.create_index("name", unique=True)
    await asyncio.gather(*(tasks.insert_one({"_id": n, "name": f"n{n}"}) for n in range(100)))
    error = await refused(11000, tasks.insert_one({"name": "n7"}))
    equal((isinstance(error, DuplicateKeyError), error.details["keyValue"]), (True, {"name": "n7"}))
    done = await tasks.bulk_write([InsertOne({"_id": 100}), UpdateOne({"_id": 100}, {"$set": {"name": "last"}})])
    equal((done.inserted_count, done.modified_count), (1, 1))
    equal([one["_id"] async for one in tasks.find({"_id": {"$gte": 10}}).sort("_id", -1).batch_size(7)],
          list(range(100, 9, -1)))
    # Each of them takes another task: nobody gets one twice.
    taken = await asyncio.gather(*(tasks.find_one_and_update({"taken": None}, {"$set": {"taken": True}}, sort=[("_id", 1)])
                                   for _ in range(40)))
    equal(sorted(one["_id"] for one in taken), list(range(40)))
    counters = await asyncio.gather(*(db.counters.find_one_and_update({"_id": "c"}, {"$inc": {"n": 1}}, upsert=True)
                                      for _ in range(50)))
    equal((len(counters), (await db.counters.find_one({"_id": "c"}))["n"]), (50, 50))
    grouped = await tasks.aggregate([{"$group": {"_id": "$taken", "n": {"$sum": 1}}}, {"$sort": {"_id": 1}}])
    equal(await grouped.to_list(), [{"_id": None, "n": 61}, {"_id": True, "n": 40}])


async def moving(client):
    """Ten at a time move money, and none is lost."""
    accounts = client.bank.accounts
    await accounts.insert_many([{"_id": n, "sum": 100} for n in range(4)])

    async def move(number):
        async def body(session):
            await accounts.update_one({"_id": number % 4}, {"$inc": {"sum": -1}}, session=session)
            await accounts.update_one({"_id": (number + 1) % 4}, {"$inc": {"sum": 1}}, session=session)
        async with client.start_session() as session:
            await session.with_transaction(body)

    await asyncio.gather(*(move(number) for number in range(10)))
    equal([one["sum"] async for one in accounts.find().sort("_id")], [99, 100, 101, 100])


def files():
    with MongoClient(url) as client:
        bucket = gridfs.GridFSBucket(client.files, chunk_size_bytes=4096)
        content = bytes(range(256)) * 300
        first = bucket.upload_from_stream("f", content, metadata={"v": 1})
        bucket.upload_from_stream("f", b"second")
        equal(bucket.open_download_stream(first).read(), content)
        equal(bucket.open_download_stream_by_name("f").read(), b"second")
        equal(bucket.open_download_stream_by_name("f", revision=0).read(), content)
        equal([(one.length, one.metadata) for one in bucket.find({"metadata.v": 1})], [(len(content), {"v": 1})])
        reader = bucket.open_download_stream(first)
        reader.seek(70_000)
        equal(reader.read(10), content[70_000:70_010])
        bucket.rename(first, "g")
        bucket.delete(first)
        equal((client.files.fs.files.count_documents({}), client.files.fs.chunks.count_documents({})), (1, 1))
        equal(sorted(client.files.fs.chunks.index_information()), ["_id_", "files_id_1_n_1"])


async def main():
    async with AsyncMongoClient(url, serverSelectionTimeoutMS=10_000) as client:
        await documents(client.asynchronous)
        await moving(client)
        await refused(115, client.asynchronous.tasks.watch())


asyncio.run(main())
files()
print(f"ok {checks} checks")
