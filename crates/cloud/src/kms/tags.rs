//! Tags of keys.

use serde::{Deserialize, Serialize};

use super::Kms;
use super::describe::Nothing;
use super::error::{Code, Result};
use super::find::Aliases;
use super::key::{self, Key, Tag};
use super::pages::{self, Page};

/// Tags of a key at most ("Tagging keys", AWS KMS Developer Guide).
const TAGS_MAX: usize = 50;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tagging {
    key_id: String,
    tags: Vec<Tag>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Untagging {
    key_id: String,
    tag_keys: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listing {
    key_id: String,
    #[serde(flatten)]
    page: Page,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    tags: Vec<Tag>,
    #[serde(flatten)]
    end: pages::End,
}

impl Kms {
    pub(super) async fn tag_resource(&self, input: Tagging) -> Result<Nothing> {
        let added = input.tags;
        self.change(input.key_id, |db, inner, key| {
            inner.check_changeable(&key)?;
            key::save(db, &Key { tags: merged(key.tags, added)?, ..key })?;
            Ok(Nothing {})
        })
        .await
    }

    pub(super) async fn untag_resource(&self, input: Untagging) -> Result<Nothing> {
        let removed = input.tag_keys;
        self.change(input.key_id, move |db, inner, mut key| {
            inner.check_changeable(&key)?;
            key.tags.retain(|tag| !removed.contains(&tag.tag_key));
            key::save(db, &key)?;
            Ok(Nothing {})
        })
        .await
    }

    pub(super) async fn list_resource_tags(&self, input: Listing) -> Result<Listed> {
        let (limit, after) = (input.page.limit(50), input.page.after()?);
        self.with_key(input.key_id, Aliases::Refused, move |_, _, key| {
            let mut tags = key.tags;
            tags.sort_by(|one, other| one.tag_key.cmp(&other.tag_key));
            tags.retain(|tag| tag.tag_key > after);
            let end = pages::cut(&mut tags, limit, |tag| tag.tag_key.clone());
            Ok(Listed { tags, end })
        })
        .await
    }
}

/// Adds tags to those there are.
pub(super) fn merged(mut tags: Vec<Tag>, added: Vec<Tag>) -> Result<Vec<Tag>> {
    for (index, tag) in added.iter().enumerate() {
        if tag.tag_key.to_ascii_lowercase().starts_with("aws:") {
            return Err(Code::TagException.saying("Tags beginning with aws: are reserved"));
        }
        if added.iter().take(index).any(|earlier| earlier.tag_key == tag.tag_key) {
            return Err(Code::TagException.saying("Duplicate tag keys"));
        }
    }
    tags.retain(|tag| added.iter().all(|new| new.tag_key != tag.tag_key));
    tags.extend(added);
    if tags.len() > TAGS_MAX {
        return Err(Code::TagException.saying("Too many tags"));
    }
    Ok(tags)
}
