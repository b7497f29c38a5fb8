//! Expressions that are refused, with MongoDB's number and sentence.

use super::*;

fn refused(expression: Bson, code: i32) {
    let error = evaluate(&expression, &document()).unwrap_err();
    assert_eq!(error.code, code, "{expression}: {error}");
}

#[test]
fn what_cannot_be_evaluated() {
    refused(bson!({ "$foo": 1 }), 168);
    refused(bson!({ "$add": 1, "$b": 2 }), 15983);
    refused(bson!({ "$subtract": [1] }), 16020);
    refused(bson!({ "$slice": [1] }), 28667);
    refused(bson!("$$nope"), 17276);
    refused(bson!("$"), 16872);
    refused(bson!("$a."), 40353);
    refused(bson!({ "$add": ["$s", 1] }), 14);
    refused(bson!({ "$divide": [1, 0] }), 2);
    refused(bson!({ "$mod": [1, 0] }), 16610);
    refused(bson!({ "$concat": [1] }), 16702);
    refused(bson!({ "$size": 1 }), 17124);
    refused(bson!({ "$in": [1, 1] }), 40081);
    refused(bson!({ "$arrayElemAt": [1, 1] }), 28689);
    refused(bson!({ "$strLenCP": 1 }), 34471);
    refused(bson!({ "$switch": { "branches": [{ "case": false, "then": 1 }] } }), 40066);
    refused(bson!({ "$toInt": "x" }), 241);
    refused(bson!({ "$toInt": 1e10 }), 241);
    refused(bson!({ "$toObjectId": "x" }), 241);
    refused(bson!({ "$year": "x" }), 16006);
    refused(bson!({ "$hour": { "date": "$d", "timezone": "Nowhere/Else" } }), 40485);
    refused(bson!({ "$dateFromString": { "dateString": "x" } }), 241);
    refused(bson!({ "$dateFromString": { "dateString": "2024-02-30" } }), 241);
    refused(bson!({ "$mergeObjects": [1] }), 40400);
    refused(bson!({ "$sqrt": -1 }), 28714);
    refused(bson!({ "$range": [0, 10, 0] }), 34449);
    refused(bson!({ "$range": [0, i32::MAX] }), 146);
    refused(bson!({ "$map": { "input": 1, "in": 1 } }), 16883);
    refused(bson!({ "$function": {} }), 238);
}

#[test]
fn nesting_ends() {
    let mut expression = bson!(1);
    for _ in 0..150 {
        expression = bson!({ "$add": [expression] });
    }
    refused(expression, 15);
}
