//! Projections: what of a document is left.

use std::sync::Arc;

use bson::raw::RawDocumentBuf;
use bson::{Bson, DateTime, Document, bson, doc};

use super::super::compare::identical_documents;
use super::super::context::Context;
use super::super::filter::{Filter, Match};
use super::Projection;

fn context() -> Arc<Context> {
    Arc::new(Context::new(DateTime::from_millis(0), 1))
}

fn check(spec: Document, document: Document, expected: Document) {
    let projection = Projection::parse(&spec, &context()).unwrap_or_else(|error| panic!("{spec}: {error}"));
    let found = projection.apply(&document, &Match::default()).unwrap();
    assert!(identical_documents(&found, &expected), "{spec} of {document} is {found}, not {expected}");
    if projection.is_whole() {
        let cut = projection.cut(&RawDocumentBuf::try_from(&document).unwrap()).unwrap();
        assert_eq!(cut.as_bytes(), expected.to_vec().unwrap(), "{spec} of {document}");
    }
}

#[test]
fn inclusion() {
    let document =
        doc! { "_id": 1, "a": 1, "b": { "c": 1, "d": 2 }, "e": [{ "f": 1, "g": 2 }, 5, { "g": 3 }] };
    check(doc! { "a": 1 }, document.clone(), doc! { "_id": 1, "a": 1 });
    check(doc! { "a": true, "_id": 0 }, document.clone(), doc! { "a": 1 });
    check(doc! { "_id": 1 }, document.clone(), doc! { "_id": 1 });
    check(doc! { "b.c": 1 }, document.clone(), doc! { "_id": 1, "b": { "c": 1 } });
    check(doc! { "b": { "c": 1 } }, document.clone(), doc! { "_id": 1, "b": { "c": 1 } });
    check(doc! { "e.f": 1 }, document.clone(), doc! { "_id": 1, "e": [{ "f": 1 }, {}] });
    check(doc! { "a.x": 1 }, document.clone(), doc! { "_id": 1 });
    check(doc! { "zzz": 1 }, document, doc! { "_id": 1 });
}

#[test]
fn exclusion() {
    let document = doc! { "_id": 1, "a": 1, "b": { "c": 1, "d": 2 }, "e": [{ "f": 1, "g": 2 }, 5] };
    check(doc! {}, document.clone(), document.clone());
    check(doc! { "_id": 0 }, doc! { "_id": 1, "a": 1 }, doc! { "a": 1 });
    check(doc! { "a": 0, "e": 0 }, document.clone(), doc! { "_id": 1, "b": { "c": 1, "d": 2 } });
    check(doc! { "b.c": 0, "e": false, "_id": 0 }, document.clone(), doc! { "a": 1, "b": { "d": 2 } });
    check(doc! { "e.f": 0, "b": 0, "a": 0 }, document, doc! { "_id": 1, "e": [{ "g": 2 }, 5] });
}

#[test]
fn parts_of_arrays() {
    let document = doc! { "_id": 1, "a": [1, 2, 3, 4], "b": 1 };
    check(doc! { "a": { "$slice": 2 } }, document.clone(), doc! { "_id": 1, "a": [1, 2], "b": 1 });
    check(doc! { "a": { "$slice": -1 }, "b": 1 }, document.clone(), doc! { "_id": 1, "a": [4], "b": 1 });
    check(doc! { "a": { "$slice": [1, 2] }, "b": 0 }, document.clone(), doc! { "_id": 1, "a": [2, 3] });
    check(doc! { "a": { "$slice": [-3, 2] } }, document.clone(), doc! { "_id": 1, "a": [2, 3], "b": 1 });
    check(doc! { "a": { "$elemMatch": { "$gt": 2 } } }, document.clone(), doc! { "_id": 1, "a": [3] });
    check(doc! { "a": { "$elemMatch": { "$gt": 9 } } }, document, doc! { "_id": 1 });
    let documents = doc! { "_id": 1, "a": [{ "b": 1 }, { "b": 2, "c": 3 }] };
    check(
        doc! { "a": { "$elemMatch": { "b": 2 } } },
        documents,
        doc! { "_id": 1, "a": [{ "b": 2, "c": 3 }] },
    );
}

#[test]
fn computed_fields() {
    let document = doc! { "_id": 1, "a": 2, "b": { "c": 3 } };
    check(doc! { "x": { "$add": ["$a", "$b.c"] } }, document.clone(), doc! { "_id": 1, "x": 5 });
    check(doc! { "a": 1, "x": "$b.c" }, document.clone(), doc! { "_id": 1, "a": 2, "x": 3 });
    check(doc! { "x": "text" }, document.clone(), doc! { "_id": 1, "x": "text" });
    check(doc! { "b": { "x": "$a" }, "_id": 0 }, document.clone(), doc! { "b": { "x": 2 } });
    check(doc! { "x": { "$slice": ["$b", 1] } , "_id": 0 }, doc! { "b": [1, 2] }, doc! { "x": [1] });
    check(doc! { "_id": "$a" }, document, doc! { "_id": 2 });
}

#[test]
fn the_element_that_matched() {
    let filter = Filter::parse(&doc! { "a": { "$gt": 1 } }, &context()).unwrap();
    let document = doc! { "_id": 1, "a": [1, 2, 3] };
    let projection = Projection::parse(&doc! { "a.$": 1 }, &context()).unwrap();
    let matched = filter.find(&document).unwrap().unwrap();
    assert_eq!(projection.apply(&document, &matched).unwrap(), doc! { "_id": 1, "a": [2] });
    assert_eq!(projection.apply(&document, &Match::default()).unwrap_err().code, 51246);
}

#[test]
fn additions_keep_the_rest() {
    let add = |spec: Document, document: Document| {
        Projection::addition(&spec, &context()).unwrap().apply(&document, &Match::default()).unwrap()
    };
    assert_eq!(add(doc! { "b": "$a" }, doc! { "a": 1 }), doc! { "a": 1, "b": 1 });
    assert_eq!(
        add(doc! { "a.b": 5 }, doc! { "a": [{ "c": 1 }, 2] }),
        doc! { "a": [{ "c": 1, "b": 5 }, { "b": 5 }] }
    );
    assert_eq!(add(doc! { "a": "$$REMOVE" }, doc! { "a": 1 }), doc! {});
}

#[test]
fn what_is_no_projection() {
    let refused = |spec: Document, code: i32| {
        assert_eq!(Projection::parse(&spec, &context()).unwrap_err().code, code, "{spec}");
    };
    refused(doc! { "a": 1, "b": 0 }, 31254);
    refused(doc! { "a": 0, "b": 1 }, 31253);
    refused(doc! { "a": 1, "a.b": 1 }, 31249);
    refused(doc! { "a.b": 1, "a": 1 }, 31250);
    refused(doc! { "": 1 }, 40352);
    refused(doc! { "a..b": 1 }, 15998);
    refused(doc! { "a.": 1 }, 40353);
    refused(doc! { "$a": 1 }, 16410);
    refused(doc! { "a.b": { "$elemMatch": { "c": 1 } } }, 31275);
    refused(doc! { "a": { "$meta": "textScore" } }, 238);
    refused(doc! { "a": { "$foo": Bson::Null } }, 31325);
    let nested = bson!({ "$literal": 1 });
    check(doc! { "a": nested }, doc! {}, doc! { "a": 1 });
}
