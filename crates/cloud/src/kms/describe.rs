//! `DescribeKey`, `ListKeys` and `UpdateKeyDescription`.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::cipher::material_id;
use super::error::{Error, Result};
use super::find::Aliases;
use super::key::{self, Key, Manager, State};
use super::pages::{self, Page};
use super::{Inner, Kms};
use crate::json::seconds;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfKey {
    pub(super) key_id: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Redescription {
    key_id: String,
    description: String,
}

/// `{}`.
#[derive(Debug, Serialize)]
pub(super) struct Nothing {}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Described {
    key_metadata: Metadata,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Metadata {
    #[serde(rename = "AWSAccountId")]
    account_id: String,
    key_id: Uuid,
    arn: String,
    creation_date: f64,
    enabled: bool,
    description: String,
    key_usage: &'static str,
    key_state: State,
    #[serde(skip_serializing_if = "Option::is_none")]
    deletion_date: Option<f64>,
    origin: &'static str,
    key_manager: Manager,
    customer_master_key_spec: &'static str,
    key_spec: &'static str,
    encryption_algorithms: [&'static str; 1],
    multi_region: bool,
    current_key_material_id: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    keys: Vec<Entry>,
    #[serde(flatten)]
    end: pages::End,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    key_id: String,
    key_arn: String,
}

impl Kms {
    pub(super) async fn describe_key(&self, input: OfKey) -> Result<Described> {
        self.with_key(input.key_id, Aliases::Taken, |db, inner, key| {
            let newest = key::generations(db, key.id)?.last().map_or(1, |(number, _)| *number);
            Ok(inner.described(&key, newest))
        })
        .await
    }

    pub(super) async fn list_keys(&self, input: Page) -> Result<Listed> {
        let (limit, after) = (input.limit(100), input.after()?);
        let inner = self.inner.clone();
        let read = self.inner.store.look(move |db| {
            let mut ids = key::ids(db, &after, limit)?;
            let end = pages::cut(&mut ids, limit, Clone::clone);
            let arn = |id: &str| Uuid::parse_str(id).map(|id| inner.arn(id)).unwrap_or_default();
            let keys = ids.into_iter().map(|key_id| Entry { key_arn: arn(&key_id), key_id }).collect();
            Ok::<_, Error>(Listed { keys, end })
        });
        read.await
    }

    pub(super) async fn update_key_description(&self, input: Redescription) -> Result<Nothing> {
        let description = input.description;
        self.change(input.key_id, |db, inner, key| {
            inner.check_ours(&key)?;
            key::save(db, &Key { description, ..key })?;
            Ok(Nothing {})
        })
        .await
    }
}

impl Inner {
    /// What is told of a key whose newest material has this number.
    pub(super) fn described(&self, key: &Key, newest: u32) -> Described {
        let key_metadata = Metadata {
            account_id: self.account_id.clone(),
            key_id: key.id,
            arn: self.arn(key.id),
            creation_date: seconds(key.made),
            enabled: key.state == State::Enabled,
            description: key.description.clone(),
            key_usage: "ENCRYPT_DECRYPT",
            key_state: key.state,
            deletion_date: key.due.map(seconds),
            origin: "AWS_KMS",
            key_manager: key.manager,
            customer_master_key_spec: "SYMMETRIC_DEFAULT",
            key_spec: "SYMMETRIC_DEFAULT",
            encryption_algorithms: ["SYMMETRIC_DEFAULT"],
            multi_region: false,
            current_key_material_id: material_id(key.id, newest),
        };
        Described { key_metadata }
    }
}
