//! What only a FIFO queue has: how duplicates are told, and among which messages.
//!
//! Rules: SQS API reference, CreateQueue, "The following attributes apply only to FIFO queues".

use std::collections::BTreeMap;

use crate::sqs::error::SqsError;

pub(crate) const FIFO_QUEUE: &str = "FifoQueue";
const BY_CONTENT: &str = "ContentBasedDeduplication";
const SCOPE: &str = "DeduplicationScope";
const THROUGHPUT: &str = "FifoThroughputLimit";

/// What a queue is for good: it can't be changed once it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Standard,
    Fifo,
}

/// A FIFO queue's own attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fifo {
    pub(crate) deduplication: Deduplication,
    pub(crate) scope: Scope,
}

/// How a FIFO queue tells that a message was sent before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deduplication {
    /// By the id its sender gives it.
    ById,
    /// By the SHA-256 of its body where its sender gives it no id.
    ByContent,
}

/// Among which messages a duplicate is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    Queue,
    MessageGroup,
}

impl Fifo {
    /// What a set of attributes says, where it is a FIFO queue's.
    pub(super) fn of(set: &BTreeMap<String, String>) -> Result<Option<Self>, SqsError> {
        let get = |name| set.get(name).map(String::as_str);
        if get(FIFO_QUEUE) != Some("true") {
            return Ok(None);
        }
        let scope = if get(SCOPE) == Some("messageGroup") { Scope::MessageGroup } else { Scope::Queue };
        if get(THROUGHPUT) == Some("perMessageGroupId") && scope == Scope::Queue {
            return Err(SqsError::UnsuitableAttributeValue {
                name: THROUGHPUT,
                reason: "The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.",
            });
        }
        let deduplication =
            if get(BY_CONTENT) == Some("true") { Deduplication::ByContent } else { Deduplication::ById };
        Ok(Some(Self { deduplication, scope }))
    }
}

/// The values where nobody set one.
pub(super) fn defaults() -> [(&'static str, &'static str); 4] {
    [(FIFO_QUEUE, "true"), (BY_CONTENT, "false"), (SCOPE, "queue"), (THROUGHPUT, "perQueue")]
}

/// Whether a name is one of these.
pub(super) fn is_known(name: &str) -> bool {
    matches!(name, FIFO_QUEUE | BY_CONTENT | SCOPE | THROUGHPUT)
}

/// Whether a value is one of the attribute's; `name` must be one of these.
pub(super) fn is_valid(name: &str, value: &str) -> bool {
    match name {
        SCOPE => matches!(value, "queue" | "messageGroup"),
        THROUGHPUT => matches!(value, "perQueue" | "perMessageGroupId"),
        _ => matches!(value, "true" | "false"),
    }
}

/// What a standard queue says to one of these.
pub(super) fn refusal(name: &str) -> SqsError {
    match name {
        SCOPE | THROUGHPUT => SqsError::FifoAttribute { name: name.to_owned() },
        _ => SqsError::InvalidAttributeName { name: name.to_owned() },
    }
}

/// Checks a change of `FifoQueue`, which may only say what is so.
pub(super) fn check_change(kind: Kind, changes: &BTreeMap<String, String>) -> Result<(), SqsError> {
    match (kind, changes.get(FIFO_QUEUE)) {
        (_, None) => Ok(()),
        (Kind::Standard, Some(_)) => Err(refusal(FIFO_QUEUE)),
        (Kind::Fifo, Some(value)) if value.eq_ignore_ascii_case("true") => Ok(()),
        (Kind::Fifo, Some(_)) => Err(SqsError::UnsuitableAttributeValue {
            name: FIFO_QUEUE,
            reason: "Modifying queue type is not supported.",
        }),
    }
}
