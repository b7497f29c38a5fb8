"""Logins as pymongo makes them. Usage: mongo_login.py URL NAME PASSWORD. Ends with `ok N checks`."""

import sys

from pymongo import MongoClient
from pymongo.errors import OperationFailure

url, name, password = sys.argv[1:]
checks = 0


def equal(found, expected):
    global checks
    checks += 1
    assert found == expected, f"found {found!r}, expected {expected!r}"


def code(call):
    try:
        call()
    except OperationFailure as error:
        return error.code
    return None


def login(user, word, **more):
    return MongoClient(url, username=user, password=word, serverSelectionTimeoutMS=10_000, **more)


with MongoClient(url, serverSelectionTimeoutMS=10_000) as nobody:
    equal(nobody.admin.command("ping")["ok"], 1.0)
    equal(code(lambda: nobody.shop.orders.insert_one({})), 13)
    equal(code(lambda: nobody.shop.orders.find_one()), 13)
    equal(code(lambda: nobody.list_database_names()), 13)
for mechanism in ({}, {"authMechanism": "SCRAM-SHA-256"}):
    with login(name, password, **mechanism) as client:
        client.shop.orders.insert_one({})
        equal(client.admin.command("connectionStatus")["authInfo"]["authenticatedUsers"], [{"user": name, "db": "admin"}])
with login(name, password) as client:
    # The same name after preparation: a soft hyphen is nothing, a combining accent is part of its letter.
    with login(name.replace("ü", "u\u0308"), password + "\u00ad") as same:
        equal(code(lambda: same.shop.orders.find_one()), None)
    client.shop.command("createUser", "clerk", pwd="word", roles=["readWrite"])
    equal(code(lambda: client.shop.command("createUser", "clerk", pwd="word", roles=[])), 51003)
    users = client.shop.command("usersInfo", "clerk")["users"]
    equal((users[0]["user"], users[0]["roles"]), ("clerk", [{"role": "readWrite", "db": "shop"}]))
    equal("word" in str(users), False)
    with login("clerk", "word", authSource="shop") as clerk:
        equal(code(lambda: clerk.shop.orders.find_one()), None)
    client.shop.command("updateUser", "clerk", pwd="other")
    with login("clerk", "word", authSource="shop") as clerk:
        equal(code(lambda: clerk.shop.orders.find_one()), 18)
    with login("clerk", "other", authSource="shop") as clerk:
        equal(code(lambda: clerk.shop.orders.find_one()), None)
    client.shop.command("dropUser", "clerk")
    equal(code(lambda: client.shop.command("dropUser", "clerk")), 11)
for user, word in ((name, "wrong"), ("nobody", password), ("clerk", "other")):
    with login(user, word) as client:
        equal(code(lambda: client.shop.orders.find_one()), 18)
print(f"ok {checks} checks")
