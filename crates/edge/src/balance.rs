//! Which target is next: a choice over what is seen of each, without touching any of them.

use crate::config::Algorithm;

/// One target as the choice sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) standing: Standing,
    /// Requests in flight.
    pub(crate) outstanding: u64,
    /// Thousandths of a full share; below a thousand during slow start.
    pub(crate) share: u64,
}

/// Whether a target may be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is healthy.
    Ready,
    /// It is not, but is used when none is: an ALB fails open.
    LastResort,
    /// It is draining, or was tried for this request already.
    Excluded,
}

/// The index of the target for the `turn`-th request, or `None` when all are excluded.
pub(crate) fn choose<I>(algorithm: Algorithm, candidates: I, turn: usize) -> Option<usize>
where
    I: Iterator<Item = Candidate> + Clone,
{
    let ready = candidates.clone().filter(|candidate| candidate.standing == Standing::Ready).count();
    let standing = if ready > 0 { Standing::Ready } else { Standing::LastResort };
    let eligible = candidates.enumerate().filter(move |(_, candidate)| candidate.standing == standing);
    match algorithm {
        Algorithm::RoundRobin => round_robin(eligible, turn),
        Algorithm::LeastOutstanding => least_outstanding(eligible, turn),
    }
}

/// A target in slow start passes on the turns its share does not cover to the next in line.
fn round_robin<I>(eligible: I, turn: usize) -> Option<usize>
where
    I: Iterator<Item = (usize, Candidate)> + Clone,
{
    let count = eligible.clone().count();
    let start = turn.checked_rem(count)?;
    let round = turn.checked_div(count)?;
    let in_line = eligible.clone().skip(start).chain(eligible.take(start));
    let mut first = None;
    for (index, candidate) in in_line {
        first.get_or_insert(index);
        if covers(candidate.share, round) {
            return Some(index);
        }
    }
    first
}

/// Spreads `share` thousandths evenly over the rounds: the step is coprime to a thousand.
fn covers(share: u64, round: usize) -> bool {
    share >= 1000 || (round as u64 % 1000) * 617 % 1000 < share
}

/// Ties are taken in turn; a target in slow start counts its requests as if it were that much smaller.
fn least_outstanding<I>(eligible: I, turn: usize) -> Option<usize>
where
    I: Iterator<Item = (usize, Candidate)> + Clone,
{
    let start = turn.checked_rem(eligible.clone().count())?;
    eligible
        .clone()
        .skip(start)
        .chain(eligible.take(start))
        .min_by_key(|(_, candidate)| {
            (candidate.outstanding + 1).saturating_mul(1000) / candidate.share.max(1)
        })
        .map(|(index, _)| index)
}

#[cfg(test)]
mod tests;
