//! What the writer has done so far, for the metrics.

use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// Upper bounds of the writes that shared a commit; the last is all the writer takes at once.
const WRITES: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// Upper bounds of a commit's time, in seconds.
const SECONDS: [f64; 9] = [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.01, 0.05, 0.25, 1.0];

/// The writer's counters. Clones count together.
#[derive(Debug, Clone)]
pub(crate) struct Counters {
    writes: Histogram,
    seconds: Histogram,
    failures: Counter,
}

impl Default for Counters {
    fn default() -> Self {
        Self {
            writes: Histogram::new(WRITES),
            seconds: Histogram::new(SECONDS),
            failures: Counter::default(),
        }
    }
}

impl Counters {
    /// Counts one commit of so many writes.
    pub(super) fn committed(&self, writes: usize, took: Duration) {
        self.writes.observe(f64::from(u32::try_from(writes).unwrap_or(u32::MAX)));
        self.seconds.observe(took.as_secs_f64());
    }

    /// Counts one that failed.
    pub(super) fn failed(&self) {
        self.failures.inc();
    }

    /// Shows them in `registry`.
    pub(crate) fn register(&self, registry: &mut Registry) {
        registry.register("commit_writes", "Writes that shared a commit", self.writes.clone());
        let about = "Time of a commit, its writes included";
        registry.register_with_unit("commit_duration", about, Unit::Seconds, self.seconds.clone());
        registry.register("commit_failures", "Commits of which nothing was kept", self.failures.clone());
    }
}
