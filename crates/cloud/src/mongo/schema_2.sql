-- A collection. Its documents have the ids from `id << 40` up; `id` is never used again.
CREATE TABLE mongo_collection (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    db TEXT NOT NULL,
    name TEXT NOT NULL,
    uuid BLOB NOT NULL,
    -- What it was created with, as BSON.
    options BLOB NOT NULL,
    UNIQUE (db, name)
);

-- A document as BSON, in the order of insertion.
CREATE TABLE mongo_document (
    id INTEGER PRIMARY KEY,
    document BLOB NOT NULL
);

CREATE TABLE mongo_index (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    collection INTEGER NOT NULL,
    name TEXT NOT NULL,
    -- What it was created with, as BSON.
    spec BLOB NOT NULL,
    -- Whether any document ever had several keys in it.
    multikey INTEGER NOT NULL DEFAULT 0,
    -- Whether documents from before it are still being put into it: it is written, and not read.
    building INTEGER NOT NULL DEFAULT 0,
    UNIQUE (collection, name)
);

-- One key of one document in one index; keys compare as the values do.
CREATE TABLE mongo_entry (
    idx INTEGER NOT NULL,
    key BLOB NOT NULL,
    document INTEGER NOT NULL,
    PRIMARY KEY (idx, key, document)
) WITHOUT ROWID;

-- What is still to be cleared away of dropped collections and indexes: `kind` 0 is documents, 1 is entries.
CREATE TABLE mongo_doomed (
    kind INTEGER NOT NULL,
    id INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;

-- The last retryable write of each session, and how it was answered.
CREATE TABLE mongo_retry (
    session BLOB PRIMARY KEY,
    number INTEGER NOT NULL,
    reply BLOB NOT NULL,
    -- Milliseconds since 1970.
    at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX mongo_retry_at ON mongo_retry (at);

-- A user, and what is kept of the password (RFC 5802, section 3).
CREATE TABLE mongo_user (
    db TEXT NOT NULL,
    name TEXT NOT NULL,
    uuid BLOB NOT NULL,
    -- Roles and custom data, as BSON.
    document BLOB NOT NULL,
    salt BLOB NOT NULL,
    rounds INTEGER NOT NULL,
    stored_key BLOB NOT NULL,
    server_key BLOB NOT NULL,
    PRIMARY KEY (db, name)
) WITHOUT ROWID;
