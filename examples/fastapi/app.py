"""A small shop of books: an ordinary FastAPI service that knows nothing of Taxiway."""

import os

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI(title="Books")


class Book(BaseModel):
    """One book of the catalogue."""

    title: str
    author: str
    pages: int


CATALOGUE = {
    1: Book(title="Night Flight", author="Antoine de Saint-Exupéry", pages=96),
    2: Book(title="West with the Night", author="Beryl Markham", pages=294),
}


@app.get("/healthz")
async def healthz() -> dict[str, str]:
    """Whether this replica can work."""
    return {"status": "ok"}


@app.get("/")
async def who() -> dict[str, int]:
    """Which replica answers: ask twice behind a load balancer."""
    return {"pid": os.getpid()}


@app.get("/books")
async def books(longest: int = 1000) -> list[Book]:
    """The books of at most so many pages."""
    return [book for book in CATALOGUE.values() if book.pages <= longest]


@app.get("/books/{number}")
async def book(number: int) -> Book:
    """One book."""
    if number not in CATALOGUE:
        raise HTTPException(404, "Book not found")
    return CATALOGUE[number]
