//! `PutParameter`: a new parameter, or a new version of one.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::check::{self, Tag};
use super::error::{Code, Error, Result};
use super::policies::{self, Policies};
use super::rows::{self, Kind, Tags};
use super::{Inner, Ssm, names, place};
use crate::clock;

const DATA_TYPES: [&str; 3] = ["text", "aws:ec2:image", "aws:ssm:integration"];

/// A request. It has no `Debug`, because it has a value.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    name: String,
    value: String,
    #[serde(rename = "Type")]
    kind: Option<Kind>,
    description: Option<String>,
    key_id: Option<String>,
    #[serde(default)]
    overwrite: Option<bool>,
    allowed_pattern: Option<String>,
    #[serde(default)]
    tags: Vec<Tag>,
    tier: Option<Tier>,
    policies: Option<String>,
    data_type: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum Tier {
    Standard,
    Advanced,
    #[serde(rename = "Intelligent-Tiering")]
    Intelligent,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    version: i64,
    tier: String,
}

/// A checked request.
pub(super) struct Wanted {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) kind: Option<Kind>,
    pub(super) description: Option<String>,
    pub(super) key_id: Option<String>,
    pub(super) allowed_pattern: Option<String>,
    pub(super) tier: Option<Tier>,
    pub(super) data_type: Option<String>,
    pub(super) policies: Option<Policies>,
    pub(super) tags: Tags,
}

impl Ssm {
    pub(super) async fn put_parameter(&self, input: Input) -> Result<Output> {
        let overwrite = input.overwrite.unwrap_or(false);
        let wanted = checked(input, &self.inner, overwrite)?;
        let inner = self.inner.clone();
        let job = move |db: &Connection| {
            rows::sweep(db, clock::now_ms())?;
            let before = place::before(db, &wanted.name)?;
            if before.is_some() && !overwrite {
                return Err(Code::ParameterAlreadyExists.saying(
                    "The parameter already exists. To \
                    overwrite this value, set the overwrite option in the request to true.",
                ));
            }
            place::place(db, &inner, wanted, before)
        };
        let placed = self.store().write(job).await?;
        Ok(Output { version: placed.version, tier: placed.tier })
    }
}

fn checked(input: Input, inner: &Inner, overwrite: bool) -> Result<Wanted> {
    names::check_new(&input.name, names::arn_prefix(&inner.region, &inner.account_id).len() + 1)?;
    if overwrite && !input.tags.is_empty() {
        return Err(Error::validation(
            "Invalid request: tags and overwrite can't be used together. To create a parameter with \
                tags, please remove overwrite flag. To update tags for an existing parameter, please use \
                AddTagsToResource or RemoveTagsFromResource.",
        ));
    }
    if let Some(other) = input.data_type.as_deref().filter(|data_type| !DATA_TYPES.contains(data_type)) {
        return Err(Error::validation(format!(
            "The following data type is not supported: {other} (Data type names are all lowercase.)"
        )));
    }
    Ok(Wanted {
        name: input.name,
        value: input.value,
        kind: input.kind,
        description: input.description,
        key_id: input.key_id,
        allowed_pattern: input.allowed_pattern.filter(|pattern| !pattern.is_empty()),
        tier: input.tier,
        data_type: input.data_type,
        policies: input.policies.as_deref().map(policies::read).transpose()?,
        tags: check::merged(Tags::new(), input.tags)?,
    })
}
