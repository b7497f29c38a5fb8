//! Whether something far away answers, told in the log once per change, and the pauses between attempts.

use std::fmt::Display;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

/// First pause after a call that failed with all its retries; it doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// Longest pause: what came back is noticed within it.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A service at the other end.
#[derive(Debug)]
pub(crate) struct Link {
    name: &'static str,
    down: AtomicBool,
}

/// Pauses that grow until the attempt succeeds.
#[derive(Debug)]
pub(crate) struct Pauses(Duration);

impl Link {
    /// A link that is taken to be up.
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, down: AtomicBool::new(false) }
    }

    /// A call succeeded.
    pub(crate) fn up(&self) {
        if self.down.load(Ordering::Relaxed) && self.down.swap(false, Ordering::Relaxed) {
            tracing::info!(service = self.name, "answers again");
        }
    }

    /// A call failed.
    pub(crate) fn down(&self, error: impl Display) {
        if self.down.swap(true, Ordering::Relaxed) {
            tracing::debug!(service = self.name, %error, "still fails");
        } else {
            tracing::error!(service = self.name, %error, "fails; trying again until it answers");
        }
    }
}

impl Pauses {
    /// The first pause comes next.
    pub(crate) fn new() -> Self {
        Self(FIRST_PAUSE)
    }

    /// Waits, unless or until `stop`.
    pub(crate) async fn next(&mut self, stop: &CancellationToken) {
        let _ = tokio::time::timeout(self.0, stop.cancelled()).await;
        self.0 = (self.0 * 2).min(LONGEST_PAUSE);
    }
}
