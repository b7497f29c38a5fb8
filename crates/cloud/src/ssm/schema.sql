-- Parameters and their last hundred versions. Times are milliseconds since 1970.
-- Names are ASCII, so the order of the index is the order of paths.

CREATE TABLE ssm_parameter (
    name    TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    tags    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A SecureString's value is sealed: nonce, ciphertext and tag.
CREATE TABLE ssm_version (
    name            TEXT NOT NULL,
    version         INTEGER NOT NULL,
    kind            TEXT NOT NULL,
    value           BLOB NOT NULL,
    key_id          TEXT,
    description     TEXT,
    allowed_pattern TEXT,
    tier            TEXT NOT NULL,
    policies        TEXT,
    data_type       TEXT NOT NULL,
    modified        INTEGER NOT NULL,
    labels          TEXT NOT NULL,
    PRIMARY KEY (name, version)
) STRICT, WITHOUT ROWID;
