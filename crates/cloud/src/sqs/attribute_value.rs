//! Message attributes: their rules, their size and their digest.
//!
//! Rules: SQS Developer Guide, "Amazon SQS message metadata".

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};

use super::error::SqsError;
use super::message::is_allowed;

/// Attributes a message can have.
const MOST: usize = 10;

/// Characters of a name or type.
const NAME_LENGTH: usize = 256;

/// How the digest marks a value.
const STRING: u8 = 1;
const BINARY: u8 = 2;

/// One attribute, as it is on the wire and in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Attribute {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) string_value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", with = "binary")]
    pub(super) binary_value: Option<Vec<u8>>,
    pub(super) data_type: String,
}

/// Base64, as JSON carries bytes.
mod binary {
    use super::{Engine, STANDARD};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(bytes: &Option<Vec<u8>>, to: S) -> Result<S::Ok, S::Error> {
        match bytes {
            Some(bytes) => to.serialize_str(&STANDARD.encode(bytes)),
            None => to.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Vec<u8>>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| STANDARD.decode(text).map_err(D::Error::custom)).transpose()
    }
}

/// Checks a message's attributes.
pub(super) fn check(attributes: &BTreeMap<String, Attribute>) -> Result<(), SqsError> {
    if attributes.len() > MOST {
        let found = attributes.len();
        let reason = format!("Number of message attributes [{found}] exceeds the allowed maximum [{MOST}].");
        return Err(SqsError::InvalidValue(reason));
    }
    attributes.iter().try_for_each(|(name, attribute)| {
        check_name(name)?;
        check_type(name, &attribute.data_type)?;
        check_value(name, attribute)
    })
}

/// What they count towards the message's size: names, types and values.
pub(super) fn size(attributes: &BTreeMap<String, Attribute>) -> usize {
    attributes
        .iter()
        .map(|(name, attribute)| name.len() + attribute.data_type.len() + value(attribute).1.len())
        .sum()
}

/// `MD5OfMessageAttributes`: names, types and values in order of name, each with its length before it (SQS
/// Developer Guide, "Calculating the MD5 message digest for message attributes").
pub(super) fn digest(attributes: &BTreeMap<String, Attribute>) -> Option<String> {
    if attributes.is_empty() {
        return None;
    }
    let mut digest = Md5::new();
    for (name, attribute) in attributes {
        let (mark, value) = value(attribute);
        add(&mut digest, name.as_bytes());
        add(&mut digest, attribute.data_type.as_bytes());
        digest.update([mark]);
        add(&mut digest, value);
    }
    Some(hex::encode(digest.finalize()))
}

/// The form in the store.
pub(super) fn encode(attributes: &BTreeMap<String, Attribute>) -> Result<Option<String>, SqsError> {
    if attributes.is_empty() {
        return Ok(None);
    }
    serde_json::to_string(attributes).map(Some).map_err(|error| SqsError::Serialization(error.to_string()))
}

/// Those of the stored attributes a receiver asked for: by name, all of them by `All`, `*` or `.*`, or by a prefix with
/// `.*` after it, which need not end at a period.
pub(super) fn select(stored: &str, wanted: &[String]) -> BTreeMap<String, Attribute> {
    let mut attributes: BTreeMap<String, Attribute> = serde_json::from_str(stored).unwrap_or_default();
    attributes.retain(|name, _| wanted.iter().any(|wanted| matches(wanted, name)));
    attributes
}

fn matches(wanted: &str, name: &str) -> bool {
    match wanted.strip_suffix(".*") {
        _ if wanted == "All" || wanted == "*" => true,
        Some(prefix) => name.starts_with(prefix),
        None => wanted == name,
    }
}

fn value(attribute: &Attribute) -> (u8, &[u8]) {
    match (&attribute.binary_value, &attribute.string_value) {
        (Some(bytes), _) if attribute.data_type.starts_with("Binary") => (BINARY, bytes),
        (_, Some(text)) => (STRING, text.as_bytes()),
        (Some(bytes), None) => (BINARY, bytes),
        (None, None) => (STRING, &[]),
    }
}

fn add(digest: &mut Md5, bytes: &[u8]) {
    digest.update(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    digest.update(bytes);
}

fn check_name(name: &str) -> Result<(), SqsError> {
    let lower = name.to_ascii_lowercase();
    let allowed = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '.');
    let problem = if name.is_empty() || name.chars().count() > NAME_LENGTH {
        "must be 1 to 256 characters long."
    } else if !name.chars().all(allowed) {
        "can only contain alphanumeric characters, hyphens, underscores and periods."
    } else if name.starts_with('.') || name.ends_with('.') || name.contains("..") {
        "can't start or end with a period or have periods in succession."
    } else if lower.starts_with("aws.") || lower.starts_with("amazon.") {
        "can't start with AWS. or Amazon., which are reserved."
    } else {
        return Ok(());
    };
    Err(SqsError::InvalidValue(format!("Message attribute name '{name}' is invalid: it {problem}")))
}

fn check_type(name: &str, data_type: &str) -> Result<(), SqsError> {
    if data_type.is_empty() {
        return Err(SqsError::InvalidValue(format!(
            "The message attribute '{name}' must contain message attribute type."
        )));
    }
    let base = data_type.split('.').next().unwrap_or_default();
    if matches!(base, "String" | "Number" | "Binary") && data_type.len() <= NAME_LENGTH {
        return Ok(());
    }
    Err(SqsError::InvalidValue(format!(
        "The message attribute '{name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String."
    )))
}

fn check_value(name: &str, attribute: &Attribute) -> Result<(), SqsError> {
    let binary = attribute.data_type.starts_with("Binary");
    let present = if binary {
        attribute.binary_value.as_ref().is_some_and(|bytes| !bytes.is_empty())
            && attribute.string_value.is_none()
    } else {
        attribute.string_value.as_ref().is_some_and(|text| !text.is_empty())
            && attribute.binary_value.is_none()
    };
    let data_type = &attribute.data_type;
    let base = data_type.split('.').next().unwrap_or_default();
    if !present {
        return Err(SqsError::InvalidValue(format!(
            "Message (user) attribute '{name}' must contain a non-empty value of type '{base}'."
        )));
    }
    let text = attribute.string_value.as_deref().unwrap_or_default();
    if let Some(bad) = text.chars().find(|character| !is_allowed(*character)) {
        return Err(SqsError::InvalidValue(format!(
            "Invalid binary character '#x{:X}' was found in the value of message attribute '{name}', the set of allowed characters is #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
            u32::from(bad)
        )));
    }
    if data_type.starts_with("Number") && text.parse::<f64>().is_err() {
        return Err(SqsError::InvalidValue(format!(
            "Can't cast the value of message attribute '{name}' to a number."
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
