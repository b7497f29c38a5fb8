//! How a target is judged: one probe at a time, without clock or network (Elastic Load Balancing user guide,
//! "Health checks for Application Load Balancer target groups").

use std::time::Duration;

use crate::config::HealthCheck;

/// First pause between probes of a target that is not judged yet; doubles up to [`QUICK_PAUSE_MOST`].
pub(crate) const QUICK_PAUSE: Duration = Duration::from_millis(25);
/// Longest pause between probes of a target that is not judged yet.
pub(crate) const QUICK_PAUSE_MOST: Duration = Duration::from_millis(250);

/// What the probes so far say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Health {
    /// Nothing yet.
    #[default]
    Initial,
    /// It passes.
    Healthy,
    /// It fails.
    Unhealthy,
}

/// The verdict and how many probes in a row speak against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Judgement {
    pub(crate) health: Health,
    pub(crate) against: u32,
}

/// What one probe saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Probe {
    Passed,
    Failed(String),
}

/// The judgement after one more probe of a target that was added `age` ago.
///
/// A new target needs one success. Its failures while it starts do not count one by one, because it is probed more
/// often than `interval`: it becomes unhealthy when as much time has passed as the threshold's probes would take.
pub(crate) fn decide(now: Judgement, probe: &Probe, check: &HealthCheck, age: Duration) -> Judgement {
    let passed = *probe == Probe::Passed;
    match now.health {
        Health::Initial if passed => settled(Health::Healthy),
        Health::Initial if age >= check.interval * check.unhealthy_threshold => settled(Health::Unhealthy),
        Health::Initial => now,
        Health::Healthy => count(now, !passed, check.unhealthy_threshold, Health::Unhealthy),
        Health::Unhealthy => count(now, passed, check.healthy_threshold, Health::Healthy),
    }
}

/// How long to wait before the next probe; `tries` counts the probes since the target was added or last suspected.
pub(crate) fn pause(health: Health, suspected: bool, tries: u32, interval: Duration) -> Duration {
    let quick = QUICK_PAUSE.saturating_mul(1 << tries.min(8)).min(QUICK_PAUSE_MOST);
    if health == Health::Initial || suspected { quick.min(interval) } else { interval }
}

/// The share of a target that became healthy `age` ago, in thousandths of a full one: it grows in a straight line from
/// one thousandth to a thousand over `slow_start`.
pub(crate) fn share(age: Duration, slow_start: Duration) -> u64 {
    if age >= slow_start {
        return 1000;
    }
    let grown = age.as_millis().saturating_mul(1000) / slow_start.as_millis().max(1);
    u64::try_from(grown).unwrap_or(1000).clamp(1, 1000)
}

fn settled(health: Health) -> Judgement {
    Judgement { health, against: 0 }
}

fn count(now: Judgement, speaks_against: bool, threshold: u32, other: Health) -> Judgement {
    match (speaks_against, now.against + 1) {
        (false, _) => settled(now.health),
        (true, against) if against >= threshold => settled(other),
        (true, against) => Judgement { against, ..now },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check() -> HealthCheck {
        HealthCheck {
            path: "/".into(),
            success_codes: vec![(200, 200)],
            interval: Duration::from_secs(10),
            timeout: Duration::from_secs(5),
            healthy_threshold: 2,
            unhealthy_threshold: 3,
        }
    }

    fn run(start: Health, probes: &str, age: Duration) -> Health {
        probes
            .chars()
            .fold(settled(start), |now, probe| {
                let probe = if probe == '+' { Probe::Passed } else { Probe::Failed("no".into()) };
                decide(now, &probe, &check(), age)
            })
            .health
    }

    #[test]
    fn thresholds() {
        let young = Duration::from_secs(1);
        for (start, probes, expected) in [
            (Health::Initial, "+", Health::Healthy),
            (Health::Initial, "-----", Health::Initial),
            (Health::Initial, "-----+", Health::Healthy),
            (Health::Healthy, "--", Health::Healthy),
            (Health::Healthy, "---", Health::Unhealthy),
            (Health::Healthy, "--+--", Health::Healthy),
            (Health::Unhealthy, "+", Health::Unhealthy),
            (Health::Unhealthy, "++", Health::Healthy),
            (Health::Unhealthy, "+-+", Health::Unhealthy),
        ] {
            assert_eq!(run(start, probes, young), expected, "{start:?} {probes}");
        }
    }

    #[test]
    fn a_target_that_never_starts_is_unhealthy_in_the_end() {
        assert_eq!(run(Health::Initial, "-", Duration::from_secs(30)), Health::Unhealthy);
    }

    #[test]
    fn a_start_is_noticed_quickly_and_then_the_interval_rules() {
        let interval = Duration::from_secs(10);
        assert_eq!(pause(Health::Initial, false, 0, interval), Duration::from_millis(25));
        assert_eq!(pause(Health::Initial, false, 99, interval), Duration::from_millis(250));
        assert_eq!(pause(Health::Healthy, false, 0, interval), interval);
        assert_eq!(pause(Health::Healthy, true, 1, interval), Duration::from_millis(50));
    }

    #[test]
    fn slow_start_is_a_straight_line() {
        let over = Duration::from_secs(30);
        for (age, expected) in [(0, 1), (3, 100), (15, 500), (30, 1000), (90, 1000)] {
            assert_eq!(share(Duration::from_secs(age), over), expected, "{age}");
        }
        assert_eq!(share(Duration::ZERO, Duration::ZERO), 1000);
    }
}
