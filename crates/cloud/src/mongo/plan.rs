//! How the documents of a filter are found: by the keys of one index, or by looking at all of them.
//!
//! What a plan leads to is matched against the filter again, so bounds need only be wide enough.

use bson::{Bson, Document};

use super::catalog::Collection;
use super::error::{Code, Result};
use super::index::{Index, Uniqueness};
use super::query::filter::Filter;
use super::query::sort::Sort;

mod bounds;
mod covers;
pub(super) mod ranges;

use self::ranges::{KeyRange, Ranges};

/// Where to look, and in which order.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) path: AccessPath,
    pub(super) direction: Way,
    pub(super) order: Order,
}

/// By what documents are found.
#[derive(Debug, Clone)]
pub(super) enum AccessPath {
    /// All documents, in the order of insertion.
    Collection,
    /// Those with keys of an index in these ranges, one range after the other.
    Index { index: Box<Index>, ranges: Vec<KeyRange> },
}

/// Which end is begun at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Forward,
    Backward,
}

/// Whether documents come in the order that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    AsWanted,
    /// They have to be sorted.
    Other,
}

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) filter: &'a Filter,
    /// The same as it was written.
    pub(super) written: &'a Document,
    pub(super) sort: Option<&'a Sort>,
    pub(super) hint: Option<&'a Bson>,
    /// Whether an index may give the order: not where a transaction has documents that are in no index.
    pub(super) indexes_complete: bool,
}

impl Plan {
    /// The best plan there is.
    ///
    /// # Errors
    /// 2 for a hint that names no index.
    pub(super) fn choose(collection: &Collection, wanted: &Wanted<'_>) -> Result<Self> {
        match wanted.hint {
            Some(hint) => hinted(collection, wanted, hint),
            None => Ok(best(collection, wanted)),
        }
    }

    /// Whether it looks at no more documents than there can be for a few keys.
    pub(super) fn index(&self) -> Option<&Index> {
        match &self.path {
            AccessPath::Collection => None,
            AccessPath::Index { index, .. } => Some(index),
        }
    }
}

fn best(collection: &Collection, wanted: &Wanted<'_>) -> Plan {
    let usable = collection.indexes.iter().filter(|index| covers::holds_all(index, wanted));
    let rated = usable.filter_map(|index| {
        let ranges = Ranges::of(index, wanted.filter);
        let (order, direction) = order(index, &ranges, wanted);
        let sorts = wanted.sort.is_some() && order == Order::AsWanted;
        let rating = (ranges.is_one_key(index), ranges.equal, ranges.narrowed, sorts);
        (ranges.equal > 0 || ranges.narrowed || sorts)
            .then(|| (rating, plan(index, ranges, order, direction)))
    });
    // Of equals the first wins.
    let best = rated.reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.map_or_else(|| natural(wanted, Way::Forward), |(_, plan)| plan)
}

fn plan(index: &Index, ranges: Ranges, order: Order, direction: Way) -> Plan {
    let path = AccessPath::Index { index: Box::new(index.clone()), ranges: ranges.list };
    Plan { path, direction, order }
}

fn natural(wanted: &Wanted<'_>, direction: Way) -> Plan {
    let order = if wanted.sort.is_none() { Order::AsWanted } else { Order::Other };
    Plan { path: AccessPath::Collection, direction, order }
}

fn hinted(collection: &Collection, wanted: &Wanted<'_>, hint: &Bson) -> Result<Plan> {
    if let Some(direction) = hint.as_document().and_then(|hint| hint.get("$natural")) {
        let backward = direction.as_i32() == Some(-1) || direction.as_f64() == Some(-1.0);
        return Ok(natural(wanted, if backward { Way::Backward } else { Way::Forward }));
    }
    let ready = collection.indexes.iter().filter(|index| !index.building);
    let index = ready.into_iter().find(|index| match hint {
        Bson::String(name) => index.name == *name,
        Bson::Document(key) => super::query::compare::compare_documents(&index.key(), key).is_eq(),
        _ => false,
    });
    let index = index.ok_or_else(|| {
        let namespace = &collection.namespace;
        Code::BadValue.saying(format!(
            "error processing query: ns={namespace}: planner returned error :: caused by :: hint provided does not \
             correspond to an existing index"
        ))
    })?;
    let ranges = Ranges::of(index, wanted.filter);
    let (order, direction) = order(index, &ranges, wanted);
    Ok(plan(index, ranges, order, direction))
}

/// Whether the index gives the order that is wanted, and from which end.
fn order(index: &Index, ranges: &Ranges, wanted: &Wanted<'_>) -> (Order, Way) {
    let Some(sort) = wanted.sort else { return (Order::AsWanted, Way::Forward) };
    if index.multikey || ranges.prefixes > 1 || !wanted.indexes_complete {
        return (Order::Other, Way::Forward);
    }
    let fixed = index.pattern.get(..ranges.equal).unwrap_or_default();
    let rest = index.pattern.get(ranges.equal..).unwrap_or_default();
    let open: Vec<_> =
        sort.components().iter().filter(|(path, _)| !fixed.iter().any(|(fixed, _)| fixed == path)).collect();
    let matches = |same: bool| {
        open.len() <= rest.len()
            && open.iter().zip(rest).all(|(wanted, has)| wanted.0 == has.0 && (wanted.1 == has.1) == same)
    };
    match (matches(true), matches(false)) {
        (true, _) => (Order::AsWanted, Way::Forward),
        (_, true) => (Order::AsWanted, Way::Backward),
        _ => (Order::Other, Way::Forward),
    }
}

impl Ranges {
    /// Whether there is at most one document in it.
    fn is_one_key(&self, index: &Index) -> bool {
        index.uniqueness == Uniqueness::Unique && self.equal == index.pattern.len() && self.prefixes == 1
    }
}
