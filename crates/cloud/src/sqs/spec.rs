//! A queue as its owner wants it: created where it is missing, brought up to date where it is there.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Sqs;
use super::attributes::Deduplication;
use super::create::{self, CreateInput};
use super::describe;
use super::error::SqsError;

/// A queue as its owner wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueSpec {
    /// Its name.
    pub name: String,
    /// What it promises about order and duplicates.
    pub kind: QueueKind,
    /// How long a message is kept: 60 s to 14 d.
    pub retention: Duration,
    /// How long a received message stays hidden: 0 to 12 h.
    pub visibility: Duration,
    /// How long a new message stays hidden: 0 to 15 min.
    pub delay: Duration,
    /// How long a receive waits when it does not say: 0 to 20 s.
    pub wait: Duration,
    /// Where messages go that nobody manages to handle.
    pub dead_letter: Option<DeadLetter>,
}

/// What a queue promises about order and duplicates. It stays what it was created as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueKind {
    /// Neither.
    Standard,
    /// First in, first out in each message group, and nothing twice. Its name ends with `.fifo`, as does its
    /// dead-letter queue's.
    Fifo(Deduplication),
}

/// Where messages go that nobody manages to handle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// Name of a queue that is there already.
    pub queue: String,
    /// Receives before a message is moved: 1 to 1000.
    pub tries: u32,
}

/// Creates the queue, or brings its attributes up to date; messages in it are kept.
pub(crate) async fn ensure(sqs: &Sqs, spec: &QueueSpec) -> Result<(), SqsError> {
    let attributes = attributes(sqs, spec);
    if let Some(queue) = sqs.by_key(&spec.name) {
        return describe::change(sqs, &queue, attributes).await;
    }
    let input = CreateInput { queue_name: Some(spec.name.clone()), attributes: Some(attributes), tags: None };
    create::ensure_absent_or_same(sqs, input).await.map(drop)
}

fn attributes(sqs: &Sqs, spec: &QueueSpec) -> BTreeMap<String, String> {
    let redrive = spec.dead_letter.as_ref().map(|dead| {
        let arn = sqs.place().arn(&dead.queue);
        serde_json::json!({ "deadLetterTargetArn": arn, "maxReceiveCount": dead.tries }).to_string()
    });
    let mut attributes: BTreeMap<String, String> = [
        ("MessageRetentionPeriod", spec.retention.as_secs().to_string()),
        ("VisibilityTimeout", spec.visibility.as_secs().to_string()),
        ("DelaySeconds", spec.delay.as_secs().to_string()),
        ("ReceiveMessageWaitTimeSeconds", spec.wait.as_secs().to_string()),
        // Empty unsets it.
        ("RedrivePolicy", redrive.unwrap_or_default()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    if let QueueKind::Fifo(deduplication) = spec.kind {
        let by_content = deduplication == Deduplication::ByContent;
        attributes.insert("FifoQueue".to_owned(), "true".to_owned());
        attributes.insert("ContentBasedDeduplication".to_owned(), by_content.to_string());
    }
    attributes
}
