//! Sending messages, one or up to ten.

use std::sync::Arc;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::Sqs;
use super::batch::{self, BatchOutput};
use super::error::SqsError;
use super::fifo::sequence;
use super::message::{self, Digests, Kept, MessageInput, NewMessage};
use super::queue::{self, Change, Queue};
use crate::call::Call;
use crate::clock::now_ms;
use crate::store::StoreError;

/// What a batch may be long in all, in bytes (API reference, SendMessageBatch).
pub(crate) const BATCH_BYTES: usize = 1_048_576;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct SendBatchInput {
    queue_url: String,
    entries: Vec<MessageInput>,
}

/// What was sent, with the digests for the sender to check.
#[derive(Debug, Serialize)]
pub(super) struct Sent {
    #[serde(rename = "MessageId")]
    message_id: String,
    #[serde(rename = "MD5OfMessageBody")]
    body_digest: String,
    #[serde(rename = "MD5OfMessageAttributes", skip_serializing_if = "Option::is_none")]
    attributes_digest: Option<String>,
    #[serde(rename = "MD5OfMessageSystemAttributes", skip_serializing_if = "Option::is_none")]
    system_attributes_digest: Option<String>,
    #[serde(rename = "SequenceNumber", skip_serializing_if = "Option::is_none")]
    sequence: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct SentEntry {
    #[serde(rename = "Id")]
    id: String,
    #[serde(flatten)]
    sent: Sent,
}

/// `SendMessage`.
pub(super) async fn one(sqs: &Sqs, mut input: MessageInput, call: &Call) -> Result<Sent, SqsError> {
    let queue = sqs.by_url(&input.queue_url)?;
    input.trace.clone_from(&call.trace);
    to(sqs, queue, input).await
}

/// Sends one message to a queue.
pub(super) async fn to(sqs: &Sqs, queue: Arc<Queue>, input: MessageInput) -> Result<Sent, SqsError> {
    let mut message = NewMessage::new(input, &queue.attributes())?;
    let digests = std::mem::take(&mut message.digests);
    let kept = insert(sqs, queue, vec![message]).await?;
    kept.first().map(|kept| Sent::new(digests, *kept)).ok_or(SqsError::Store(StoreError::Closed))
}

/// `SendMessageBatch`.
pub(super) async fn batch(
    sqs: &Sqs,
    input: SendBatchInput,
    call: &Call,
) -> Result<BatchOutput<SentEntry>, SqsError> {
    let queue = sqs.by_url(&input.queue_url)?;
    batch::check("SendMessageBatchRequestEntry", input.entries.iter().map(|entry| entry.id.as_str()))?;
    let sent: usize = input.entries.iter().map(MessageInput::size).sum();
    if sent > BATCH_BYTES {
        return Err(SqsError::BatchRequestTooLong { limit: BATCH_BYTES, sent });
    }
    let attributes = queue.attributes();
    message::check_batch(&input.entries, &attributes)?;
    let mut messages = Vec::with_capacity(input.entries.len());
    let mut results = Vec::with_capacity(input.entries.len());
    for mut entry in input.entries {
        let id = std::mem::take(&mut entry.id);
        entry.trace.clone_from(&call.trace);
        let message = NewMessage::new(entry, &attributes).map_err(in_a_batch);
        let result = message.map(|mut message| {
            let digests = std::mem::take(&mut message.digests);
            messages.push(message);
            digests
        });
        results.push((id, result));
    }
    let kept = if messages.is_empty() { Vec::new() } else { insert(sqs, queue, messages).await? };
    let mut kept = kept.into_iter();
    let sent = results.into_iter().map(|(id, digests)| {
        let sent = digests.and_then(|digests| {
            let kept = kept.next().ok_or(SqsError::Store(StoreError::Closed))?;
            Ok(Sent::new(digests, kept))
        });
        (id, sent)
    });
    Ok(batch::output(sent, |id, sent| SentEntry { id, sent }))
}

impl Sent {
    fn new(digests: Digests, kept: Kept) -> Self {
        Self {
            message_id: kept.uuid.to_string(),
            body_digest: digests.body,
            attributes_digest: digests.attributes,
            system_attributes_digest: digests.system_attributes,
            sequence: kept.sequence.map(sequence::text),
        }
    }
}

/// The one sentence that AWS says differently about an entry.
fn in_a_batch(error: SqsError) -> SqsError {
    match error {
        SqsError::TooLong { limit, .. } => SqsError::TooLong { limit, verb: "cannot be validated" },
        other => other,
    }
}

/// Puts all of them into the store, or none; the names they have there, in the same order.
async fn insert(sqs: &Sqs, queue: Arc<Queue>, messages: Vec<NewMessage>) -> Result<Vec<Kept>, SqsError> {
    let job = move |connection: &Connection| {
        if queue.is_deleted() {
            return Err(SqsError::QueueDoesNotExist);
        }
        let now = now_ms();
        let mut changes = Vec::with_capacity(messages.len());
        let mut insert = |message: &NewMessage| message.insert(connection, &queue, now, &mut changes);
        let kept = messages.iter().map(&mut insert).collect::<rusqlite::Result<Vec<Kept>>>()?;
        Ok((kept, changes))
    };
    let apply = |(_, changes): &(Vec<Kept>, Vec<Change>)| queue::apply(changes);
    sqs.store().write_then(job, apply).await.map(|(kept, _)| kept)
}
