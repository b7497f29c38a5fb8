//! Folding the write-ahead log into the database while others write.
//!
//! It is done by a thread with a connection of its own, because it waits for the disk. What is written meanwhile is
//! folded in again and again until that was little; only the last part holds up the writer, who then begins the
//! log anew. So the log is about as long as [`ENOUGH`], and where somebody writes faster than the disk takes it,
//! writers wait beyond [`MOST`].

use std::cell::Cell;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;

use super::line::Line;
use super::{StoreError, open};
use crate::settings::Durability;

/// Pages of log that are worth folding in: 16 MiB.
const ENOUGH: i32 = 4096;

/// Pages of log at which writers wait until it is folded in: 128 MiB.
const MOST: i64 = 32 * 1024;

/// Pages that are few: when it was no more since the attempt before, what came meanwhile can be folded in while the
/// writer waits. 128 KiB.
const FEW: i64 = 32;

/// Attempts to get down to [`FEW`] before the writer has to wait for more.
const ATTEMPTS: u32 = 8;

/// The pause after an attempt that did not get to the end of the log: a long read holds it up, or the disk is full.
const PAUSE: Duration = Duration::from_millis(500);

/// The writer's side: says how long the log is.
pub(super) struct Log {
    nudge: SyncSender<()>,
    thread: JoinHandle<File>,
}

/// The thread's side.
struct Folding {
    file: PathBuf,
    /// The file itself, to sync it before the writer has to wait for that.
    database: File,
    durability: Durability,
    line: Arc<Line>,
}

/// How far a fold came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Progress {
    pages: i64,
    folded: i64,
}

/// Whether the log can begin anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fold {
    Whole,
    Part,
}

thread_local! {
    /// Pages of log after this thread's latest commit: SQLite's hook can say it only to a plain function.
    static PAGES: Cell<i32> = const { Cell::new(0) };
}

/// Makes `connection` say how long its log is, and leave the folding to [`Log`].
pub(super) fn watch(connection: &Connection) {
    connection.wal_hook(Some(|_, pages| {
        PAGES.set(pages);
        Ok(())
    }));
}

impl Log {
    pub(super) fn start(
        file: &Path,
        database: File,
        durability: Durability,
        line: &Arc<Line>,
    ) -> Result<Self, StoreError> {
        let (nudge, nudges) = sync_channel(1);
        let folding = Folding { file: file.to_owned(), database, durability, line: Arc::clone(line) };
        let thread = std::thread::Builder::new()
            .name("cloud-log".to_owned())
            .spawn(move || {
                folding.run(&nudges);
                folding.database
            })
            .map_err(|error| StoreError::Disk { reason: error.to_string() })?;
        Ok(Self { nudge, thread })
    }

    /// To be called after a commit, on the same thread.
    pub(super) fn has_grown(&self) {
        if PAGES.take() >= ENOUGH {
            // A nudge that is there already will do.
            self.nudge.try_send(()).ok();
        }
    }

    /// Waits until nobody folds any more. Gives the file, which has to be open until the connections are not.
    pub(super) fn end(self) -> Option<File> {
        drop(self.nudge);
        self.thread.join().ok()
    }
}

impl Folding {
    fn run(&self, nudges: &Receiver<()>) {
        let mut connection = None;
        while nudges.recv().is_ok() {
            match self.fold(&mut connection) {
                Ok(Fold::Whole) => {
                    // One that came meanwhile was about the log as it was.
                    nudges.try_recv().ok();
                    continue;
                }
                Ok(Fold::Part) => {}
                Err(error) => tracing::warn!(%error, "the log was not folded into the database; it grows on"),
            }
            if nudges.recv_timeout(PAUSE) == Err(RecvTimeoutError::Disconnected) {
                return;
            }
        }
    }

    fn fold(&self, kept: &mut Option<Connection>) -> Result<Fold, StoreError> {
        let connection = match kept.take() {
            Some(connection) => connection,
            None => open::folder(&self.file, self.durability)?,
        };
        Ok(self.fold_with(kept.insert(connection))?)
    }

    fn fold_with(&self, connection: &Connection) -> rusqlite::Result<Fold> {
        let mut before = 0;
        for _ in 0..ATTEMPTS {
            let progress = fold_what_is_there(connection)?;
            // Otherwise SQLite syncs all of it at the very end, when the writer waits. Where this fails, that fails,
            // too, and says so.
            self.database.sync_data().ok();
            if progress.folded - before <= FEW || progress.pages >= MOST {
                break;
            }
            before = progress.folded;
        }
        let _nobody_writes = self.line.pause();
        let progress = fold_what_is_there(connection)?;
        Ok(if progress.left() == 0 { Fold::Whole } else { Fold::Part })
    }
}

impl Progress {
    fn left(self) -> i64 {
        self.pages - self.folded
    }
}

/// Folds in what was in the log at the beginning, as far as no reader needs it; others may write meanwhile, and that is
/// not counted.
fn fold_what_is_there(connection: &Connection) -> rusqlite::Result<Progress> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
        Ok(Progress { pages: row.get(1)?, folded: row.get(2)? })
    })
}
