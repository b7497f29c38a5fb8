//! The ranges of an index's keys in which all documents of a filter are.

use super::super::index::Index;
use super::super::query::filter::Filter;
use super::super::query::key::{self, Direction};
use super::bounds::{self, Interval};

/// Ranges at most; with more values in an `$in` the index is narrowed by fewer fields.
const MOST: usize = 1000;

/// Keys from `low` up to, not including, `high`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::mongo) struct KeyRange {
    pub(in crate::mongo) low: Vec<u8>,
    pub(in crate::mongo) high: Vec<u8>,
}

/// The ranges, and how much of the key they fix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::mongo) struct Ranges {
    /// In order, apart from each other.
    pub(in crate::mongo) list: Vec<KeyRange>,
    /// Leading fields that are fixed to single values.
    pub(in crate::mongo) equal: usize,
    /// Whether the field after those is bounded.
    pub(in crate::mongo) narrowed: bool,
    /// Combinations of the fixed values.
    pub(in crate::mongo) prefixes: usize,
}

impl Ranges {
    /// The ranges of `filter` in `index`; the whole index where it bounds nothing.
    pub(in crate::mongo) fn of(index: &Index, filter: &Filter) -> Self {
        let mut prefixes = vec![Vec::new()];
        let mut equal = 0;
        for (at, (path, direction)) in index.pattern.iter().enumerate() {
            if index.multikey && shares_an_array(index, at) {
                break;
            }
            let Some(intervals) = bounds::of(filter, path, index.multikey) else { break };
            let points = intervals.iter().all(Interval::is_point);
            if prefixes.len() * intervals.len() > MOST {
                break;
            }
            if !points {
                let list = sorted(combine(&prefixes, &intervals, *direction));
                return Self { list, equal, narrowed: true, prefixes: prefixes.len() };
            }
            prefixes =
                combine(&prefixes, &intervals, *direction).into_iter().map(|range| range.low).collect();
            equal += 1;
        }
        let count = prefixes.len();
        let list = sorted(prefixes.into_iter().map(beginning_with).collect());
        Self { list, equal, narrowed: false, prefixes: count }
    }
}

/// Whether a field may be in the same array as one before it: then another element may meet each of their bounds,
/// and no key has both.
fn shares_an_array(index: &Index, at: usize) -> bool {
    let first = |place: usize| index.pattern.get(place).and_then(|(path, _)| path.parts().first());
    (0..at).any(|before| first(before) == first(at))
}

fn combine(prefixes: &[Vec<u8>], intervals: &[Interval], direction: Direction) -> Vec<KeyRange> {
    let behind = |prefix: &[u8], bound: &[u8]| [prefix, bound].concat();
    let ranges = prefixes.iter().flat_map(|prefix| {
        intervals.iter().map(move |interval| {
            let (low, high) = directed(interval, direction);
            KeyRange { low: behind(prefix, &low), high: behind(prefix, &high) }
        })
    });
    ranges.collect()
}

/// The interval as it lies in a field of this direction. Turned over, what was above all that begins with a bound
/// is below all that begins with the turned bound.
fn directed(interval: &Interval, direction: Direction) -> (Vec<u8>, Vec<u8>) {
    if direction == Direction::Ascending {
        return (interval.low.clone(), interval.high.clone());
    }
    let (mut low, mut high) = (interval.high.clone(), interval.low.clone());
    key::invert(&mut low);
    key::invert(&mut high);
    if interval.is_point() {
        let mut exact = interval.low.clone();
        key::invert(&mut exact);
        return (exact, after(&high));
    }
    (after(&low), after(&high))
}

fn beginning_with(prefix: Vec<u8>) -> KeyRange {
    let high = after(&prefix);
    KeyRange { low: prefix, high }
}

fn sorted(mut ranges: Vec<KeyRange>) -> Vec<KeyRange> {
    ranges.sort();
    let mut apart: Vec<KeyRange> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match apart.last_mut() {
            Some(last) if range.low <= last.high => {
                last.high = range.high.max(std::mem::take(&mut last.high));
            }
            _ => apart.push(range),
        }
    }
    apart
}

/// The first bytes above all that begin with these.
pub(in crate::mongo) fn after(prefix: &[u8]) -> Vec<u8> {
    let kept = prefix.iter().rposition(|byte| *byte != 0xFF);
    let Some((last, front)) = kept.and_then(|at| prefix.get(..=at)).and_then(<[u8]>::split_last) else {
        return vec![0xFF];
    };
    [front, &[last + 1]].concat()
}
