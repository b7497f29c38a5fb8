//! Where in an index all documents that a filter passes can be: for the planner.
//!
//! Bounds are of one component's ascending encoding. They never leave out a document that matches; whether they hold
//! only such documents is said apart.

use std::ops::Bound;

use bson::Bson;

use super::super::compare::Rank;
use super::super::key;
use super::super::number::Number;
use super::super::path::Path;
use super::node::{Condition, Node};
use super::value::{Comparison, List, Test};

/// Whether documents may have arrays on the path, so that one has several keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arrays {
    Possible,
    Absent,
}

/// From one encoded value to another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Interval {
    pub(crate) low: Bound<Vec<u8>>,
    pub(crate) high: Bound<Vec<u8>>,
}

/// Some intervals, in no order; they may overlap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) intervals: Vec<Interval>,
    /// Whether everything in the intervals passes this part of the filter, so that nothing needs to be asked again.
    pub(crate) exact: bool,
}

impl Bounds {
    /// The encoded values, if all intervals are single values.
    pub(crate) fn points(&self) -> Option<Vec<&[u8]>> {
        self.intervals.iter().map(Interval::point).collect()
    }
}

impl Interval {
    /// The only value in it.
    pub(crate) fn point(&self) -> Option<&[u8]> {
        match (&self.low, &self.high) {
            (Bound::Included(low), Bound::Included(high)) if low == high => Some(low),
            _ => None,
        }
    }

    fn of(value: &Bson) -> Self {
        let bytes = key::encode(value);
        Self { low: Bound::Included(bytes.clone()), high: Bound::Included(bytes) }
    }

    fn is_empty(&self) -> bool {
        match (&self.low, &self.high) {
            (Bound::Included(low), Bound::Included(high)) => low > high,
            (Bound::Included(low) | Bound::Excluded(low), Bound::Included(high) | Bound::Excluded(high)) => {
                low >= high
            }
            _ => false,
        }
    }

    fn intersection(&self, other: &Self) -> Self {
        Self { low: later(&self.low, &other.low), high: earlier(&self.high, &other.high) }
    }
}

/// The bounds that a filter sets on a path, or nothing if it sets none.
pub(super) fn of(node: &Node, path: &Path, arrays: Arrays) -> Option<Bounds> {
    match node {
        Node::And(nodes) => {
            let bounds = nodes.iter().filter_map(|node| of(node, path, arrays)).collect();
            narrowest(bounds, arrays)
                .map(|bounds| Bounds { exact: bounds.exact && nodes.len() == 1, ..bounds })
        }
        Node::Or(nodes) => {
            let all = nodes.iter().map(|node| of(node, path, arrays)).collect::<Option<Vec<_>>>()?;
            Some(union(all))
        }
        Node::Field(at, condition) if at == path => of_condition(condition, arrays),
        Node::Never => Some(Bounds { intervals: Vec::new(), exact: true }),
        _ => None,
    }
}

fn of_condition(condition: &Condition, arrays: Arrays) -> Option<Bounds> {
    match condition {
        Condition::Test(test) => of_test(test),
        Condition::All(all) => {
            let bounds: Vec<Bounds> = all.iter().filter_map(|one| of_condition(one, arrays)).collect();
            let every = bounds.len() == all.len() && (arrays == Arrays::Absent || all.len() == 1);
            narrowest(bounds, arrays).map(|bounds| Bounds { exact: bounds.exact && every, ..bounds })
        }
        Condition::Not(_) => None,
    }
}

fn of_test(test: &Test) -> Option<Bounds> {
    match test {
        Test::Compare(Comparison::Equal, value) => Some(equality(value)),
        Test::Compare(comparison, value) => range(*comparison, value),
        Test::In(list) => of_list(list),
        Test::Regex(pattern) => {
            let low = key::encode(&Bson::String(pattern.prefix()?.to_owned()));
            let low = low.get(..low.len().saturating_sub(2))?.to_vec();
            let mut high = low.clone();
            high.push(0xFF);
            let regex = Interval {
                low: Bound::Included(key::rank_start(Rank::Regex)),
                high: Bound::Excluded(key::rank_end(Rank::Regex)),
            };
            let text = Interval { low: Bound::Included(low), high: Bound::Excluded(high) };
            Some(Bounds { intervals: vec![text, regex], exact: false })
        }
        // Each element is a key: what one of them has to pass, one key does.
        Test::Element(condition) => {
            of_condition(condition, Arrays::Absent).map(|bounds| Bounds { exact: false, ..bounds })
        }
        _ => None,
    }
}

fn equality(value: &Bson) -> Bounds {
    let exact = !matches!(value, Bson::Null | Bson::Undefined | Bson::Array(_));
    let mut intervals = vec![Interval::of(value)];
    match value {
        Bson::Null => intervals.push(Interval::of(&Bson::Undefined)),
        // An array is in the index by its elements; an empty one as undefined.
        Bson::Array(array) => intervals.push(Interval::of(array.first().unwrap_or(&Bson::Undefined))),
        _ => {}
    }
    Bounds { intervals, exact }
}

fn range(comparison: Comparison, value: &Bson) -> Option<Bounds> {
    let rank = Rank::of(value);
    if matches!(rank, Rank::Null | Rank::Undefined | Rank::MinKey | Rank::MaxKey | Rank::Array) {
        return None;
    }
    let at = key::encode(value);
    let (start, end) = (Bound::Included(key::rank_start(rank)), Bound::Excluded(key::rank_end(rank)));
    let (low, high) = match comparison {
        Comparison::Equal => (Bound::Included(at.clone()), Bound::Included(at)),
        Comparison::Less => (start, Bound::Excluded(at)),
        Comparison::LessOrEqual => (start, Bound::Included(at)),
        Comparison::Greater => (Bound::Excluded(at), end),
        Comparison::GreaterOrEqual => (Bound::Included(at), end),
    };
    // NaN stands below all numbers, but is not less than them.
    let nan = Number::of(value).is_some_and(|number| number.is_nan());
    let upwards = matches!(comparison, Comparison::Greater | Comparison::GreaterOrEqual);
    let exact = rank != Rank::Number || upwards && !nan;
    Some(Bounds { intervals: vec![Interval { low, high }], exact })
}

fn of_list(list: &List) -> Option<Bounds> {
    if !list.patterns.is_empty() {
        return None;
    }
    Some(union(list.values.iter().map(equality).collect()))
}

fn union(all: Vec<Bounds>) -> Bounds {
    let exact = all.iter().all(|bounds| bounds.exact);
    Bounds { intervals: all.into_iter().flat_map(|bounds| bounds.intervals).collect(), exact }
}

/// All of them at once, or, where each may be met by another element, one that is narrow.
fn narrowest(bounds: Vec<Bounds>, arrays: Arrays) -> Option<Bounds> {
    match arrays {
        Arrays::Absent => bounds.into_iter().reduce(|left, right| intersection(&left, &right)),
        Arrays::Possible => {
            bounds.into_iter().min_by_key(|bounds| (bounds.points().is_none(), bounds.intervals.len()))
        }
    }
}

fn intersection(left: &Bounds, right: &Bounds) -> Bounds {
    let pairs =
        left.intervals.iter().flat_map(|left| right.intervals.iter().map(|right| left.intersection(right)));
    let intervals = pairs.filter(|interval| !interval.is_empty()).collect();
    Bounds { intervals, exact: left.exact && right.exact }
}

fn later(left: &Bound<Vec<u8>>, right: &Bound<Vec<u8>>) -> Bound<Vec<u8>> {
    pick(left, right, |left, right, excluded| left > right || left == right && excluded)
}

fn earlier(left: &Bound<Vec<u8>>, right: &Bound<Vec<u8>>) -> Bound<Vec<u8>> {
    pick(left, right, |left, right, excluded| left < right || left == right && excluded)
}

/// The left one if it is the tighter of both; an end that is left out is tighter than the same one kept.
fn pick(
    left: &Bound<Vec<u8>>,
    right: &Bound<Vec<u8>>,
    tighter: fn(&[u8], &[u8], bool) -> bool,
) -> Bound<Vec<u8>> {
    let excluded = matches!(left, Bound::Excluded(_));
    match (left, right) {
        (Bound::Unbounded, other) | (other, Bound::Unbounded) => other.clone(),
        (Bound::Included(at) | Bound::Excluded(at), Bound::Included(other) | Bound::Excluded(other)) => {
            if tighter(at, other, excluded) {
                left.clone()
            } else {
                right.clone()
            }
        }
    }
}
