//! A FIFO queue's delay holds for the messages that are there already: a change of it moves them (SQS Developer
//! Guide, "Amazon SQS delay queues").

use std::sync::Arc;

use rusqlite::{Connection, params};

use super::refresh_all;
use crate::sqs::queue::{Change, Queue};
use crate::sqs::tally::Standing;

/// The longest delay of a queue, in milliseconds: what was sent before that is not touched by any.
const LONGEST: i64 = 900_000;

/// Moves what was sent lately and never received. Messages are looked at from the last one backwards.
pub(in crate::sqs) fn change(
    connection: &Connection,
    queue: &Arc<Queue>,
    delay_seconds: i64,
    now: i64,
) -> rusqlite::Result<Vec<Change>> {
    let (first, last) = queue.id_range();
    let mut select = connection.prepare_cached(
        "SELECT id, visible_at, receives, sent_at, group_id FROM sqs_message WHERE id > ?1 AND id <= ?2 \
         ORDER BY id DESC",
    )?;
    let mut rows = select.query([first.max(queue.purged_to()), last])?;
    let mut update = connection.prepare_cached("UPDATE sqs_message SET visible_at = ?2 WHERE id = ?1")?;
    let (mut changes, mut groups) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        let (id, visible_at, receives, sent_at): (i64, i64, i64, i64) =
            (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        if sent_at <= now - LONGEST {
            break;
        }
        let until = sent_at + delay_seconds * 1000;
        if receives > 0 || until == visible_at {
            continue;
        }
        update.execute(params![id, until])?;
        groups.push(row.get::<_, String>(4)?);
        let [from, to] = [visible_at, until].map(|until| Some(Standing::new(until, receives)));
        changes.push(Change { queue: Arc::clone(queue), id, from, to });
    }
    refresh_all(connection, queue, groups.iter().map(String::as_str))?;
    Ok(changes)
}
