//! The database on a server.

use std::time::Duration;

use kit::postgres::Address;
use tokio::time::timeout;
use tokio_postgres::{Client, Row};

use super::{RECORD, RECORDED, Record, StoreError};
use crate::schema::{self, Schema};

/// How long a server may take to let us in: one that listens need not answer.
const LOGIN_LIMIT: Duration = Duration::from_secs(15);

/// The lock under which migrations happen; any number will do that nobody else uses.
const LOCK: i64 = 0x626f_6f74_7374_7261;

/// Whether anything was migrated yet.
const IS_THERE: &str = "select to_regclass('bootstrap_migrations') is not null";

/// A connection that lives as long as its client.
pub(super) async fn connect(address: &Address) -> Result<Client, StoreError> {
    let away = |why: String| StoreError::Away { why, variable: "DATABASE_URL" };
    let tls = address.tls().map_err(|error| away(error.to_string()))?;
    let mut config = address.config().clone();
    config.application_name("bootstrap");
    let silent = |_| away(format!("no answer within {} s", LOGIN_LIMIT.as_secs()));
    let connected = timeout(LOGIN_LIMIT, config.connect(tls)).await.map_err(silent)?;
    let (client, connection) = connected.map_err(|error| away(told(&error)))?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection to the database broke");
        }
    });
    Ok(client)
}

pub(super) async fn migrate(client: &mut Client) -> Result<Schema, StoreError> {
    let transaction = client.transaction().await?;
    transaction.execute("select pg_advisory_xact_lock($1)", &[&LOCK]).await?;
    transaction.batch_execute(schema::TABLE).await?;
    let found = read(&transaction.query_one(schema::FOUND, &[]).await?)?;
    for migration in found.missing()? {
        transaction.batch_execute(migration.sql).await?;
        transaction.execute(schema::DONE, &[&migration.version, &migration.needs, &migration.name]).await?;
    }
    transaction.commit().await?;
    Ok(found)
}

pub(super) async fn schema(client: &Client) -> Result<Schema, StoreError> {
    if client.query_one(IS_THERE, &[]).await?.try_get(0)? {
        return read(&client.query_one(schema::FOUND, &[]).await?);
    }
    Ok(Schema::default())
}

fn read(row: &Row) -> Result<Schema, StoreError> {
    Ok(Schema { version: row.try_get(0)?, needs: row.try_get(1)? })
}

pub(super) async fn record(client: &Client, record: &Record) -> Result<i64, StoreError> {
    let Record { deployment, event, environment, release } = record;
    client.execute(RECORD, &[deployment, event, environment, release]).await?;
    Ok(client.query_one(RECORDED, &[deployment, event]).await?.try_get(0)?)
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Refused(told(&error))
    }
}

fn told(error: &tokio_postgres::Error) -> String {
    use std::error::Error as _;
    match (error.as_db_error(), error.source()) {
        (Some(answer), _) => answer.to_string(),
        (None, Some(cause)) => format!("{error}: {cause}"),
        (None, None) => error.to_string(),
    }
}
