//! `$group` and its accumulators, `$bucket`, `$sortByCount`, `$count`.

use super::*;

fn grouped(fields: Document) -> Document {
    let mut group = doc! { "_id": null };
    group.extend(fields);
    let mut result = run(bson!([{ "$group": group }]), sales()).unwrap().remove(0);
    result.remove("_id");
    result
}

#[test]
fn keys() {
    let by_item =
        bson!([{ "$group": { "_id": "$item", "n": { "$sum": "$quantity" } } }, { "$sort": { "_id": 1 } }]);
    check(
        by_item,
        sales(),
        vec![doc! { "_id": "a", "n": 12 }, doc! { "_id": "b", "n": 1 }, doc! { "_id": "c", "n": 4 }],
    );
    check(
        bson!([{ "$group": { "_id": null, "n": { "$sum": 1 } } }]),
        sales(),
        vec![doc! { "_id": null, "n": 4 }],
    );
    check(bson!([{ "$group": { "_id": "$zzz" } }]), sales(), vec![doc! { "_id": null }]);
    check(bson!([{ "$group": { "_id": null } }]), vec![], vec![]);
    let compound = bson!([{ "$group": { "_id": { "i": "$item", "x": "$x" } } }, { "$limit": 1 }]);
    check(compound, sales(), vec![doc! { "_id": { "i": "a" } }]);
    check(
        bson!([{ "$group": { "_id": "$v" } }]),
        vec![doc! { "v": 1 }, doc! { "v": 1.0 }],
        vec![doc! { "_id": 1 }],
    );
    let counted = bson!([{ "$sortByCount": "$item" }, { "$limit": 1 }]);
    check(counted, sales(), vec![doc! { "_id": "a", "count": 2 }]);
}

#[test]
fn accumulators() {
    assert_eq!(grouped(doc! { "x": { "$sum": "$price" } }), doc! { "x": 42.5 });
    assert_eq!(
        grouped(doc! { "x": { "$sum": { "$multiply": ["$price", "$quantity"] } } }),
        doc! { "x": 120.0 }
    );
    assert_eq!(grouped(doc! { "x": { "$avg": "$quantity" } }), doc! { "x": 4.25 });
    assert_eq!(grouped(doc! { "x": { "$avg": "$zzz" } }), doc! { "x": null });
    assert_eq!(grouped(doc! { "x": { "$sum": "$item" } }), doc! { "x": 0 });
    assert_eq!(
        grouped(doc! { "x": { "$min": "$price" }, "y": { "$max": "$price" } }),
        doc! { "x": 5, "y": 20 }
    );
    assert_eq!(
        grouped(doc! { "x": { "$first": "$item" }, "y": { "$last": "$item" } }),
        doc! { "x": "a", "y": "c" }
    );
    assert_eq!(grouped(doc! { "x": { "$push": "$quantity" } }), doc! { "x": [2, 1, 10, 4] });
    assert_eq!(grouped(doc! { "x": { "$addToSet": "$item" } }), doc! { "x": ["a", "b", "c"] });
    assert_eq!(grouped(doc! { "x": { "$count": {} } }), doc! { "x": 4 });
    assert_eq!(
        grouped(doc! { "x": { "$mergeObjects": { "last": "$item" } } }),
        doc! { "x": { "last": "c" } }
    );
    assert_eq!(grouped(doc! { "x": { "$stdDevPop": { "$literal": 3 } } }), doc! { "x": 0.0 });
    assert_eq!(grouped(doc! { "x": { "$stdDevSamp": "$zzz" } }), doc! { "x": null });
}

#[test]
fn ranked_accumulators() {
    assert_eq!(grouped(doc! { "x": { "$firstN": { "n": 2, "input": "$_id" } } }), doc! { "x": [1, 2] });
    assert_eq!(grouped(doc! { "x": { "$lastN": { "n": 2, "input": "$_id" } } }), doc! { "x": [3, 4] });
    assert_eq!(grouped(doc! { "x": { "$minN": { "n": 2, "input": "$quantity" } } }), doc! { "x": [1, 2] });
    assert_eq!(grouped(doc! { "x": { "$maxN": { "n": 2, "input": "$quantity" } } }), doc! { "x": [10, 4] });
    assert_eq!(
        grouped(doc! { "x": { "$top": { "sortBy": { "price": 1 }, "output": "$_id" } } }),
        doc! { "x": 3 }
    );
    assert_eq!(
        grouped(doc! { "x": { "$bottom": { "sortBy": { "price": 1 }, "output": "$_id" } } }),
        doc! { "x": 2 }
    );
    let top = doc! { "$topN": { "n": 2, "sortBy": { "price": -1 }, "output": ["$_id", "$price"] } };
    assert_eq!(grouped(doc! { "x": top }), doc! { "x": [[2, 20], [1, 10]] });
    let bottom = doc! { "$bottomN": { "n": 2, "sortBy": { "price": -1 }, "output": "$_id" } };
    assert_eq!(grouped(doc! { "x": bottom }), doc! { "x": [4, 3] });
}

#[test]
fn buckets() {
    let bucket =
        bson!([{ "$bucket": { "groupBy": "$price", "boundaries": [0, 10, 20], "default": "more" } }]);
    check(
        bucket,
        sales(),
        vec![
            doc! { "_id": 0, "count": 2 },
            doc! { "_id": 10, "count": 1 },
            doc! { "_id": "more", "count": 1 },
        ],
    );
    let output = bson!([{ "$bucket": { "groupBy": "$price", "boundaries": [0, 100], "output": { "ids": { "$push": "$_id" } } } }]);
    check(output, sales(), vec![doc! { "_id": 0, "ids": [1, 2, 3, 4] }]);
    let auto = bson!([{ "$bucketAuto": { "groupBy": "$price", "buckets": 2 } }]);
    check(
        auto,
        sales(),
        vec![
            doc! { "_id": { "min": 5, "max": 10 }, "count": 2 },
            doc! { "_id": { "min": 10, "max": 20 }, "count": 2 },
        ],
    );
}
