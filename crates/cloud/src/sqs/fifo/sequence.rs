//! Sequence numbers: twenty digits that only ever go up, whatever happens to the messages and the process.

use rusqlite::{Connection, OptionalExtension, params};

use crate::sqs::queue::Queue;

/// Numbers are written down this many at a time, less one bit for each place.
const BLOCK: i64 = 0x3FF;

/// What is added to an id for twenty digits, as AWS's have.
const BASE: u128 = 18_800_000_000_000_000_000;

/// The id of the next message, which is never given twice. Called on the writer's thread only.
pub(in crate::sqs) fn next_id(connection: &Connection, queue: &Queue) -> rusqlite::Result<i64> {
    let id = queue.next_id();
    if id > queue.reserved() {
        let mut reserve = connection.prepare_cached(
            "INSERT INTO sqs_sequence (queue, reserved) VALUES (?1, ?2) \
             ON CONFLICT DO UPDATE SET reserved = excluded.reserved",
        )?;
        reserve.execute(params![queue.id, block(id)])?;
    }
    Ok(id)
}

/// The last id that is written down together with this one.
pub(in crate::sqs) fn block(id: i64) -> i64 {
    id | BLOCK
}

/// The last id that may have been given out before a start.
pub(in crate::sqs) fn reserved(connection: &Connection, queue: &Queue) -> rusqlite::Result<Option<i64>> {
    let mut select = connection.prepare_cached("SELECT reserved FROM sqs_sequence WHERE queue = ?1")?;
    select.query_row([queue.id], |row| row.get(0)).optional()
}

/// Notes that everything up to this id is purged, which holds for the rest of this commit as well.
pub(in crate::sqs) fn purge(connection: &Connection, queue: &Queue, last: i64) -> rusqlite::Result<()> {
    let mut note = connection.prepare_cached(
        "INSERT INTO sqs_sequence (queue, reserved, purged) VALUES (?1, ?2, ?2) \
         ON CONFLICT DO UPDATE SET purged = excluded.purged",
    )?;
    note.execute(params![queue.id, last]).map(drop)
}

/// The last id that is purged, as far as the commit has come; zero where none was.
pub(in crate::sqs) fn purged(connection: &Connection, queue: &Queue) -> rusqlite::Result<i64> {
    let mut select = connection.prepare_cached("SELECT purged FROM sqs_sequence WHERE queue = ?1")?;
    Ok(select.query_row([queue.id], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// Forgets them with their queue, whose id is no other's after it.
pub(in crate::sqs) fn forget(connection: &Connection, queue: &Queue) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM sqs_sequence WHERE queue = ?1")?.execute([queue.id]).map(drop)
}

/// `SequenceNumber`.
pub(in crate::sqs) fn text(sequence: i64) -> String {
    (BASE + u128::try_from(sequence).unwrap_or(0)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_digits_in_order() {
        let numbers = [1, 1 << 40, i64::MAX].map(text);
        assert!(numbers.is_sorted() && numbers.iter().all(|number| number.len() == 20), "{numbers:?}");
    }
}
