//! Parameter policies ("Assigning parameter policies", AWS Systems Manager User Guide): checked, told, and an expiration
//! acted upon. Notifications go to EventBridge, which is not here.

use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::error::{Code, Error, Result};

/// Policies of a parameter at most (PutParameter, API Reference).
const POLICIES_MAX: usize = 10;

/// A policy as the wire has it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Told {
    policy_text: String,
    policy_type: String,
    policy_status: &'static str,
}

/// Policies that were checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Policies {
    /// As they were written; empty where all are to go.
    pub(super) text: Option<String>,
    /// When the parameter goes, in milliseconds since 1970.
    pub(super) expires: Option<i64>,
}

/// Reads the policies of a request: a list of documents.
pub(super) fn read(text: &str) -> Result<Policies> {
    let documents: Vec<Value> = serde_json::from_str(text).map_err(|_| {
        Code::InvalidPolicyAttributeException.saying("Invalid policies input: it is no JSON array.")
    })?;
    if documents.len() > POLICIES_MAX {
        return Err(Code::PoliciesLimitExceededException
            .saying(format!("You specified more than the maximum number of allowed policies for the parameter. The maximum is {POLICIES_MAX}.")));
    }
    // `[{}]` takes all policies away.
    if documents.iter().all(|document| document.as_object().is_some_and(serde_json::Map::is_empty)) {
        return Ok(Policies { text: None, expires: None });
    }
    let mut expires = None;
    for document in &documents {
        if let Some(moment) = check(document)?
            && expires.replace(moment).is_some()
        {
            return Err(Code::IncompatiblePolicyException.saying(
                "There is a conflict in the policies specified for this parameter. You can't, for example, specify \
                 two Expiration policies for a parameter. Review your policies, and try again.",
            ));
        }
    }
    Ok(Policies { text: Some(text.to_owned()), expires })
}

/// What is told of policies that were kept.
pub(super) fn told(text: Option<&str>) -> Vec<Told> {
    let documents: Vec<Value> = text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let told = documents.iter().map(|document| Told {
        policy_text: document.to_string(),
        policy_type: document.get("Type").and_then(Value::as_str).unwrap_or_default().to_owned(),
        policy_status: "Pending",
    });
    told.collect()
}

/// Checks one policy; gives the moment of an expiration.
fn check(document: &Value) -> Result<Option<i64>> {
    let attribute = |name: &str| {
        let found =
            document.get("Attributes").and_then(|attributes| attributes.get(name)).and_then(Value::as_str);
        found.ok_or_else(|| invalid(name))
    };
    match document.get("Type").and_then(Value::as_str) {
        Some("Expiration") => {
            let moment = OffsetDateTime::parse(attribute("Timestamp")?, &Rfc3339);
            let moment = moment.map_err(|_| invalid("Timestamp"))?;
            Ok(Some(moment.unix_timestamp().saturating_mul(1000)))
        }
        Some("ExpirationNotification") => span(attribute("Before")?, attribute("Unit")?),
        Some("NoChangeNotification") => span(attribute("After")?, attribute("Unit")?),
        _ => Err(Code::InvalidPolicyTypeException.saying(
            "The policy type isn't supported. Parameter Store supports the following policy types: Expiration, \
             ExpirationNotification, and NoChangeNotification.",
        )),
    }
}

fn span(count: &str, unit: &str) -> Result<Option<i64>> {
    let known = matches!(unit, "Days" | "Hours") && count.parse::<u32>().is_ok_and(|count| count > 0);
    if known { Ok(None) } else { Err(invalid("Unit")) }
}

fn invalid(attribute: &str) -> Error {
    Code::InvalidPolicyAttributeException
        .saying(format!("A policy attribute or its value is invalid: {attribute}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPIRY: &str =
        r#"{"Type":"Expiration","Version":"1.0","Attributes":{"Timestamp":"2030-01-01T00:00:00.000Z"}}"#;

    #[test]
    fn policies_are_read_and_told() {
        let notice =
            r#"{"Type":"NoChangeNotification","Version":"1.0","Attributes":{"After":"20","Unit":"Days"}}"#;
        let read = read(&format!("[{EXPIRY},{notice}]")).unwrap();
        assert_eq!(read.expires, Some(1_893_456_000_000));
        let kinds: Vec<String> =
            told(read.text.as_deref()).into_iter().map(|told| told.policy_type).collect();
        assert_eq!(kinds, ["Expiration", "NoChangeNotification"]);
        assert_eq!(super::read("[{}]").unwrap(), Policies { text: None, expires: None });
    }

    #[test]
    fn wrong_policies_are_refused() {
        for (text, code) in [
            ("nonsense", Code::InvalidPolicyAttributeException),
            (r#"["Expiration"]"#, Code::InvalidPolicyTypeException),
            (r#"[{"Type":"Expiration","Attributes":{}}]"#, Code::InvalidPolicyAttributeException),
            (&format!("[{EXPIRY},{EXPIRY}]"), Code::IncompatiblePolicyException),
            (&format!("[{}]", [EXPIRY; 11].join(",")), Code::PoliciesLimitExceededException),
        ] {
            assert_eq!(read(text).unwrap_err().code, code, "{text}");
        }
    }
}
