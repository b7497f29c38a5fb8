//! Tags, as several operations have them.

use super::error::{Code, Error, Result};
use super::rows::Tags;

/// Tags of a parameter at most.
const TAGS_MAX: usize = 50;

/// A tag as the wire has it.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tag {
    pub(super) key: String,
    pub(super) value: String,
}

/// Adds tags to those there are; fifty at most.
pub(super) fn merged(mut tags: Tags, added: Vec<Tag>) -> Result<Tags> {
    for Tag { key, value } in added {
        if key.to_ascii_lowercase().starts_with("aws:") {
            return Err(Error::validation(format!(
                "Tag key {key}: aws: prefixed tag key names are not allowed for external use."
            )));
        }
        tags.insert(key, value);
    }
    if tags.len() > TAGS_MAX {
        return Err(Code::TooManyTagsError
            .saying(format!("The limit of {TAGS_MAX} tags per parameter would be exceeded.")));
    }
    Ok(tags)
}
