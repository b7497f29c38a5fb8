//! Stages that change each document: `$project`, `$set`, `$unwind` and their kind.

use super::*;

#[test]
fn documents_change_their_shape() {
    let one = || vec![doc! { "_id": 1, "a": { "b": 2, "c": 3 }, "n": 4 }];
    check(
        bson!([{ "$project": { "a.b": 1, "m": { "$add": ["$n", 1] } } }]),
        one(),
        vec![doc! { "_id": 1, "a": { "b": 2 }, "m": 5 }],
    );
    check(bson!([{ "$project": { "a": 0 } }]), one(), vec![doc! { "_id": 1, "n": 4 }]);
    check(
        bson!([{ "$addFields": { "a.d": "$n" } }]),
        one(),
        vec![doc! { "_id": 1, "a": { "b": 2, "c": 3, "d": 4 }, "n": 4 }],
    );
    check(bson!([{ "$set": { "n": "$$REMOVE" } }]), one(), vec![doc! { "_id": 1, "a": { "b": 2, "c": 3 } }]);
    check(bson!([{ "$unset": ["a.b", "n"] }]), one(), vec![doc! { "_id": 1, "a": { "c": 3 } }]);
    check(bson!([{ "$replaceRoot": { "newRoot": "$a" } }]), one(), vec![doc! { "b": 2, "c": 3 }]);
    check(
        bson!([{ "$replaceWith": { "$mergeObjects": [{ "z": 1 }, "$a"] } }]),
        one(),
        vec![doc! { "z": 1, "b": 2, "c": 3 }],
    );
    let slices = bson!([{ "$project": { "_id": 0, "x": { "$slice": ["$xs", 1] } } }]);
    check(slices, vec![doc! { "xs": [1, 2] }], vec![doc! { "x": [1] }]);
}

#[test]
fn arrays_unwind() {
    let documents = || {
        vec![
            doc! { "_id": 1, "xs": [1, 2] },
            doc! { "_id": 2, "xs": [] },
            doc! { "_id": 3 },
            doc! { "_id": 4, "xs": 5 },
            doc! { "_id": 5, "xs": null },
        ]
    };
    check(
        bson!([{ "$unwind": "$xs" }]),
        documents(),
        vec![doc! { "_id": 1, "xs": 1 }, doc! { "_id": 1, "xs": 2 }, doc! { "_id": 4, "xs": 5 }],
    );
    let all = bson!([{ "$unwind": { "path": "$xs", "preserveNullAndEmptyArrays": true, "includeArrayIndex": "i" } }]);
    check(
        all,
        documents(),
        vec![
            doc! { "_id": 1, "xs": 1, "i": 0_i64 },
            doc! { "_id": 1, "xs": 2, "i": 1_i64 },
            doc! { "_id": 2, "i": null },
            doc! { "_id": 3, "i": null },
            doc! { "_id": 4, "xs": 5, "i": null },
            doc! { "_id": 5, "xs": null, "i": null },
        ],
    );
    check(
        bson!([{ "$unwind": "$a.b" }]),
        vec![doc! { "a": { "b": [1, 2], "c": 3 } }],
        vec![doc! { "a": { "b": 1, "c": 3 } }, doc! { "a": { "b": 2, "c": 3 } }],
    );
}

#[test]
fn redaction() {
    let documents = vec![
        doc! { "level": 1, "a": { "level": 5, "secret": 1 }, "b": [{ "level": 1, "x": 1 }, { "level": 3 }] },
    ];
    let stages = bson!([{ "$redact": { "$cond": [{ "$lte": ["$level", 2] }, "$$DESCEND", "$$PRUNE"] } }]);
    check(stages, documents, vec![doc! { "level": 1, "b": [{ "level": 1, "x": 1 }] }]);
}
