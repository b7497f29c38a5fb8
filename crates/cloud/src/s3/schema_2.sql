-- Versions, and what may change about an object after it was written. Times are milliseconds since 1970.

ALTER TABLE s3_bucket ADD COLUMN versioning TEXT; -- none: never switched on; else Enabled or Suspended
ALTER TABLE s3_bucket ADD COLUMN locks INTEGER NOT NULL DEFAULT 0; -- 1: object lock was asked for

-- `version` is `null` for what was written without versioning. `number` counts up within a key.
-- `state` is what can change without a new version: retention, legal hold, access control list.
ALTER TABLE s3_object ADD COLUMN version TEXT NOT NULL DEFAULT 'null';
ALTER TABLE s3_object ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE s3_object ADD COLUMN state TEXT NOT NULL DEFAULT '{}';
ALTER TABLE s3_upload ADD COLUMN state TEXT NOT NULL DEFAULT '{}';

-- Every version that a plain GET does not see: those something newer has replaced, and delete markers, the latest
-- one included. A key that has rows here and none in s3_object has a delete marker as its latest version.
CREATE TABLE s3_version (
    bucket        INTEGER NOT NULL,
    key           BLOB NOT NULL,
    number        INTEGER NOT NULL,
    marker        INTEGER NOT NULL, -- 1: a delete marker
    superseded    INTEGER,          -- when something newer came; none: the latest, a delete marker
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
    version       TEXT NOT NULL,
    state         TEXT NOT NULL,
    PRIMARY KEY (bucket, key, number DESC)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX s3_version_name ON s3_version (bucket, key, version);
CREATE INDEX s3_version_file ON s3_version (file) WHERE file IS NOT NULL;
