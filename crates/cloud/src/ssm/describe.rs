//! `DescribeParameters`: what there is, without values.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::error::{Error, Result};
use super::filters::{self, Filter, Given, Of};
use super::policies::{self, Told};
use super::rows::{self, COLUMNS, LATEST, Tags, Version};
use super::{Inner, Ssm, names, pages};
use crate::json::seconds;

/// Parameters of one page where the request does not say.
const PAGE: usize = 10;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    /// The older form of `ParameterFilters`, without options.
    filters: Option<Vec<Given>>,
    parameter_filters: Option<Vec<Given>>,
    max_results: Option<usize>,
    next_token: Option<String>,
    shared: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    parameters: Vec<Metadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Metadata {
    name: String,
    #[serde(rename = "ARN")]
    arn: String,
    #[serde(rename = "Type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_id: Option<String>,
    last_modified_date: f64,
    last_modified_user: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_pattern: Option<String>,
    version: i64,
    tier: String,
    policies: Vec<Told>,
    data_type: String,
}

impl Ssm {
    pub(super) async fn describe_parameters(&self, input: Input) -> Result<Output> {
        let filters = match (input.filters, input.parameter_filters) {
            (Some(old), Some(new)) if !old.is_empty() && !new.is_empty() => {
                return Err(Error::validation(
                    "You can use either Filters or ParameterFilters in a single request.",
                ));
            }
            (old, new) => [old.unwrap_or_default(), new.unwrap_or_default()].concat(),
        };
        let filters = filters::read(filters, Of::Describing)?;
        let after = pages::after(input.next_token.as_deref())?;
        // Nobody else's account is here that could share something.
        if input.shared == Some(true) {
            return Ok(Output { parameters: Vec::new(), next_token: None });
        }
        let size = input.max_results.unwrap_or(PAGE);
        let inner = self.inner.clone();
        let read = self.store().read(move |db| {
            let mut versions = page(db, &filters, &after, size + 1)?;
            let next_token = pages::cut(&mut versions, size, |version| version.name.clone());
            Ok(Output {
                parameters: versions.into_iter().map(|version| inner.metadata(version)).collect(),
                next_token,
            })
        });
        read.await
    }
}

impl Inner {
    /// Who changed a parameter: everybody is the account's root.
    pub(super) fn user(&self) -> String {
        format!("arn:aws:iam::{}:root", self.account_id)
    }

    fn metadata(&self, version: Version) -> Metadata {
        Metadata {
            arn: names::arn(&self.region, &self.account_id, &version.name),
            name: version.name,
            kind: version.kind.name(),
            key_id: version.key_id,
            last_modified_date: seconds(version.modified),
            last_modified_user: self.user(),
            description: version.description,
            allowed_pattern: version.allowed_pattern,
            version: version.version,
            tier: version.tier,
            policies: policies::told(version.policies.as_deref()),
            data_type: version.data_type,
        }
    }
}

fn page(db: &Connection, filters: &[Filter], after: &str, limit: usize) -> Result<Vec<Version>> {
    let sql = format!("SELECT {COLUMNS}, p.tags {LATEST} WHERE p.name > ? ORDER BY p.name");
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query([after])?;
    let mut versions = Vec::new();
    while let Some(row) = rows.next()?.filter(|_| versions.len() < limit) {
        let version = rows::read(row)?;
        let tags: Tags = serde_json::from_str(&row.get::<_, String>(13)?).unwrap_or_default();
        if filters.iter().all(|filter| filter.admits(&version, &tags)) {
            versions.push(version);
        }
    }
    Ok(versions)
}
