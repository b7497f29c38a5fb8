//! The tables, version by version. Each service brings its own text; a version is all that came with it.

use std::path::Path;

use rusqlite::Connection;

use super::{StoreError, open};

/// Entry `n` takes a database from version `n` to `n + 1`. Entries are never changed once released.
const VERSIONS: &[&[&str]] = &[
    &[include_str!("../sqs/schema.sql"), include_str!("../s3/schema.sql"), include_str!("../ssm/schema.sql")],
    &[
        include_str!("../kms/schema_2.sql"),
        include_str!("../mongo/schema_2.sql"),
        include_str!("../s3/schema_2.sql"),
        include_str!("../secrets/schema_2.sql"),
        include_str!("../sqs/schema_2.sql"),
        include_str!("../ssm/schema_2.sql"),
    ],
];

/// Brings the tables up to date, or refuses a file that is ahead of this program.
pub(super) fn migrate(connection: &Connection, file: &Path) -> Result<(), StoreError> {
    let refused = |error: rusqlite::Error| open::refusal(file, &error);
    let found: i64 =
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(refused)?;
    let known = i64::try_from(VERSIONS.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(StoreError::Newer { path: file.to_owned(), found, known });
    }
    let done = usize::try_from(found).unwrap_or(0);
    for (version, texts) in (1_i64..).zip(VERSIONS).skip(done) {
        step(connection, version, texts).map_err(refused)?;
    }
    Ok(())
}

fn step(connection: &Connection, version: i64, texts: &[&str]) -> rusqlite::Result<()> {
    let transaction = connection.unchecked_transaction()?;
    for text in texts {
        transaction.execute_batch(text)?;
    }
    transaction.pragma_update(None, "user_version", version)?;
    transaction.commit()
}
