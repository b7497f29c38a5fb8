//! Updates of single documents, operator by operator.

use std::sync::Arc;

use bson::{Bson, DateTime, Document, Regex, Timestamp, bson, doc};
use proptest::prelude::*;

use super::super::arbitrary;
use super::super::compare::identical_documents;
use super::super::context::Context;
use super::super::error::Result;
use super::super::filter::Filter;
use super::{Outcome, Update};

mod arrays;
mod upserts;

fn context() -> Arc<Context> {
    Arc::new(Context::new(DateTime::from_millis(5_000), 1))
}

/// The filter, the update, the array filters and the document → the document after it.
fn update(filter: Document, update: Bson, filters: &[Document], document: &Document) -> Result<Document> {
    let update = Update::parse(&update, filters, &context())?;
    let matched = Filter::parse(&filter, &context())?.find(document)?.expect("the filter has to match");
    Ok(match update.apply(document, &matched)? {
        Outcome::Unchanged => document.clone(),
        Outcome::Changed(changed) => changed,
    })
}

fn check(operators: Document, document: Document, expected: Document) {
    let found = update(doc! {}, operators.clone().into(), &[], &document)
        .unwrap_or_else(|error| panic!("{operators}: {error}"));
    assert!(identical_documents(&found, &expected), "{operators} of {document} is {found}, not {expected}");
}

fn refused(operators: Document, document: Document, code: i32, message: &str) {
    let error = update(doc! {}, operators.clone().into(), &[], &document).unwrap_err();
    assert_eq!(error.code, code, "{operators}: {error}");
    assert!(error.message.contains(message), "{operators}: {error}");
}

#[test]
fn fields() {
    check(doc! { "$set": { "a": 2 } }, doc! { "_id": 1, "a": 1 }, doc! { "_id": 1, "a": 2 });
    check(doc! { "$set": { "b.c": 2 } }, doc! { "_id": 1 }, doc! { "_id": 1, "b": { "c": 2 } });
    check(doc! { "$set": { "z": 1, "b": 2 } }, doc! {}, doc! { "b": 2, "z": 1 });
    check(doc! { "$set": { "a.10": 1, "a.9": 2 } }, doc! {}, doc! { "a": { "9": 2, "10": 1 } });
    check(
        doc! { "$unset": { "a": "", "b.c": 1, "x.y": 1 } },
        doc! { "a": 1, "b": { "c": 1, "d": 2 } },
        doc! { "b": { "d": 2 } },
    );
    check(doc! { "$rename": { "a": "b" } }, doc! { "a": 1, "c": 2 }, doc! { "c": 2, "b": 1 });
    check(doc! { "$rename": { "a.x": "b.y" } }, doc! { "a": { "x": 1 } }, doc! { "a": {}, "b": { "y": 1 } });
    check(doc! { "$rename": { "zzz": "b" } }, doc! { "a": 1 }, doc! { "a": 1 });
    check(doc! { "$setOnInsert": { "a": 9 } }, doc! { "a": 1 }, doc! { "a": 1 });
    check(doc! { "$set": {} }, doc! { "a": 1 }, doc! { "a": 1 });
    check(doc! { "$currentDate": { "a": true } }, doc! {}, doc! { "a": DateTime::from_millis(5_000) });
    let stamp = Bson::Timestamp(Timestamp { time: 5, increment: 1 });
    check(doc! { "$currentDate": { "a": { "$type": "timestamp" } } }, doc! {}, doc! { "a": stamp });
}

#[test]
fn numbers() {
    check(doc! { "$inc": { "a": 2 } }, doc! { "a": 1 }, doc! { "a": 3 });
    check(doc! { "$inc": { "a": 2 } }, doc! {}, doc! { "a": 2 });
    check(doc! { "$inc": { "a": 1.5 } }, doc! { "a": 1 }, doc! { "a": 2.5 });
    check(doc! { "$inc": { "a": 1 } }, doc! { "a": i32::MAX }, doc! { "a": 2_147_483_648_i64 });
    check(doc! { "$inc": { "a": 1_i64 } }, doc! { "a": 1 }, doc! { "a": 2_i64 });
    check(doc! { "$mul": { "a": 3 } }, doc! { "a": 2 }, doc! { "a": 6 });
    check(doc! { "$mul": { "a": 3_i64 } }, doc! {}, doc! { "a": 0_i64 });
    check(doc! { "$min": { "a": 1 } }, doc! { "a": 2 }, doc! { "a": 1 });
    check(doc! { "$min": { "a": 3 } }, doc! { "a": 2 }, doc! { "a": 2 });
    check(doc! { "$max": { "a": "x" } }, doc! { "a": 2 }, doc! { "a": "x" });
    check(doc! { "$max": { "a": 1 } }, doc! {}, doc! { "a": 1 });
    check(doc! { "$bit": { "a": { "and": 6, "or": 1 } } }, doc! { "a": 12 }, doc! { "a": 5 });
    check(doc! { "$bit": { "a": { "xor": 5_i64 } } }, doc! { "a": 1 }, doc! { "a": 4_i64 });
    refused(
        doc! { "$inc": { "a": "x" } },
        doc! {},
        14,
        "Cannot increment with non-numeric argument: {a: \"x\"}",
    );
    refused(
        doc! { "$inc": { "a": 1 } },
        doc! { "_id": 1, "a": "x" },
        14,
        "Cannot apply $inc to a value of non-numeric type. {_id: 1} has the field 'a' of non-numeric type string",
    );
    refused(
        doc! { "$inc": { "a": 1 } },
        doc! { "_id": 1, "a": i64::MAX },
        2,
        "Failed to apply $inc operations",
    );
    refused(doc! { "$bit": { "a": { "and": 1.5 } } }, doc! {}, 2, "must be an Integer");
}

#[test]
fn what_changes_nothing_is_unchanged() {
    let outcome = |operators: Document, document: Document| {
        Update::parse(&operators.into(), &[], &context())
            .unwrap()
            .apply(&document, &Default::default())
            .unwrap()
    };
    assert_eq!(outcome(doc! { "$set": { "a": 1 } }, doc! { "a": 1 }), Outcome::Unchanged);
    assert_eq!(outcome(doc! { "$set": { "a": 1.0 } }, doc! { "a": 1 }), Outcome::Changed(doc! { "a": 1.0 }));
    assert_eq!(outcome(doc! { "$inc": { "a": 0 } }, doc! { "a": 1 }), Outcome::Unchanged);
    assert_eq!(outcome(doc! { "$pull": { "a": 9 } }, doc! { "a": [1] }), Outcome::Unchanged);
    assert_eq!(outcome(doc! { "$unset": { "z": 1 } }, doc! { "a": 1 }), Outcome::Unchanged);
}

#[test]
fn replacements_keep_the_id() {
    check(doc! { "b": 2 }, doc! { "_id": 1, "a": 1 }, doc! { "_id": 1, "b": 2 });
    check(doc! {}, doc! { "_id": 1, "a": 1 }, doc! { "_id": 1 });
    check(doc! { "b": 2, "_id": 1 }, doc! { "_id": 1 }, doc! { "_id": 1, "b": 2 });
    refused(doc! { "_id": 2 }, doc! { "_id": 1 }, 66, "altered to _id: 2");
    refused(doc! { "$set": { "_id": 2 } }, doc! { "_id": 1 }, 66, "would modify the immutable field '_id'");
    refused(doc! { "$unset": { "_id": 1 } }, doc! { "_id": 1 }, 66, "immutable");
    refused(doc! { "a": 1, "$set": { "b": 1 } }, doc! {}, 52, "'$set' in '$set' is not allowed");
    check(doc! { "$set": { "_id": 1 } }, doc! { "_id": 1 }, doc! { "_id": 1 });
}

#[test]
fn pipelines() {
    let run = |stages: Bson, document: Document| update(doc! {}, stages, &[], &document);
    let document = doc! { "_id": 1, "a": 1 };
    assert_eq!(
        run(bson!([{ "$set": { "b": { "$add": ["$a", 1] } } }]), document.clone()).unwrap(),
        doc! { "_id": 1, "a": 1, "b": 2 }
    );
    assert_eq!(run(bson!([{ "$unset": "a" }]), document.clone()).unwrap(), doc! { "_id": 1 });
    assert_eq!(
        run(bson!([{ "$replaceWith": { "c": "$a" } }]), document.clone()).unwrap(),
        doc! { "_id": 1, "c": 1 }
    );
    assert_eq!(run(bson!([{ "$set": { "_id": 7 } }]), document.clone()).unwrap_err().code, 66);
    assert_eq!(run(bson!([{ "$match": {} }]), document).unwrap_err().code, 72);
}

#[test]
fn conflicts_and_names() {
    refused(
        doc! { "$set": { "a": 1 }, "$inc": { "a": 1 } },
        doc! {},
        40,
        "Updating the path 'a' would create a conflict at 'a'",
    );
    refused(
        doc! { "$set": { "a": 1, "a.b": 1 } },
        doc! {},
        40,
        "Updating the path 'a.b' would create a conflict at 'a'",
    );
    refused(doc! { "$rename": { "a": "b" }, "$set": { "b": 1 } }, doc! {}, 40, "conflict at 'b'");
    refused(doc! { "$foo": { "a": 1 } }, doc! {}, 9, "Unknown modifier: $foo");
    refused(doc! { "$set": 1 }, doc! {}, 9, "Modifiers operate on fields but we found type int instead");
    refused(doc! { "$set": { "a.": 1 } }, doc! {}, 56, "empty field name");
    refused(doc! { "$set": { "": 1 } }, doc! {}, 56, "empty");
    refused(doc! { "$set": { "a.$x": 1 } }, doc! {}, 52, "The dollar ($) prefixed field '$x' in 'a.$x'");
    refused(doc! { "$set": { "a.b": 1 } }, doc! { "a": 5 }, 28, "Cannot create field 'b' in element {a: 5}");
    refused(doc! { "$set": { "a.b": 1 } }, doc! { "a": [1] }, 28, "Cannot create field 'b' in element");
    refused(doc! { "$rename": { "a": 1 } }, doc! {}, 2, "must be a string");
    refused(doc! { "$rename": { "a": "a" } }, doc! {}, 2, "must differ");
    refused(doc! { "$currentDate": { "a": 1 } }, doc! {}, 2, "is not valid type for $currentDate");
    refused(doc! { "$pop": { "a": 2 } }, doc! {}, 9, "$pop expects 1 or -1, found: 2");
}

proptest! {
    #[test]
    fn setting_twice_is_setting_once(document in arbitrary::document(), value in arbitrary::value()) {
        let operators = doc! { "$set": { "a": value.clone() }, "$unset": { "b": 1 }, "$addToSet": { "c": value.clone() }, "$max": { "d": value } };
        let update = Update::parse(&operators.into(), &[], &context()).unwrap();
        let once = match update.apply(&document, &Default::default()) {
            Ok(Outcome::Changed(changed)) => changed,
            _ => document,
        };
        prop_assert_eq!(update.apply(&once, &Default::default()).unwrap(), Outcome::Unchanged);
    }

    #[test]
    fn what_is_pushed_can_be_pulled(values in prop::collection::vec(arbitrary::number(), 0..5), more in arbitrary::number()) {
        let document = doc! { "a": values };
        let run = |operators: Document, document: &Document| update(doc! {}, operators.into(), &[], document).unwrap();
        let pulled = run(doc! { "$pullAll": { "a": [more.clone()] } }, &document);
        let there_and_back = run(doc! { "$pullAll": { "a": [more.clone()] } }, &run(doc! { "$push": { "a": more } }, &document));
        prop_assert!(identical_documents(&pulled, &there_and_back));
    }
}
