//! Retryable writes: the last numbered write of each session and its answer, kept with the write itself.
//!
//! After the drivers' specification "Retryable Writes": a client that got no answer sends the write again under the
//! same number, and gets the answer it would have had.

use bson::Document;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::error::{Code, Result};
use crate::clock::now_ms;

/// An answer is kept for as long as a session lives, in ms.
const KEPT: i64 = 30 * 60 * 1000;

/// Rows forgotten in one write.
const CHUNK: i64 = 500;

/// The last number of a session, and the answer to it.
pub(super) fn find(db: &Connection, session: &[u8]) -> Result<Option<(i64, Document)>> {
    let mut select = db.prepare_cached("SELECT number, reply FROM mongo_retry WHERE session = ?")?;
    let found: Option<(i64, Vec<u8>)> =
        select.query_row([session], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((number, reply)) = found else { return Ok(None) };
    Ok(Some((number, Document::from_reader(reply.as_slice())?)))
}

/// The answer to a write that has been done already.
///
/// # Errors
/// 225 for a number below the session's last one.
pub(super) fn answered(db: &Connection, session: &[u8], number: i64) -> Result<Option<Document>> {
    match find(db, session)? {
        Some((last, reply)) if last == number => Ok(Some(reply)),
        Some((last, _)) if last > number => {
            let message = format!(
                "Retryable write with txnNumber {number} is prohibited on session because a newer retryable write \
                 with txnNumber {last} has already started on this session."
            );
            Err(Code::TransactionTooOld.saying(message))
        }
        _ => Ok(None),
    }
}

/// Keeps the answer to a write, in the same commit.
pub(super) fn note(db: &Connection, session: &[u8], number: i64, reply: &Document) -> Result<()> {
    let sql = "INSERT INTO mongo_retry (session, number, reply, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (session) \
        DO UPDATE SET number = excluded.number, reply = excluded.reply, at = excluded.at";
    db.prepare_cached(sql)?.execute(params![session, number, reply.to_vec()?, now_ms()])?;
    Ok(())
}

/// Forgets some of the answers that nobody will ask for any more; how many.
pub(super) fn forget(db: &Connection) -> Result<usize> {
    let sql = "DELETE FROM mongo_retry WHERE session IN \
        (SELECT session FROM mongo_retry WHERE at < ? ORDER BY at LIMIT ?)";
    Ok(db.prepare_cached(sql)?.execute([now_ms() - KEPT, CHUNK])?)
}
