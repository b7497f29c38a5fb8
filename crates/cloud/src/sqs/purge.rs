//! Emptying and deleting queues. Both are a mark that takes effect at once, however many messages there are;
//! the keeper clears them away afterwards.
//!
//! AWS makes callers wait 60 seconds between two purges and before a deleted queue's name can be used again.
//! Here nothing has to settle, so neither wait is imposed unless the settings say so.

use std::sync::Arc;

use rusqlite::Connection;
use serde::Deserialize;

use super::Sqs;
use super::error::SqsError;
use super::fifo::sequence;
use super::operations::Nothing;
use super::waits::After;
use crate::clock::now_ms;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct QueueInput {
    queue_url: String,
}

/// `PurgeQueue`.
pub(super) async fn purge(sqs: &Sqs, input: QueueInput) -> Result<Nothing, SqsError> {
    let queue = sqs.by_url(&input.queue_url)?;
    let purged = Arc::clone(&queue);
    let waits = sqs.inner.waits;
    let job = move |connection: &Connection| {
        let now = now_ms();
        waits.check(connection, After::Purge, &queue.key, now)?;
        waits.begin(connection, After::Purge, &queue.key, now)?;
        let (first, last) = (queue.id_range().0, queue.last_id());
        if queue.is_fifo() {
            sequence::purge(connection, &queue, last)?;
        }
        doom(connection, first, last)?;
        Ok::<_, SqsError>(last)
    };
    sqs.store().write_then(job, move |last| purged.purged(*last)).await?;
    sqs.inner.chores.notify_one();
    Ok(Nothing {})
}

/// `DeleteQueue`.
pub(super) async fn delete_queue(sqs: &Sqs, input: QueueInput) -> Result<Nothing, SqsError> {
    let queue = sqs.by_url(&input.queue_url)?;
    let registry = sqs.clone();
    let removed = Arc::clone(&queue);
    let waits = sqs.inner.waits;
    let job = move |connection: &Connection| {
        waits.begin(connection, After::Delete, &queue.key, now_ms())?;
        if queue.is_fifo() {
            sequence::forget(connection, &queue)?;
        }
        connection.prepare_cached("DELETE FROM sqs_queue WHERE id = ?1")?.execute([queue.id])?;
        let (first, last) = queue.id_range();
        doom(connection, first, last)?;
        Ok::<_, SqsError>(())
    };
    sqs.store().write_then(job, move |()| registry.remove(&removed)).await?;
    sqs.inner.chores.notify_one();
    Ok(Nothing {})
}

pub(super) fn doom(connection: &Connection, low: i64, high: i64) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached("INSERT INTO sqs_doomed (low, high) VALUES (?1, ?2)")?;
    insert.execute([low, high]).map(drop)
}
