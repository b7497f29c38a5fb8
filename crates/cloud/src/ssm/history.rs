//! `GetParameterHistory`: every version that is still kept, oldest first.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::error::{Code, Result};
use super::get::Telling;
use super::names::{self, Reference, Selector};
use super::policies::{self, Told};
use super::rows::{self, Version};
use super::{Inner, Ssm, pages};
use crate::json::seconds;

/// Versions of one page, and at most (API Reference, GetParameterHistory).
const PAGE_MAX: usize = 50;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    name: String,
    with_decryption: Option<bool>,
    max_results: Option<usize>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    parameters: Vec<Past>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// A version with its value. It has no `Debug`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Past {
    name: String,
    #[serde(rename = "Type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_id: Option<String>,
    last_modified_date: f64,
    last_modified_user: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_pattern: Option<String>,
    version: i64,
    labels: Vec<String>,
    tier: String,
    policies: Vec<Told>,
    data_type: String,
}

impl Ssm {
    pub(super) async fn get_parameter_history(&self, input: Input) -> Result<Output> {
        let reference = Reference { selector: Selector::Latest, ..names::read(&input.name)? };
        let size = input.max_results.unwrap_or(PAGE_MAX);
        let after = pages::after(input.next_token.as_deref())?;
        let after: i64 =
            if after.is_empty() { 0 } else { after.parse().map_err(|_| Code::InvalidNextToken)? };
        let (telling, inner) = (Telling::asked(input.with_decryption), self.inner.clone());
        let read = self.store().read(move |db| {
            let name = rows::find(db, &reference)?.name;
            let mut versions = rows::versions(db, &name)?;
            versions.retain(|version| version.version > after);
            let next_token = pages::cut(&mut versions, size, |version| version.version.to_string());
            let told = versions.into_iter().map(|version| inner.past(db, version, telling));
            Ok(Output { parameters: told.collect::<Result<_>>()?, next_token })
        });
        read.await
    }
}

impl Inner {
    fn past(&self, db: &Connection, version: Version, telling: Telling) -> Result<Past> {
        Ok(Past {
            value: self.value(db, &version, telling)?,
            name: version.name,
            kind: version.kind.name(),
            key_id: version.key_id,
            last_modified_date: seconds(version.modified),
            last_modified_user: self.user(),
            description: version.description,
            allowed_pattern: version.allowed_pattern,
            version: version.version,
            labels: version.labels,
            tier: version.tier,
            policies: policies::told(version.policies.as_deref()),
            data_type: version.data_type,
        })
    }
}
