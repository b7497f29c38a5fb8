//! A message: what may be in it, how long it is, its digests, and putting it into the store.

use std::collections::BTreeMap;
use std::sync::Arc;

use md5::{Digest, Md5};
use rusqlite::{Connection, params};
use serde::Deserialize;
use uuid::Uuid;

use super::attribute_value::{self, Attribute};
use super::attributes::Attributes;
use super::error::SqsError;
use super::queue::{Change, Queue};
use super::tally::Standing;

/// The longest delay of one message, in seconds.
const MAXIMUM_DELAY: i64 = 900;

/// What a sender says about one message: `SendMessage`, which has a queue, or an entry of its batch, which has
/// an id. One struct, because a nested one would have to be read through a buffer.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct MessageInput {
    pub(super) queue_url: String,
    pub(super) id: String,
    message_body: String,
    delay_seconds: Option<i64>,
    message_attributes: Option<BTreeMap<String, Attribute>>,
    message_system_attributes: Option<BTreeMap<String, Attribute>>,
    message_group_id: Option<String>,
    message_deduplication_id: Option<String>,
    /// `X-Amzn-Trace-Id` of the request, which stands where the sender names no `AWSTraceHeader`.
    #[serde(skip)]
    pub(super) trace: Option<String>,
}

impl MessageInput {
    /// A message that is nothing but its body.
    pub(super) fn with_body(body: String) -> Self {
        Self { message_body: body, ..Self::default() }
    }
}

/// A message that may be sent.
#[derive(Debug)]
pub(super) struct NewMessage {
    pub(super) uuid: Uuid,
    pub(super) body: String,
    pub(super) size: usize,
    pub(super) digests: Digests,
    delay_ms: i64,
    attributes: Option<String>,
    trace_header: Option<String>,
    group_id: Option<String>,
}

/// The digests a sender checks.
#[derive(Debug, Clone, Default)]
pub(super) struct Digests {
    pub(super) body: String,
    pub(super) attributes: Option<String>,
    pub(super) system_attributes: Option<String>,
}

impl NewMessage {
    /// Checks what a sender says against the queue's attributes and SQS's rules.
    pub(super) fn new(input: MessageInput, queue: &Attributes) -> Result<Self, SqsError> {
        check_body(&input.message_body)?;
        check_standard(&input)?;
        let attributes = input.message_attributes.unwrap_or_default();
        attribute_value::check(&attributes)?;
        let size = input.message_body.len() + attribute_value::size(&attributes);
        check_size(size, queue.maximum_message_size)?;
        let system = input.message_system_attributes.unwrap_or_default();
        let trace_header = trace_header(&system)?.or(input.trace);
        let digests = Digests {
            body: body_digest(&input.message_body),
            attributes: attribute_value::digest(&attributes),
            system_attributes: attribute_value::digest(&system),
        };
        let delay_seconds = check_delay(input.delay_seconds)?.unwrap_or(queue.delay_seconds);
        Ok(Self {
            uuid: Uuid::new_v4(),
            size,
            digests,
            delay_ms: delay_seconds * 1000,
            attributes: attribute_value::encode(&attributes)?,
            trace_header,
            group_id: input.message_group_id,
            body: input.message_body,
        })
    }

    /// Puts it into the store, inside a write.
    pub(super) fn insert(
        &self,
        connection: &Connection,
        queue: &Arc<Queue>,
        now: i64,
    ) -> rusqlite::Result<Change> {
        let id = queue.next_id();
        let visible_at = now + self.delay_ms;
        let mut insert = connection.prepare_cached(
            "INSERT INTO sqs_message (id, queue, visible_at, receives, receives_before, first_received_at, \
             received_at, sent_at, uuid, attributes, trace_header, group_id, body) \
             VALUES (?1, ?2, ?3, 0, 0, 0, 0, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?;
        insert.execute(params![
            id,
            queue.id,
            visible_at,
            now,
            self.uuid.as_bytes(),
            self.attributes,
            self.trace_header,
            self.group_id,
            self.body,
        ])?;
        Ok(Change { queue: Arc::clone(queue), id, from: None, to: Some(Standing::new(visible_at, 0)) })
    }
}

/// `MD5OfMessageBody`.
pub(super) fn body_digest(body: &str) -> String {
    hex::encode(Md5::digest(body.as_bytes()))
}

/// The characters SQS takes: those of XML 1.0 (API reference, SendMessage).
fn check_body(body: &str) -> Result<(), SqsError> {
    if body.is_empty() {
        return Err(SqsError::MissingParameter("MessageBody"));
    }
    if body.chars().all(is_allowed) { Ok(()) } else { Err(SqsError::InvalidMessageContents) }
}

pub(super) fn is_allowed(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' => true,
        '\u{FFFE}' | '\u{FFFF}' => false,
        other => other >= ' ',
    }
}

/// What only a FIFO queue takes. A group id is also for fair queues, which are standard ones.
fn check_standard(input: &MessageInput) -> Result<(), SqsError> {
    let reason = "The request include parameter that is not valid for this queue type.";
    if let Some(value) = input.message_deduplication_id.clone() {
        let name = "MessageDeduplicationId";
        return Err(SqsError::InvalidParameter { name, value, reason: reason.to_owned() });
    }
    match &input.message_group_id {
        Some(group) if !is_group_id(group) => Err(SqsError::InvalidParameter {
            name: "MessageGroupId",
            value: group.clone(),
            reason:
                "MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length."
                    .to_owned(),
        }),
        _ => Ok(()),
    }
}

fn is_group_id(text: &str) -> bool {
    (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn check_delay(delay: Option<i64>) -> Result<Option<i64>, SqsError> {
    match delay {
        Some(seconds) if !(0..=MAXIMUM_DELAY).contains(&seconds) => Err(SqsError::InvalidParameter {
            name: "DelaySeconds",
            value: seconds.to_string(),
            reason: format!("DelaySeconds must be >= 0 and <= {MAXIMUM_DELAY}."),
        }),
        within => Ok(within),
    }
}

fn check_size(size: usize, limit: usize) -> Result<(), SqsError> {
    if size <= limit {
        return Ok(());
    }
    let reason =
        format!("One or more parameters are invalid. Reason: Message must be shorter than {limit} bytes.");
    Err(SqsError::InvalidValue(reason))
}

/// The one system attribute a sender may give.
fn trace_header(system: &BTreeMap<String, Attribute>) -> Result<Option<String>, SqsError> {
    if let Some(name) = system.keys().find(|name| *name != "AWSTraceHeader") {
        let reason = format!("Message system attribute name '{name}' is invalid.");
        return Err(SqsError::InvalidValue(reason));
    }
    match system.get("AWSTraceHeader") {
        None => Ok(None),
        Some(Attribute { data_type, string_value: Some(value), .. }) if data_type == "String" => {
            Ok(Some(value.clone()))
        }
        Some(_) => Err(SqsError::InvalidValue(
            "The message system attribute 'AWSTraceHeader' must have DataType String and a StringValue."
                .to_owned(),
        )),
    }
}

#[cfg(test)]
mod tests;
