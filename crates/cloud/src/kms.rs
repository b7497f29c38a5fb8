//! Keys that encrypt and decrypt: symmetric ones, as far as SecureString, Secrets Manager and Terraform need them.
//!
//! Shapes, limits and exceptions follow the API model of 2014-11-01 (AWS KMS API Reference). A key's material is
//! sealed with the folder's root key and never leaves this module.

use std::sync::Arc;

use http::Response;
use rusqlite::Connection;

use self::cipher::{Context, Decrypted, Encrypted};
use self::error::{Error, Result};
use self::find::Aliases;
use crate::answer::Body;
use crate::call::Call;
use crate::clock;
use crate::json;
use crate::seal::Key as Root;
use crate::settings::Settings;
use crate::store::{Store, StoreError};

mod aliases;
pub(crate) mod cipher;
mod create;
mod data;
mod describe;
pub(crate) mod error;
mod find;
mod grants;
mod key;
mod model;
mod pages;
mod policy;
mod rotation;
mod state;
mod tags;

#[cfg(test)]
mod tests;

/// The key service.
#[derive(Debug, Clone)]
pub(crate) struct Kms {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    store: Store,
    root: Arc<Root>,
    region: String,
    account_id: String,
}

impl Kms {
    /// Opens it over keys that `root` sealed.
    pub(crate) fn open(store: &Store, root: &Arc<Root>, settings: &Settings) -> Self {
        let inner = Inner {
            store: store.clone(),
            root: Arc::clone(root),
            region: settings.region.clone(),
            account_id: settings.account_id.clone(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Answers one request.
    pub(crate) async fn handle(&self, call: Call) -> Response<Body> {
        json::answer(Box::pin(self.perform(&call)).await)
    }

    /// Encrypts for another service, inside a write of its own: the AWS managed key is made where it is missing.
    pub(crate) fn encrypt_for(
        &self,
        db: &Connection,
        key: &str,
        context: &Context,
        value: &[u8],
    ) -> Result<Encrypted> {
        let key = self.usable(db, key)?;
        self.inner.encrypt(db, &key, context, value)
    }

    /// Opens what [`Kms::encrypt_for`] made.
    pub(crate) fn decrypt_for(&self, db: &Connection, blob: &[u8], context: &Context) -> Result<Decrypted> {
        self.inner.decrypt(db, blob, context, None)
    }

    /// Refuses a key that another service could not encrypt with, inside a write of its own.
    pub(crate) fn check(&self, db: &Connection, key: &str) -> Result<()> {
        self.usable(db, key).map(drop)
    }

    /// Forgets every key.
    pub(crate) async fn reset(&self) -> std::result::Result<usize, StoreError> {
        self.inner.store.write(|db| Ok(db.execute("DELETE FROM kms_key", [])?)).await
    }

    /// Removes the keys whose time has come.
    pub(crate) async fn sweep(&self) -> std::result::Result<usize, StoreError> {
        self.inner.store.write(|db| Ok(key::sweep(db, clock::now_ms())?)).await
    }

    /// Whether any key is kept: then the root key has to be there.
    pub(crate) fn any(db: &Connection) -> rusqlite::Result<bool> {
        db.query_row("SELECT EXISTS (SELECT 1 FROM kms_key)", [], |row| row.get(0))
    }

    fn usable(&self, db: &Connection, key: &str) -> Result<key::Key> {
        if let Some(alias) = self.inner.managed_alias(key) {
            self.inner.provide_managed(db, alias)?;
        }
        self.inner.find_usable(db, key)
    }

    async fn perform(&self, call: &Call) -> Result<Vec<u8>> {
        let input = json::read(model::OPERATIONS, call)?;
        match call.operation.as_str() {
            "CreateKey" => json::told(&self.create_key(json::input(input)?).await?),
            "DescribeKey" => json::told(&self.describe_key(json::input(input)?).await?),
            "ListKeys" => json::told(&self.list_keys(json::input(input)?).await?),
            "UpdateKeyDescription" => json::told(&self.update_key_description(json::input(input)?).await?),
            "Encrypt" => json::told(&self.encrypt(json::input(input)?).await?),
            "Decrypt" => json::told(&self.decrypt(json::input(input)?).await?),
            "ReEncrypt" => json::told(&self.re_encrypt(json::input(input)?).await?),
            "GenerateDataKey" => json::told(&self.generate_data_key(json::input(input)?).await?),
            "GenerateDataKeyWithoutPlaintext" => {
                json::told(&self.generate_data_key(json::input(input)?).await?.without_plaintext())
            }
            "GenerateRandom" => json::told(&data::generate_random(json::input(input)?)?),
            "EnableKey" => json::told(&self.enable_key(json::input(input)?).await?),
            "DisableKey" => json::told(&self.disable_key(json::input(input)?).await?),
            "ScheduleKeyDeletion" => json::told(&self.schedule_key_deletion(json::input(input)?).await?),
            "CancelKeyDeletion" => json::told(&self.cancel_key_deletion(json::input(input)?).await?),
            other => self.perform_on_surroundings(other, input).await,
        }
    }

    /// The operations on what surrounds a key: its names, policy, tags, grants and rotation.
    async fn perform_on_surroundings(&self, operation: &str, input: serde_json::Value) -> Result<Vec<u8>> {
        match operation {
            "CreateAlias" => json::told(&self.create_alias(json::input(input)?).await?),
            "UpdateAlias" => json::told(&self.update_alias(json::input(input)?).await?),
            "DeleteAlias" => json::told(&self.delete_alias(json::input(input)?).await?),
            "ListAliases" => json::told(&self.list_aliases(json::input(input)?).await?),
            "GetKeyPolicy" => json::told(&self.get_key_policy(json::input(input)?).await?),
            "PutKeyPolicy" => json::told(&self.put_key_policy(json::input(input)?).await?),
            "ListKeyPolicies" => json::told(&self.list_key_policies(json::input(input)?).await?),
            "TagResource" => json::told(&self.tag_resource(json::input(input)?).await?),
            "UntagResource" => json::told(&self.untag_resource(json::input(input)?).await?),
            "ListResourceTags" => json::told(&self.list_resource_tags(json::input(input)?).await?),
            "CreateGrant" => json::told(&self.create_grant(json::input(input)?).await?),
            "ListGrants" => json::told(&self.list_grants(json::input(input)?).await?),
            "ListRetirableGrants" => json::told(&self.list_retirable_grants(json::input(input)?).await?),
            "RevokeGrant" => json::told(&self.revoke_grant(json::input(input)?).await?),
            "RetireGrant" => json::told(&self.retire_grant(json::input(input)?).await?),
            "EnableKeyRotation" => json::told(&self.enable_key_rotation(json::input(input)?).await?),
            "DisableKeyRotation" => json::told(&self.disable_key_rotation(json::input(input)?).await?),
            "GetKeyRotationStatus" => json::told(&self.get_key_rotation_status(json::input(input)?).await?),
            "RotateKeyOnDemand" => json::told(&self.rotate_key_on_demand(json::input(input)?).await?),
            "ListKeyRotations" => json::told(&self.list_key_rotations(json::input(input)?).await?),
            // Every operation of the table is above, as a test says.
            _ => Err(Error::internal()),
        }
    }

    /// Reads with the key a request means; the key AWS manages for a service appears when it is asked for.
    async fn with_key<T, F>(&self, id: String, aliases: Aliases, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection, &Inner, key::Key) -> Result<T> + Send + 'static,
    {
        self.provide(&id).await?;
        let inner = Arc::clone(&self.inner);
        self.inner
            .store
            .look(move |db| {
                let key = inner.find(db, &id, aliases)?;
                job(db, &inner, key)
            })
            .await
    }

    /// Changes the key a request means.
    async fn change<T, F>(&self, id: String, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection, &Inner, key::Key) -> Result<T> + Send + 'static,
    {
        let inner = Arc::clone(&self.inner);
        self.inner
            .store
            .write(move |db| {
                let key = inner.find(db, &id, Aliases::Refused)?;
                job(db, &inner, key)
            })
            .await
    }

    /// Makes the AWS managed key that `id` names, unless it is there.
    async fn provide(&self, id: &str) -> Result<()> {
        let Some(alias) = self.inner.managed_alias(id) else { return Ok(()) };
        let there = self.inner.store.look(move |db| find::target(db, alias)).await?.is_some();
        if there {
            return Ok(());
        }
        let inner = Arc::clone(&self.inner);
        self.inner.store.write(move |db| inner.provide_managed(db, alias)).await
    }
}
