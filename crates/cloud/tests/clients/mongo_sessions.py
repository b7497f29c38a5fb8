"""Sessions, transactions and retryable writes as pymongo uses them. Usage: mongo_sessions.py URL."""

import socket
import struct
import sys
import urllib.parse
import uuid

import bson
from bson import Binary, Int64
from pymongo import MongoClient, ReadPreference, WriteConcern
from pymongo.errors import OperationFailure, PyMongoError
from pymongo.read_concern import ReadConcern

client = MongoClient(sys.argv[1], serverSelectionTimeoutMS=10_000)
db = client["bank"]
checks = 0


def equal(found, expected, what=""):
    global checks
    checks += 1
    assert found == expected, f"{what}: found {found!r}, expected {expected!r}"


def refused(code, call):
    try:
        call()
    except OperationFailure as error:
        equal(error.code, code, str(error))
        return error
    raise AssertionError(f"expected {code}, but it succeeded")


def raw(command):
    """One command on a connection of its own, without a session of the driver's."""
    address = urllib.parse.urlsplit(sys.argv[1])
    payload = b"\0" * 5 + bson.encode({**command, "$db": "bank"})
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection, \
            connection.makefile("rb") as answers:
        connection.sendall(struct.pack("<iiii", 16 + len(payload), 1, 0, 2013) + payload)
        length, = struct.unpack("<i", answers.read(4))
        return bson.decode(answers.read(length - 4)[17:])


def code(command):
    return raw(command).get("code")


def ids(collection, session=None):
    return sorted((one["_id"] for one in collection.find({}, session=session)), key=str)


def committing():
    accounts = db.accounts
    accounts.insert_many([{"_id": "a", "sum": 100}, {"_id": "b", "sum": 0}])
    with client.start_session() as session, session.start_transaction():
        accounts.update_one({"_id": "a"}, {"$inc": {"sum": -30}}, session=session)
        accounts.update_one({"_id": "b"}, {"$inc": {"sum": 30}}, session=session)
        accounts.insert_one({"_id": "c", "sum": 1}, session=session)
        accounts.update_one({"_id": "c"}, {"$inc": {"sum": 1}}, session=session)
        equal(accounts.find_one({"_id": "c"}, session=session), {"_id": "c", "sum": 2})
        equal(accounts.find_one({"_id": "a"})["sum"], 100)
        equal(ids(accounts), ["a", "b"])
        equal(ids(accounts, session), ["a", "b", "c"])
        equal(accounts.count_documents({"sum": {"$gte": 30}}, session=session), 2)
        equal([one["_id"] for one in accounts.find({}, session=session).sort("sum", -1)], ["a", "b", "c"])
    equal([one["sum"] for one in accounts.find().sort("_id")], [70, 30, 2])
    equal(db.command("validate", "accounts")["valid"], True)


def aborting():
    accounts = db.accounts
    with client.start_session() as session:
        session.start_transaction()
        accounts.delete_many({}, session=session)
        equal(ids(accounts, session), [])
        session.abort_transaction()
        equal(ids(accounts), ["a", "b", "c"])
        session.start_transaction()
        accounts.insert_one({"_id": "d"}, session=session)
        refused(11000, lambda: accounts.insert_one({"_id": "a"}, session=session))
        error = refused(251, lambda: accounts.find_one({}, session=session))
        equal(error.has_error_label("TransientTransactionError"), True)
        session.abort_transaction()
    equal(ids(accounts), ["a", "b", "c"])


def isolating():
    accounts = db.accounts
    with client.start_session() as one, client.start_session() as two:
        one.start_transaction(read_concern=ReadConcern("snapshot"), write_concern=WriteConcern("majority"))
        two.start_transaction()
        equal(accounts.find_one({"_id": "a"}, session=one)["sum"], 70)
        equal(accounts.find_one({"_id": "a"}, session=two)["sum"], 70)
        accounts.update_one({"_id": "b"}, {"$set": {"sum": 5}})
        # What others commit meanwhile is not seen.
        equal(accounts.find_one({"_id": "b"}, session=one)["sum"], 30)
        accounts.update_one({"_id": "a"}, {"$inc": {"sum": 1}}, session=one)
        accounts.update_one({"_id": "a"}, {"$inc": {"sum": 1}}, session=two)
        one.commit_transaction()
        error = refused(112, two.commit_transaction)
        equal(error.has_error_label("TransientTransactionError"), True)
    equal(accounts.find_one({"_id": "a"})["sum"], 71)
    unique = db.unique
    unique.create_index("k", unique=True)
    with client.start_session() as session:
        session.start_transaction()
        unique.insert_one({"k": 1}, session=session)
        unique.insert_one({"k": 1})
        refused(112, session.commit_transaction)
        session.start_transaction()
        unique.delete_one({"k": 1}, session=session)
        unique.insert_one({"k": 1, "new": True}, session=session)
        session.commit_transaction()
    equal(unique.find_one({}, {"_id": 0}), {"k": 1, "new": True})
    equal(db.command("validate", "unique")["valid"], True)


def trying_again():
    accounts = db.accounts
    tries = []

    def move(session):
        tries.append(1)
        found = accounts.find_one({"_id": "a"}, session=session)
        if len(tries) == 1:
            accounts.update_one({"_id": "a"}, {"$inc": {"sum": 100}})
        accounts.update_one({"_id": "a"}, {"$set": {"sum": found["sum"] + 1}}, session=session)

    with client.start_session() as session:
        session.with_transaction(move)
    equal((len(tries), accounts.find_one({"_id": "a"})["sum"]), (2, 172))


def refusing():
    with client.start_session() as session:
        session.start_transaction()
        db.accounts.find_one({}, session=session)
        refused(263, lambda: db.command("count", "accounts", session=session))
        session.abort_transaction()
        session.start_transaction()
        db.fresh.insert_one({"_id": 1}, session=session)
        session.commit_transaction()
    equal(ids(db.fresh), [1])
    lsid = {"id": Binary(uuid.uuid4().bytes, 4)}
    unknown = {"find": "accounts", "lsid": lsid, "txnNumber": Int64(1), "autocommit": False}
    equal(code(unknown), 251)
    begun = {"find": "accounts", "lsid": lsid, "txnNumber": Int64(2), "autocommit": False, "startTransaction": True}
    equal(raw(begun)["ok"], 1.0)
    equal(code(begun), 117)
    commit = {"commitTransaction": 1, "lsid": lsid, "txnNumber": Int64(2), "autocommit": False}
    equal(raw(commit)["ok"], 1.0)
    equal(raw(commit)["ok"], 1.0)
    equal(code({**unknown, "txnNumber": Int64(2)}), 256)
    equal(code({**begun, "txnNumber": Int64(1)}), 225)
    # A retryable write with a greater number ends an open transaction.
    equal(raw({**begun, "txnNumber": Int64(3)})["ok"], 1.0)
    equal(raw({"insert": "fresh", "documents": [{"_id": 2}], "lsid": lsid, "txnNumber": Int64(4)})["n"], 1)
    equal(code({**commit, "txnNumber": Int64(3)}), 225)


def repeating():
    """The same number twice is the same write once."""
    lsid = {"id": Binary(uuid.uuid4().bytes, 4)}

    def numbered(number, command):
        return raw({**command, "lsid": lsid, "txnNumber": Int64(number)})

    insert = {"insert": "retried", "documents": [{"n": 1}, {"n": 2}]}
    equal(numbered(1, insert)["n"], 2)
    equal(numbered(1, insert)["n"], 2)
    equal(db.retried.count_documents({}), 2)
    update = {"update": "retried", "updates": [{"q": {"n": 1}, "u": {"$inc": {"times": 1}}}]}
    for _ in range(3):
        equal((numbered(2, update)["n"], db.retried.find_one({"n": 1})["times"]), (1, 1))
    modify = {"findAndModify": "retried", "query": {"n": 2}, "update": {"$inc": {"times": 1}}, "new": True}
    for _ in range(3):
        equal(numbered(3, modify)["value"]["times"], 1)
    delete = {"delete": "retried", "deletes": [{"q": {}, "limit": 1}]}
    for _ in range(3):
        equal((numbered(4, delete)["n"], db.retried.count_documents({})), (1, 1))
    equal(numbered(3, modify)["code"], 225)
    wrong = {"insert": "retried", "documents": [{"_id": 1}, {"_id": 1}, {"_id": 2}]}
    for _ in range(2):
        answer = numbered(5, wrong)
        equal((answer["n"], answer["writeErrors"][0]["index"]), (1, 1))


def sessions():
    started = client.admin.command("startSession")
    equal(started["timeoutMinutes"], 30)
    for command in ("refreshSessions", "endSessions", "killSessions"):
        equal(client.admin.command({command: [started["id"]]})["ok"], 1.0)
    with client.start_session(causal_consistency=True) as session:
        db.causal.insert_one({"_id": 1}, session=session)
        equal(session.operation_time is None, False)
        secondary = db.get_collection("causal", read_preference=ReadPreference.SECONDARY_PREFERRED)
        equal(secondary.find_one({}, session=session), {"_id": 1})


for part in (committing, aborting, isolating, trying_again, refusing, repeating, sessions):
    part()
print(f"ok {checks} checks")
