//! When to look at a starting replica again, and when it has had its time.

use std::time::Duration;

/// How a starting replica is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Wait before the first look; each wait is half as long again as the one before.
    pub first_wait: Duration,
    /// Longest wait between two looks.
    pub max_wait: Duration,
    /// How long a replica may take in all.
    pub deadline: Duration,
}

impl Policy {
    /// 5 ms, 7, 11, … 250 ms: a program that starts in 50 ms is seen within 25 ms of it, one that takes a minute costs
    /// four looks a second.
    pub fn within(deadline: Duration) -> Self {
        Self { first_wait: Duration::from_millis(5), max_wait: Duration::from_millis(250), deadline }
    }
}

/// What to do about a replica that is not ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Look again after this long.
    LookAfter(Duration),
    /// It has had its time.
    TooLate,
}

/// Decides after `looks` failed looks, `waited` after the start.
pub fn decide(policy: &Policy, looks: u32, waited: Duration) -> Decision {
    let Some(left) = policy.deadline.checked_sub(waited).filter(|left| !left.is_zero()) else {
        return Decision::TooLate;
    };
    Decision::LookAfter(wait(policy, looks).min(left))
}

fn wait(policy: &Policy, looks: u32) -> Duration {
    let grow = |wait: Duration| (wait + wait / 2).min(policy.max_wait);
    (0..looks.min(64)).fold(policy.first_wait, |wait, _| grow(wait))
}

#[cfg(test)]
mod tests {
    use super::{Decision, Policy, decide};
    use std::time::Duration;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn looks_get_rarer_and_stay_bounded() {
        let policy = Policy::within(60 * SECOND);
        let wait = |looks| decide(&policy, looks, Duration::ZERO);
        assert_eq!(wait(0), Decision::LookAfter(Duration::from_millis(5)));
        assert_eq!(wait(1), Decision::LookAfter(Duration::from_micros(7500)));
        assert_eq!(wait(1000), Decision::LookAfter(Duration::from_millis(250)));
    }

    #[test]
    fn the_last_look_is_at_the_deadline_and_none_after() {
        let policy = Policy::within(SECOND);
        let last = Duration::from_millis(990);
        assert_eq!(decide(&policy, 50, last), Decision::LookAfter(Duration::from_millis(10)));
        assert_eq!(decide(&policy, 51, SECOND), Decision::TooLate);
        assert_eq!(decide(&policy, 52, 2 * SECOND), Decision::TooLate);
    }
}
