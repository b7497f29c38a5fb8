//! Looking at a queue's messages without receiving them: nothing about them changes.

use std::sync::Arc;

use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use super::Sqs;
use super::queue::Queue;
use crate::clock::now_ms;
use crate::store::StoreError;

/// A message as it lies in its queue. Times are ms since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeekedMessage {
    /// Its `MessageId`.
    pub id: String,
    /// Its body.
    pub body: String,
    /// Whether a receive would get it.
    pub state: MessageState,
    /// When it was sent.
    pub sent_at: i64,
    /// How often it was received, over all queues it was in.
    pub receives: u64,
    /// Its message attributes as the JSON protocol has them, an object.
    pub attributes: Option<String>,
    /// Its message group.
    pub group: Option<String>,
    /// Its deduplication id, on a FIFO queue.
    pub deduplication_id: Option<String>,
    /// ARN of the queue it was dead-lettered from.
    pub dead_lettered_from: Option<String>,
}

/// Whether a receive would get a message. Times are ms since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageState {
    /// It would.
    Visible,
    /// It was received and is hidden until then.
    InFlight(i64),
    /// It was sent with a delay that ends then.
    Delayed(i64),
}

/// The oldest `most` messages, in order of arrival.
pub(super) async fn peek(
    sqs: &Sqs,
    name: &str,
    most: usize,
) -> Result<Option<Vec<PeekedMessage>>, StoreError> {
    let Some(queue) = sqs.by_key(name) else { return Ok(None) };
    sqs.store().read(move |connection| read(connection, &queue, most)).await.map(Some)
}

fn read(connection: &Connection, queue: &Arc<Queue>, most: usize) -> Result<Vec<PeekedMessage>, StoreError> {
    let (first, last) = queue.id_range();
    let now = now_ms();
    let expired = now - queue.attributes().retention_seconds * 1000;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut select = connection.prepare_cached(
        "SELECT uuid, body, visible_at, receives, receives_before, sent_at, attributes, group_id, \
         deduplication_id, source FROM sqs_message \
         WHERE id > ?1 AND id <= ?2 AND sent_at > ?3 ORDER BY id LIMIT ?4",
    )?;
    let first = first.max(queue.purged_to());
    let rows = select.query_map(params![first, last, expired, most], |row| PeekedMessage::read(row, now))?;
    Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?)
}

impl PeekedMessage {
    fn read(row: &Row<'_>, now: i64) -> rusqlite::Result<Self> {
        let (visible_at, receives): (i64, u64) = (row.get(2)?, row.get(3)?);
        Ok(Self {
            id: Uuid::from_bytes(row.get(0)?).to_string(),
            body: row.get(1)?,
            state: match receives {
                _ if visible_at <= now => MessageState::Visible,
                0 => MessageState::Delayed(visible_at),
                _ => MessageState::InFlight(visible_at),
            },
            sent_at: row.get(5)?,
            receives: receives + row.get::<_, u64>(4)?,
            attributes: row.get(6)?,
            group: row.get(7)?,
            deduplication_id: row.get(8)?,
            dead_lettered_from: row.get(9)?,
        })
    }
}
