use std::ops::Bound;
use std::sync::Arc;

use bson::{Binary, Bson, DateTime, Document, Regex, bson, doc};

use super::super::context::Context;
use super::super::key;
use super::super::path::Path;
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
        bounds.intervals.iter().any(|interval| {
            std::ops::RangeBounds::contains(&(interval.low.clone(), interval.high.clone()), &key)
        })
    };
    assert!(within("ab") && within("abc") && within("ab\u{10FFFF}") && !within("aa") && !within("ac"));
}
