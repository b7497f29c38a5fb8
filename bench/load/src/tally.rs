//! What was counted, and the report of it.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

/// How often the work was done, how long each time took, and its steps.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    cycles: Vec<Duration>,
    steps: BTreeMap<&'static str, Vec<Duration>>,
    empty_receives: u64,
}

impl Tally {
    pub(crate) fn cycle(&mut self, duration: Duration) {
        self.cycles.push(duration);
    }

    pub(crate) fn step(&mut self, name: &'static str, duration: Duration) {
        self.steps.entry(name).or_default().push(duration);
    }

    pub(crate) fn empty(&mut self) {
        self.empty_receives += 1;
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.cycles.extend(other.cycles);
        for (name, durations) in other.steps {
            self.steps.entry(name).or_default().extend(durations);
        }
        self.empty_receives += other.empty_receives;
    }

    /// Counts, rate over `elapsed`, and latencies in milliseconds: of the whole, and the median of each step.
    pub(crate) fn report(mut self, elapsed: Duration) -> Value {
        self.cycles.sort_unstable();
        let median = |(name, mut durations): (&str, Vec<Duration>)| {
            durations.sort_unstable();
            (name.to_owned(), json!(percentile(&durations, 50)))
        };
        json!({
            "cycles": self.cycles.len(),
            "empty_receives": self.empty_receives,
            "cycles_per_second": self.cycles.len() as f64 / elapsed.as_secs_f64(),
            "p50_ms": percentile(&self.cycles, 50),
            "p99_ms": percentile(&self.cycles, 99),
            "steps_p50_ms": Value::Object(self.steps.into_iter().map(median).collect()),
        })
    }
}

/// Nearest rank, of durations in order.
fn percentile(sorted: &[Duration], percent: usize) -> Option<f64> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).map(|duration| duration.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_rank() {
        let mut tally = Tally::default();
        (1..=200).for_each(|millis| tally.cycle(Duration::from_millis(millis)));
        tally.step("send", Duration::from_millis(3));
        let report = tally.report(Duration::from_secs(2));
        assert_eq!(report["p50_ms"], 100.0);
        assert_eq!(report["p99_ms"], 198.0);
        assert_eq!(report["cycles_per_second"], 100.0);
        assert_eq!(report["steps_p50_ms"], json!({ "send": 3.0 }));
    }

    #[test]
    fn no_cycle_has_no_latency() {
        assert_eq!(Tally::default().report(Duration::from_secs(1))["p99_ms"], Value::Null);
    }
}
