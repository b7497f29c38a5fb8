-- Secrets and their versions. What is told about a secret is a JSON document; values are sealed under KMS keys.
-- Times are milliseconds since 1970.

CREATE TABLE secret (
    name   TEXT PRIMARY KEY,
    due    INTEGER,
    secret TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX secret_due ON secret (due) WHERE due IS NOT NULL;

-- A version that a rotation made and nobody has filled yet has no value.
CREATE TABLE secret_version (
    name     TEXT NOT NULL REFERENCES secret (name) ON DELETE CASCADE,
    id       TEXT NOT NULL,
    number   INTEGER NOT NULL,
    made     INTEGER NOT NULL,
    accessed INTEGER,
    stages   TEXT NOT NULL,
    kind     TEXT,
    value    BLOB,
    key_id   TEXT,
    PRIMARY KEY (name, id)
) STRICT, WITHOUT ROWID;
