//! The cloud as its owner sees it: opened on a folder, served on listeners, closed.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::auth::Keyring;
use crate::metrics::Metrics;
use crate::mongo::{DocumentSnapshot, Mongo};
use crate::own::Own;
use crate::reset::{self, ResetError};
use crate::s3::{BucketError, BucketSnapshot, S3};
use crate::secrets::{SecretError, SecretSpec};
use crate::server::{self, Services};
use crate::settings::Settings;
use crate::sqs::error::SqsError;
use crate::sqs::{PeekedMessage, QueueSnapshot, QueueSpec, Sqs};
use crate::ssm::{ParameterError, ParameterSpec};
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

/// Why something could not be set up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CloudError {
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A queue can't be as it is wanted.
    #[error("queue `{name}` can't be set up: {reason}")]
    Queue {
        /// The queue's name.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A bucket can't be as it is wanted.
    #[error(transparent)]
    Bucket(#[from] BucketError),
    /// A parameter can't be as it is wanted.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    /// A secret can't be as it is wanted.
    #[error(transparent)]
    Secret(#[from] SecretError),
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

    /// Creates the queue, or brings its attributes up to date; messages in it are kept. A dead-letter queue has
    /// to be there before the queue that names it.
    ///
    /// # Errors
    /// The name or an attribute is outside of what SQS takes, or the store could not do it.
    pub async fn ensure_queue(&self, spec: &QueueSpec) -> Result<(), CloudError> {
        self.services.sqs.ensure(spec).await.map_err(|error| of_queue(&spec.name, error))
    }

    /// Creates the bucket; what is in an existing one is kept. With `expire`, in whole days, its objects go when
    /// they are that old: it gets the one lifecycle rule that says so, in place of what it had. Without, its rules
    /// stay as they are.
    ///
    /// # Errors
    /// The name is not one S3 takes, `expire` is less than a day, or the store could not do it.
    pub async fn ensure_bucket(&self, name: &str, expire: Option<Duration>) -> Result<(), CloudError> {
        Ok(self.services.s3.ensure_bucket(name, expire).await?)
    }

    /// Switches versioning on for a bucket, so that what is replaced or deleted there is kept.
    ///
    /// # Errors
    /// There is no such bucket, or the store could not do it.
    pub async fn ensure_versions(&self, bucket: &str) -> Result<(), CloudError> {
        Ok(self.services.s3.ensure_versions(bucket).await?)
    }

    /// Creates the parameter; one that is there keeps its value.
    ///
    /// # Errors
    /// The name or the value is not one SSM takes, or the store could not do it.
    pub async fn ensure_parameter(&self, spec: &ParameterSpec) -> Result<(), CloudError> {
        Ok(self.services.vault.ssm.ensure_parameter(spec).await?)
    }

    /// Creates the secret and gives its ARN; one that is there keeps its value.
    ///
    /// # Errors
    /// The name or the value is not one Secrets Manager takes, the secret is about to be deleted, or the store could not
    /// do it.
    pub async fn ensure_secret(&self, spec: &SecretSpec) -> Result<String, CloudError> {
        Ok(self.services.vault.secrets.ensure_secret(spec).await?)
    }

    /// All buckets at this moment, in order of name.
    ///
    /// # Errors
    /// The store could not be read.
    pub async fn buckets(&self) -> Result<Vec<BucketSnapshot>, CloudError> {
        Ok(self.services.s3.buckets().await?)
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
    pub async fn queues(&self) -> Result<Vec<QueueSnapshot>, CloudError> {
        self.services.sqs.snapshot().await.map_err(|error| of_queue("*", error))
    }

    /// Up to `most` messages of a queue in order of arrival, without receiving them; nothing where there is no such
    /// queue.
    ///
    /// # Errors
    /// The store could not be read.
    pub async fn peek(&self, queue: &str, most: usize) -> Result<Option<Vec<PeekedMessage>>, CloudError> {
        self.services.sqs.peek(queue, most).await.map_err(|error| of_queue(queue, error))
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
    pub async fn documents(&self) -> Result<DocumentSnapshot, CloudError> {
        Ok(self.services.mongo.snapshot().await?)
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

fn of_queue(name: &str, error: SqsError) -> CloudError {
    match error {
        SqsError::Store(error) => CloudError::Store(error),
        other => CloudError::Queue { name: name.to_owned(), reason: other.to_string() },
    }
}
