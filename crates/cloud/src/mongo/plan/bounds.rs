//! A filter's bounds on one field, as half-open intervals of encoded values.

use std::ops::Bound;

use super::super::query::filter::{Arrays, Filter};
use super::super::query::key;
use super::super::query::path::Path;
use super::ranges::after;

/// Encoded values from `low` up to, not including, `high`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Interval {
    pub(super) low: Vec<u8>,
    pub(super) high: Vec<u8>,
    /// Whether it holds the one value `low`.
    point: bool,
}

impl Interval {
    pub(super) fn is_point(&self) -> bool {
        self.point
    }

    fn holds(&self, encoded: &[u8]) -> bool {
        self.low.as_slice() <= encoded && encoded < self.high.as_slice()
    }
}

/// Where the values of `path` are in all documents that `filter` passes; `None` if they may be anything.
pub(super) fn of(filter: &Filter, path: &Path, multikey: bool) -> Option<Vec<Interval>> {
    let arrays = if multikey { Arrays::Possible } else { Arrays::Absent };
    let bounds = filter.bounds(path, arrays)?;
    let mut intervals: Vec<Interval> = bounds
        .intervals
        .iter()
        .map(|interval| Interval {
            low: match &interval.low {
                Bound::Included(low) => low.clone(),
                Bound::Excluded(low) => after(low),
                Bound::Unbounded => Vec::new(),
            },
            high: match &interval.high {
                Bound::Included(high) => after(high),
                Bound::Excluded(high) => high.clone(),
                Bound::Unbounded => vec![0xFF],
            },
            point: interval.point().is_some(),
        })
        .collect();
    intervals.sort();
    intervals.dedup();
    Some(intervals)
}

/// Whether these bounds leave out documents without the field.
pub(super) fn need_a_value(intervals: &[Interval]) -> bool {
    let nothing = [bson::Bson::Null, bson::Bson::Undefined].map(|value| key::encode(&value));
    !intervals.iter().any(|interval| nothing.iter().any(|nothing| interval.holds(nothing)))
}

/// Whether everything in `inner` is in one of `outer`.
pub(super) fn lie_within(inner: &[Interval], outer: &[Interval]) -> bool {
    inner.iter().all(|inner| outer.iter().any(|outer| outer.low <= inner.low && inner.high <= outer.high))
}
