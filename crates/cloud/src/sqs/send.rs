//! Sending messages, one or up to ten.

use std::sync::Arc;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::Sqs;
use super::batch::{self, BatchOutput};
use super::error::SqsError;
use super::message::{Digests, MessageInput, NewMessage};
use super::queue::{self, Change, Queue};
use crate::call::Call;
use crate::clock::now_ms;

/// What a batch may be long in all, in bytes (API reference, SendMessageBatch).
const BATCH_BYTES: usize = 1_048_576;

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
    let message = NewMessage::new(input, &queue.attributes())?;
    let sent = Sent::new(&message);
    insert(sqs, queue, vec![message]).await?;
    Ok(sent)
}

/// `SendMessageBatch`.
pub(super) async fn batch(
    sqs: &Sqs,
    input: SendBatchInput,
    call: &Call,
) -> Result<BatchOutput<SentEntry>, SqsError> {
    let queue = sqs.by_url(&input.queue_url)?;
    batch::check("SendMessageBatchRequestEntry", input.entries.iter().map(|entry| entry.id.as_str()))?;
    let attributes = queue.attributes();
    let mut messages = Vec::with_capacity(input.entries.len());
    let mut results = Vec::with_capacity(input.entries.len());
    for mut entry in input.entries {
        let id = std::mem::take(&mut entry.id);
        entry.trace.clone_from(&call.trace);
        let message = NewMessage::new(entry, &attributes);
        results.push((id, message.as_ref().map(Sent::new).map_err(Clone::clone)));
        messages.extend(message);
    }
    let sent: usize = messages.iter().map(|message| message.size).sum();
    if sent > BATCH_BYTES {
        return Err(SqsError::BatchRequestTooLong { limit: BATCH_BYTES, sent });
    }
    if !messages.is_empty() {
        insert(sqs, queue, messages).await?;
    }
    Ok(batch::output(results, |id, sent| SentEntry { id, sent }))
}

impl Sent {
    fn new(message: &NewMessage) -> Self {
        let Digests { body, attributes, system_attributes } = message.digests.clone();
        Self {
            message_id: message.uuid.to_string(),
            body_digest: body,
            attributes_digest: attributes,
            system_attributes_digest: system_attributes,
        }
    }
}

/// Puts all of them into the store, or none.
async fn insert(sqs: &Sqs, queue: Arc<Queue>, messages: Vec<NewMessage>) -> Result<(), SqsError> {
    let job = move |connection: &Connection| {
        if queue.is_deleted() {
            return Err(SqsError::QueueDoesNotExist);
        }
        let now = now_ms();
        let insert = |message: &NewMessage| message.insert(connection, &queue, now);
        let changes = messages.iter().map(insert).collect::<rusqlite::Result<Vec<Change>>>()?;
        Ok(changes)
    };
    sqs.store().write_then(job, |changes: &Vec<Change>| queue::apply(changes)).await.map(drop)
}
