//! Expressions over arrays and sets.

use super::*;

#[test]
fn parts_of_arrays() {
    check(bson!({ "$arrayElemAt": ["$xs", 0] }), bson!(3));
    check(bson!({ "$arrayElemAt": ["$xs", -1] }), bson!(2));
    check(bson!({ "$arrayElemAt": ["$xs", 9] }), Bson::Undefined);
    check(bson!({ "$first": "$xs" }), bson!(3));
    check(bson!({ "$last": "$xs" }), bson!(2));
    check(bson!({ "$firstN": { "n": 2, "input": "$xs" } }), bson!([3, 1]));
    check(bson!({ "$lastN": { "n": 2, "input": "$xs" } }), bson!([1, 2]));
    check(bson!({ "$minN": { "n": 2, "input": "$xs" } }), bson!([1, 2]));
    check(bson!({ "$maxN": { "n": 2, "input": "$xs" } }), bson!([3, 2]));
    check(bson!({ "$slice": ["$xs", 2] }), bson!([3, 1]));
    check(bson!({ "$slice": ["$xs", -2] }), bson!([1, 2]));
    check(bson!({ "$slice": ["$xs", 1, 5] }), bson!([1, 2]));
    check(bson!({ "$slice": ["$xs", -9, 1] }), bson!([3]));
    check(bson!({ "$size": "$xs" }), bson!(3));
    check(bson!({ "$in": [2, "$xs"] }), bson!(true));
    check(bson!({ "$indexOfArray": ["$xs", 2] }), bson!(2));
    check(bson!({ "$isArray": "$xs" }), bson!(true));
    check(bson!({ "$isArray": ["$a"] }), bson!(false));
}

#[test]
fn other_arrays() {
    check(bson!({ "$concatArrays": ["$xs", [4]] }), bson!([3, 1, 2, 4]));
    check(bson!({ "$filter": { "input": "$xs", "as": "x", "cond": { "$gt": ["$$x", 1] } } }), bson!([3, 2]));
    check(bson!({ "$filter": { "input": "$xs", "cond": { "$gt": ["$$this", 1] }, "limit": 1 } }), bson!([3]));
    check(
        bson!({ "$map": { "input": "$xs", "as": "x", "in": { "$add": ["$$x", "$a"] } } }),
        bson!([4, 2, 3]),
    );
    check(bson!({ "$map": { "input": "$n", "in": 1 } }), Bson::Null);
    let sum = bson!({ "$add": ["$$value", "$$this"] });
    check(bson!({ "$reduce": { "input": "$xs", "initialValue": 10, "in": sum } }), bson!(16));
    check(bson!({ "$range": [0, 10, 3] }), bson!([0, 3, 6, 9]));
    check(bson!({ "$range": [3, 0, -1] }), bson!([3, 2, 1]));
    check(bson!({ "$range": [3, 0] }), bson!([]));
    check(bson!({ "$reverseArray": "$xs" }), bson!([2, 1, 3]));
    check(bson!({ "$sortArray": { "input": "$xs", "sortBy": -1 } }), bson!([3, 2, 1]));
    let sorted = bson!({ "$sortArray": { "input": [{ "x": 2 }, { "x": 1 }], "sortBy": { "x": 1 } } });
    check(sorted, bson!([{ "x": 1 }, { "x": 2 }]));
    check(bson!({ "$zip": { "inputs": [["a", "b"], [1]] } }), bson!([["a", 1]]));
    let padded =
        bson!({ "$zip": { "inputs": [["a", "b"], [1]], "useLongestLength": true, "defaults": ["", 0] } });
    check(padded, bson!([["a", 1], ["b", 0]]));
}

#[test]
fn sets() {
    check(bson!({ "$setUnion": [[2, 1], [2, 3]] }), bson!([1, 2, 3]));
    check(bson!({ "$setIntersection": ["$xs", [3, 2, 9]] }), bson!([2, 3]));
    check(bson!({ "$setDifference": ["$xs", [1]] }), bson!([3, 2]));
    check(bson!({ "$setEquals": ["$xs", [1, 2, 3, 3]] }), bson!(true));
    check(bson!({ "$setIsSubset": [[1, 2], "$xs"] }), bson!(true));
    check(bson!({ "$anyElementTrue": [[0, 1]] }), bson!(true));
    check(bson!({ "$allElementsTrue": [[0, 1]] }), bson!(false));
}
