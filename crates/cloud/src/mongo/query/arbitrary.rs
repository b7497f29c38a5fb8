//! Values for property tests: of every type, near each other where comparison is hard.

use bson::oid::ObjectId;
use bson::spec::BinarySubtype;
use bson::{Binary, Bson, DateTime, Document, JavaScriptCodeWithScope, Regex, Timestamp};
use proptest::prelude::*;

/// Any value, nested up to three levels.
pub(super) fn value() -> impl Strategy<Value = Bson> {
    leaf().prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Bson::Array),
            fields(inner).prop_map(Bson::Document),
        ]
    })
}

/// Any document of a few fields with short names.
pub(super) fn document() -> impl Strategy<Value = Document> {
    fields(value())
}

/// Any number, many of them at the edges of what a double holds.
pub(super) fn number() -> impl Strategy<Value = Bson> {
    let edges =
        [0, 1, -1, 1 << 53, (1 << 53) + 1, -(1 << 53) - 1, i64::MAX, i64::MAX - 1, i64::MIN, i64::MIN + 1];
    prop_oneof![
        any::<i32>().prop_map(Bson::Int32),
        (-3..3_i32).prop_map(Bson::Int32),
        any::<i64>().prop_map(Bson::Int64),
        prop::sample::select(edges.to_vec()).prop_map(Bson::Int64),
        prop::num::f64::ANY.prop_map(Bson::Double),
        (-6..6_i32).prop_map(|halves| Bson::Double(f64::from(halves) / 2.0)),
        prop::sample::select(vec![0.1, 9_007_199_254_740_992.0, 9.223_372_036_854_776e18, -0.0])
            .prop_map(Bson::Double),
        "-?[0-9]{1,20}(\\.[0-9]{1,12})?(E-?[0-9]{1,3})?".prop_map(decimal),
        prop::sample::select(vec![
            "NaN",
            "Infinity",
            "-Infinity",
            "0.1",
            "1.00",
            "9007199254740993",
            "1E6000",
            "-1E-6000"
        ])
        .prop_map(|text| decimal(text.to_owned())),
    ]
}

fn decimal(text: String) -> Bson {
    text.parse().map_or(Bson::Null, Bson::Decimal128)
}

fn fields(value: impl Strategy<Value = Bson>) -> impl Strategy<Value = Document> {
    prop::collection::vec(("[ab]{0,2}", value), 0..4).prop_map(|fields| fields.into_iter().collect())
}

fn leaf() -> impl Strategy<Value = Bson> {
    prop_oneof![
        4 => number(),
        2 => "[ab\\x00\u{fe}]{0,3}".prop_map(Bson::String),
        1 => "[ab]{0,2}".prop_map(Bson::Symbol),
        1 => prop::sample::select(vec![Bson::MinKey, Bson::MaxKey, Bson::Null, Bson::Undefined]),
        1 => any::<bool>().prop_map(Bson::Boolean),
        1 => any::<i64>().prop_map(|millis| Bson::DateTime(DateTime::from_millis(millis))),
        1 => any::<[u8; 12]>().prop_map(|bytes| Bson::ObjectId(ObjectId::from_bytes(bytes))),
        1 => prop::collection::vec(any::<u8>(), 0..4)
            .prop_map(|bytes| Bson::Binary(Binary { subtype: BinarySubtype::Generic, bytes })),
        1 => any::<(u32, u32)>().prop_map(|(time, increment)| Bson::Timestamp(Timestamp { time, increment })),
        1 => "[ab]{0,2}".prop_map(Bson::JavaScriptCode),
        1 => "[ab]{0,2}".prop_map(|code| {
            Bson::JavaScriptCodeWithScope(JavaScriptCodeWithScope { code, scope: Document::new() })
        }),
        1 => ("[ab]{0,2}", "[im]{0,2}").prop_map(|(pattern, options)| regex(&pattern, &options)),
    ]
}

fn regex(pattern: &str, options: &str) -> Bson {
    let (Ok(pattern), Ok(options)) = (pattern.try_into(), options.try_into()) else { return Bson::Null };
    Bson::RegularExpression(Regex { pattern, options })
}
