//! A receive that is tried again with the same attempt id.

use std::sync::Arc;

use rusqlite::{Connection, params};

use super::{Candidate, Outcome, Search, Take, Taken};
use crate::sqs::error::SqsError;
use crate::sqs::fifo::attempt::{self, Left};
use crate::sqs::fifo::refresh_all;
use crate::sqs::queue::Change;
use crate::sqs::tally::Standing;

impl Take {
    /// Gives the same messages again, with the same handles and hidden anew, where this attempt got some before.
    pub(super) fn repeat(
        &self,
        connection: &Connection,
        now: i64,
        outcome: &mut Outcome,
    ) -> Result<bool, SqsError> {
        let Some(attempt) = &self.attempt else { return Ok(false) };
        let Some(left) = attempt::repeated(connection, &self.queue, attempt, now)? else {
            return Ok(false);
        };
        let until = now + self.visibility_ms;
        for one in left {
            connection
                .prepare_cached("UPDATE sqs_message SET visible_at = ?2, received_at = ?3 WHERE id = ?1")?
                .execute(params![one.id, until, now])?;
            let [from, to] = [one.visible_at, until].map(|until| Some(Standing::new(until, one.receives)));
            outcome.changes.push(Change { queue: Arc::clone(&self.queue), id: one.id, from, to });
            outcome.taken.push(Candidate::find(connection, one.id)?.again());
        }
        let groups = outcome.taken.iter().filter_map(|taken| taken.group_id.as_deref());
        refresh_all(connection, &self.queue, groups)?;
        self.note(connection, now, outcome)?;
        outcome.search = Search::Done;
        Ok(true)
    }

    /// Remembers what the attempt got.
    pub(super) fn note(&self, connection: &Connection, now: i64, outcome: &Outcome) -> Result<(), SqsError> {
        let Some(attempt) = self.attempt.as_ref().filter(|_| !outcome.taken.is_empty()) else {
            return Ok(());
        };
        let left = |change: &Change| {
            let taken = outcome.taken.iter().any(|taken| taken.receipt.id == change.id);
            let to = change.to.filter(|_| taken)?;
            Some((change.id, to.until))
        };
        let mut messages = Vec::with_capacity(outcome.taken.len());
        for (id, visible_at) in outcome.changes.iter().filter_map(left) {
            let mut select = connection.prepare_cached("SELECT receives FROM sqs_message WHERE id = ?1")?;
            messages.push(Left { id, visible_at, receives: select.query_row([id], |row| row.get(0))? });
        }
        attempt::note(connection, &self.queue, attempt, &messages, now)
    }
}

impl Candidate {
    /// The message as its receive left it.
    fn again(self) -> Taken {
        let mut taken = self.message;
        taken.receives = self.receives_before + self.receives;
        taken.receipt.receive = u32::try_from(taken.receives).unwrap_or(u32::MAX);
        taken
    }
}
