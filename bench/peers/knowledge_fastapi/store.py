"""Documents in SQLite with FTS5."""

import json
import os
import sqlite3
import threading
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

PATH = Path(os.environ.get("DB_PATH", "./data/app.db"))
SCHEMA = """
create table if not exists documents (
    number integer primary key, id text not null, tenant text not null, tags text not null, created_at text not null
);
create virtual table if not exists words using fts5 (title, content, tenant unindexed);
"""
FOUND = """
select documents.id, words.title, snippet(words, 1, '<b>', '</b>', '...', 24), documents.tags, bm25(words),
       documents.created_at
from words join documents on documents.number = words.rowid
where words match ? and words.tenant = ? order by bm25(words), words.rowid limit ? offset ?
"""
COUNT = "select count(*) from words where words match ? and words.tenant = ?"

_local = threading.local()


def connection() -> sqlite3.Connection:
    """This thread's connection."""
    if not hasattr(_local, "connection"):
        PATH.parent.mkdir(parents=True, exist_ok=True)
        _local.connection = sqlite3.connect(PATH, timeout=30, isolation_level=None, cached_statements=64)
        _local.connection.execute("pragma journal_mode = wal")
        _local.connection.execute("pragma synchronous = full")
    return _local.connection


def create() -> None:
    """The tables."""
    connection().executescript(SCHEMA)


def now() -> str:
    """The time in seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def add(tenant: str, documents: Iterable[tuple[str, str, list[str]]]) -> tuple[str, str]:
    """Keeps documents in one commit: the last one's identifier and time."""
    identifier, created_at = "", now()
    database = connection()
    database.execute("begin immediate")
    try:
        for title, content, tags in documents:
            identifier = str(uuid.uuid4())
            row = (identifier, tenant, json.dumps(tags), created_at)
            number = database.execute("insert into documents values (null, ?, ?, ?, ?)", row).lastrowid
            database.execute(
                "insert into words (rowid, title, content, tenant) values (?, ?, ?, ?)",
                (number, title, content, tenant),
            )
    except BaseException:
        database.execute("rollback")
        raise
    database.execute("commit")
    return identifier, created_at


def search(tenant: str, typed: str, limit: int, offset: int) -> tuple[int, list[tuple[str, str, str, str, float, str]]]:
    """How many documents hold every word, and a page of them."""
    words = " ".join('"' + word.replace('"', '""') + '"' for word in typed.split())
    database = connection()
    total = database.execute(COUNT, (words, tenant)).fetchone()[0]
    return total, database.execute(FOUND, (words, tenant, limit, offset)).fetchall()
