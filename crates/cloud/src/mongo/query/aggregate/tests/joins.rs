//! Stages that read other collections or write to them.

use super::*;

#[test]
fn lookups_by_field() {
    let stages = bson!([
        { "$limit": 2 },
        { "$lookup": { "from": "stock", "localField": "item", "foreignField": "sku", "as": "stock" } },
        { "$project": { "ids": "$stock._id" } },
    ]);
    check(stages, sales(), vec![doc! { "_id": 1, "ids": [1, 3] }, doc! { "_id": 2, "ids": [2] }]);
    let missing =
        bson!([{ "$lookup": { "from": "stock", "localField": "zzz", "foreignField": "sku", "as": "s" } }]);
    check(missing, vec![doc! { "_id": 0 }], vec![doc! { "_id": 0, "s": [{ "_id": 4 }] }]);
    let several = bson!([
        { "$lookup": { "from": "stock", "localField": "skus", "foreignField": "sku", "as": "s.t" } },
        { "$project": { "n": { "$size": "$s.t" } } },
    ]);
    check(several, vec![doc! { "_id": 0, "skus": ["a", "b"] }], vec![doc! { "_id": 0, "n": 3 }]);
    let none =
        bson!([{ "$lookup": { "from": "nowhere", "localField": "a", "foreignField": "b", "as": "s" } }]);
    check(none, vec![doc! { "_id": 0 }], vec![doc! { "_id": 0, "s": [] }]);
}

#[test]
fn lookups_by_pipeline() {
    let stages = bson!([
        { "$match": { "_id": 1 } },
        { "$lookup": {
            "from": "stock",
            "let": { "item": "$item", "wanted": "$quantity" },
            "pipeline": [
                { "$match": { "$expr": { "$and": [{ "$eq": ["$sku", "$$item"] }, { "$gte": ["$n", "$$wanted"] }] } } },
                { "$project": { "_id": 0, "n": 1 } },
            ],
            "as": "found",
        } },
        { "$project": { "found": 1 } },
    ]);
    check(stages, sales(), vec![doc! { "_id": 1, "found": [{ "n": 5 }] }]);
    let both = bson!([
        { "$match": { "_id": 1 } },
        { "$lookup": {
            "from": "stock", "localField": "item", "foreignField": "sku", "as": "found",
            "pipeline": [{ "$sort": { "n": 1 } }, { "$limit": 1 }],
        } },
        { "$replaceWith": { "$first": "$found" } },
    ]);
    check(both, sales(), vec![doc! { "_id": 3, "sku": "a", "n": 1 }]);
}

#[test]
fn graphs() {
    let lookup = |more: Document| {
        let mut spec = doc! { "from": "people", "startWith": "$boss", "connectFromField": "boss", "connectToField": "name", "as": "above" };
        spec.extend(more);
        bson!([{ "$graphLookup": spec }, { "$project": { "names": "$above.name", "depths": "$above.d" } }])
    };
    let di = || vec![doc! { "_id": 4, "boss": "Cy" }];
    check(lookup(doc! {}), di(), vec![doc! { "_id": 4, "names": ["Cy", "Bob", "Ann"], "depths": [] }]);
    check(
        lookup(doc! { "maxDepth": 1, "depthField": "d" }),
        di(),
        vec![doc! { "_id": 4, "names": ["Cy", "Bob"], "depths": [0_i64, 1_i64] }],
    );
    let restricted = doc! { "restrictSearchWithMatch": { "name": { "$ne": "Bob" } } };
    check(lookup(restricted), di(), vec![doc! { "_id": 4, "names": ["Cy"], "depths": [] }]);
}
