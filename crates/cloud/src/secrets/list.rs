//! `ListSecrets` and `ListSecretVersionIds`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::describe::{Facts, labelled};
use super::error::{Error, Result};
use super::filters::{self, Given};
use super::secret::{self, Secret};
use super::versions::{self, Version};
use super::{Secrets, names, pages};
use crate::json::seconds;

/// Entries of a page, and at most (ListSecrets, API Reference).
const PAGE: usize = 100;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    include_planned_deletion: Option<bool>,
    max_results: Option<usize>,
    next_token: Option<String>,
    filters: Option<Vec<Given>>,
    sort_order: Option<Order>,
    sort_by: Option<SortBy>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Order {
    Asc,
    Desc,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum SortBy {
    CreatedDate,
    LastAccessedDate,
    LastChangedDate,
    Name,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    secret_list: Vec<Entry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    #[serde(flatten)]
    facts: Facts,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    secret_versions_to_stages: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfVersions {
    secret_id: String,
    max_results: Option<usize>,
    next_token: Option<String>,
    include_deprecated: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Versions {
    versions: Vec<VersionEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
    #[serde(rename = "ARN")]
    arn: String,
    name: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct VersionEntry {
    version_id: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    version_stages: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_accessed_date: Option<f64>,
    created_date: f64,
    kms_key_ids: [String; 1],
}

impl Secrets {
    pub(super) async fn list_secrets(&self, input: Input) -> Result<Listed> {
        let filters = filters::read(input.filters)?;
        let (start, size) = (pages::start(input.next_token.as_deref())?, input.max_results.unwrap_or(PAGE));
        let inner = self.inner.clone();
        let planned = input.include_planned_deletion == Some(true);
        let read = self.inner.store.read(move |db| {
            let mut secrets = secret::all(db)?;
            secrets.retain(|secret| {
                (planned || secret.due.is_none())
                    && filters.iter().all(|filter| filter.admits(secret, inner.region_of(secret)))
            });
            sort(&mut secrets, input.sort_by.unwrap_or(SortBy::CreatedDate), input.sort_order);
            let (page, next_token) = pages::cut(secrets, start, size);
            let mut secret_list = Vec::with_capacity(page.len());
            for secret in page {
                let secret_versions_to_stages = labelled(db, &secret.name)?;
                secret_list.push(Entry { facts: inner.facts(secret), secret_versions_to_stages });
            }
            Ok::<_, Error>(Listed { secret_list, next_token })
        });
        read.await
    }

    pub(super) async fn list_secret_version_ids(&self, input: OfVersions) -> Result<Versions> {
        names::check_id(&input.secret_id)?;
        let (start, size) = (pages::start(input.next_token.as_deref())?, input.max_results.unwrap_or(PAGE));
        let inner = self.inner.clone();
        let read = self.inner.store.read(move |db| {
            let secret = inner.find_any(db, &input.secret_id)?;
            let mut versions = versions::all(db, &secret.name)?;
            versions.retain(|version| {
                input.include_deprecated == Some(true) || !version.staged.stages.is_empty()
            });
            let (page, next_token) = pages::cut(versions, start, size);
            let versions = page.into_iter().map(entry).collect();
            Ok::<_, Error>(Versions { versions, next_token, arn: inner.arn(&secret), name: secret.name })
        });
        read.await
    }
}

fn sort(secrets: &mut [Secret], by: SortBy, order: Option<Order>) {
    match by {
        SortBy::CreatedDate => secrets.sort_by_key(|secret| secret.made),
        SortBy::LastAccessedDate => secrets.sort_by_key(|secret| secret.accessed),
        SortBy::LastChangedDate => secrets.sort_by_key(|secret| secret.changed),
        SortBy::Name => secrets.sort_by(|one, other| one.name.cmp(&other.name)),
    }
    if order == Some(Order::Desc) {
        secrets.reverse();
    }
}

fn entry(version: Version) -> VersionEntry {
    let key = version.value.and_then(|value| value.key_id);
    VersionEntry {
        version_id: version.staged.id,
        version_stages: version.staged.stages,
        last_accessed_date: version.accessed.map(seconds),
        created_date: seconds(version.made),
        kms_key_ids: [key.unwrap_or_else(|| "DefaultEncryptionKey".to_owned())],
    }
}
