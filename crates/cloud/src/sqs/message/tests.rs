//! What may be sent, from both sides.

use std::collections::BTreeMap;

use super::{MessageInput, NewMessage};
use crate::sqs::attributes::Attributes;
use crate::sqs::error::SqsError;
use crate::sqs::names::Place;

fn new(json: serde_json::Value) -> Result<NewMessage, SqsError> {
    let place = Place::home("r", "1");
    let queue = Attributes::new(BTreeMap::new(), &place).unwrap();
    NewMessage::new(serde_json::from_value::<MessageInput>(json).unwrap(), &queue)
}

fn new_fifo(by_content: bool, json: serde_json::Value) -> Result<NewMessage, SqsError> {
    let place = Place::home("r", "1");
    let set = [("FifoQueue", "true".to_owned()), ("ContentBasedDeduplication", by_content.to_string())];
    let set = set.map(|(name, value)| (name.to_owned(), value)).into();
    NewMessage::new(
        serde_json::from_value::<MessageInput>(json).unwrap(),
        &Attributes::new(set, &place).unwrap(),
    )
}

fn refusal(json: serde_json::Value) -> SqsError {
    new(json).unwrap_err()
}

#[test]
fn characters() {
    for good in ["\t\n\r", " ~", "\u{d7ff}\u{e000}\u{fffd}", "\u{10000}\u{10ffff}"] {
        assert!(new(serde_json::json!({ "MessageBody": good })).is_ok(), "{good:?}");
    }
    for bad in ["\u{0}", "\u{8}", "\u{b}", "\u{1f}", "a\u{fffe}", "\u{ffff}"] {
        assert_eq!(refusal(serde_json::json!({ "MessageBody": bad })), SqsError::InvalidMessageContents);
    }
    assert_eq!(refusal(serde_json::json!({})), SqsError::MissingParameter("MessageBody"));
}

#[test]
fn size_and_delay_keep_their_bounds() {
    let body = "a".repeat(1_048_576);
    assert!(new(serde_json::json!({ "MessageBody": body })).is_ok());
    let attribute = serde_json::json!({ "a": { "DataType": "String", "StringValue": "x" } });
    let over = serde_json::json!({ "MessageBody": body, "MessageAttributes": attribute });
    assert!(matches!(refusal(over), SqsError::TooLong { limit: 1_048_576, .. }));
    assert!(new(serde_json::json!({ "MessageBody": "a", "DelaySeconds": 900 })).is_ok());
    for bad in [-1, 901] {
        let refused = refusal(serde_json::json!({ "MessageBody": "a", "DelaySeconds": bad }));
        assert!(matches!(refused, SqsError::InvalidParameter { name: "DelaySeconds", .. }));
    }
}

#[test]
fn only_what_a_standard_queue_takes() {
    assert!(new(serde_json::json!({ "MessageBody": "a", "MessageGroupId": "tenant-1" })).is_ok());
    let refused = refusal(serde_json::json!({ "MessageBody": "a", "MessageGroupId": "a b" }));
    assert!(matches!(refused, SqsError::InvalidParameter { name: "MessageGroupId", .. }));
    let refused = refusal(serde_json::json!({ "MessageBody": "a", "MessageDeduplicationId": "a" }));
    assert!(matches!(refused, SqsError::InvalidParameter { name: "MessageDeduplicationId", .. }));
    let system = serde_json::json!({ "Other": { "DataType": "String", "StringValue": "x" } });
    let refused = refusal(serde_json::json!({ "MessageBody": "a", "MessageSystemAttributes": system }));
    assert!(matches!(refused, SqsError::InvalidValue(_)));
}

#[test]
fn what_a_fifo_queue_demands() {
    let json = |group: Option<&str>, id: Option<&str>| {
        let mut json = serde_json::json!({ "MessageBody": "a" });
        group.into_iter().for_each(|group| json["MessageGroupId"] = group.into());
        id.into_iter().for_each(|id| json["MessageDeduplicationId"] = id.into());
        json
    };
    assert!(new_fifo(false, json(Some("g"), Some("d"))).is_ok());
    assert!(new_fifo(true, json(Some("g"), None)).is_ok());
    let refused = |by_content, json| new_fifo(by_content, json).unwrap_err();
    assert_eq!(refused(true, json(None, None)), SqsError::MissingParameter("MessageGroupId"));
    assert!(matches!(refused(false, json(Some("g"), None)), SqsError::InvalidValue(_)));
    for bad in ["", "a b", "ä", &"a".repeat(129)] {
        for json in [json(Some(bad), Some("d")), json(Some("g"), Some(bad))] {
            assert!(matches!(refused(true, json), SqsError::InvalidParameter { .. }), "{bad:?}");
        }
    }
    let mut delayed = json(Some("g"), Some("d"));
    delayed["DelaySeconds"] = 0.into();
    assert!(new_fifo(false, delayed.clone()).is_ok());
    delayed["DelaySeconds"] = 1.into();
    assert!(matches!(refused(false, delayed), SqsError::InvalidParameter { name: "DelaySeconds", .. }));
}

#[test]
fn digests() {
    let message = new(serde_json::json!({ "MessageBody": "This is a test message" })).unwrap();
    assert_eq!(message.digests.body, "fafb00f5732ab283681e124bf8747ed1");
    assert_eq!(message.digests.attributes, None);
}
