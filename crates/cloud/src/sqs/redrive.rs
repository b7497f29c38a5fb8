//! Dead letters: who sends them where, and who may.

use serde::Deserialize;
use serde_json::Value;

use super::error::SqsError;
use super::names::Place;

/// A `RedrivePolicy`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Redrive {
    /// The dead-letter queue's ARN.
    pub(crate) target_arn: String,
    /// The dead-letter queue's name.
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
struct RedriveText {
    dead_letter_target_arn: String,
    #[serde(default)]
    max_receive_count: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AllowText {
    redrive_permission: String,
    #[serde(default)]
    source_queue_arns: Vec<String>,
}

impl Redrive {
    /// Reads the policy's JSON. `maxReceiveCount` may be a number or a string, and is 10 where it is missing.
    pub(crate) fn parse(text: &str, place: &Place) -> Result<Self, SqsError> {
        let refused = |reason: &str| invalid(text, reason);
        let policy: RedriveText = serde_json::from_str(text)
            .map_err(|_| refused("Redrive policy is not a valid JSON map or has no deadLetterTargetArn."))?;
        let max_receives = match &policy.max_receive_count {
            None => Some(10),
            Some(Value::Number(number)) => number.as_i64(),
            Some(Value::String(text)) => text.parse().ok(),
            Some(_) => None,
        };
        let max_receives = max_receives
            .filter(|count| (1..=1000).contains(count))
            .ok_or_else(|| refused("Invalid value for maxReceiveCount: must be between 1 and 1000."))?;
        let target = place.name_in_arn(&policy.dead_letter_target_arn);
        let target = target.ok_or_else(|| refused("Dead letter target does not exist."))?.to_owned();
        Ok(Self { target, target_arn: policy.dead_letter_target_arn, max_receives })
    }
}

impl Allow {
    pub(crate) fn parse(text: &str) -> Result<Self, SqsError> {
        let refused = || SqsError::InvalidAttributeValue { name: "RedriveAllowPolicy".to_owned() };
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

/// A redrive policy that can't be.
pub(crate) fn invalid(policy: &str, reason: &str) -> SqsError {
    SqsError::InvalidParameter { name: "RedrivePolicy", value: policy.to_owned(), reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Redrive, SqsError> {
        Redrive::parse(text, &Place { region: "r".to_owned(), account: "1".to_owned() })
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
