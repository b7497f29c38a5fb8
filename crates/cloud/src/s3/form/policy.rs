//! The policy of a form: until when it may be posted, and what its fields may say.
//!
//! "Creating a POST policy" in the Amazon S3 API Reference.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use super::fields::Fields;
use crate::s3::dates;
use crate::s3::error::{Code, Error, Result};

/// Fields that need no condition.
const FREE: [&str; 5] = ["awsaccesskeyid", "signature", "policy", "file", "x-amz-signature"];

/// A policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Policy {
    /// Milliseconds since 1970.
    expiration: i64,
    conditions: Vec<Condition>,
}

/// What one field has to be. Names are in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Condition {
    Equals(String, String),
    StartsWith(String, String),
    /// Bytes of the file.
    Length(u64, u64),
}

impl Policy {
    /// Reads a policy in base64.
    pub(super) fn read(text: &str) -> Result<Self> {
        let invalid = |what: &str| Code::InvalidPolicyDocument.saying(format!("Invalid Policy: {what}"));
        let bytes = BASE64_STANDARD.decode(text.trim()).map_err(|_| invalid("Invalid Base64."))?;
        let policy: Value = serde_json::from_slice(&bytes).map_err(|_| invalid("Invalid JSON."))?;
        let expiration = policy.get("expiration").and_then(Value::as_str);
        let expiration = expiration.ok_or_else(|| invalid("Policy missing expiration."))?;
        let expiration =
            dates::parse_iso(expiration).ok_or_else(|| invalid("Invalid 'expiration' value."))?;
        let conditions = policy.get("conditions").and_then(Value::as_array);
        let conditions = conditions.ok_or_else(|| invalid("Policy missing conditions."))?;
        let mut read = Vec::new();
        for condition in conditions {
            read.extend(Condition::read(condition).ok_or_else(|| invalid("Invalid Simple-Condition."))?);
        }
        Ok(Self { expiration, conditions: read })
    }

    /// Checks the fields and the time, in milliseconds since 1970.
    pub(super) fn check(&self, fields: &Fields, bucket: &str, now: i64) -> Result<()> {
        if now > self.expiration {
            return Err(denied("Policy expired."));
        }
        let value = |name: &str| if name == "bucket" { Some(bucket) } else { fields.get(name) };
        if let Some(failed) = self.conditions.iter().find(|condition| !condition.holds(value)) {
            return Err(denied(&format!("Policy Condition failed: {}", failed.text())));
        }
        let covered = |name: &str| self.conditions.iter().any(|condition| condition.is_about(name));
        let extra = fields
            .fields
            .iter()
            .map(|(name, _)| name.as_str())
            .find(|name| !FREE.contains(name) && !name.starts_with("x-ignore-") && !covered(name));
        // The type that the file itself brings is no field of the form.
        match extra.filter(|name| *name != "content-type") {
            Some(name) => Err(denied(&format!("Extra input fields: {name}"))),
            None => Ok(()),
        }
    }

    /// Checks how long the file is, in bytes.
    pub(super) fn check_length(&self, size: u64) -> Result<()> {
        for condition in &self.conditions {
            let Condition::Length(least, most) = condition else { continue };
            if size < *least {
                return Err(Error::from(Code::EntityTooSmall)
                    .with("ProposedSize", size.to_string())
                    .with("MinSizeAllowed", least.to_string()));
            }
            if size > *most {
                return Err(Error::from(Code::EntityTooLarge)
                    .with("ProposedSize", size.to_string())
                    .with("MaxSizeAllowed", most.to_string()));
            }
        }
        Ok(())
    }
}

impl Condition {
    /// Reads `{"acl": "private"}` or `["starts-with", "$key", "a/"]`.
    fn read(value: &Value) -> Option<Vec<Self>> {
        if let Some(fields) = value.as_object() {
            let equals = |(name, value): (&String, &Value)| {
                Some(Self::Equals(name.to_ascii_lowercase(), value.as_str()?.to_owned()))
            };
            return if fields.is_empty() { None } else { fields.iter().map(equals).collect() };
        }
        let [kind, name, value] = value.as_array()?.as_slice() else { return None };
        let kind = kind.as_str()?.to_ascii_lowercase();
        if kind == "content-length-range" {
            return Some(vec![Self::Length(number(name)?, number(value)?)]);
        }
        let (name, value) =
            (name.as_str()?.strip_prefix('$')?.to_ascii_lowercase(), value.as_str()?.to_owned());
        match kind.as_str() {
            "eq" => Some(vec![Self::Equals(name, value)]),
            "starts-with" => Some(vec![Self::StartsWith(name, value)]),
            _ => None,
        }
    }

    fn holds<'a>(&self, value: impl Fn(&str) -> Option<&'a str>) -> bool {
        match self {
            Self::Equals(name, wanted) => value(name) == Some(wanted),
            Self::StartsWith(name, wanted) => value(name).unwrap_or_default().starts_with(wanted),
            Self::Length(..) => true,
        }
    }

    fn is_about(&self, field: &str) -> bool {
        matches!(self, Self::Equals(name, _) | Self::StartsWith(name, _) if name == field)
    }

    fn text(&self) -> String {
        match self {
            Self::Equals(name, value) => format!("[\"eq\", \"${name}\", \"{value}\"]"),
            Self::StartsWith(name, value) => format!("[\"starts-with\", \"${name}\", \"{value}\"]"),
            Self::Length(least, most) => format!("[\"content-length-range\", {least}, {most}]"),
        }
    }
}

/// A number, or one in quotes.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn denied(what: &str) -> Error {
    Code::AccessDenied.saying(format!("Invalid according to Policy: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(conditions: &str) -> Result<Policy> {
        let text = format!("{{\"expiration\":\"2030-01-01T00:00:00Z\",\"conditions\":{conditions}}}");
        Policy::read(&BASE64_STANDARD.encode(text))
    }

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        let fields = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Fields { fields, filename: String::new() }
    }

    const CONDITIONS: &str = "[{\"bucket\":\"b\"},[\"starts-with\",\"$Key\",\"a/\"],[\"content-length-range\",2,\"4\"],[\"eq\",\"$acl\",\"private\"]]";

    #[test]
    fn fields_have_to_keep_to_it() {
        let policy = policy(CONDITIONS).unwrap();
        let check =
            |pairs: &[(&str, &str)]| policy.check(&fields(pairs), "b", 0).map_err(|error| error.message);
        let good = [("key", "a/b"), ("acl", "private"), ("policy", "…"), ("x-ignore-me", "1")];
        assert_eq!(check(&good), Ok(()));
        for bad in [&[("key", "b"), ("acl", "private")][..], &[("key", "a/b")], &[("acl", "private")]] {
            assert!(check(bad).unwrap_err().contains("Policy Condition failed"), "{bad:?}");
        }
        let extra = check(&[("key", "a/b"), ("acl", "private"), ("x-amz-meta-a", "1")]);
        assert_eq!(extra.unwrap_err(), "Invalid according to Policy: Extra input fields: x-amz-meta-a");
        let late = policy.check(&fields(&good), "b", i64::MAX).unwrap_err();
        assert_eq!(late.message, "Invalid according to Policy: Policy expired.");
        assert!(policy.check(&fields(&good), "other", 0).is_err());
    }

    #[test]
    fn the_file_has_a_length() {
        let policy = policy(CONDITIONS).unwrap();
        assert_eq!(policy.check_length(1).unwrap_err().code, Code::EntityTooSmall);
        assert_eq!(policy.check_length(5).unwrap_err().code, Code::EntityTooLarge);
        assert!(policy.check_length(2).is_ok() && policy.check_length(4).is_ok());
    }

    #[test]
    fn what_is_no_policy_is_refused() {
        for text in ["", "!", &BASE64_STANDARD.encode("{"), &BASE64_STANDARD.encode("{}")] {
            assert_eq!(Policy::read(text).unwrap_err().code, Code::InvalidPolicyDocument, "{text}");
        }
        assert!(policy("[[\"like\",\"$a\",\"b\"]]").is_err());
        assert!(policy("{}").is_err());
    }
}
