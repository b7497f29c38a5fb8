//! Message groups of FIFO queues. Nothing of a group is given out while an earlier message of it is hidden.
//!
//! Which groups have something to give is kept in a table that every change of a group's first message brings up to
//! date: a receive costs the same however many messages wait behind a hidden one. Rules: SQS Developer Guide,
//! "FIFO queue delivery logic".

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::queue::Queue;

pub(super) mod attempt;
pub(super) mod deduplication;
pub(super) mod delay;
pub(super) mod sequence;

/// Notes that a message arrived: it is the group's first where the group was empty, or is purged.
pub(super) fn arrived(
    connection: &Connection,
    queue: &Queue,
    group: &str,
    id: i64,
    visible_at: i64,
) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO sqs_group (queue, name, head, ready_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE \
         SET head = excluded.head, ready_at = excluded.ready_at WHERE head <= ?5",
    )?;
    let purged = sequence::purged(connection, queue)?;
    insert.execute(params![queue.id, group, id, visible_at, purged]).map(drop)
}

/// Brings a group up to date after its messages changed.
pub(super) fn refresh(connection: &Connection, queue: &Queue, group: &str) -> rusqlite::Result<()> {
    let mut first = connection.prepare_cached(
        "SELECT id, visible_at FROM sqs_message INDEXED BY sqs_message_group \
         WHERE queue = ?1 AND group_id = ?2 AND id > ?3 AND sequence IS NOT NULL ORDER BY id LIMIT 1",
    )?;
    let parameters = params![queue.id, group, sequence::purged(connection, queue)?];
    let head: Option<(i64, i64)> =
        first.query_row(parameters, |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    match head {
        Some((id, visible_at)) => {
            let mut replace = connection.prepare_cached(
                "INSERT OR REPLACE INTO sqs_group (queue, name, head, ready_at) VALUES (?1, ?2, ?3, ?4)",
            )?;
            replace.execute(params![queue.id, group, id, visible_at]).map(drop)
        }
        None => {
            let mut delete =
                connection.prepare_cached("DELETE FROM sqs_group WHERE queue = ?1 AND name = ?2")?;
            delete.execute(params![queue.id, group]).map(drop)
        }
    }
}

/// As [`refresh`], each group once.
pub(super) fn refresh_all<'a>(
    connection: &Connection,
    queue: &Queue,
    groups: impl IntoIterator<Item = &'a str>,
) -> rusqlite::Result<()> {
    let groups: BTreeSet<&str> = groups.into_iter().collect();
    groups.into_iter().try_for_each(|group| refresh(connection, queue, group))
}

/// Clears groups away whose first message is purged, between these ids of one queue and at most so many; returns how
/// many they were.
pub(super) fn clear(connection: &Connection, low: i64, high: i64, most: i64) -> rusqlite::Result<usize> {
    let mut delete = connection.prepare_cached(
        "DELETE FROM sqs_group WHERE (queue, name) IN (SELECT queue, name FROM sqs_group \
         WHERE queue = ?1 AND head BETWEEN ?2 AND ?3 LIMIT ?4)",
    )?;
    delete.execute(params![Queue::owner(low), low, high, most])
}

/// Ids of messages that may be given out at `now`, at most so many, in the order in which they are: group by group,
/// those first whose first message has been visible for longest, and of each as many as there are until a hidden one.
pub(super) fn receivable(
    connection: &Connection,
    queue: &Queue,
    now: i64,
    most: usize,
) -> rusqlite::Result<Vec<i64>> {
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let mut ready = connection.prepare_cached(
        "SELECT name FROM sqs_group INDEXED BY sqs_group_ready \
         WHERE queue = ?1 AND ready_at <= ?2 AND head > ?4 ORDER BY ready_at, head LIMIT ?3",
    )?;
    let purged = sequence::purged(connection, queue)?;
    let groups = ready.query_map(params![queue.id, now, limit, purged], |row| row.get::<_, String>(0))?;
    let mut members = connection.prepare_cached(
        "SELECT id, visible_at FROM sqs_message INDEXED BY sqs_message_group \
         WHERE queue = ?1 AND group_id = ?2 AND id > ?3 AND sequence IS NOT NULL ORDER BY id LIMIT ?4",
    )?;
    let mut ids = Vec::with_capacity(most);
    for group in groups {
        let mut rows = members.query(params![queue.id, group?, purged, limit])?;
        while let Some(row) = rows.next()?
            && ids.len() < most
            && row.get::<_, i64>(1)? <= now
        {
            ids.push(row.get(0)?);
        }
        if ids.len() == most {
            break;
        }
    }
    Ok(ids)
}
