//! The last lines a process printed, in memory: for verdicts, also where the disk is full.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;
use tokio::time::timeout;

use super::LAST_LINES;

/// Lines kept, and characters of each.
const LINES: usize = 40;
const LINE_LENGTH: usize = 500;

/// The last lines a process printed; clones see the same.
#[derive(Debug, Clone)]
pub(crate) struct Tail {
    lines: Arc<Mutex<VecDeque<String>>>,
    open: watch::Receiver<bool>,
}

/// The end that adds lines. When it is dropped, the tail is complete.
#[derive(Debug)]
pub(super) struct TailWriter {
    lines: Arc<Mutex<VecDeque<String>>>,
    _open: watch::Sender<bool>,
}

/// A tail and the end that fills it.
pub(super) fn tail() -> (TailWriter, Tail) {
    let lines = Arc::new(Mutex::new(VecDeque::with_capacity(LINES)));
    let (sender, open) = watch::channel(true);
    (TailWriter { lines: Arc::clone(&lines), _open: sender }, Tail { lines, open })
}

impl Tail {
    /// The last `count` lines of a process that ended; waits a moment for what is still on its way.
    pub(crate) async fn of_ended(&self, count: usize) -> Vec<String> {
        let mut open = self.open.clone();
        let _held_by_a_grandchild =
            timeout(LAST_LINES, async { while open.changed().await.is_ok() {} }).await;
        self.last(count)
    }

    /// The last `count` lines so far.
    pub(crate) fn last(&self, count: usize) -> Vec<String> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().skip(lines.len().saturating_sub(count)).cloned().collect()
    }
}

impl TailWriter {
    pub(super) fn add(&self, line: &str) {
        let line = line.chars().take(LINE_LENGTH).collect();
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == LINES {
            lines.pop_front();
        }
        lines.push_back(line);
    }
}
