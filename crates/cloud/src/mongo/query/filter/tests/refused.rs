//! Filters that are refused, with MongoDB's number and sentence.

use super::*;

fn refused(filter: Document, code: i32, message: &str) {
    let error = parse(&filter).unwrap_err();
    assert_eq!(error.code, code, "{filter}: {error}");
    assert!(error.message.contains(message), "{filter}: {error}");
}

#[test]
fn what_is_no_filter() {
    refused(doc! { "$foo": 1 }, 2, "unknown top level operator: $foo");
    refused(doc! { "a": { "$foo": 1 } }, 2, "unknown operator: $foo");
    refused(doc! { "a": { "$gt": 1, "b": 1 } }, 2, "unknown operator: b");
    refused(doc! { "$and": [] }, 2, "must be a nonempty array");
    refused(doc! { "$or": 1 }, 2, "$or must be an array");
    refused(doc! { "$or": [1] }, 2, "need to be full objects");
    refused(doc! { "a": { "$in": 1 } }, 2, "$in needs an array");
    refused(doc! { "a": { "$in": [{ "$gt": 1 }] } }, 2, "cannot nest $ under $in");
    refused(doc! { "a": { "$all": 1 } }, 2, "$all needs an array");
    refused(doc! { "a": { "$all": [{ "$gt": 1 }] } }, 2, "no $ expressions in $all");
    refused(doc! { "a": { "$elemMatch": 1 } }, 2, "$elemMatch needs an Object");
    refused(doc! { "a": { "$not": 1 } }, 2, "$not needs a regex or a document");
    refused(doc! { "a": { "$not": {} } }, 2, "$not cannot be empty");
    refused(doc! { "a": { "$ne": regex("a", "") } }, 2, "Can't have regex as arg to $ne.");
    refused(doc! { "a": { "$gt": regex("a", "") } }, 2, "Can't have RegEx as arg");
    refused(doc! { "a": { "$size": -1 } }, 2, "non-negative");
    refused(doc! { "a": { "$size": "x" } }, 2, "Failed to parse $size");
    refused(doc! { "a": { "$mod": [0, 1] } }, 2, "divisor cannot be 0");
    refused(doc! { "a": { "$mod": [1] } }, 2, "not enough elements");
    refused(doc! { "a": { "$mod": [1, 2, 3] } }, 2, "too many elements");
    refused(doc! { "a": { "$type": "foo" } }, 2, "Unknown type name alias: foo");
    refused(doc! { "a": { "$type": 99 } }, 2, "Invalid numerical type code");
    refused(doc! { "a": { "$type": [] } }, 9, "at least one type");
    refused(doc! { "a": { "$options": "i" } }, 2, "$options needs a $regex");
    refused(doc! { "a": { "$regex": 1 } }, 2, "$regex has to be a string");
    refused(doc! { "a": { "$regex": "(" } }, 51091, "Regular expression is invalid");
    refused(doc! { "a": { "$regex": "a(?=b)" } }, 51091, "lookahead");
    refused(doc! { "a": { "$bitsAllSet": -1 } }, 9, "non-negative");
    refused(doc! { "a": { "$elemMatch": { "$expr": true } } }, 2, "$expr can only be applied");
    refused(doc! { "$expr": { "$foo": 1 } }, 168, "Unrecognized expression '$foo'");
    refused(doc! { "$jsonSchema": { "foo": 1 } }, 9, "Unknown $jsonSchema keyword: foo");
    refused(doc! { "$sampleRate": 2 }, 2, "must be in [0, 1]");
}

#[test]
fn what_this_cloud_has_not() {
    refused(doc! { "$where": "1" }, 238, "$where");
    refused(doc! { "$text": { "$search": "x" } }, 238, "$text");
    refused(doc! { "a": { "$near": [1, 2] } }, 238, "$near");
    refused(doc! { "a": { "$geoWithin": {} } }, 238, "$geoWithin");
}

#[test]
fn nesting_ends() {
    let mut filter = doc! { "a": 1 };
    for _ in 0..150 {
        filter = doc! { "$and": [filter] };
    }
    refused(filter, 15, "depth limit");
    let mut condition = doc! { "$gt": 1 };
    for _ in 0..150 {
        condition = doc! { "$not": condition };
    }
    refused(doc! { "a": condition }, 15, "depth limit");
}
