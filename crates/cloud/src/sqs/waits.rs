//! What AWS makes callers wait for, where that is wanted: 60 seconds between two purges, and before a deleted queue's
//! name can be used again.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};

use super::error::SqsError;
use crate::settings::QueueWaits;

/// How long each of them is.
const WAIT: Duration = Duration::from_mins(1);

/// What has to be waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    Purge,
    Delete,
}

impl QueueWaits {
    /// Notes that it happens now. What is over is forgotten.
    pub(super) fn begin(
        self,
        connection: &Connection,
        after: After,
        queue: &str,
        now: i64,
    ) -> Result<(), SqsError> {
        if self == Self::None {
            return Ok(());
        }
        connection.prepare_cached("DELETE FROM sqs_wait WHERE since <= ?1")?.execute([horizon(now)])?;
        connection
            .prepare_cached("INSERT OR REPLACE INTO sqs_wait (what, queue, since) VALUES (?1, ?2, ?3)")?
            .execute(params![after.name(), queue, now])?;
        Ok(())
    }

    /// Refuses what has to wait still.
    pub(super) fn check(
        self,
        connection: &Connection,
        after: After,
        queue: &str,
        now: i64,
    ) -> Result<(), SqsError> {
        if self == Self::None {
            return Ok(());
        }
        let since: Option<i64> = connection
            .prepare_cached("SELECT since FROM sqs_wait WHERE what = ?1 AND queue = ?2")?
            .query_row(params![after.name(), queue], |row| row.get(0))
            .optional()?;
        match (since.filter(|since| *since > horizon(now)), after) {
            (None, _) => Ok(()),
            (Some(_), After::Purge) => Err(SqsError::PurgeQueueInProgress {
                queue: queue.rsplit('/').next().unwrap_or_default().to_owned(),
            }),
            (Some(_), After::Delete) => Err(SqsError::QueueDeletedRecently),
        }
    }
}

impl After {
    fn name(self) -> &'static str {
        match self {
            Self::Purge => "purge",
            Self::Delete => "delete",
        }
    }
}

fn horizon(now: i64) -> i64 {
    now - i64::try_from(WAIT.as_millis()).unwrap_or(i64::MAX)
}
