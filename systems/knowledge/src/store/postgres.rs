//! Documents on a server: Postgres, text search vectors with a GIN index as the index.
//!
//! Several programs may share it. A tenant's row is locked while its documents come in, so that their numbers become
//! visible in order.

mod read;
mod schema;
mod text;
mod write;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime,
};
use kit::postgres::Address;
use tokio_postgres::error::SqlState;

use super::{Added, Answer, Checkpoint, StoreError, Wanted};
use crate::document::{Addition, Document};

/// Longest wait for a connection: a free one, or a new one.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// What every connection is set to. The planner must never prefer to read all documents of all tenants.
const SESSION: &str = "set application_name = 'knowledge'; set statement_timeout = '30s';
    set enable_seqscan = off; set work_mem = '16MB'; set jit = off";

/// A server's documents. Clones share its connections.
#[derive(Debug, Clone)]
pub(crate) struct Postgres(Arc<Pool>);

impl Postgres {
    /// The server at `address`, with at most `connections` to it. Nothing is connected yet.
    ///
    /// # Errors
    /// When the certificates to check the server with can't be read.
    pub(crate) fn open(address: &Address, connections: usize) -> Result<Self, StoreError> {
        let refused = |error: &dyn std::fmt::Display| StoreError::Refused(error.to_string());
        let tls = address.tls().map_err(|error| refused(&error))?;
        let manage = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let pool = Pool::builder(Manager::from_config(address.config().clone(), tls, manage))
            .max_size(connections)
            .runtime(Runtime::Tokio1)
            .create_timeout(Some(CONNECT_LIMIT))
            .wait_timeout(Some(CONNECT_LIMIT))
            .recycle_timeout(Some(CONNECT_LIMIT))
            .post_create(Hook::async_fn(|client, _| {
                Box::pin(async move { client.batch_execute(SESSION).await.map_err(HookError::Backend) })
            }));
        Ok(Self(Arc::new(pool.build().map_err(|error| refused(&error))?)))
    }

    pub(super) async fn migrate(&self) -> Result<(), StoreError> {
        let mut client = self.client().await?;
        schema::migrate(&mut client).await
    }

    pub(super) async fn add(
        &self,
        additions: Vec<Addition>,
        quota: u32,
        checkpoint: Option<Checkpoint>,
    ) -> Result<Vec<Added>, StoreError> {
        write::add(&mut self.client().await?, additions, quota, checkpoint.as_ref()).await
    }

    pub(super) async fn index(
        &self,
        tenant: &str,
        wanted: Vec<Wanted>,
    ) -> Result<Option<Answer>, StoreError> {
        read::index(&self.client().await?, tenant, &wanted).await
    }

    pub(super) async fn documents(
        &self,
        tenant: u32,
        numbers: &[u32],
    ) -> Result<HashMap<u32, Document>, StoreError> {
        read::documents(&self.client().await?, tenant, numbers).await
    }

    pub(super) async fn counts(&self) -> Result<BTreeMap<String, u64>, StoreError> {
        read::counts(&self.client().await?).await
    }

    pub(super) async fn checkpoint(&self, name: &str) -> Result<u64, StoreError> {
        read::checkpoint(&self.client().await?, name).await
    }

    async fn client(&self) -> Result<Object, StoreError> {
        self.0.get().await.map_err(|error| match error {
            PoolError::Backend(error) => StoreError::from(error),
            error => StoreError::Unavailable(error.to_string()),
        })
    }
}

impl From<tokio_postgres::Error> for StoreError {
    /// Classes of PostgreSQL's error codes (its manual, appendix A): 08 connection, 28 authorization, 40 rollback,
    /// 53 resources, 57 intervention, 58 system; 25006 is a server that became read-only, as after a fail-over.
    fn from(error: tokio_postgres::Error) -> Self {
        let told = error.as_db_error().map_or_else(|| error.to_string(), ToString::to_string);
        let Some(code) = error.code() else { return Self::Unavailable(told) };
        let passing = ["08", "25006", "28", "40", "53", "57", "58"];
        match code {
            code if *code == SqlState::DISK_FULL => Self::Full(told),
            code if passing.iter().any(|class| code.code().starts_with(class)) => Self::Unavailable(told),
            _ => Self::Refused(told),
        }
    }
}
