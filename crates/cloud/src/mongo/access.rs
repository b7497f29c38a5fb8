//! What a command reads and writes: the database at one moment, and over it what its transaction holds back.

use std::cell::{Cell, RefCell};
use std::time::Instant;

use rusqlite::Connection;

use super::error::{Code, Result};
use super::pending::Pending;

/// Steps between two looks at the clock.
const STRIDE: u32 = 64;

/// The database as one command sees it. Writes go to the database at once, or wait in the transaction.
#[derive(Debug)]
pub(super) struct Access<'a> {
    pub(super) db: &'a Connection,
    pub(super) pending: Option<&'a RefCell<Pending>>,
    limit: Limit,
    steps: Cell<u32>,
}

/// How much a command may do before it has to stop.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Limit {
    /// `maxTimeMS`.
    pub(super) deadline: Option<Instant>,
}

impl<'a> Access<'a> {
    pub(super) fn new(db: &'a Connection, pending: Option<&'a RefCell<Pending>>, limit: Limit) -> Self {
        Self { db, pending, limit, steps: Cell::new(0) }
    }

    /// Called for every document looked at.
    ///
    /// # Errors
    /// 50 once the command's `maxTimeMS` is over.
    pub(super) fn step(&self) -> Result<()> {
        self.steps.set(self.steps.get().wrapping_add(1));
        if self.steps.get() % STRIDE == 1 { self.check_time() } else { Ok(()) }
    }

    fn check_time(&self) -> Result<()> {
        match self.limit.deadline {
            Some(deadline) if Instant::now() >= deadline => {
                Err(Code::MaxTimeMSExpired.saying("operation exceeded time limit"))
            }
            _ => Ok(()),
        }
    }
}
