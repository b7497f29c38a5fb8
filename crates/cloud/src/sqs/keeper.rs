//! What happens without anybody asking: purged and expired messages are cleared away, and moves go on.
//!
//! Everything is done in small writes, so that senders and receivers never wait for it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OptionalExtension, params};
use tokio_util::sync::CancellationToken;

use super::Sqs;
use super::error::SqsError;
use super::fifo::{self, attempt, deduplication};
use super::move_task;
use super::queue::{self, Change, Queue};
use super::tally::Standing;
use crate::clock::now_ms;
use crate::store::StoreError;

/// How often expired messages are looked for. A receiver never gets one: this only makes room.
const PERIOD: Duration = Duration::from_secs(5);

/// Messages cleared away in one write: what others wait for is a millisecond or two.
const CHUNK: i64 = 100;

/// How many times as long as a write took the next one waits, so that most of the writer's time is others'.
const REST: u32 = 3;

/// Runs until `ended`.
pub(super) async fn run(sqs: Sqs, ended: CancellationToken) {
    while !ended.is_cancelled() {
        if let Err(error) = round(&sqs, &ended).await {
            tracing::warn!(%error, "clearing away did not work; it is tried again in {} s", PERIOD.as_secs());
        }
        tokio::select! {
            () = sqs.inner.chores.notified() => {}
            () = tokio::time::sleep(PERIOD) => {}
            () = ended.cancelled() => {}
        }
    }
}

pub(super) async fn round(sqs: &Sqs, ended: &CancellationToken) -> Result<(), SqsError> {
    clear_doomed(sqs, ended).await?;
    for queue in sqs.all() {
        expire(sqs, &queue, ended).await?;
    }
    forget(sqs, ended).await?;
    move_task::resume(sqs, ended).await
}

/// Clears purged messages away, and those of deleted queues.
async fn clear_doomed(sqs: &Sqs, ended: &CancellationToken) -> Result<(), SqsError> {
    let mut cleared = CHUNK;
    while cleared > 0 && !ended.is_cancelled() {
        let started = Instant::now();
        cleared = sqs.store().write_long(clear_chunk, |_| ()).await?;
        rest(started, ended).await;
    }
    // A receive that met only purged messages may have found nothing; now there is something to find.
    for queue in sqs.all() {
        if queue.numbers().visible > 0 {
            queue.arrivals.notify_waiters();
        }
    }
    Ok(())
}

/// Clears one chunk; returns how much it did, zero when nothing is left.
fn clear_chunk(connection: &Connection) -> Result<i64, SqsError> {
    let first = "SELECT rowid, low, high FROM sqs_doomed LIMIT 1";
    let range: Option<(i64, i64, i64)> = connection
        .prepare_cached(first)?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((row, low, high)) = range else { return Ok(0) };
    if fifo::clear(connection, low, high, CHUNK)? > 0 {
        return Ok(CHUNK);
    }
    let mut delete = connection.prepare_cached(
        "DELETE FROM sqs_message WHERE id IN (SELECT id FROM sqs_message WHERE id BETWEEN ?1 AND ?2 LIMIT ?3)",
    )?;
    let deleted = delete.execute(params![low, high, CHUNK])?;
    if deleted == 0 {
        connection.prepare_cached("DELETE FROM sqs_doomed WHERE rowid = ?1")?.execute([row])?;
    }
    Ok(CHUNK)
}

/// Clears messages away that are older than the queue keeps them. Those in front are the oldest, save for dead
/// letters, which keep their age: one of those goes when it comes to the front, or when somebody would get it.
async fn expire(sqs: &Sqs, queue: &Arc<Queue>, ended: &CancellationToken) -> Result<(), SqsError> {
    while !ended.is_cancelled() && holds_messages(queue) && is_expired(sqs, queue).await? {
        let started = Instant::now();
        let queue = Arc::clone(queue);
        let job = move |connection: &Connection| expire_chunk(connection, &queue);
        sqs.store().write_long(job, |changes: &Vec<Change>| queue::apply(changes)).await?;
        rest(started, ended).await;
    }
    Ok(())
}

async fn rest(started: Instant, ended: &CancellationToken) {
    ended.run_until_cancelled(tokio::time::sleep(started.elapsed() * REST)).await;
}

fn holds_messages(queue: &Queue) -> bool {
    let numbers = queue.numbers();
    numbers.visible + numbers.in_flight + numbers.delayed > 0
}

async fn is_expired(sqs: &Sqs, queue: &Arc<Queue>) -> Result<bool, SqsError> {
    let oldest = oldest(sqs, queue).await?;
    Ok(oldest.is_some_and(|sent_at| sent_at <= horizon(queue)))
}

/// When the message in front was sent, ms since 1970.
pub(super) async fn oldest(sqs: &Sqs, queue: &Arc<Queue>) -> Result<Option<i64>, StoreError> {
    let (first, last) = queue.id_range();
    let first = if queue.is_purged(first) { queue.purged_to() + 1 } else { first };
    let query = move |connection: &Connection| {
        let mut select = connection.prepare_cached(
            "SELECT sent_at FROM sqs_message WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT 1",
        )?;
        Ok::<_, StoreError>(select.query_row([first, last], |row| row.get(0)).optional()?)
    };
    sqs.store().read(query).await
}

/// Messages sent before this are expired, ms since 1970.
fn horizon(queue: &Queue) -> i64 {
    now_ms() - queue.attributes().retention_seconds * 1000
}

fn expire_chunk(connection: &Connection, queue: &Arc<Queue>) -> Result<Vec<Change>, SqsError> {
    let (first, last) = queue.id_range();
    let mut delete = connection.prepare_cached(
        "DELETE FROM sqs_message WHERE id IN (SELECT id FROM sqs_message WHERE id BETWEEN ?1 AND ?2 \
         ORDER BY id LIMIT ?3) AND sent_at <= ?4 RETURNING id, visible_at, receives, group_id",
    )?;
    let mut groups = BTreeSet::new();
    let gone = delete.query_map(params![first, last, CHUNK, horizon(queue)], |row| {
        groups.extend(row.get::<_, Option<String>>(3)?.filter(|_| queue.is_fifo()));
        let from = Some(Standing::new(row.get(1)?, row.get(2)?));
        Ok(Change { queue: Arc::clone(queue), id: row.get(0)?, from, to: None })
    })?;
    let gone = gone.collect::<rusqlite::Result<Vec<_>>>()?;
    fifo::refresh_all(connection, queue, groups.iter().map(String::as_str))?;
    Ok(gone)
}

/// Forgets what FIFO queues remember for a while: what was sent, and what was received under an attempt id.
async fn forget(sqs: &Sqs, ended: &CancellationToken) -> Result<(), SqsError> {
    let mut forgotten = 1;
    while forgotten > 0 && !ended.is_cancelled() {
        let started = Instant::now();
        let job = |connection: &Connection| {
            let now = now_ms();
            Ok::<_, SqsError>(
                deduplication::expire(connection, now, CHUNK)? + attempt::expire(connection, now, CHUNK)?,
            )
        };
        forgotten = if sqs.store().read(remembers).await? { sqs.store().write(job).await? } else { 0 };
        rest(started, ended).await;
    }
    Ok(())
}

/// Whether there is anything to forget, which a reader can say without troubling the writer.
fn remembers(connection: &Connection) -> Result<bool, SqsError> {
    let mut select = connection.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM sqs_deduplication WHERE sent_at <= ?1) \
         OR EXISTS (SELECT 1 FROM sqs_attempt WHERE received_at <= ?1)",
    )?;
    Ok(select.query_row([deduplication::horizon(now_ms())], |row| row.get(0))?)
}
