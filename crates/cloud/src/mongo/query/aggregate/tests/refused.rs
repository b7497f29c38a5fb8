//! Pipelines that are refused, with MongoDB's number and sentence.

use super::*;

fn refused(stages: Bson, code: i32, message: &str) {
    let error = run(stages.clone(), sales()).unwrap_err();
    assert_eq!(error.code, code, "{stages}: {error}");
    assert!(error.message.contains(message), "{stages}: {error}");
}

#[test]
fn what_is_no_pipeline() {
    refused(bson!([1]), 14, "must be an object");
    refused(bson!([{}]), 40323, "exactly one field");
    refused(bson!([{ "$foo": 1 }]), 40324, "Unrecognized pipeline stage name: '$foo'");
    refused(bson!([{ "$out": "a" }, { "$limit": 1 }]), 40601, "final stage");
    refused(bson!([{ "$limit": 0 }]), 15958, "the limit must be positive");
    refused(bson!([{ "$skip": -1 }]), 5_107_200, "$skip");
    refused(bson!([{ "$match": 1 }]), 15959, "the match filter");
    refused(bson!([{ "$sort": {} }]), 15976, "at least one sort key");
    refused(bson!([{ "$group": {} }]), 15955, "must include an _id");
    refused(bson!([{ "$group": { "_id": 1, "a": 1 } }]), 40234, "accumulator object");
    refused(bson!([{ "$group": { "_id": 1, "a": { "$foo": 1 } } }]), 15952, "unknown group operator '$foo'");
    refused(bson!([{ "$group": { "_id": 1, "a.b": { "$sum": 1 } } }]), 40235, "cannot contain '.'");
    refused(
        bson!([{ "$group": { "_id": 1, "a": { "$sum": 1, "$avg": 1 } } }]),
        40238,
        "must specify one accumulator",
    );
    refused(bson!([{ "$unwind": "a" }]), 28818, "prefixed with a '$'");
    refused(bson!([{ "$unwind": 1 }]), 15981, "expected either a string or an object");
    refused(bson!([{ "$unwind": {} }]), 28812, "no path");
    refused(bson!([{ "$count": "" }]), 40157, "non-empty string");
    refused(bson!([{ "$count": "$a" }]), 40158, "$-prefixed");
    refused(bson!([{ "$project": {} }]), 51272, "at least one field");
    refused(bson!([{ "$replaceRoot": {} }]), 40231, "no newRoot");
    refused(bson!([{ "$replaceWith": "$item" }]), 40228, "must evaluate to an object");
    refused(
        bson!([{ "$facet": { "a": [{ "$facet": {} }] } }]),
        40600,
        "not allowed to be used within a $facet",
    );
    refused(bson!([{ "$lookup": { "from": "a" } }]), 9, "'as'");
    refused(bson!([{ "$lookup": { "from": "a", "as": "b", "localField": "c" } }]), 9, "both or neither");
    refused(bson!([{ "$lookup": { "from": "a", "as": "b", "pipeline": [{ "$foo": 1 }] } }]), 40324, "$foo");
    refused(bson!([{ "$bucket": { "groupBy": "$price", "boundaries": [0, 1] } }]), 40066, "no default");
    refused(bson!([{ "$bucket": { "groupBy": "$price", "boundaries": [1, 0] } }]), 40194, "ascending");
    refused(bson!([{ "$project": { "x": { "$divide": [1, 0] } } }]), 2, "can't $divide by zero");
    refused(bson!([{ "$sample": {} }]), 28749, "must specify a size");
}

#[test]
fn what_is_too_much_is_refused() {
    let large = "x".repeat(1 << 20);
    let documents: Vec<Document> = (0..120).map(|id| doc! { "_id": id, "text": large.clone() }).collect();
    let code = |stages: Bson| run(stages, documents.clone()).unwrap_err().code;
    assert_eq!(code(bson!([{ "$sort": { "_id": 1 } }])), 292);
    assert_eq!(code(bson!([{ "$group": { "_id": null, "all": { "$push": "$text" } } }])), 292);
    assert_eq!(
        code(bson!([{ "$limit": 20 }, { "$group": { "_id": null, "all": { "$push": "$text" } } }])),
        10334
    );
    assert_eq!(run(bson!([{ "$sort": { "_id": -1 } }, { "$limit": 2 }]), documents).unwrap().len(), 2);
}
