//! The choice, as tables.

use super::*;

fn ready(outstanding: u64) -> Candidate {
    Candidate { standing: Standing::Ready, outstanding, share: 1000 }
}

fn standing(standing: Standing) -> Candidate {
    Candidate { standing, ..ready(0) }
}

fn counts(algorithm: Algorithm, candidates: &[Candidate], turns: usize) -> Vec<usize> {
    let mut counts = vec![0; candidates.len()];
    for turn in 0..turns {
        counts[choose(algorithm, candidates.iter().copied(), turn).unwrap()] += 1;
    }
    counts
}

#[test]
fn round_robin_takes_turns() {
    let all = [ready(5), ready(0), ready(0)];
    let order: Vec<_> =
        (0..6).map(|turn| choose(Algorithm::RoundRobin, all.iter().copied(), turn).unwrap()).collect();
    assert_eq!(order, [0, 1, 2, 0, 1, 2]);
}

#[test]
fn the_unhealthy_get_nothing_and_the_others_equal_shares() {
    let all = [ready(0), standing(Standing::LastResort), ready(0), standing(Standing::Excluded)];
    assert_eq!(counts(Algorithm::RoundRobin, &all, 100), [50, 0, 50, 0]);
    assert_eq!(counts(Algorithm::LeastOutstanding, &all, 100), [50, 0, 50, 0]);
}

#[test]
fn fails_open_when_none_is_healthy() {
    let all = [standing(Standing::LastResort), standing(Standing::Excluded), standing(Standing::LastResort)];
    assert_eq!(counts(Algorithm::RoundRobin, &all, 100), [50, 0, 50]);
}

#[test]
fn nobody_is_nobody() {
    let none: [Candidate; 0] = [];
    assert_eq!(choose(Algorithm::RoundRobin, none.iter().copied(), 7), None);
    let excluded = [standing(Standing::Excluded)];
    assert_eq!(choose(Algorithm::LeastOutstanding, excluded.iter().copied(), 7), None);
}

#[test]
fn least_outstanding_takes_the_idlest() {
    let all = [ready(3), ready(1), ready(2)];
    assert_eq!(choose(Algorithm::LeastOutstanding, all.iter().copied(), 0), Some(1));
    assert_eq!(counts(Algorithm::LeastOutstanding, &[ready(1), ready(1)], 10), [5, 5]);
}

#[test]
fn slow_start_gets_its_share() {
    let fresh = Candidate { share: 200, ..ready(0) };
    let counts = counts(Algorithm::RoundRobin, &[ready(0), fresh], 2000);
    assert_eq!(counts, [1800, 200]);
    let all = [ready(3), fresh];
    assert_eq!(choose(Algorithm::LeastOutstanding, all.iter().copied(), 0), Some(0));
}

#[test]
fn slow_start_of_all_still_answers() {
    let fresh = Candidate { share: 1, ..ready(0) };
    assert_eq!(counts(Algorithm::RoundRobin, &[fresh, fresh], 2000).iter().sum::<usize>(), 2000);
}
