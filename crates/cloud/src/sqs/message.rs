//! A message: what may be in it, how long it is, its digests, and putting it into the store.

use std::collections::BTreeMap;
use std::sync::Arc;

use md5::{Digest, Md5};
use rusqlite::{Connection, params};
use serde::Deserialize;
use uuid::Uuid;

use super::attribute_value::{self, Attribute};
use super::attributes::{Attributes, Deduplication, Fifo};
use super::error::SqsError;
use super::fifo::deduplication::{self, Key, Original};
use super::fifo::{self, sequence};
use super::queue::{Change, Queue};
use super::tally::Standing;

/// The longest delay of one message, in seconds.
const MAXIMUM_DELAY: i64 = 900;

const NO_DEDUPLICATION: &str = "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly";

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
    pub(super) message_group_id: Option<String>,
    pub(super) message_deduplication_id: Option<String>,
    /// `X-Amzn-Trace-Id` of the request, which stands where the sender names no `AWSTraceHeader`.
    #[serde(skip)]
    pub(super) trace: Option<String>,
}

impl MessageInput {
    /// A message that is nothing but its body.
    pub(super) fn with_body(body: String) -> Self {
        Self { message_body: body, ..Self::default() }
    }

    /// What it counts towards a limit, in bytes.
    pub(super) fn size(&self) -> usize {
        self.message_body.len() + self.message_attributes.as_ref().map_or(0, attribute_value::size)
    }
}

/// A message that may be sent.
#[derive(Debug)]
pub(super) struct NewMessage {
    pub(super) digests: Digests,
    uuid: Uuid,
    body: String,
    delay_ms: i64,
    attributes: Option<String>,
    trace_header: Option<String>,
    group_id: Option<String>,
    /// What a duplicate of it is told by, on a FIFO queue.
    key: Option<Key>,
}

/// The names under which a message is kept: on a FIFO queue those of the first where it is a duplicate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kept {
    pub(super) uuid: Uuid,
    pub(super) sequence: Option<i64>,
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
        let key = check_kind(&input, queue.fifo)?;
        let size = input.size();
        let attributes = input.message_attributes.unwrap_or_default();
        attribute_value::check(&attributes)?;
        check_size(size, queue.maximum_message_size)?;
        let system = input.message_system_attributes.unwrap_or_default();
        let trace_header = trace_header(&system)?.or(input.trace);
        let digests = Digests {
            body: body_digest(&input.message_body),
            attributes: attribute_value::digest(&attributes),
            system_attributes: attribute_value::digest(&system),
        };
        let own_delay = check_delay(input.delay_seconds)?.filter(|_| key.is_none());
        Ok(Self {
            uuid: Uuid::new_v4(),
            digests,
            delay_ms: own_delay.unwrap_or(queue.delay_seconds) * 1000,
            attributes: attribute_value::encode(&attributes)?,
            trace_header,
            group_id: input.message_group_id,
            key,
            body: input.message_body,
        })
    }

    /// Puts it into the store, inside a write, unless it was sent before.
    pub(super) fn insert(
        &self,
        connection: &Connection,
        queue: &Arc<Queue>,
        now: i64,
        changes: &mut Vec<Change>,
    ) -> rusqlite::Result<Kept> {
        let Some(key) = &self.key else {
            let id = queue.next_id();
            changes.push(self.put(connection, queue, id, now)?);
            return Ok(Kept { uuid: self.uuid, sequence: None });
        };
        if let Some(Original { uuid, sequence }) = key.find(connection, queue, now)? {
            return Ok(Kept { uuid, sequence: Some(sequence) });
        }
        let id = sequence::next_id(connection, queue)?;
        changes.push(self.put(connection, queue, id, now)?);
        key.note(connection, queue, Original { uuid: self.uuid, sequence: id }, now)?;
        let group = self.group_id.as_deref().unwrap_or_default();
        fifo::arrived(connection, queue, group, id, now + self.delay_ms)?;
        Ok(Kept { uuid: self.uuid, sequence: Some(id) })
    }

    fn put(
        &self,
        connection: &Connection,
        queue: &Arc<Queue>,
        id: i64,
        now: i64,
    ) -> rusqlite::Result<Change> {
        let visible_at = now + self.delay_ms;
        let mut insert = connection.prepare_cached(
            "INSERT INTO sqs_message (id, queue, visible_at, receives, receives_before, first_received_at, \
             received_at, sent_at, uuid, attributes, trace_header, group_id, deduplication_id, sequence, body) \
             VALUES (?1, ?2, ?3, 0, 0, 0, 0, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
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
            self.key.as_ref().map(|key| &key.id),
            self.key.as_ref().map(|_| id),
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

/// What FIFO queues demand and standard ones refuse; what a duplicate is told by. A group id is also for fair queues,
/// which are standard ones.
fn check_kind(input: &MessageInput, fifo: Option<Fifo>) -> Result<Option<Key>, SqsError> {
    let group = checked("MessageGroupId", input.message_group_id.as_ref())?;
    let id = input.message_deduplication_id.as_ref();
    let Some(fifo) = fifo else {
        return match id {
            Some(value) => Err(not_for_this_kind("MessageDeduplicationId", value)),
            None => Ok(None),
        };
    };
    if let Some(delay) = input.delay_seconds.filter(|delay| *delay != 0) {
        return Err(not_for_this_kind("DelaySeconds", &delay.to_string()));
    }
    let group = group.ok_or(SqsError::MissingParameter("MessageGroupId"))?;
    let id = match (checked("MessageDeduplicationId", id)?, fifo.deduplication) {
        (Some(id), _) => id.clone(),
        (None, Deduplication::ByContent) => deduplication::of_body(&input.message_body),
        (None, Deduplication::ById) => return Err(SqsError::InvalidValue(NO_DEDUPLICATION.to_owned())),
    };
    Ok(Some(Key::new(fifo.scope, group, id)))
}

/// Checks that a FIFO queue has what it needs of every entry of a batch: where it does not, AWS refuses the batch.
pub(super) fn check_batch(entries: &[MessageInput], queue: &Attributes) -> Result<(), SqsError> {
    let Some(fifo) = queue.fifo else { return Ok(()) };
    for entry in entries {
        if entry.message_deduplication_id.is_none() && fifo.deduplication == Deduplication::ById {
            return Err(SqsError::InvalidValue(NO_DEDUPLICATION.to_owned()));
        }
        if entry.message_group_id.is_none() {
            return Err(SqsError::InvalidValue(SqsError::MissingParameter("MessageGroupId").to_string()));
        }
    }
    Ok(())
}

/// Checks a name that callers make up: of a group, a duplicate or an attempt.
pub(super) fn checked<'a>(
    name: &'static str,
    value: Option<&'a String>,
) -> Result<Option<&'a String>, SqsError> {
    let is_name =
        |text: &str| (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    match value {
        Some(text) if !is_name(text) => Err(SqsError::InvalidParameter {
            name,
            value: text.clone(),
            reason: format!(
                "{name} can only include alphanumeric and punctuation characters. 1 to 128 in length."
            ),
        }),
        fine => Ok(fine),
    }
}

/// What queues of the one kind take and those of the other do not.
pub(super) fn not_for_this_kind(name: &'static str, value: &str) -> SqsError {
    let reason = "The request include parameter that is not valid for this queue type.".to_owned();
    SqsError::InvalidParameter { name, value: value.to_owned(), reason }
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
    if size <= limit { Ok(()) } else { Err(SqsError::TooLong { limit, verb: "are invalid" }) }
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
