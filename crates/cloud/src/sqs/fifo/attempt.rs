//! Receives that are tried again: a receiver that did not hear what it got asks once more with the same attempt id
//! and gets the same messages, as long as nothing has happened to them (API reference, ReceiveMessage,
//! `ReceiveRequestAttemptId`).

use rusqlite::{Connection, OptionalExtension, params};

use super::deduplication::horizon;
use super::sequence;
use crate::sqs::error::SqsError;
use crate::sqs::queue::Queue;

/// A message as a receive left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sqs) struct Left {
    /// Its id in the store.
    pub(in crate::sqs) id: i64,
    /// ms since 1970.
    pub(in crate::sqs) visible_at: i64,
    /// In this queue.
    pub(in crate::sqs) receives: i64,
}

/// Remembers what a receive got.
pub(in crate::sqs) fn note(
    connection: &Connection,
    queue: &Queue,
    attempt: &str,
    left: &[Left],
    now: i64,
) -> Result<(), SqsError> {
    let messages: Vec<_> = left.iter().map(|left| (left.id, left.visible_at, left.receives)).collect();
    let messages =
        serde_json::to_string(&messages).map_err(|error| SqsError::Serialization(error.to_string()))?;
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO sqs_attempt (queue, id, received_at, messages) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![queue.id, attempt, now, messages])?;
    Ok(())
}

/// What the attempt got before, if it is to get that again: it is less than five minutes ago, and every message is
/// there, hidden still and as it was left.
pub(in crate::sqs) fn repeated(
    connection: &Connection,
    queue: &Queue,
    attempt: &str,
    now: i64,
) -> rusqlite::Result<Option<Vec<Left>>> {
    let mut select = connection.prepare_cached(
        "SELECT messages FROM sqs_attempt WHERE queue = ?1 AND id = ?2 AND received_at > ?3",
    )?;
    let parameters = params![queue.id, attempt, horizon(now)];
    let text: Option<String> = select.query_row(parameters, |row| row.get(0)).optional()?;
    let messages: Vec<(i64, i64, i64)> =
        text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let purged = sequence::purged(connection, queue)?;
    let mut left = Vec::with_capacity(messages.len());
    for (id, visible_at, receives) in messages {
        let message = Left { id, visible_at, receives };
        if id <= purged || visible_at <= now || now_as(connection, id)? != Some(message) {
            return Ok(None);
        }
        left.push(message);
    }
    Ok((!left.is_empty()).then_some(left))
}

/// Forgets attempts that are too long ago, at most so many; returns how many they were.
pub(in crate::sqs) fn expire(connection: &Connection, now: i64, most: i64) -> Result<usize, SqsError> {
    let mut delete = connection.prepare_cached(
        "DELETE FROM sqs_attempt WHERE (queue, id) IN (SELECT queue, id \
         FROM sqs_attempt INDEXED BY sqs_attempt_age WHERE received_at <= ?1 LIMIT ?2)",
    )?;
    Ok(delete.execute(params![horizon(now), most])?)
}

fn now_as(connection: &Connection, id: i64) -> rusqlite::Result<Option<Left>> {
    let mut select =
        connection.prepare_cached("SELECT visible_at, receives FROM sqs_message WHERE id = ?1")?;
    let left = |row: &rusqlite::Row<'_>| Ok(Left { id, visible_at: row.get(0)?, receives: row.get(1)? });
    select.query_row([id], left).optional()
}
