//! What the service knows again when it starts: its queues, where their ids go on, and how many messages wait.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::{Connection, params};

use super::error::SqsError;
use super::fifo::sequence;
use super::names::Place;
use super::queue::{Description, Queue};
use super::tally::Standing;
use crate::clock::now_ms;
use crate::store::{Store, StoreError};

/// All queues, counted.
pub(super) fn queues(store: &Store, place: &Place) -> Result<BTreeMap<String, Arc<Queue>>, StoreError> {
    store.load(|connection| load(connection, place)).map_err(|error: SqsError| match error {
        SqsError::Store(error) => error,
        other => StoreError::Corrupt { reason: format!("a queue can't be understood: {other}") },
    })
}

fn load(connection: &Connection, place: &Place) -> Result<BTreeMap<String, Arc<Queue>>, SqsError> {
    let doomed = doomed(connection)?;
    let mut queues = BTreeMap::new();
    for queue in described(connection, place)? {
        let (first, last) = queue.id_range();
        let purged_to =
            doomed.iter().filter(|(low, _)| (first..=last).contains(low)).map(|(_, high)| *high).max();
        recover(connection, &queue, purged_to)?;
        queues.insert(queue.key.clone(), Arc::new(queue));
    }
    Ok(queues)
}

fn described(connection: &Connection, place: &Place) -> Result<Vec<Queue>, SqsError> {
    let mut select =
        connection.prepare("SELECT id, name, created_at, attributes, tags, modified_at FROM sqs_queue")?;
    let mut rows = select.query([])?;
    let mut queues = Vec::new();
    while let Some(row) = rows.next()? {
        let (attributes, tags): (String, String) = (row.get(3)?, row.get(4)?);
        let description = Description::decode(&attributes, &tags, row.get(5)?, place)?;
        queues.push(Queue::new(row.get(0)?, row.get(1)?, row.get(2)?, description, place));
    }
    Ok(queues)
}

/// Counts a queue's messages that are not purged. Both counts go over the index alone.
fn recover(connection: &Connection, queue: &Queue, purged_to: Option<i64>) -> Result<(), SqsError> {
    let (first, last) = queue.id_range();
    let latest: Option<i64> = connection.query_row(
        "SELECT max(id) FROM sqs_message WHERE id BETWEEN ?1 AND ?2",
        params![first, last],
        |row| row.get(0),
    )?;
    let noted = if queue.is_fifo() { sequence::purged(connection, queue)? } else { 0 };
    let purged_to = purged_to.unwrap_or(first).max(noted);
    let total = count(connection, queue, purged_to)?;
    let mut select = connection.prepare_cached(
        "SELECT visible_at, receives > 0, count(*) FROM sqs_message \
         WHERE queue = ?1 AND visible_at > ?2 AND id > ?3 GROUP BY visible_at, receives > 0",
    )?;
    let standing = |row: &rusqlite::Row<'_>| Ok((Standing::new(row.get(0)?, row.get(1)?), row.get(2)?));
    let hidden = select.query_map(params![queue.id, now_ms(), purged_to], standing)?;
    let hidden = hidden.collect::<rusqlite::Result<Vec<_>>>()?;
    let reserved = if queue.is_fifo() { sequence::reserved(connection, queue)? } else { None };
    queue.purged(purged_to);
    let last_id = latest.into_iter().chain(reserved).fold(purged_to, i64::max);
    queue.recover(last_id, total, hidden);
    Ok(())
}

/// Where nothing is purged, ids are not looked at, which takes half the time.
fn count(connection: &Connection, queue: &Queue, purged_to: i64) -> rusqlite::Result<i64> {
    let all = "SELECT count(*) FROM sqs_message INDEXED BY sqs_message_visible WHERE queue = ?1";
    if purged_to <= queue.id_range().0 {
        return connection.query_row(all, [queue.id], |row| row.get(0));
    }
    connection.query_row(&format!("{all} AND id > ?2"), params![queue.id, purged_to], |row| row.get(0))
}

fn doomed(connection: &Connection) -> rusqlite::Result<Vec<(i64, i64)>> {
    let mut select = connection.prepare("SELECT low, high FROM sqs_doomed")?;
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}
