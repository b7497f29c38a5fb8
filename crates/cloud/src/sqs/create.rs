//! Creating queues, and finding that one is there already.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::attributes::{self, Attributes, FIFO_QUEUE, Kind};
use super::error::SqsError;
use super::names::{self, Place};
use super::queue::{Description, Queue};
use super::waits::After;
use super::{Sqs, describe, tags};
use crate::clock::now_ms;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct CreateInput {
    pub(super) queue_name: Option<String>,
    pub(super) attributes: Option<BTreeMap<String, String>>,
    /// The model spells this one with a small letter.
    #[serde(alias = "tags")]
    pub(super) tags: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UrlOutput {
    pub(super) queue_url: String,
}

/// What the store has to say about a creation.
enum Creation {
    New(Arc<Queue>),
    Existing,
}

/// `CreateQueue`: also succeeds when the queue is there and has every attribute that was named.
pub(super) async fn create(sqs: &Sqs, input: CreateInput, host: &str) -> Result<UrlOutput, SqsError> {
    let name = input.queue_name.ok_or(SqsError::MissingParameter("QueueName"))?;
    let set = input.attributes.unwrap_or_default();
    let fifo = set.get(FIFO_QUEUE).is_some_and(|value| value.eq_ignore_ascii_case("true"));
    names::check(&name, if fifo { Kind::Fifo } else { Kind::Standard })?;
    let tags = input.tags.unwrap_or_default();
    tags::check(&name, &tags)?;
    attributes::check_encryption(&set)?;
    let attributes = Attributes::new(set, sqs.place())?;
    // An existing queue keeps its dead-letter queue even when that one has gone since.
    let key = sqs.place().key(&name);
    if sqs.by_key(&key).is_none() {
        describe::check_redrive(sqs, &attributes, &key)?;
    }
    let place = sqs.place().clone();
    let registry = sqs.clone();
    let waits = sqs.inner.waits;
    let creation = move |connection: &Connection| {
        waits.check(connection, After::Delete, &key, now_ms())?;
        insert(connection, &place, key, attributes, tags)
    };
    let added = move |creation: &Creation| {
        if let Creation::New(queue) = creation {
            registry.add(Arc::clone(queue));
        }
    };
    sqs.store().write_then(creation, added).await?;
    Ok(UrlOutput { queue_url: sqs.place().url(host, &name) })
}

fn insert(
    connection: &Connection,
    place: &Place,
    key: String,
    attributes: Attributes,
    tags: BTreeMap<String, String>,
) -> Result<Creation, SqsError> {
    if let Some(existing) = stored(connection, place, &key)? {
        return match existing.difference(&attributes) {
            None => Ok(Creation::Existing),
            Some(attribute) => Err(SqsError::QueueNameExists { attribute }),
        };
    }
    let now = now_ms();
    let mut insert = connection.prepare_cached(
        "INSERT INTO sqs_queue (name, attributes, tags, created_at, modified_at) VALUES (?1, ?2, ?3, ?4, ?4)",
    )?;
    insert.execute(params![key, encode(&attributes.set)?, encode(&tags)?, now])?;
    let description =
        Description { attributes: Arc::new(attributes), tags: Arc::new(tags), modified_at: now };
    let queue = Queue::new(connection.last_insert_rowid(), key, now, description, place);
    Ok(Creation::New(Arc::new(queue)))
}

fn stored(connection: &Connection, place: &Place, key: &str) -> Result<Option<Attributes>, SqsError> {
    let mut select = connection.prepare_cached("SELECT attributes FROM sqs_queue WHERE name = ?1")?;
    let text: Option<String> = select.query_row([key], |row| row.get(0)).optional()?;
    text.map(|text| Attributes::new(decode(&text)?, place)).transpose()
}

/// A map of strings as it is stored.
pub(super) fn encode(map: &BTreeMap<String, String>) -> Result<String, SqsError> {
    serde_json::to_string(map).map_err(|error| SqsError::Serialization(error.to_string()))
}

/// Reads what [`encode`] wrote.
pub(super) fn decode(text: &str) -> Result<BTreeMap<String, String>, SqsError> {
    serde_json::from_str(text).map_err(|error| SqsError::Serialization(error.to_string()))
}
