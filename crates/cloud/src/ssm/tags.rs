//! Tags of parameters.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::Ssm;
use super::check::{self, Tag};
use super::delete::Nothing;
use super::error::{Code, Error, Result};
use super::names;
use super::rows::{self, Tags};

/// The kinds of resource the API knows.
const KINDS: [&str; 9] = [
    "Document",
    "ManagedInstance",
    "MaintenanceWindow",
    "Parameter",
    "PatchBaseline",
    "OpsItem",
    "OpsMetadata",
    "Automation",
    "Association",
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    resource_type: String,
    resource_id: String,
    #[serde(default)]
    tags: Vec<Tag>,
    #[serde(default)]
    tag_keys: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    tag_list: Vec<Tag>,
}

impl Ssm {
    pub(super) async fn add_tags_to_resource(&self, input: Input) -> Result<Nothing> {
        let id = parameter(&input)?;
        let added = input.tags;
        self.change_tags(id, move |tags| check::merged(tags, added)).await
    }

    pub(super) async fn remove_tags_from_resource(&self, input: Input) -> Result<Nothing> {
        let id = parameter(&input)?;
        let removed = input.tag_keys;
        let without = move |mut tags: Tags| {
            tags.retain(|key, _| !removed.contains(key));
            Ok(tags)
        };
        self.change_tags(id, without).await
    }

    pub(super) async fn list_tags_for_resource(&self, input: Input) -> Result<Listed> {
        let id = parameter(&input)?;
        let (_, tags) = self.store().look(move |db| find(db, &id)).await?;
        Ok(Listed { tag_list: tags.into_iter().map(|(key, value)| Tag { key, value }).collect() })
    }

    async fn change_tags(
        &self,
        id: String,
        change: impl FnOnce(Tags) -> Result<Tags> + Send + 'static,
    ) -> Result<Nothing> {
        let job = move |db: &Connection| {
            let (name, tags) = find(db, &id)?;
            rows::set_tags(db, &name, &change(tags)?)
        };
        self.store().write(job).await?;
        Ok(Nothing {})
    }
}

/// The parameter a request is about; other resources are not here.
fn parameter(input: &Input) -> Result<String> {
    let kind = input.resource_type.as_str();
    if !KINDS.contains(&kind) {
        return Err(Code::InvalidResourceType.into());
    }
    if kind == "Parameter" { Ok(input.resource_id.clone()) } else { Err(Code::InvalidResourceId.into()) }
}

fn find(db: &Connection, id: &str) -> Result<(String, Tags)> {
    let absent = || Error::from(Code::InvalidResourceId);
    let reference = names::read(id).map_err(|_| absent())?;
    let name = rows::stored_name(db, &reference)?.ok_or_else(absent)?;
    let tags = rows::tags(db, &name)?.ok_or_else(absent)?;
    Ok((name, tags))
}
