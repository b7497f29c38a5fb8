//! When a replica that ended by itself starts again, and when its ends add up to a verdict.

use std::time::Duration;

/// The numbers behind [`decide`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Wait before the first restart; it doubles with each short run that follows another.
    pub first_delay: Duration,
    /// Longest wait.
    pub max_delay: Duration,
    /// A run at least this long is stable: it clears what came before.
    pub stable_after: Duration,
    /// So many short runs in a row that never got ready are a crash loop.
    pub unready_exits: u32,
    /// So many short runs in a row, ready or not, are a crash loop.
    pub short_exits: u32,
}

impl Default for Policy {
    /// 100 ms, 200, 400, … 10 s; a verdict after 5 unready or 10 short runs of under 10 s.
    ///
    /// A program that exits at once so gets its verdict after 1.5 s of waiting (100 + 200 + 400 + 800 ms): long enough
    /// for a port that was busy for a moment, short enough for a person who waits. A replica that was ready and is
    /// killed from outside comes back within 3 s for the first five times, and is never condemned for five kills.
    fn default() -> Self {
        Self {
            first_delay: Duration::from_millis(100),
            max_delay: Duration::from_secs(10),
            stable_after: Duration::from_secs(10),
            unready_exits: 5,
            short_exits: 10,
        }
    }
}

/// How one run of a replica went. Times are since any fixed moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exit {
    /// When its process started.
    pub started: Duration,
    /// When its process ended.
    pub ended: Duration,
    /// Whether it got ready in between.
    pub was_ready: bool,
}

/// What to do about a replica that ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Start it again at this time.
    RestartAt(Duration),
    /// It is in a crash loop, after so many exits in a row. One more try is due at `retry_at`, for callers that go on.
    CrashLoop {
        /// Exits in a row that led to the verdict.
        exits: u32,
        /// When a next try is due.
        retry_at: Duration,
    },
}

/// What a replica did so far, bounded: only what a decision can depend on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// Short runs in a row, the last one included.
    short: u32,
    /// Short runs in a row that never got ready, the last one included.
    unready: u32,
}

impl History {
    /// Adds a run that ended.
    pub fn record(&mut self, policy: &Policy, exit: Exit) {
        let is_short = exit.ended.saturating_sub(exit.started) < policy.stable_after;
        self.short = if is_short { self.short.saturating_add(1) } else { 0 };
        self.unready = if is_short && !exit.was_ready { self.unready.saturating_add(1) } else { 0 };
    }
}

/// Decides about a replica whose last run is already in `history`.
pub fn decide(policy: &Policy, history: &History, now: Duration) -> Decision {
    if history.unready >= policy.unready_exits || history.short >= policy.short_exits {
        let exits = if history.unready >= policy.unready_exits { history.unready } else { history.short };
        return Decision::CrashLoop { exits, retry_at: now.saturating_add(policy.max_delay) };
    }
    Decision::RestartAt(now.saturating_add(delay(policy, history.short)))
}

// The first restart after a stable run, and after the first short one, waits the shortest time.
fn delay(policy: &Policy, short: u32) -> Duration {
    let doublings = short.saturating_sub(1).min(31);
    policy.first_delay.saturating_mul(1 << doublings).min(policy.max_delay)
}

#[cfg(test)]
mod tests;
