//! Dead letters: who sends them where, and who may.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::error::SqsError;
use super::names::Place;

/// A `RedrivePolicy`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Redrive {
    /// The dead-letter queue's key.
    pub(crate) target: String,
    /// Receives before a message is moved, 1 to 1000.
    pub(crate) max_receives: i64,
}

/// A `RedriveAllowPolicy`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Allow {
    All,
    Nobody,
    /// These queues, by ARN.
    Queues(Vec<String>),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AllowText {
    redrive_permission: String,
    #[serde(default)]
    source_queue_arns: Vec<String>,
}

impl Redrive {
    /// Reads the policy's JSON. `maxReceiveCount` may be a number or a string; where a policy that is kept has
    /// none, it is 10.
    pub(crate) fn parse(text: &str, place: &Place) -> Result<Self, SqsError> {
        let refused = |reason: &str| invalid(text, reason);
        let policy: Map<String, Value> =
            serde_json::from_str(text).map_err(|_| refused("Redrive policy is not a valid JSON map."))?;
        let Some(target_arn) = policy.get("deadLetterTargetArn").and_then(Value::as_str) else {
            return Err(missing(text, "deadLetterTargetArn"));
        };
        let max_receives = match policy.get("maxReceiveCount") {
            None => 10,
            Some(count) => max_receives(count).ok_or_else(|| {
                let count = count.as_str().map_or_else(|| count.to_string(), str::to_owned);
                refused(&format!(
                    "Invalid value for maxReceiveCount: {count}, valid values are from 1 to 1000 both inclusive."
                ))
            })?,
        };
        if !target_arn.starts_with("arn:") {
            return Err(refused("Invalid value for deadLetterTargetArn."));
        }
        let target = place.key_in_arn(target_arn);
        let target = target.ok_or_else(|| refused("Dead letter target does not exist."))?;
        Ok(Self { target, max_receives })
    }
}

/// The policy as it is shown: its count is a number also where it was set as a string.
pub(crate) fn with_number(policy: &str) -> String {
    let Ok(mut members) = serde_json::from_str::<Map<String, Value>>(policy) else {
        return policy.to_owned();
    };
    let number = members.get("maxReceiveCount").filter(|count| count.is_string()).and_then(max_receives);
    let Some(number) = number else { return policy.to_owned() };
    members.insert("maxReceiveCount".to_owned(), number.into());
    Value::Object(members).to_string()
}

/// A policy that is being set has to say how many receives are too many.
pub(crate) fn check_complete(policy: &str) -> Result<(), SqsError> {
    let says = serde_json::from_str::<Map<String, Value>>(policy)
        .is_ok_and(|policy| policy.contains_key("maxReceiveCount"));
    if says { Ok(()) } else { Err(missing(policy, "maxReceiveCount")) }
}

impl Allow {
    pub(crate) fn parse(text: &str) -> Result<Self, SqsError> {
        let refused = || SqsError::InvalidParameter {
            name: "RedriveAllowPolicy",
            value: text.to_owned(),
            reason: "Amazon SQS can't create the redrive allow policy, as it's in an unsupported format."
                .to_owned(),
        };
        let policy: AllowText = serde_json::from_str(text).map_err(|_| refused())?;
        match (policy.redrive_permission.as_str(), policy.source_queue_arns.len()) {
            ("allowAll", 0) => Ok(Self::All),
            ("denyAll", 0) => Ok(Self::Nobody),
            ("byQueue", 1..=10) => Ok(Self::Queues(policy.source_queue_arns)),
            _ => Err(refused()),
        }
    }

    /// Whether the queue with this ARN may send its dead letters here.
    pub(crate) fn admits(&self, source_arn: &str) -> bool {
        match self {
            Self::All => true,
            Self::Nobody => false,
            Self::Queues(arns) => arns.iter().any(|arn| arn == source_arn),
        }
    }
}

fn max_receives(count: &Value) -> Option<i64> {
    let count = match count {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    count.filter(|count| (1..=1000).contains(count))
}

fn missing(policy: &str, member: &str) -> SqsError {
    invalid(policy, &format!("Redrive policy does not contain mandatory attribute: {member}."))
}

/// A redrive policy that can't be.
pub(crate) fn invalid(policy: &str, reason: &str) -> SqsError {
    SqsError::InvalidParameter { name: "RedrivePolicy", value: policy.to_owned(), reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Redrive, SqsError> {
        Redrive::parse(text, &Place::home("r", "1"))
    }

    #[test]
    fn a_count_is_a_number_or_a_string() {
        for (count, expected) in [("5", 5), ("\"5\"", 5), ("1000", 1000)] {
            let text = format!(r#"{{"deadLetterTargetArn":"arn:aws:sqs:r:1:d","maxReceiveCount":{count}}}"#);
            assert_eq!(parse(&text).unwrap().max_receives, expected);
        }
        assert_eq!(parse(r#"{"deadLetterTargetArn":"arn:aws:sqs:r:1:d"}"#).unwrap().max_receives, 10);
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "x",
            "{}",
            r#"{"maxReceiveCount":5}"#,
            r#"{"deadLetterTargetArn":"arn:aws:sqs:r:1:d","maxReceiveCount":0}"#,
            r#"{"deadLetterTargetArn":"arn:aws:sqs:r:1:d","maxReceiveCount":1001}"#,
            r#"{"deadLetterTargetArn":"arn:aws:sqs:r:1:d","maxReceiveCount":[]}"#,
            r#"{"deadLetterTargetArn":"d","maxReceiveCount":5}"#,
        ] {
            assert!(matches!(parse(text), Err(SqsError::InvalidParameter { .. })), "{text}");
        }
    }

    #[test]
    fn who_may_send_dead_letters() {
        assert!(Allow::parse(r#"{"redrivePermission":"allowAll"}"#).unwrap().admits("x"));
        assert!(!Allow::parse(r#"{"redrivePermission":"denyAll"}"#).unwrap().admits("x"));
        let some = Allow::parse(r#"{"redrivePermission":"byQueue","sourceQueueArns":["a"]}"#).unwrap();
        assert!(some.admits("a") && !some.admits("b"));
        assert!(Allow::parse(r#"{"redrivePermission":"byQueue"}"#).is_err());
        assert!(Allow::parse(r#"{"redrivePermission":"allowAll","sourceQueueArns":["a"]}"#).is_err());
    }
}
