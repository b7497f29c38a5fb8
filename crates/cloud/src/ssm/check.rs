//! Checks on members that several operations have.

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

/// A member that has to be there.
pub(super) fn required<T>(member: Option<T>, name: &str) -> Result<T> {
    member.ok_or_else(|| Error::constraint(name, "Member must not be null"))
}

/// A list of names or labels: one to ten.
pub(super) fn one_to_ten(list: Option<Vec<String>>, name: &str) -> Result<Vec<String>> {
    let list = required(list, name)?;
    match list.len() {
        0 => Err(Error::constraint(name, "Member must have length greater than or equal to 1")),
        1..=10 => Ok(list),
        _ => Err(Error::constraint(name, "Member must have length less than or equal to 10")),
    }
}

/// Text that may have so many characters.
pub(super) fn at_most(text: Option<&str>, characters: usize, name: &str) -> Result<()> {
    if text.is_some_and(|text| text.chars().count() > characters) {
        let constraint = format!("Member must have length less than or equal to {characters}");
        return Err(Error::constraint(name, &constraint));
    }
    Ok(())
}

/// Adds tags to those there are; fifty at most.
pub(super) fn merged(mut tags: Tags, added: Vec<Tag>) -> Result<Tags> {
    for Tag { key, value } in added {
        if key.is_empty() || key.chars().count() > 128 || !key.chars().all(is_tag_character) {
            return Err(Error::constraint(
                "tags",
                "Member must have a key of 1 to 128 letters, digits, spaces and _.:/=+-@",
            ));
        }
        if value.chars().count() > 256 || !value.chars().all(is_tag_character) {
            return Err(Error::constraint(
                "tags",
                "Member must have a value of up to 256 letters, digits, spaces and _.:/=+-@",
            ));
        }
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

fn is_tag_character(character: char) -> bool {
    character.is_alphanumeric() || character.is_whitespace() || "_.:/=+-@".contains(character)
}
