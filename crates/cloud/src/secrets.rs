//! Secrets: values with versions and staging labels, sealed under KMS keys, as Secrets Manager has them.
//!
//! Shapes, limits and exceptions follow the API model of 2017-10-17 (AWS Secrets Manager API Reference).

use std::sync::Arc;

use http::Response;

use self::error::{Error, Result};
use crate::answer::Body;
use crate::call::Call;
use crate::clock;
use crate::json;
use crate::kms::Kms;
use crate::settings::Settings;
use crate::store::{Store, StoreError};

mod batch;
mod create;
mod delete;
mod describe;
pub(crate) mod error;
mod filters;
mod get;
mod list;
mod model;
mod names;
mod pages;
mod password;
mod policy;
mod put;
mod replicate;
mod rotate;
mod secret;
mod stage;
mod stages;
mod tags;
mod value;
mod versions;

#[cfg(test)]
mod tests;

/// Characters at the end of an ARN, after a hyphen.
const SUFFIX: usize = 6;

/// The secret service.
#[derive(Debug, Clone)]
pub(crate) struct Secrets {
    inner: Arc<Inner>,
}

#[derive(Debug, Clone)]
struct Inner {
    store: Store,
    kms: Kms,
    /// The cloud's own region, in which secrets are that do not say theirs.
    home: String,
    /// Where the caller is.
    region: String,
    account_id: String,
}

impl Secrets {
    /// Opens it over keys that seal values.
    pub(crate) fn open(store: &Store, kms: &Kms, settings: &Settings) -> Self {
        let inner = Inner {
            store: store.clone(),
            kms: kms.clone(),
            home: settings.region.clone(),
            region: settings.region.clone(),
            account_id: settings.account_id.clone(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Answers one request.
    pub(crate) async fn handle(&self, call: Call) -> Response<Body> {
        json::answer(Box::pin(self.at(call.region.as_deref()).perform(&call)).await)
    }

    /// The same for a caller in `region`.
    fn at(&self, region: Option<&str>) -> Self {
        match region {
            Some(region) if region != self.inner.region => {
                let inner = Inner { region: region.to_owned(), ..(*self.inner).clone() };
                Self { inner: Arc::new(inner) }
            }
            _ => self.clone(),
        }
    }

    /// Forgets every secret.
    pub(crate) async fn reset(&self) -> std::result::Result<usize, StoreError> {
        self.inner.store.write(|db| Ok(db.execute("DELETE FROM secret", [])?)).await
    }

    /// Removes the secrets whose time has come.
    pub(crate) async fn sweep(&self) -> std::result::Result<usize, StoreError> {
        self.inner.store.write(|db| Ok(secret::sweep(db, clock::now_ms())?)).await
    }

    async fn perform(&self, call: &Call) -> Result<Vec<u8>> {
        let input = json::read(model::OPERATIONS, call)?;
        match call.operation.as_str() {
            "CreateSecret" => json::told(&self.create_secret(json::input(input)?).await?),
            "GetSecretValue" => json::told(&self.get_secret_value(json::input(input)?).await?),
            "BatchGetSecretValue" => json::told(&self.batch_get_secret_value(json::input(input)?).await?),
            "PutSecretValue" => json::told(&self.put_secret_value(json::input(input)?).await?),
            "UpdateSecret" => json::told(&self.update_secret(json::input(input)?).await?),
            "UpdateSecretVersionStage" => {
                json::told(&self.update_secret_version_stage(json::input(input)?).await?)
            }
            "DescribeSecret" => json::told(&self.describe_secret(json::input(input)?).await?),
            "ListSecrets" => json::told(&self.list_secrets(json::input(input)?).await?),
            "ListSecretVersionIds" => json::told(&self.list_secret_version_ids(json::input(input)?).await?),
            "DeleteSecret" => json::told(&self.delete_secret(json::input(input)?).await?),
            "RestoreSecret" => json::told(&self.restore_secret(json::input(input)?).await?),
            other => self.perform_on_surroundings(other, input).await,
        }
    }

    /// The operations on what surrounds a secret: its rotation, tags, policy and replicas.
    async fn perform_on_surroundings(&self, operation: &str, input: serde_json::Value) -> Result<Vec<u8>> {
        match operation {
            "RotateSecret" => json::told(&self.rotate_secret(json::input(input)?).await?),
            "CancelRotateSecret" => json::told(&self.cancel_rotate_secret(json::input(input)?).await?),
            "TagResource" => json::told(&self.tag_resource(json::input(input)?).await?),
            "UntagResource" => json::told(&self.untag_resource(json::input(input)?).await?),
            "PutResourcePolicy" => json::told(&self.put_resource_policy(json::input(input)?).await?),
            "GetResourcePolicy" => json::told(&self.get_resource_policy(json::input(input)?).await?),
            "DeleteResourcePolicy" => json::told(&self.delete_resource_policy(json::input(input)?).await?),
            "ValidateResourcePolicy" => {
                json::told(&self.validate_resource_policy(json::input(input)?).await?)
            }
            "GetRandomPassword" => json::told(&password::get_random_password(&json::input(input)?)?),
            "ReplicateSecretToRegions" => {
                json::told(&self.replicate_secret_to_regions(json::input(input)?).await?)
            }
            "RemoveRegionsFromReplication" => {
                json::told(&self.remove_regions_from_replication(json::input(input)?).await?)
            }
            "StopReplicationToReplica" => {
                json::told(&self.stop_replication_to_replica(json::input(input)?).await?)
            }
            // Every operation of the table is above, as a test says.
            _ => Err(Error::internal()),
        }
    }
}
