//! The server's tables, version by version. A version that was released is never edited; a change is a new one.

use tokio_postgres::Client;

use crate::store::StoreError;

/// What leads from each version to the next. The version is the one row of `knowledge_schema`.
const MIGRATIONS: &[&str] = &["
    create table tenants (
        number integer generated always as identity primary key,
        name text not null unique,
        documents bigint not null   -- how many there are; also the number of the last one
    );
    create table documents (
        place bigint primary key,   -- tenant's number * 2^32 + document's number
        tenant integer not null references tenants (number),
        id uuid not null,
        title text not null,
        content text not null,
        tags text not null,         -- a JSON list
        created_at bigint not null  -- seconds since 1970
    );
    -- A word is `tenant's number.impact.word`. A vector holds at most 1 MiB, so a long document may have several rows.
    -- Vectors stand apart from the rows, which counting reads.
    create table words (
        place bigint not null,
        words tsvector not null
    ) with (toast_tuple_target = 128);
    alter table words alter words set storage external;
    create index words_place on words (place);
    create index words_words on words using gin (words) with (gin_pending_list_limit = 512);
    create table loads (
        name text primary key,
        lines bigint not null
    );
"];

/// The lock under which migrations happen; any number will do that nobody else uses.
const LOCK: i64 = 0x6b6e_6f77_6c65_6467;

pub(super) async fn migrate(client: &mut Client) -> Result<(), StoreError> {
    let transaction = client.transaction().await?;
    transaction.execute("select pg_advisory_xact_lock($1)", &[&LOCK]).await?;
    transaction
        .batch_execute("create table if not exists knowledge_schema (version bigint not null)")
        .await?;
    let row = transaction.query_opt("select version from knowledge_schema", &[]).await?;
    let version: i64 = row.map_or(Ok(0), |row| row.try_get(0))?;
    let known = MIGRATIONS.len();
    let done = usize::try_from(version).unwrap_or(usize::MAX);
    let Some(missing) = MIGRATIONS.get(done..) else {
        return Err(StoreError::Newer { found: version, known });
    };
    for migration in missing {
        transaction.batch_execute(migration).await?;
    }
    if !missing.is_empty() {
        transaction.execute("delete from knowledge_schema", &[]).await?;
        let now = i64::try_from(known).unwrap_or(i64::MAX);
        transaction.execute("insert into knowledge_schema (version) values ($1)", &[&now]).await?;
        tracing::info!(from = version, to = known, "schema migrated");
    }
    Ok(transaction.commit().await?)
}
