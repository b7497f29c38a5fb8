//! What keeps secrets, opened in the order in which one needs the other: the root key, KMS, secrets, parameters,
//! sessions.

use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;
use tokio_util::sync::CancellationToken;

use crate::kms::Kms;
use crate::seal::{Key, Sealed};
use crate::secrets::Secrets;
use crate::settings::Settings;
use crate::ssm::Ssm;
use crate::store::{Store, StoreError};
use crate::sts::Sts;

/// How often what is due is removed. Until then it is only not found any more.
const SWEEP: Duration = Duration::from_secs(60);

/// The services over one root key.
#[derive(Debug, Clone)]
pub(crate) struct Vault {
    pub(crate) kms: Kms,
    pub(crate) secrets: Secrets,
    pub(crate) ssm: Ssm,
    pub(crate) sts: Sts,
}

impl Vault {
    /// Reads the root key, or makes one for a folder in which nothing is sealed.
    pub(crate) fn open(store: &Store, settings: &Settings) -> Result<Self, StoreError> {
        let sealed = |db: &Connection| Ok::<_, StoreError>(Ssm::any_sealed(db)? || Kms::any(db)?);
        let sealed = if store.load(sealed)? { Sealed::Something } else { Sealed::Nothing };
        let root = Arc::new(Key::root(store.path(), sealed)?);
        let kms = Kms::open(store, &root, settings);
        let secrets = Secrets::open(store, &kms, settings);
        let ssm = Ssm::open(store, &root, &kms, &secrets, settings);
        let sts = Sts::new(&root, settings);
        Ok(Self { kms, secrets, ssm, sts })
    }

    /// Removes keys, secrets and parameters whose time has come, until `ended`.
    pub(crate) async fn keep(self, ended: CancellationToken) {
        let mut ticks = tokio::time::interval(SWEEP);
        while ended.run_until_cancelled(ticks.tick()).await.is_some() {
            if let Err(error) = self.sweep().await {
                tracing::warn!(%error, "what is due in the vault was not removed");
            }
        }
    }

    async fn sweep(&self) -> Result<(), StoreError> {
        self.ssm.sweep().await?;
        self.secrets.sweep().await?;
        self.kms.sweep().await.map(drop)
    }
}
