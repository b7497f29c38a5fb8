//! Keys sort as the values they are made of.

use bson::Bson;
use proptest::prelude::*;

use super::super::arbitrary;
use super::super::compare::compare;
use super::{Direction, encode, push};

proptest! {
    #[test]
    fn the_order_of_bytes_is_the_order_of_values(left in arbitrary::value(), right in arbitrary::value()) {
        prop_assert_eq!(encode(&left).cmp(&encode(&right)), compare(&left, &right));
    }

    #[test]
    fn numbers_are_in_order_across_their_types(left in arbitrary::number(), right in arbitrary::number()) {
        prop_assert_eq!(encode(&left).cmp(&encode(&right)), compare(&left, &right));
    }

    #[test]
    fn a_descending_component_turns_the_order_over(
        left in arbitrary::value(),
        right in arbitrary::value(),
        tail in arbitrary::value(),
    ) {
        let key = |value: &Bson| {
            let mut key = Vec::new();
            push(&mut key, value, Direction::Descending);
            push(&mut key, &tail, Direction::Ascending);
            key
        };
        prop_assert_eq!(key(&left).cmp(&key(&right)), compare(&right, &left));
    }
}

#[test]
fn equal_numbers_have_the_same_bytes() {
    let decimal: bson::Decimal128 = "1.00".parse().unwrap();
    let keys = [Bson::Int32(1), Bson::Int64(1), Bson::Double(1.0), Bson::Decimal128(decimal)]
        .map(|one| encode(&one));
    assert!(keys.iter().all(|key| *key == keys[0]));
    assert_eq!(encode(&Bson::Double(0.0)), encode(&Bson::Double(-0.0)));
}
