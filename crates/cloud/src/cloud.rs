//! The cloud as its owner sees it: opened on a folder, served on listeners, closed.

use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::auth::Keyring;
use crate::metrics::Metrics;
use crate::mongo::{DocumentSnapshot, Mongo};
use crate::own::Own;
use crate::reset::{self, ResetError};
use crate::s3::{BucketSnapshot, S3};
use crate::server::{self, Services};
use crate::settings::Settings;
use crate::sqs::{PeekedMessage, QueueSnapshot, Sqs};
use crate::store::{Store, StoreError};
use crate::vault::Vault;

/// An open cloud. Cheap to clone; all clones are the same one.
#[derive(Debug, Clone)]
pub struct Cloud {
    store: Store,
    services: Services,
    ended: CancellationToken,
    _end: Arc<DropGuard>,
}

impl Cloud {
    /// Opens it on its folder, recovers what is there, and starts clearing away what is purged and expired. It
    /// has to be called inside a Tokio runtime, which does that work.
    ///
    /// # Errors
    /// The folder can't be used, is in use, or holds something damaged, foreign or newer; or there is no runtime.
    pub fn open(settings: &Settings) -> Result<Self, StoreError> {
        let runtime = Handle::try_current().map_err(|_| StoreError::NoRuntime)?;
        let store = Store::open(&settings.data, settings.durability)?;
        Self::on(&store, settings, &runtime).map_err(|error| error.of(&store.file()))
    }

    fn on(store: &Store, settings: &Settings, runtime: &Handle) -> Result<Self, StoreError> {
        let vault = Vault::open(store, settings)?;
        let sqs = Sqs::open(store, settings)?;
        let services = Services {
            s3: S3::open(store, settings, &sqs)?,
            mongo: Mongo::open(store, settings),
            sqs,
            keyring: Keyring::new(&settings.credentials),
            vault: vault.clone(),
            own: Own::new(store, settings.reset),
            metrics: Metrics::new(store),
        };
        let ended = CancellationToken::new();
        runtime.spawn(services.sqs.clone().keep(ended.clone()));
        runtime.spawn(services.s3.clone().keep(ended.clone()));
        runtime.spawn(vault.keep(ended.clone()));
        runtime.spawn(services.mongo.clone().keep(ended.clone()));
        let end = Arc::new(ended.clone().drop_guard());
        Ok(Self { store: store.clone(), services, ended, _end: end })
    }

    /// All buckets at this moment, in order of name.
    ///
    /// # Errors
    /// The store could not be read.
    pub async fn buckets(&self) -> Result<Vec<BucketSnapshot>, StoreError> {
        self.services.s3.buckets().await
    }

    /// The URL of a queue behind `endpoint`, `http://127.0.0.1:4566`: any address that reaches the cloud will do.
    #[must_use]
    pub fn queue_url(&self, endpoint: &str, name: &str) -> String {
        format!("{}{}", endpoint.trim_end_matches('/'), self.services.sqs.path(name))
    }

    /// All queues at this moment, in order of name.
    ///
    /// # Errors
    /// The store could not be read.
    pub async fn queues(&self) -> Result<Vec<QueueSnapshot>, StoreError> {
        self.services.sqs.snapshot().await
    }

    /// Up to `most` messages of a queue in order of arrival, without receiving them; nothing where there is no such
    /// queue.
    ///
    /// # Errors
    /// The store could not be read.
    pub async fn peek(&self, queue: &str, most: usize) -> Result<Option<Vec<PeekedMessage>>, StoreError> {
        self.services.sqs.peek(queue, most).await
    }

    /// How a document client reaches database `name` behind `endpoint`, `http://127.0.0.1:4566`. The driver is to
    /// keep to that address: the one the cloud knows may be another one where a port is forwarded.
    #[must_use]
    pub fn mongo_url(endpoint: &str, name: &str) -> String {
        let address = endpoint.trim_end_matches('/');
        let address = address.split_once("://").map_or(address, |(_, address)| address);
        format!("mongodb://{address}/{name}?directConnection=true")
    }

    /// How many documents there are at this moment.
    ///
    /// # Errors
    /// The store could not be read.
    pub async fn documents(&self) -> Result<DocumentSnapshot, StoreError> {
        self.services.mongo.snapshot().await
    }

    /// Deletes everything, service by service, each at once.
    ///
    /// # Errors
    /// A service could not do it.
    pub async fn reset(&self) -> Result<(), ResetError> {
        reset::reset(&self.services, &reset::meant(None)?).await
    }

    /// Serves `listener` until `shutdown`, on the caller's runtime. Any number of times, also at the same time.
    pub async fn serve(&self, listener: TcpListener, shutdown: CancellationToken) {
        server::serve(self.services.clone(), listener, shutdown).await;
    }

    pub(crate) fn services(&self) -> &Services {
        &self.services
    }

    /// Finishes what waits and folds the log into the database. Requests after this one are refused.
    pub async fn close(&self) {
        self.ended.cancel();
        self.store.close().await;
    }
}
