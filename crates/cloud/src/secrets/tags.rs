//! Tags of secrets.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::error::{Code, Error, Result};
use super::secret::{self, Secret, Tag};
use super::{Secrets, names};

/// Tags of a secret at most (TagResource, API Reference).
const TAGS_MAX: usize = 50;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tagging {
    secret_id: String,
    tags: Vec<Tag>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Untagging {
    secret_id: String,
    tag_keys: Vec<String>,
}

/// `{}`.
#[derive(Debug, Serialize)]
pub(super) struct Nothing {}

impl Secrets {
    pub(super) async fn tag_resource(&self, input: Tagging) -> Result<Nothing> {
        self.change_tags(input.secret_id, |tags| merged(tags, input.tags)).await
    }

    pub(super) async fn untag_resource(&self, input: Untagging) -> Result<Nothing> {
        let left = move |mut tags: Vec<Tag>| {
            tags.retain(|tag| !input.tag_keys.contains(&tag.key));
            Ok(tags)
        };
        self.change_tags(input.secret_id, left).await
    }

    async fn change_tags<F>(&self, id: String, change: F) -> Result<Nothing>
    where
        F: FnOnce(Vec<Tag>) -> Result<Vec<Tag>> + Send + 'static,
    {
        names::check_id(&id)?;
        let inner = self.inner.clone();
        let job = move |db: &Connection| {
            let secret = inner.find(db, &id)?;
            let tags = change(secret.tags.clone().unwrap_or_default())?;
            secret::save(db, &Secret { tags: Some(tags), ..secret })?;
            Ok::<_, Error>(Nothing {})
        };
        self.inner.store.write(job).await
    }
}

/// Adds tags to those there are, each key once.
pub(super) fn merged(mut tags: Vec<Tag>, added: Vec<Tag>) -> Result<Vec<Tag>> {
    for new in added {
        if new.key.is_empty() {
            return Err(Code::InvalidParameterException.saying("A tag has to have a key."));
        }
        if new.key.to_ascii_lowercase().starts_with("aws:") {
            return Err(Code::InvalidParameterException.saying(format!(
                "Tag key {}: aws: prefixed tag key names are not allowed for external use.",
                new.key
            )));
        }
        match tags.iter_mut().find(|tag| tag.key == new.key) {
            Some(tag) => tag.value = new.value,
            None => tags.push(new),
        }
    }
    if tags.len() > TAGS_MAX {
        return Err(Code::InvalidParameterException
            .saying(format!("A secret can have {TAGS_MAX} tags; remove some first.")));
    }
    Ok(tags)
}
