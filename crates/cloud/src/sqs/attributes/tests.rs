//! The ranges of the API reference, from both sides.

use std::collections::BTreeMap;

use super::Attributes;
use crate::sqs::error::SqsError;
use crate::sqs::names::Place;

fn place() -> Place {
    Place { region: "us-east-1".to_owned(), account: "000000000000".to_owned() }
}

fn attributes(pairs: &[(&str, &str)]) -> Result<Attributes, SqsError> {
    let set: BTreeMap<_, _> =
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Attributes::new(set, &place())
}

#[test]
fn defaults() {
    let none = attributes(&[]).unwrap();
    assert_eq!((none.delay_seconds, none.visibility_seconds, none.wait_seconds), (0, 30, 0));
    assert_eq!((none.maximum_message_size, none.retention_seconds), (1_048_576, 345_600));
    assert_eq!(none.effective()["SqsManagedSseEnabled"], "true");
}

#[test]
fn numbers_keep_their_bounds() {
    for (name, least, most) in [
        ("DelaySeconds", 0, 900),
        ("MaximumMessageSize", 1024, 1_048_576),
        ("MessageRetentionPeriod", 60, 1_209_600),
        ("ReceiveMessageWaitTimeSeconds", 0, 20),
        ("VisibilityTimeout", 0, 43_200),
        ("KmsDataKeyReusePeriodSeconds", 60, 86_400),
    ] {
        let refused = Err(SqsError::InvalidAttributeValue { name: name.to_owned() });
        for good in [least, most] {
            assert!(attributes(&[(name, &good.to_string())]).is_ok(), "{name} {good}");
        }
        for bad in [&(least - 1).to_string(), &(most + 1).to_string(), "x", "", "1.5"] {
            assert_eq!(attributes(&[(name, bad)]), refused, "{name} {bad}");
        }
    }
}

#[test]
fn unknown_and_foreign_names_are_refused() {
    for name in
        ["Nonsense", "QueueArn", "CreatedTimestamp", "ContentBasedDeduplication", "FifoThroughputLimit"]
    {
        let refused = Err(SqsError::InvalidAttributeName { name: name.to_owned() });
        assert_eq!(attributes(&[(name, "1")]), refused);
    }
    assert!(matches!(attributes(&[("FifoQueue", "true")]), Err(SqsError::UnsupportedOperation(_))));
    assert!(matches!(attributes(&[("FifoQueue", "false")]), Err(SqsError::InvalidAttributeName { .. })));
    assert!(matches!(attributes(&[("Policy", "{")]), Err(SqsError::InvalidAttributeValue { .. })));
}

#[test]
fn an_empty_policy_unsets_it() {
    let policy = r#"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:d","maxReceiveCount":"5"}"#;
    let set = attributes(&[("RedrivePolicy", policy)]).unwrap();
    assert_eq!(set.redrive.as_ref().unwrap().max_receives, 5);
    let unset = set.with(BTreeMap::from([("RedrivePolicy".to_owned(), String::new())]), &place()).unwrap();
    assert_eq!(unset.redrive, None);
    assert!(!unset.effective().contains_key("RedrivePolicy"));
}

#[test]
fn a_difference_is_named_and_policies_are_compared_by_meaning() {
    let have = attributes(&[("VisibilityTimeout", "60"), ("Policy", r#"{"a": 1}"#)]).unwrap();
    assert_eq!(have.difference(&attributes(&[("Policy", r#"{"a":1}"#)]).unwrap()), None);
    assert_eq!(have.difference(&attributes(&[("DelaySeconds", "0")]).unwrap()), None);
    let other = attributes(&[("VisibilityTimeout", "61")]).unwrap();
    assert_eq!(have.difference(&other).as_deref(), Some("VisibilityTimeout"));
}
