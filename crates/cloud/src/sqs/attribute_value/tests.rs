//! Digests as botocore's users see them from AWS, and the rules from both sides.

use std::collections::BTreeMap;

use super::{Attribute, check, digest, select, size};

fn string(data_type: &str, value: &str) -> Attribute {
    Attribute { data_type: data_type.to_owned(), string_value: Some(value.to_owned()), binary_value: None }
}

fn binary(value: &[u8]) -> Attribute {
    Attribute { data_type: "Binary".to_owned(), string_value: None, binary_value: Some(value.to_vec()) }
}

fn map(pairs: &[(&str, Attribute)]) -> BTreeMap<String, Attribute> {
    pairs.iter().map(|(name, attribute)| ((*name).to_owned(), attribute.clone())).collect()
}

#[test]
fn the_digest_is_the_documented_one() {
    // printf '\0\0\0\x04name\0\0\0\x06String\x01\0\0\0\x05value' | md5sum
    let one = map(&[("name", string("String", "value"))]);
    assert_eq!(digest(&one).as_deref(), Some(ONE));
    // printf '\0\0\0\x01a\0\0\0\x06Number\x01\0\0\0\x011\0\0\0\x01b\0\0\0\x06Binary\x02\0\0\0\x02\x00\xff' | md5sum
    let two = map(&[("b", binary(&[0, 255])), ("a", string("Number", "1"))]);
    assert_eq!(digest(&two).as_deref(), Some(TWO));
    assert_eq!(digest(&BTreeMap::new()), None);
}

const ONE: &str = "25ada41cad9d6e55ad5a2b3d2da508a2";
const TWO: &str = "3775b856f55aa02841c7e98b2d37757e";

#[test]
fn size_counts_names_types_and_values() {
    assert_eq!(size(&map(&[("ab", string("String", "xyz"))])), 2 + 6 + 3);
    assert_eq!(size(&map(&[("ab", binary(&[1, 2]))])), 2 + 6 + 2);
}

#[test]
fn good_attributes() {
    for (name, attribute) in [
        ("a", string("String", "x")),
        ("a.b-c_D9", string("String.custom", "x")),
        ("n", string("Number", "-1.5e3")),
        ("n", string("Number.int", "7")),
        ("b", binary(&[0])),
        ("awsome", string("String", "x")),
        ("ünï", string("String", "x")),
    ] {
        assert_eq!(check(&map(&[(name, attribute)])), Ok(()), "{name}");
    }
}

#[test]
fn bad_attributes() {
    for (name, attribute) in [
        ("", string("String", "x")),
        (".a", string("String", "x")),
        ("a.", string("String", "x")),
        ("a..b", string("String", "x")),
        ("a b", string("String", "x")),
        ("AWS.a", string("String", "x")),
        ("amazon.a", string("String", "x")),
        ("a", string("", "x")),
        ("a", string("Float", "1")),
        ("a", string("String", "")),
        ("a", string("Binary", "x")),
        ("a", string("Number", "seven")),
        ("a", string("String", "\u{1}")),
        ("a", Attribute { data_type: "String".to_owned(), ..binary(&[1]) }),
    ] {
        assert!(check(&map(&[(name, attribute.clone())])).is_err(), "{name} {attribute:?}");
    }
    let eleven: BTreeMap<_, _> = (0..11).map(|n| (format!("a{n}"), string("String", "x"))).collect();
    assert!(check(&eleven).is_err());
}

#[test]
fn a_receiver_chooses_by_name_all_or_prefix() {
    let stored = serde_json::to_string(&map(&[
        ("bar.one", string("String", "1")),
        ("bar.two", string("String", "2")),
        ("barn", string("String", "3")),
    ]))
    .unwrap();
    let chosen = |wanted: &str| select(&stored, &[wanted.to_owned()]).into_keys().collect::<Vec<_>>();
    assert_eq!(chosen("All").len(), 3);
    assert_eq!(chosen(".*").len(), 3);
    assert_eq!(chosen("*").len(), 3);
    assert_eq!(chosen("bar.*"), ["bar.one", "bar.two", "barn"]);
    assert_eq!(chosen("bar.o.*"), ["bar.one"]);
    assert_eq!(chosen("barn"), ["barn"]);
    assert_eq!(chosen("nothing"), Vec::<String>::new());
    assert!(select(&stored, &[]).is_empty());
}
