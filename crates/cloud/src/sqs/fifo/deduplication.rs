//! Duplicates: what was sent in the last five minutes is accepted again and not kept a second time.
//!
//! Rules: SQS Developer Guide, "Exactly-once processing in Amazon SQS".

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::sqs::attributes::Scope;
use crate::sqs::error::SqsError;
use crate::sqs::fifo::sequence;
use crate::sqs::queue::Queue;

/// How long a message is remembered after it was sent.
pub(in crate::sqs) const INTERVAL: Duration = Duration::from_mins(5);

/// What a duplicate is told by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sqs) struct Key {
    /// A message group, or nothing for the whole queue.
    scope: String,
    pub(in crate::sqs) id: String,
}

/// The message that was sent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sqs) struct Original {
    pub(in crate::sqs) uuid: Uuid,
    pub(in crate::sqs) sequence: i64,
}

impl Key {
    pub(in crate::sqs) fn new(scope: Scope, group: &str, id: String) -> Self {
        let scope = match scope {
            Scope::Queue => String::new(),
            Scope::MessageGroup => group.to_owned(),
        };
        Self { scope, id }
    }

    /// The message this one repeats, if any.
    pub(in crate::sqs) fn find(
        &self,
        connection: &Connection,
        queue: &Queue,
        now: i64,
    ) -> rusqlite::Result<Option<Original>> {
        let mut select = connection.prepare_cached(
            "SELECT uuid, sequence FROM sqs_deduplication \
             WHERE queue = ?1 AND scope = ?2 AND id = ?3 AND sent_at > ?4 AND sequence > ?5",
        )?;
        let original = |row: &rusqlite::Row<'_>| {
            Ok(Original { uuid: Uuid::from_bytes(row.get(0)?), sequence: row.get(1)? })
        };
        // After a purge everything may be sent again.
        let purged = sequence::purged(connection, queue)?;
        select.query_row(params![queue.id, self.scope, self.id, horizon(now), purged], original).optional()
    }

    /// Remembers the first.
    pub(in crate::sqs) fn note(
        &self,
        connection: &Connection,
        queue: &Queue,
        original: Original,
        now: i64,
    ) -> rusqlite::Result<()> {
        let mut insert = connection.prepare_cached(
            "INSERT OR REPLACE INTO sqs_deduplication (queue, scope, id, uuid, sequence, sent_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        let Original { uuid, sequence } = original;
        insert.execute(params![queue.id, self.scope, self.id, uuid.as_bytes(), sequence, now]).map(drop)
    }
}

/// The id a body has where its sender gives none.
pub(in crate::sqs) fn of_body(body: &str) -> String {
    hex::encode(Sha256::digest(body.as_bytes()))
}

/// Forgets what is remembered no longer, at most so much; returns how much it was.
pub(in crate::sqs) fn expire(connection: &Connection, now: i64, most: i64) -> Result<usize, SqsError> {
    let mut delete = connection.prepare_cached(
        "DELETE FROM sqs_deduplication WHERE (queue, scope, id) IN (SELECT queue, scope, id \
         FROM sqs_deduplication INDEXED BY sqs_deduplication_age WHERE sent_at <= ?1 LIMIT ?2)",
    )?;
    Ok(delete.execute(params![horizon(now), most])?)
}

/// What was sent until then is remembered no longer, ms since 1970.
pub(in crate::sqs) fn horizon(now: i64) -> i64 {
    now - i64::try_from(INTERVAL.as_millis()).unwrap_or(i64::MAX)
}
