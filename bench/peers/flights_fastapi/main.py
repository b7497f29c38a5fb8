"""The flights service on FastAPI: what bench/ measures beside ours, and what the tests hold ours to."""

import os
from contextlib import asynccontextmanager
from enum import Enum
from typing import Annotated

from bson import ObjectId
from fastapi import FastAPI, HTTPException, Path, Query, Response
from pydantic import BaseModel
from pymongo import AsyncMongoClient, ReturnDocument

HEX = "^[0-9a-fA-F]{24}$"


class Status(str, Enum):
    scheduled = "scheduled"
    cancelled = "cancelled"


class Draft(BaseModel):
    status: Status


class Flight(Draft):
    id: str


Identifier = Annotated[str, Path(pattern=HEX)]
store = {}


@asynccontextmanager
async def connected(_):
    client = AsyncMongoClient(os.environ["MONGO_URI"], w="majority")
    store["flights"] = client[os.environ["MONGO_DB_NAME"]]["flights"]
    yield
    await client.close()


app = FastAPI(lifespan=connected)


def shown(document):
    return Flight(status=document["status"], id=str(document["_id"]))


def found(document):
    if document is None:
        raise HTTPException(404, "Flight not found")
    return shown(document)


@app.get("/", status_code=204)
async def alive():
    return Response(status_code=204)


@app.get("/flights")
async def page(
    skip: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=0, le=1000)] = 100,
    after: Annotated[str | None, Query(pattern=HEX)] = None,
) -> list[Flight]:
    wanted = {"_id": {"$gt": ObjectId(after)}} if after else {}
    cursor = store["flights"].find(wanted, sort=[("_id", 1)], skip=skip, limit=limit or 1000)
    return [shown(document) async for document in cursor]


@app.post("/flights")
async def create(draft: Draft) -> Flight:
    document = {"status": draft.status.value}
    await store["flights"].insert_one(document)
    return shown(document)


@app.get("/flights/{id}")
async def read(id: Identifier) -> Flight:
    return found(await store["flights"].find_one({"_id": ObjectId(id)}))


@app.put("/flights/{id}")
async def change(id: Identifier, draft: Draft) -> Flight:
    change = {"$set": {"status": draft.status.value}}
    options = {"return_document": ReturnDocument.AFTER}
    return found(await store["flights"].find_one_and_update({"_id": ObjectId(id)}, change, **options))


@app.delete("/flights/{id}", status_code=204)
async def remove(id: Identifier):
    if not (await store["flights"].delete_one({"_id": ObjectId(id)})).deleted_count:
        raise HTTPException(404, "Flight not found")
