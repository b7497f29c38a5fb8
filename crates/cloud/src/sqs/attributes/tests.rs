//! The ranges of the API reference, from both sides.

use std::collections::BTreeMap;

use super::{Attributes, Deduplication, Fifo, Scope};
use crate::sqs::error::SqsError;
use crate::sqs::names::Place;

fn place() -> Place {
    Place::home("us-east-1", "000000000000")
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
    for name in ["Nonsense", "QueueArn", "CreatedTimestamp", "ContentBasedDeduplication"] {
        let refused = Err(SqsError::InvalidAttributeName { name: name.to_owned() });
        assert_eq!(attributes(&[(name, "1")]), refused);
    }
    for (name, value) in [("DeduplicationScope", "queue"), ("FifoThroughputLimit", "perQueue")] {
        assert_eq!(attributes(&[(name, value)]), Err(SqsError::FifoAttribute { name: name.to_owned() }));
    }
    assert!(matches!(attributes(&[("FifoQueue", "false")]), Err(SqsError::InvalidAttributeName { .. })));
    assert!(matches!(attributes(&[("Policy", "{")]), Err(SqsError::InvalidAttributeValue { .. })));
}

fn fifo(pairs: &[(&str, &str)]) -> Result<Attributes, SqsError> {
    attributes(&[pairs, &[("FifoQueue", "True")]].concat())
}

#[test]
fn what_a_fifo_queue_has_besides() {
    let plain = fifo(&[]).unwrap();
    assert_eq!(plain.fifo, Some(Fifo { deduplication: Deduplication::ById, scope: Scope::Queue }));
    let all = plain.effective();
    for (name, value) in [
        ("FifoQueue", "true"),
        ("ContentBasedDeduplication", "false"),
        ("DeduplicationScope", "queue"),
        ("FifoThroughputLimit", "perQueue"),
    ] {
        assert_eq!(all[name], value);
    }
    let high = fifo(&[
        ("ContentBasedDeduplication", "TRUE"),
        ("DeduplicationScope", "messageGroup"),
        ("FifoThroughputLimit", "perMessageGroupId"),
    ]);
    let expected = Fifo { deduplication: Deduplication::ByContent, scope: Scope::MessageGroup };
    assert_eq!(high.unwrap().fifo, Some(expected));
    for pair in [
        ("ContentBasedDeduplication", "yes"),
        ("DeduplicationScope", "group"),
        ("FifoThroughputLimit", "perGroup"),
    ] {
        assert!(matches!(fifo(&[pair]), Err(SqsError::InvalidAttributeValue { .. })), "{pair:?}");
    }
    let alone = fifo(&[("FifoThroughputLimit", "perMessageGroupId")]);
    assert!(matches!(alone, Err(SqsError::UnsuitableAttributeValue { .. })));
}

#[test]
fn a_queue_stays_what_it_is() {
    let change = |from: &Attributes, value: &str| {
        from.with(BTreeMap::from([("FifoQueue".to_owned(), value.to_owned())]), &place()).map(|_| ())
    };
    let (standard, fifo) = (attributes(&[]).unwrap(), fifo(&[]).unwrap());
    assert_eq!(change(&fifo, "true"), Ok(()));
    assert!(matches!(change(&fifo, "false"), Err(SqsError::UnsuitableAttributeValue { .. })));
    for value in ["true", "false"] {
        assert!(matches!(change(&standard, value), Err(SqsError::InvalidAttributeName { .. })));
    }
}

#[test]
fn one_encryption_at_a_time() {
    let with = |from: &Attributes, pairs: &[(&str, &str)]| {
        let changes = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        from.with(changes, &place())
    };
    let plain = attributes(&[]).unwrap();
    let both = with(&plain, &[("KmsMasterKeyId", "k"), ("SqsManagedSseEnabled", "true")]);
    assert_eq!(both, Err(SqsError::TwoEncryptions));
    let key = with(&plain, &[("KmsMasterKeyId", "k"), ("KmsDataKeyReusePeriodSeconds", "6000")]).unwrap();
    assert_eq!(key.effective()["SqsManagedSseEnabled"], "false");
    assert_eq!(key.effective()["KmsDataKeyReusePeriodSeconds"], "6000");
    let unset = with(&key, &[("KmsMasterKeyId", "")]).unwrap().effective();
    assert_eq!(unset["SqsManagedSseEnabled"], "false");
    assert!(!unset.contains_key("KmsMasterKeyId") && !unset.contains_key("KmsDataKeyReusePeriodSeconds"));
    assert_eq!(
        with(&key, &[("SqsManagedSseEnabled", "true")]).unwrap().effective()["SqsManagedSseEnabled"],
        "true"
    );
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
