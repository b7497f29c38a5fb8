//! What was counted, and the report of it.

use std::time::Duration;

use serde_json::{Value, json};

/// Cycles and their durations.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    cycles: Vec<Duration>,
    empty_receives: u64,
}

impl Tally {
    pub(crate) fn cycle(&mut self, duration: Duration) {
        self.cycles.push(duration);
    }

    pub(crate) fn empty(&mut self) {
        self.empty_receives += 1;
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.cycles.extend(other.cycles);
        self.empty_receives += other.empty_receives;
    }

    /// Counts, rate over `elapsed` and the latency of a whole cycle in milliseconds.
    pub(crate) fn report(mut self, elapsed: Duration) -> Value {
        self.cycles.sort_unstable();
        json!({
            "cycles": self.cycles.len(),
            "empty_receives": self.empty_receives,
            "cycles_per_second": self.cycles.len() as f64 / elapsed.as_secs_f64(),
            "p50_ms": self.percentile(50),
            "p99_ms": self.percentile(99),
        })
    }

    /// Nearest rank.
    fn percentile(&self, percent: usize) -> Option<f64> {
        let rank = (self.cycles.len() * percent).div_ceil(100).max(1);
        self.cycles.get(rank - 1).map(|duration| duration.as_secs_f64() * 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_rank() {
        let mut tally = Tally::default();
        (1..=200).for_each(|millis| tally.cycle(Duration::from_millis(millis)));
        let report = tally.report(Duration::from_secs(2));
        assert_eq!(report["p50_ms"], 100.0);
        assert_eq!(report["p99_ms"], 198.0);
        assert_eq!(report["cycles_per_second"], 100.0);
    }

    #[test]
    fn no_cycle_has_no_latency() {
        assert_eq!(Tally::default().report(Duration::from_secs(1))["p99_ms"], Value::Null);
    }
}
