//! The cloud as its owner sees it: opened on a folder, served on listeners, closed.

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::s3::S3;
use crate::server::{self, Services};
use crate::settings::Settings;
use crate::sqs::Sqs;
use crate::ssm::Ssm;
use crate::store::{Store, StoreError};
use crate::sts::Sts;

/// An open cloud. Cheap to clone; all clones are the same one.
#[derive(Debug, Clone)]
pub struct Cloud {
    store: Store,
    services: Services,
}

impl Cloud {
    /// Opens it on its folder and recovers what is there. Call it inside a Tokio runtime.
    ///
    /// # Errors
    /// The folder can't be used, is in use, or holds something damaged, foreign or newer.
    pub fn open(settings: &Settings) -> Result<Self, StoreError> {
        let store = Store::open(&settings.data, settings.durability)?;
        let services = Services {
            sqs: Sqs::open(&store, settings)?,
            ssm: Ssm::open(&store, settings)?,
            sts: Sts::new(settings),
            s3: S3::open(&store, settings)?,
        };
        Ok(Self { store, services })
    }

    /// Serves `listener` until `shutdown`, on the caller's runtime. Any number of times, also at the same time.
    pub async fn serve(&self, listener: TcpListener, shutdown: CancellationToken) {
        server::serve(self.services.clone(), listener, shutdown).await;
    }

    /// Finishes what waits and folds the log into the database. Requests after this one are refused.
    pub async fn close(&self) {
        self.store.close().await;
    }
}
