//! The file's tables, version by version. A version that was released is never edited; a change is a new one.

use rusqlite::{Connection, TransactionBehavior};

use crate::store::StoreError;

/// What leads from each version to the next. The version is SQLite's `user_version`.
const MIGRATIONS: &[&str] = &["
    create table tenants (
        number integer primary key,
        name text not null unique,
        documents integer not null  -- how many there are; also the number of the last one
    ) strict;
    create table documents (
        place integer primary key,  -- tenant's number * 2^32 + document's number
        tenant integer not null references tenants (number),
        id blob not null,
        title text not null,
        content text not null,
        tags text not null,         -- a JSON list
        created_at integer not null -- seconds since 1970
    ) strict;
    -- rowid is the document's place; a word is `tenant's number.impact.word`. No texts, positions and sizes are in it.
    create virtual table words using fts5 (
        word, content = '', detail = none, columnsize = 0, tokenize = \"ascii tokenchars '.'\"
    );
    create table loads (
        name text primary key,
        lines integer not null
    ) strict, without rowid;
"];

pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = MIGRATIONS.len();
    let done = usize::try_from(version).unwrap_or(usize::MAX);
    let Some(missing) = MIGRATIONS.get(done..) else {
        return Err(StoreError::Newer { found: version, known });
    };
    for migration in missing {
        transaction.execute_batch(migration)?;
    }
    if !missing.is_empty() {
        transaction.pragma_update(None, "user_version", i64::try_from(known).unwrap_or(i64::MAX))?;
        tracing::info!(from = version, to = known, "schema migrated");
    }
    Ok(transaction.commit()?)
}
