//! Taking messages from the store: the next visible ones, without the expired, with the hopeless moved to the
//! dead-letter queue instead.

use std::collections::BTreeSet;
use std::sync::Arc;

use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use crate::clock::now_ms;
use crate::sqs::error::SqsError;
use crate::sqs::fifo::{self, sequence};
use crate::sqs::queue::{Change, Queue};
use crate::sqs::receipt::Receipt;
use crate::sqs::tally::Standing;

mod again;

/// Messages looked at in one write at most: expired and hopeless ones do not hold up the other writes.
const MOST_LOOKED_AT: usize = 500;

/// A write that takes messages.
pub(super) struct Take {
    pub(super) queue: Arc<Queue>,
    pub(super) most: usize,
    pub(super) visibility_ms: i64,
    pub(super) retention_ms: i64,
    pub(super) dead_letters: Option<DeadLetters>,
    /// The attempt id of a FIFO queue's receiver.
    pub(super) attempt: Option<String>,
}

/// Where messages go that were received too often.
pub(super) struct DeadLetters {
    pub(super) queue: Arc<Queue>,
    pub(super) max_receives: i64,
}

/// What was taken, and what changed.
pub(super) struct Outcome {
    pub(super) taken: Vec<Taken>,
    pub(super) changes: Vec<Change>,
    pub(super) search: Search,
}

/// How far the search went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Search {
    /// To the end, or as far as it had to.
    Done,
    /// [`MOST_LOOKED_AT`] messages, all of them expired or hopeless; there may be others behind them.
    Cut,
}

/// A message as its receiver gets it. Times are ms since 1970.
pub(super) struct Taken {
    pub(super) receipt: Receipt,
    pub(super) uuid: Uuid,
    /// Over all queues it was in.
    pub(super) receives: i64,
    pub(super) first_received_at: i64,
    pub(super) sent_at: i64,
    pub(super) source: Option<String>,
    pub(super) attributes: Option<String>,
    pub(super) trace_header: Option<String>,
    pub(super) group_id: Option<String>,
    pub(super) deduplication_id: Option<String>,
    pub(super) sequence: Option<i64>,
    pub(super) body: String,
}

/// A statement that reads messages as [`Candidate::read`] wants them.
macro_rules! select_messages {
    ($rest:literal) => {
        concat!(
            "SELECT id, visible_at, receives, receives_before, first_received_at, sent_at, uuid, source, attributes, \
             trace_header, group_id, deduplication_id, sequence, body FROM sqs_message ",
            $rest
        )
    };
}

/// A visible message, before it is decided what becomes of it.
struct Candidate {
    id: i64,
    visible_at: i64,
    receives: i64,
    receives_before: i64,
    message: Taken,
}

impl Take {
    pub(super) fn run(&self, connection: &Connection) -> Result<Outcome, SqsError> {
        if self.queue.is_deleted() {
            return Err(SqsError::QueueDoesNotExist);
        }
        let now = now_ms();
        let mut outcome =
            Outcome { taken: Vec::with_capacity(self.most), changes: Vec::new(), search: Search::Cut };
        if self.repeat(connection, now, &mut outcome)? {
            return Ok(outcome);
        }
        let mut looked_at = 0;
        while looked_at < MOST_LOOKED_AT {
            let candidates = self.candidates(connection, now, self.most - outcome.taken.len())?;
            looked_at += candidates.len();
            let nothing_left = candidates.is_empty();
            self.decide_all(connection, now, candidates, &mut outcome)?;
            // What was taken with a timeout of zero is visible still: looking again would find it again.
            let found_again = self.visibility_ms == 0 && !outcome.taken.is_empty();
            if nothing_left || found_again || outcome.taken.len() == self.most {
                outcome.search = Search::Done;
                break;
            }
        }
        self.note(connection, now, &outcome)?;
        Ok(outcome)
    }

    fn candidates(&self, connection: &Connection, now: i64, most: usize) -> rusqlite::Result<Vec<Candidate>> {
        if self.queue.is_fifo() {
            let ids = fifo::receivable(connection, &self.queue, now, most)?;
            return ids.into_iter().map(|id| Candidate::find(connection, id)).collect();
        }
        let mut select = connection.prepare_cached(select_messages!(
            "INDEXED BY sqs_message_visible WHERE queue = ?1 AND visible_at <= ?2 \
             ORDER BY visible_at, id LIMIT ?3"
        ))?;
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let rows = select.query_map(params![self.queue.id, now, most], Candidate::read)?;
        rows.collect()
    }

    fn decide_all(
        &self,
        connection: &Connection,
        now: i64,
        candidates: Vec<Candidate>,
        outcome: &mut Outcome,
    ) -> rusqlite::Result<()> {
        let mut groups = BTreeSet::new();
        for candidate in candidates {
            if self.queue.is_fifo() {
                groups.extend(candidate.message.group_id.clone());
            }
            self.decide(connection, now, candidate, outcome)?;
        }
        fifo::refresh_all(connection, &self.queue, groups.iter().map(String::as_str))
    }

    fn decide(
        &self,
        connection: &Connection,
        now: i64,
        candidate: Candidate,
        outcome: &mut Outcome,
    ) -> rusqlite::Result<()> {
        let gone = Change {
            queue: Arc::clone(&self.queue),
            id: candidate.id,
            from: Some(Standing::new(candidate.visible_at, candidate.receives)),
            to: None,
        };
        if candidate.message.sent_at + self.retention_ms <= now || self.queue.is_purged(candidate.id) {
            remove(connection, candidate.id)?;
            outcome.changes.push(gone);
            return Ok(());
        }
        match &self.dead_letters {
            Some(dead) if candidate.receives >= dead.max_receives => {
                outcome.changes.push(self.bury(connection, now, &candidate, &dead.queue)?);
                outcome.changes.push(gone);
            }
            _ => {
                let to = self.hide(connection, now, &candidate)?;
                outcome.changes.push(Change { to: Some(to), ..gone });
                outcome.taken.push(candidate.taken(now));
            }
        }
        Ok(())
    }

    fn hide(&self, connection: &Connection, now: i64, candidate: &Candidate) -> rusqlite::Result<Standing> {
        let until = now + self.visibility_ms;
        let mut update = connection.prepare_cached(
            "UPDATE sqs_message SET visible_at = ?2, receives = receives + 1, received_at = ?3, \
             first_received_at = CASE first_received_at WHEN 0 THEN ?3 ELSE first_received_at END WHERE id = ?1",
        )?;
        update.execute(params![candidate.id, until, now])?;
        Ok(Standing::new(until, candidate.receives + 1))
    }

    /// Moves a message to the dead-letter queue, where it keeps its id and its count. It keeps its age, too, but in
    /// a FIFO queue (SQS Developer Guide, "Configuring dead-letter queues").
    fn bury(
        &self,
        connection: &Connection,
        now: i64,
        candidate: &Candidate,
        grave: &Arc<Queue>,
    ) -> rusqlite::Result<Change> {
        let (id, sequence, sent_at) = if grave.is_fifo() {
            let id = sequence::next_id(connection, grave)?;
            (id, Some(id), now)
        } else {
            (grave.next_id(), None, candidate.message.sent_at)
        };
        let mut copy = connection.prepare_cached(
            "INSERT INTO sqs_message (id, queue, visible_at, receives, receives_before, first_received_at, \
             received_at, sent_at, uuid, source, attributes, trace_header, group_id, deduplication_id, sequence, body) \
             SELECT ?1, ?2, ?3, 0, receives_before + receives, first_received_at, received_at, ?4, uuid, ?5, \
             attributes, trace_header, group_id, deduplication_id, ?6, body FROM sqs_message WHERE id = ?7",
        )?;
        copy.execute(params![id, grave.id, now, sent_at, self.queue.arn, sequence, candidate.id])?;
        remove(connection, candidate.id)?;
        if grave.is_fifo() {
            let group = candidate.message.group_id.as_deref().unwrap_or_default();
            fifo::arrived(connection, grave, group, id, now)?;
        }
        Ok(Change { queue: Arc::clone(grave), id, from: None, to: Some(Standing::new(now, 0)) })
    }
}

impl Candidate {
    fn find(connection: &Connection, id: i64) -> rusqlite::Result<Self> {
        let mut select = connection.prepare_cached(select_messages!("WHERE id = ?1"))?;
        select.query_row([id], Self::read)
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let id = row.get(0)?;
        let uuid = Uuid::from_bytes(row.get(6)?);
        Ok(Self {
            id,
            visible_at: row.get(1)?,
            receives: row.get(2)?,
            receives_before: row.get(3)?,
            message: Taken {
                receipt: Receipt { id, uuid, receive: 0 },
                uuid,
                receives: 0,
                first_received_at: row.get(4)?,
                sent_at: row.get(5)?,
                source: row.get(7)?,
                attributes: row.get(8)?,
                trace_header: row.get(9)?,
                group_id: row.get(10)?,
                deduplication_id: row.get(11)?,
                sequence: row.get(12)?,
                body: row.get(13)?,
            },
        })
    }

    /// The message after this receive.
    fn taken(self, now: i64) -> Taken {
        let receives = self.receives_before + self.receives + 1;
        let mut taken = self.message;
        taken.receives = receives;
        taken.receipt.receive = u32::try_from(receives).unwrap_or(u32::MAX);
        if taken.first_received_at == 0 {
            taken.first_received_at = now;
        }
        taken
    }
}

fn remove(connection: &Connection, id: i64) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM sqs_message WHERE id = ?1")?.execute([id]).map(drop)
}
