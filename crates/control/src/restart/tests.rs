//! Back-off, reset and verdict of a replica that keeps ending.

use super::{Decision, Exit, History, Policy, decide};
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

/// Decisions of runs given as (seconds it ran, whether it got ready), each decided at time zero.
fn decisions(runs: &[(u64, bool)]) -> Vec<Decision> {
    let policy = Policy::default();
    let mut history = History::default();
    runs.iter()
        .map(|&(seconds, was_ready)| {
            let exit = Exit { started: SECOND, ended: SECOND + SECOND * seconds as u32, was_ready };
            history.record(&policy, exit);
            decide(&policy, &history, Duration::ZERO)
        })
        .collect()
}

fn after(millis: u64) -> Decision {
    Decision::RestartAt(Duration::from_millis(millis))
}

fn crash_loop(exits: u32) -> Decision {
    Decision::CrashLoop { exits, retry_at: 10 * SECOND }
}

#[test]
fn five_exits_at_once_are_a_crash_loop_within_two_seconds() {
    let seen = decisions(&[(0, false); 6]);
    assert_eq!(seen, [after(100), after(200), after(400), after(800), crash_loop(5), crash_loop(6)]);
}

#[test]
fn a_ready_replica_that_is_killed_five_times_comes_back_each_time() {
    let seen = decisions(&[(1, true); 5]);
    assert_eq!(seen, [after(100), after(200), after(400), after(800), after(1600)]);
}

#[test]
fn a_replica_that_gets_ready_and_ends_soon_is_condemned_at_the_tenth() {
    let seen = decisions(&[(1, true); 10]);
    assert_eq!(seen[7..], [after(10_000), after(10_000), crash_loop(10)]);
}

#[test]
fn a_stable_run_clears_the_past() {
    let seen = decisions(&[(0, false), (0, false), (0, false), (0, false), (10, true), (0, false)]);
    assert_eq!(seen[4..], [after(100), after(100)]);
}

#[test]
fn getting_ready_once_clears_the_count_of_unready_exits_only() {
    let seen = decisions(&[(0, false), (0, false), (0, true), (0, false), (0, false)]);
    assert_eq!(seen, [after(100), after(200), after(400), after(800), after(1600)]);
}

#[test]
fn the_wait_never_passes_the_longest() {
    let policy = Policy { short_exits: u32::MAX, ..Policy::default() };
    let mut history = History::default();
    for _ in 0..100 {
        history.record(&policy, Exit { started: SECOND, ended: SECOND, was_ready: true });
    }
    assert_eq!(decide(&policy, &history, SECOND), Decision::RestartAt(11 * SECOND));
}

#[test]
fn a_clock_that_went_backwards_makes_a_short_run() {
    let policy = Policy::default();
    let mut history = History::default();
    history.record(&policy, Exit { started: 9 * SECOND, ended: SECOND, was_ready: false });
    assert_eq!(decide(&policy, &history, SECOND), Decision::RestartAt(Duration::from_millis(1100)));
}
