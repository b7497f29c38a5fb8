//! The right to send one request to a target. Draining waits for these.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::target::Target;

/// One request in flight. Dropped at the end of the response body or the upgrade, or when the client goes away.
#[derive(Debug)]
pub(crate) struct Claim {
    target: Arc<Target>,
}

impl Claim {
    /// Counts the request in, then looks again whether the target still takes any: a drain that began in between is
    /// seen here, and one that begins later waits for this claim.
    pub(crate) fn take(target: &Arc<Target>) -> Option<Self> {
        target.counts.0.in_flight.fetch_add(1, Ordering::SeqCst);
        let claim = Self { target: Arc::clone(target) };
        if claim.target.is_draining() { None } else { Some(claim) }
    }

    pub(crate) fn target(&self) -> &Arc<Target> {
        &self.target
    }

    /// Counts a request sent to the target.
    pub(crate) fn forwarded(&self) {
        self.target.counts.0.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts an answer of the target.
    pub(crate) fn answered(&self, status: http::StatusCode) {
        if status.is_server_error() {
            self.target.counts.0.failures.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Counts a request that the target left unanswered or half answered.
    pub(crate) fn failed(&self) {
        self.target.counts.0.failures.fetch_add(1, Ordering::Relaxed);
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let before = self.target.counts.0.in_flight.fetch_sub(1, Ordering::SeqCst);
        if before == 1 && self.target.is_draining() {
            self.target.emptied.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::Health;

    fn target() -> Arc<Target> {
        Arc::new(Target::new(1, "a", ([127, 0, 0, 1], 1).into(), String::new(), Health::Healthy))
    }

    #[test]
    fn a_claim_counts_until_it_is_dropped() {
        let target = target();
        let claim = Claim::take(&target).unwrap();
        assert_eq!(target.snapshot().in_flight, 1);
        drop(claim);
        assert_eq!(target.snapshot().in_flight, 0);
    }

    #[test]
    fn a_draining_target_cannot_be_claimed() {
        let target = target();
        target.start_drain();
        assert!(Claim::take(&target).is_none());
        assert_eq!(target.snapshot().in_flight, 0);
    }

    #[test]
    fn drain_and_claim_never_miss_each_other() {
        for _ in 0..2_000 {
            let target = target();
            let claiming = std::thread::spawn({
                let target = Arc::clone(&target);
                move || Claim::take(&target)
            });
            target.start_drain();
            let seen = target.counts.0.in_flight.load(Ordering::SeqCst);
            let claim = claiming.join().unwrap();
            assert!(claim.is_none() || seen == 1, "a claim began after the drain was seen empty");
        }
    }
}
