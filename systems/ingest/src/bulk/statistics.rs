//! Counts and latencies of everything sent.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::plan::Kind;
use super::send::{Outcome, Sample};

/// What has come back so far.
#[derive(Debug)]
pub(crate) struct Statistics {
    began: Instant,
    took: Duration,
    kinds: BTreeMap<Kind, Count>,
    statuses: BTreeMap<u16, u64>,
    unanswered: u64,
    never_sent: u64,
    microseconds: Vec<u32>,
}

/// One kind's count.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count {
    /// Requests that ended.
    pub(crate) done: u64,
    /// Of these, answered as the contract says.
    pub(crate) expected: u64,
}

impl Statistics {
    /// Nothing has come back; the clock runs.
    pub(crate) fn start() -> Self {
        Self {
            began: Instant::now(),
            took: Duration::ZERO,
            kinds: BTreeMap::new(),
            statuses: BTreeMap::new(),
            unanswered: 0,
            never_sent: 0,
            microseconds: Vec::new(),
        }
    }

    /// Counts one request.
    pub(crate) fn add(&mut self, sample: &Sample) {
        let count = self.kinds.entry(sample.kind).or_default();
        count.done += 1;
        match sample.outcome {
            Outcome::NeverSent => self.never_sent += 1,
            Outcome::Unanswered => self.unanswered += 1,
            Outcome::Answered { status, .. } => {
                count.expected += u64::from(sample.as_expected());
                *self.statuses.entry(status).or_default() += 1;
                self.microseconds.push(u32::try_from(sample.latency.as_micros()).unwrap_or(u32::MAX));
            }
        }
    }

    /// Stops the clock and puts latencies in order.
    pub(crate) fn stop(&mut self) {
        self.took = self.began.elapsed();
        self.microseconds.sort_unstable();
    }

    /// Requests that ended, in whatever way.
    pub(crate) fn done(&self) -> u64 {
        self.kinds.values().map(|count| count.done).sum()
    }

    /// Requests that ended in any other way than the contract says.
    pub(crate) fn unexpected(&self) -> u64 {
        self.kinds.values().map(|count| count.done - count.expected).sum()
    }

    /// Whether nothing was unexpected.
    pub(crate) fn all_as_expected(&self) -> bool {
        self.unexpected() == 0
    }

    /// By kind of request.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = (Kind, Count)> {
        self.kinds.iter().map(|(kind, count)| (*kind, *count))
    }

    /// Answers by status.
    pub(crate) fn statuses(&self) -> &BTreeMap<u16, u64> {
        &self.statuses
    }

    /// Requests sent and not answered; their message may have been accepted.
    pub(crate) fn unanswered(&self) -> u64 {
        self.unanswered
    }

    /// Requests for which no connection could be made.
    pub(crate) fn never_sent(&self) -> u64 {
        self.never_sent
    }

    /// From the first request to the last answer.
    pub(crate) fn took(&self) -> Duration {
        self.took
    }

    /// Answers per second.
    pub(crate) fn throughput(&self) -> f64 {
        self.microseconds.len() as f64 / self.took.as_secs_f64().max(1e-9)
    }

    /// The latency that this many per mille of the answers did not exceed, by nearest rank, in milliseconds; 0 without answers.
    pub(crate) fn latency(&self, per_mille: usize) -> f64 {
        let rank = (self.microseconds.len() * per_mille).div_ceil(1000).max(1);
        self.microseconds.get(rank - 1).map_or(0.0, |microseconds| f64::from(*microseconds) / 1e3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(kind: Kind, status: u16, milliseconds: u64) -> Sample {
        let message_id = (status == 200).then(|| "m".to_owned());
        Sample {
            kind,
            outcome: Outcome::Answered { status, message_id },
            latency: Duration::from_millis(milliseconds),
        }
    }

    #[test]
    fn percentiles_are_of_nearest_rank() {
        let mut statistics = Statistics::start();
        (1..=200).for_each(|n| statistics.add(&answered(Kind::Good, 200, n)));
        statistics.stop();
        assert_eq!([500, 950, 990, 1000].map(|n| statistics.latency(n)), [100.0, 190.0, 198.0, 200.0]);
        assert!(statistics.all_as_expected());
    }

    #[test]
    fn no_answers_have_no_latency() {
        let mut statistics = Statistics::start();
        statistics.stop();
        assert_eq!(statistics.latency(500), 0.0);
        assert!(statistics.all_as_expected());
    }

    #[test]
    fn anything_but_the_contract_is_unexpected() {
        let mut statistics = Statistics::start();
        statistics.add(&answered(Kind::NoToken, 401, 1));
        statistics.add(&answered(Kind::Good, 503, 1));
        statistics.add(&Sample { kind: Kind::Good, outcome: Outcome::Unanswered, latency: Duration::ZERO });
        statistics.add(&Sample { kind: Kind::Good, outcome: Outcome::NeverSent, latency: Duration::ZERO });
        assert_eq!((statistics.done(), statistics.unexpected()), (4, 3));
        assert_eq!((statistics.unanswered(), statistics.never_sent()), (1, 1));
        assert_eq!(statistics.statuses(), &BTreeMap::from([(401, 1), (503, 1)]));
    }
}
