//! Filters against single documents, case by case.

use std::ops::{Bound, RangeBounds};
use std::sync::Arc;

use bson::{Binary, Bson, DateTime, Document, Regex, bson, doc};
use proptest::prelude::*;

use super::super::arbitrary;
use super::super::context::Context;
use super::super::key;
use super::super::path::{Path, index_keys};
use super::{Arrays, Filter};

mod arrays;
mod operators;
mod refused;

fn parse(filter: &Document) -> super::Result<Filter> {
    Filter::parse(filter, &Arc::new(Context::new(DateTime::from_millis(0), 1)))
}

fn check(filter: Document, document: Document, expected: bool) {
    let matched = parse(&filter).unwrap().matches(&document).unwrap();
    assert_eq!(matched, expected, "{filter} of {document}");
}

fn yes(filter: Document, document: Document) {
    check(filter, document, true);
}

fn no(filter: Document, document: Document) {
    check(filter, document, false);
}

fn regex(pattern: &str, options: &str) -> Bson {
    Bson::RegularExpression(Regex {
        pattern: pattern.try_into().unwrap(),
        options: options.try_into().unwrap(),
    })
}

#[test]
fn the_positional_place_is_the_element_that_matched() {
    let place = |filter: Document, document: Document| {
        parse(&filter).unwrap().find(&document).unwrap().unwrap().place
    };
    assert_eq!(place(doc! { "a": 5 }, doc! { "a": [1, 5] }), Some(1));
    assert_eq!(place(doc! { "a.b": 2 }, doc! { "a": [{ "b": 1 }, { "b": 2 }] }), Some(1));
    assert_eq!(
        place(
            doc! { "a": { "$elemMatch": { "b": 1, "c": 2 } } },
            doc! { "a": [{ "b": 1 }, { "b": 1, "c": 2 }] }
        ),
        Some(1)
    );
    assert_eq!(place(doc! { "a": { "$elemMatch": { "$gt": 3 } } }, doc! { "a": [1, 2, 4] }), Some(2));
    assert_eq!(place(doc! { "a": 1 }, doc! { "a": 1 }), None);
}

fn bounds(filter: Document, arrays: Arrays) -> Option<super::Bounds> {
    parse(&filter).unwrap().bounds(&Path::new("a").unwrap(), arrays)
}

#[test]
fn equalities_are_points() {
    let point = |filter, arrays| {
        let bounds = bounds(filter, arrays).unwrap();
        (bounds.points().unwrap().into_iter().map(<[u8]>::to_vec).collect::<Vec<_>>(), bounds.exact)
    };
    let (one, two) = (key::encode(&bson!(1)), key::encode(&bson!(2)));
    assert_eq!(point(doc! { "a": 1 }, Arrays::Possible), (vec![one.clone()], true));
    assert_eq!(point(doc! { "a": 1, "b": 2 }, Arrays::Possible), (vec![one.clone()], false));
    assert_eq!(
        point(doc! { "a": { "$in": [2, 1] } }, Arrays::Absent),
        (vec![one.clone(), two.clone()], true)
    );
    assert_eq!(point(doc! { "$or": [{ "a": 1 }, { "a": 2 }] }, Arrays::Absent), (vec![one, two], true));
    assert!(!bounds(doc! { "a": null }, Arrays::Absent).unwrap().exact);
    assert!(bounds(doc! { "b": 1 }, Arrays::Absent).is_none());
    assert!(bounds(doc! { "$or": [{ "a": 1 }, { "b": 2 }] }, Arrays::Absent).is_none());
    assert!(bounds(doc! { "a": { "$ne": 1 } }, Arrays::Absent).is_none());
}

#[test]
fn ranges_meet_only_without_arrays() {
    let both = doc! { "a": { "$gt": 1, "$lte": 9 } };
    let absent = bounds(both.clone(), Arrays::Absent).unwrap();
    let interval = &absent.intervals[0];
    assert_eq!(interval.low, Bound::Excluded(key::encode(&bson!(1))));
    assert_eq!(interval.high, Bound::Included(key::encode(&bson!(9))));
    let possible = bounds(both, Arrays::Possible).unwrap();
    assert_eq!(possible.intervals.len(), 1);
    assert!(!possible.exact && possible.intervals[0].high != Bound::Included(key::encode(&bson!(9))));
    assert!(bounds(doc! { "a": { "$gt": 5, "$lt": 2 } }, Arrays::Absent).unwrap().intervals.is_empty());
}

#[test]
fn a_regex_with_a_prefix_is_a_range() {
    let bounds = bounds(doc! { "a": regex("^ab", "") }, Arrays::Absent).unwrap();
    let within = |text: &str| {
        let key = key::encode(&bson!(text));
        bounds
            .intervals
            .iter()
            .any(|interval| RangeBounds::contains(&(interval.low.clone(), interval.high.clone()), &key))
    };
    assert!(within("ab") && within("abc") && within("ab\u{10FFFF}") && !within("aa") && !within("ac"));
}

/// Filters on the fields `a` and `a.b`, of everything that sets bounds and some that doesn't.
fn any_filter() -> impl Strategy<Value = Document> {
    let operand = || {
        arbitrary::value().prop_filter("is no operand", |value| {
            !matches!(value, Bson::Undefined | Bson::RegularExpression(_))
        })
    };
    let compared = || {
        (prop::sample::select(vec!["$eq", "$gt", "$gte", "$lt", "$lte", "$ne"]), operand())
            .prop_map(|(operator, value)| doc! { operator: value })
    };
    let listed = prop::collection::vec(operand(), 0..3).prop_map(|values| doc! { "$in": values });
    let condition = prop_oneof![
        4 => compared(),
        1 => listed,
        1 => Just(doc! { "$regex": "^a" }),
        1 => (compared(), compared()).prop_map(|(mut left, right)| { left.extend(right); left }),
        1 => compared().prop_map(|inner| doc! { "$elemMatch": inner }),
    ];
    let field = (prop::sample::select(vec!["a", "a.b"]), condition)
        .prop_map(|(path, condition)| doc! { path: condition });
    field.prop_recursive(2, 6, 3, |inner| {
        (prop::sample::select(vec!["$and", "$or"]), prop::collection::vec(inner, 1..3))
            .prop_map(|(operator, several)| doc! { operator: several })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn bounds_leave_out_nothing_that_matches(filter in any_filter(), document in arbitrary::document(), plain in any::<bool>()) {
        let Ok(filter) = parse(&filter) else { return Ok(()) };
        for path in ["a", "a.b"] {
            let pattern = [(Path::new(path).unwrap(), key::Direction::Ascending)];
            let keys = index_keys(&document, &pattern).unwrap();
            let arrays = if keys.multikey || plain { Arrays::Possible } else { Arrays::Absent };
            let Some(bounds) = filter.bounds(&pattern[0].0, arrays) else { continue };
            let within = |key: &Vec<u8>| bounds.intervals.iter().any(|interval| {
                RangeBounds::contains(&(interval.low.clone(), interval.high.clone()), key)
            });
            let found = keys.keys.iter().any(within);
            let matched = filter.matches(&document).unwrap();
            prop_assert!(found || !matched, "{:?} is not in {:?}", keys, bounds);
            prop_assert!(matched || !found || !bounds.exact, "{:?} is in exact {:?}", keys, bounds);
        }
    }
}
