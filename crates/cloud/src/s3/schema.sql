-- Buckets, what is in them, and uploads in parts. Times are milliseconds since 1970, sizes are bytes.
-- Keys are blobs: their order is the order of their UTF-8 bytes, which is the order S3 lists in.

CREATE TABLE s3_bucket (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    name    TEXT NOT NULL UNIQUE,
    region  TEXT NOT NULL,
    created INTEGER NOT NULL,
    objects INTEGER NOT NULL DEFAULT 0,
    bytes   INTEGER NOT NULL DEFAULT 0
) STRICT;

-- One document per sub-resource: `tagging`, and what joins it.
CREATE TABLE s3_bucket_document (
    bucket INTEGER NOT NULL,
    kind   TEXT NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (bucket, kind)
) STRICT, WITHOUT ROWID;

-- What a plain GET and a plain listing see: the current version of each key and nothing else.
-- The bytes are `inline` in s3_content, in the file `file`, or in the parts of `upload`; none of these: empty.
CREATE TABLE s3_object (
    bucket        INTEGER NOT NULL,
    key           BLOB NOT NULL,
    size          INTEGER NOT NULL,
    etag          TEXT NOT NULL,
    modified      INTEGER NOT NULL,
    storage_class TEXT NOT NULL,
    algorithm     TEXT,
    checksum      TEXT,
    checksum_type TEXT,
    inline        INTEGER,
    file          TEXT,
    upload        INTEGER,
    attributes    TEXT NOT NULL,
    tags          TEXT NOT NULL,
    PRIMARY KEY (bucket, key)
) STRICT, WITHOUT ROWID;
-- Asked at a start, for each file an earlier process left under way.
CREATE INDEX s3_object_file ON s3_object (file) WHERE file IS NOT NULL;

CREATE TABLE s3_content (
    id    INTEGER PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;

-- `etag` is there once the upload is completed; the row then lives as long as the object made from it.
CREATE TABLE s3_upload (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    name          TEXT NOT NULL UNIQUE,
    bucket        INTEGER NOT NULL,
    key           BLOB NOT NULL,
    begun         INTEGER NOT NULL,
    etag          TEXT,
    storage_class TEXT NOT NULL,
    algorithm     TEXT,
    checksum_type TEXT,
    attributes    TEXT NOT NULL,
    tags          TEXT NOT NULL
) STRICT;
CREATE INDEX s3_upload_open ON s3_upload (bucket, key, name) WHERE etag IS NULL;

CREATE TABLE s3_part (
    upload   INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    size     INTEGER NOT NULL,
    etag     TEXT NOT NULL,
    modified INTEGER NOT NULL,
    checksum TEXT,
    file     TEXT NOT NULL,
    PRIMARY KEY (upload, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX s3_part_file ON s3_part (file);

-- Files nothing refers to any more; a row goes when its file is gone.
CREATE TABLE s3_garbage (
    file TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
