-- KMS keys. What is told about a key is a JSON document; its material is sealed with the folder's root key.
-- Times are milliseconds since 1970.

CREATE TABLE kms_key (
    id  TEXT PRIMARY KEY,
    due INTEGER,
    key TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX kms_key_due ON kms_key (due) WHERE due IS NOT NULL;

-- A key that was rotated has several: the one with the highest number encrypts, all of them decrypt.
CREATE TABLE kms_material (
    key_id TEXT NOT NULL REFERENCES kms_key (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    made   INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (key_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE kms_alias (
    name    TEXT PRIMARY KEY,
    key_id  TEXT NOT NULL REFERENCES kms_key (id) ON DELETE CASCADE,
    made    INTEGER NOT NULL,
    changed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX kms_alias_key ON kms_alias (key_id);

CREATE TABLE kms_grant (
    id     TEXT PRIMARY KEY,
    key_id TEXT NOT NULL REFERENCES kms_key (id) ON DELETE CASCADE,
    told   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX kms_grant_key ON kms_grant (key_id, id);
