//! `DescribeSecret`, and how a secret is told in lists.

use std::collections::BTreeMap;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::error::Result;
use super::replicate::{self, Status};
use super::secret::{Rules, Secret, Tag};
use super::{Inner, Secrets, names, versions};
use crate::json::seconds;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfSecret {
    pub(super) secret_id: String,
}

/// What is told of a secret alone and in lists.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Facts {
    #[serde(rename = "ARN")]
    arn: String,
    name: String,
    #[serde(rename = "Type", skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kms_key_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rotation_enabled: Option<bool>,
    #[serde(rename = "RotationLambdaARN", skip_serializing_if = "Option::is_none")]
    rotation_lambda_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rotation_rules: Option<Rules>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_rotated_date: Option<f64>,
    last_changed_date: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_accessed_date: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deleted_date: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_rotation_date: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Vec<Tag>>,
    created_date: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    primary_region: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Described {
    #[serde(flatten)]
    facts: Facts,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    version_ids_to_stages: BTreeMap<String, Vec<String>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    replication_status: Vec<Status>,
}

impl Secrets {
    pub(super) async fn describe_secret(&self, input: OfSecret) -> Result<Described> {
        names::check_id(&input.secret_id)?;
        let inner = self.inner.clone();
        let read = self.inner.store.look(move |db| {
            let secret = inner.find_any(db, &input.secret_id)?;
            Ok(Described {
                version_ids_to_stages: labelled(db, &secret.name)?,
                replication_status: replicate::statuses(&secret),
                facts: inner.facts(secret),
            })
        });
        read.await
    }
}

impl Inner {
    /// What is known of a secret, as the wire has it.
    pub(super) fn facts(&self, secret: Secret) -> Facts {
        let arn = self.arn(&secret);
        let primary = (!secret.replicas.is_empty()).then(|| self.region_of(&secret).to_owned());
        let rotation = secret.rotation;
        let of_rotation = rotation.as_ref();
        Facts {
            arn,
            name: secret.name,
            kind: secret.kind,
            description: secret.description,
            kms_key_id: secret.kms_key_id,
            rotation_enabled: of_rotation.map(|rotation| rotation.on),
            last_rotated_date: of_rotation.and_then(|rotation| rotation.rotated).map(seconds),
            next_rotation_date: of_rotation
                .filter(|rotation| rotation.on)
                .and_then(|rotation| rotation.next)
                .map(seconds),
            rotation_lambda_arn: of_rotation.and_then(|rotation| rotation.function.clone()),
            rotation_rules: rotation.and_then(|rotation| rotation.rules),
            last_changed_date: seconds(secret.changed),
            last_accessed_date: secret.accessed.map(seconds),
            deleted_date: secret.due.map(seconds),
            tags: secret.tags,
            created_date: seconds(secret.made),
            primary_region: primary,
        }
    }
}

/// The versions that have labels.
pub(super) fn labelled(db: &Connection, name: &str) -> Result<BTreeMap<String, Vec<String>>> {
    let staged = versions::staged(db, name)?.into_iter().filter(|version| !version.stages.is_empty());
    Ok(staged.map(|version| (version.id, version.stages)).collect())
}
