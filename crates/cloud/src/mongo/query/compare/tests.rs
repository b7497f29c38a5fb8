//! The order of all types, and what counts as equal.

use std::cmp::Ordering;

use bson::oid::ObjectId;
use bson::{Bson, DateTime, Timestamp, bson, doc};
use proptest::prelude::*;

use super::super::arbitrary;
use super::{compare, equal, identical};

fn check(left: Bson, right: Bson, expected: Ordering) {
    assert_eq!(compare(&left, &right), expected, "{left:?} and {right:?}");
    assert_eq!(compare(&right, &left), expected.reverse(), "{right:?} and {left:?}");
}

fn decimal(text: &str) -> Bson {
    Bson::Decimal128(text.parse().unwrap())
}

#[test]
fn types_have_an_order() {
    let ordered = [
        Bson::MinKey,
        Bson::Undefined,
        Bson::Null,
        bson!(1),
        bson!("a"),
        bson!({ "a": 1 }),
        bson!([1]),
        Bson::Binary(bson::Binary { subtype: bson::spec::BinarySubtype::Generic, bytes: vec![1] }),
        Bson::ObjectId(ObjectId::from_bytes([0; 12])),
        bson!(false),
        Bson::DateTime(DateTime::from_millis(0)),
        Bson::Timestamp(Timestamp { time: 0, increment: 0 }),
        Bson::RegularExpression(bson::Regex {
            pattern: "a".try_into().unwrap(),
            options: "".try_into().unwrap(),
        }),
        Bson::JavaScriptCode("a".into()),
        Bson::MaxKey,
    ];
    for (place, left) in ordered.iter().enumerate() {
        for right in &ordered[place + 1..] {
            check(left.clone(), right.clone(), Ordering::Less);
        }
    }
}

#[test]
fn numbers_compare_exactly() {
    check(bson!(1), bson!(1.0), Ordering::Equal);
    check(bson!(1_i64), decimal("1.000"), Ordering::Equal);
    check(Bson::Int64((1 << 53) + 1), bson!(9_007_199_254_740_992.0), Ordering::Greater);
    check(bson!(0.1), decimal("0.1"), Ordering::Greater);
    check(bson!(0.5), decimal("0.5"), Ordering::Equal);
    check(Bson::Double(f64::NAN), bson!(f64::NEG_INFINITY), Ordering::Less);
    check(Bson::Double(f64::NAN), decimal("NaN"), Ordering::Equal);
    check(bson!(-0.0), bson!(0), Ordering::Equal);
    check(Bson::Int64(i64::MAX), bson!(9.3e18), Ordering::Less);
    check(decimal("1E400"), bson!(f64::MAX), Ordering::Greater);
    check(decimal("1E400"), bson!(f64::INFINITY), Ordering::Less);
}

#[test]
fn documents_compare_field_by_field() {
    check(bson!({ "a": 1 }), bson!({ "a": 1, "b": 1 }), Ordering::Less);
    check(bson!({ "a": 2 }), bson!({ "b": 1 }), Ordering::Less);
    check(bson!({ "b": 1 }), bson!({ "a": "x" }), Ordering::Less);
    check(bson!({ "a": 1, "b": 2 }), bson!({ "b": 2, "a": 1 }), Ordering::Less);
    check(bson!([1, 2]), bson!([1, 2, 0]), Ordering::Less);
    check(bson!([2]), bson!([1, 2]), Ordering::Greater);
    check(bson!("a"), bson!("B"), Ordering::Greater);
}

#[test]
fn what_is_identical_has_the_same_types() {
    assert!(equal(&bson!(1), &bson!(1.0)) && !identical(&bson!(1), &bson!(1.0)));
    let (ab, ba) = (bson!(doc! { "a": 1, "b": 1 }), bson!(doc! { "b": 1, "a": 1 }));
    assert!(!identical(&ab, &ba));
}

proptest! {
    #[test]
    fn the_order_is_one(a in arbitrary::value(), b in arbitrary::value(), c in arbitrary::value()) {
        prop_assert_eq!(compare(&a, &b), compare(&b, &a).reverse());
        if compare(&a, &b).is_le() && compare(&b, &c).is_le() {
            prop_assert!(compare(&a, &c).is_le());
        }
    }
}
