//! Documents made by an update that matched none.

use super::*;

fn upsert(filter: Document, update: Bson) -> Result<Document> {
    Update::parse(&update, &[], &context())?.upsert(&Filter::parse(&filter, &context())?)
}

fn check_upsert(filter: Document, update: Bson, expected: Document) {
    let found = upsert(filter.clone(), update.clone()).unwrap();
    assert!(identical_documents(&found, &expected), "{filter} and {update} is {found}, not {expected}");
}

#[test]
fn the_filter_and_the_update_make_a_document() {
    check_upsert(doc! { "a": 1 }, bson!({ "$set": { "b": 2 } }), doc! { "a": 1, "b": 2 });
    check_upsert(
        doc! { "a.b": 1, "_id": 7 },
        bson!({ "$inc": { "n": 1 } }),
        doc! { "_id": 7, "a": { "b": 1 }, "n": 1 },
    );
    check_upsert(
        doc! { "a": { "$gt": 1 }, "b": { "$eq": 2 } },
        bson!({ "$set": { "c": 3 } }),
        doc! { "b": 2, "c": 3 },
    );
    check_upsert(
        doc! { "$and": [{ "a": 1 }, { "b": 2 }] },
        bson!({ "$set": { "c": 3 } }),
        doc! { "a": 1, "b": 2, "c": 3 },
    );
    check_upsert(doc! { "$or": [{ "a": 1 }, { "b": 2 }] }, bson!({ "$set": { "c": 3 } }), doc! { "c": 3 });
    check_upsert(doc! { "a": { "$in": [4] } }, bson!({ "$set": { "c": 3 } }), doc! { "a": 4, "c": 3 });
    check_upsert(
        doc! { "a": 1 },
        bson!({ "$setOnInsert": { "b": 2 }, "$inc": { "a": 1 } }),
        doc! { "a": 2, "b": 2 },
    );
    check_upsert(doc! { "a": 1 }, bson!({ "$push": { "xs": 1 } }), doc! { "a": 1, "xs": [1] });
    check_upsert(doc! { "_id": 5, "a": 1 }, bson!({ "b": 2 }), doc! { "_id": 5, "b": 2 });
    check_upsert(doc! { "a": 1 }, bson!({ "b": 2 }), doc! { "b": 2 });
    check_upsert(doc! { "a": 1 }, bson!({ "$set": { "_id": 3 } }), doc! { "_id": 3, "a": 1 });
    check_upsert(doc! { "a": 1 }, bson!([{ "$set": { "b": "$a" } }]), doc! { "a": 1, "b": 1 });
}

#[test]
fn contradictions_are_refused() {
    let code = |filter: Document, update: Bson| upsert(filter, update).unwrap_err().code;
    assert_eq!(code(doc! { "_id": 1 }, bson!({ "$set": { "_id": 2 } })), 66);
    assert_eq!(code(doc! { "_id": 1 }, bson!({ "_id": 2 })), 66);
    assert_eq!(code(doc! { "a": 1, "a.b": 2 }, bson!({ "$set": { "c": 1 } })), 54);
    assert_eq!(code(doc! { "$and": [{ "a": 1 }, { "a": 2 }] }, bson!({ "$set": { "c": 1 } })), 54);
}
