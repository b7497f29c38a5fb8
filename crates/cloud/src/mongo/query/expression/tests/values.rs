//! Expressions over numbers, texts, types and objects.

use super::*;

fn decimal(text: &str) -> Bson {
    Bson::Decimal128(text.parse().unwrap())
}

#[test]
fn paths_and_variables() {
    check(bson!("$a"), bson!(1));
    check(bson!("$o.q.r"), bson!(2));
    check(bson!("$os.k"), bson!([1, 2]));
    check(bson!("$os.v"), bson!([[1, 2]]));
    check(bson!("$zzz"), Bson::Undefined);
    check(bson!("$$ROOT.a"), bson!(1));
    check(bson!("$$CURRENT.o.p"), bson!(1));
    check(bson!("$$REMOVE"), Bson::Undefined);
    check(bson!("$$NOW"), Bson::DateTime(DateTime::from_millis(1_000)));
    check(bson!({ "x": "$a", "y": "$zzz" }), bson!({ "x": 1 }));
    check(bson!(["$a", "$zzz"]), bson!([1, null]));
    check(bson!({ "$literal": "$a" }), bson!("$a"));
    check(
        bson!({ "$let": { "vars": { "x": { "$add": ["$a", 1] } }, "in": { "$multiply": ["$$x", 3] } } }),
        bson!(6),
    );
}

#[test]
fn arithmetic() {
    check(bson!({ "$add": ["$a", 2] }), bson!(3));
    check(bson!({ "$add": ["$a", "$b"] }), bson!(3.5));
    check(bson!({ "$add": ["$a", "$l"] }), bson!(6_i64));
    check(bson!({ "$add": [i32::MAX, 1] }), bson!(2_147_483_648_i64));
    check(bson!({ "$add": [i64::MAX, 1] }), bson!(9.223_372_036_854_776e18));
    check(bson!({ "$add": ["$a", "$n"] }), Bson::Null);
    check(bson!({ "$add": ["$d", 1000] }), Bson::DateTime(DateTime::from_millis(1_704_153_910_123)));
    check(bson!({ "$subtract": [5, 3] }), bson!(2));
    check(bson!({ "$subtract": ["$d", "$d"] }), bson!(0_i64));
    check(bson!({ "$multiply": ["$a", "$b", 2] }), bson!(5.0));
    check(bson!({ "$divide": [7, 2] }), bson!(3.5));
    check(bson!({ "$divide": [decimal("1"), 3] }), decimal("0.3333333333333333333333333333333333"));
    check(bson!({ "$add": [decimal("1.10"), 1] }), decimal("2.10"));
    check(bson!({ "$multiply": [decimal("1.5"), decimal("2.0")] }), decimal("3.00"));
    check(bson!({ "$mod": [-7, 3] }), bson!(-1));
    check(bson!({ "$mod": [7.5, 2] }), bson!(1.5));
    check(bson!({ "$abs": -3 }), bson!(3));
    check(bson!({ "$ceil": 1.2 }), bson!(2.0));
    check(bson!({ "$floor": -1.2 }), bson!(-2.0));
    check(bson!({ "$round": 2.5 }), bson!(2.0));
    check(bson!({ "$round": [19.25, 1] }), bson!(19.2));
    check(bson!({ "$round": [1234, -2] }), bson!(1200));
    check(bson!({ "$trunc": [-7.85, 1] }), bson!(-7.8));
    check(bson!({ "$sqrt": 16 }), bson!(4.0));
    check(bson!({ "$pow": [2, 10] }), bson!(1024));
    check(bson!({ "$pow": [2, 40] }), bson!(1_099_511_627_776_i64));
    check(bson!({ "$pow": [2, -1] }), bson!(0.5));
    check(bson!({ "$log10": 1000 }), bson!(3.0));
    check(bson!({ "$bitAnd": [6, 3] }), bson!(2));
    check(bson!({ "$bitXor": [6, 3] }), bson!(5));
    check(bson!({ "$bitNot": 0 }), bson!(-1));
}

#[test]
fn choices() {
    check(bson!({ "$and": ["$a", "$t"] }), bson!(true));
    check(bson!({ "$and": ["$n", { "$divide": [1, 0] }] }), bson!(false));
    check(bson!({ "$or": ["$n", 0, "$zzz"] }), bson!(false));
    check(bson!({ "$not": ["$n"] }), bson!(true));
    check(bson!({ "$cond": ["$t", 1, 2] }), bson!(1));
    check(bson!({ "$cond": { "if": { "$gt": ["$a", 5] }, "then": 1, "else": "$zzz" } }), Bson::Undefined);
    check(bson!({ "$ifNull": ["$n", "$zzz", 4] }), bson!(4));
    check(
        bson!({ "$switch": { "branches": [{ "case": false, "then": 1 }, { "case": true, "then": 2 }] } }),
        bson!(2),
    );
    check(bson!({ "$switch": { "branches": [{ "case": false, "then": 1 }], "default": 3 } }), bson!(3));
    check(bson!({ "$cmp": ["$a", "$b"] }), bson!(-1));
    check(bson!({ "$eq": ["$zzz", null] }), bson!(false));
    check(bson!({ "$gt": ["$zzz", null] }), bson!(false));
    check(bson!({ "$lt": ["$zzz", null] }), bson!(true));
}

#[test]
fn strings() {
    check(bson!({ "$concat": ["$s", ", ", "you"] }), bson!("Hello, you"));
    check(bson!({ "$concat": ["$s", "$n"] }), Bson::Null);
    check(bson!({ "$toUpper": "$s" }), bson!("HELLO"));
    check(bson!({ "$toLower": "$n" }), bson!(""));
    check(bson!({ "$substrCP": ["héllo", 1, 3] }), bson!("éll"));
    check(bson!({ "$substrBytes": ["hello", 1, -1] }), bson!("ello"));
    check(bson!({ "$split": ["a-b-c", "-"] }), bson!(["a", "b", "c"]));
    check(bson!({ "$trim": { "input": "  x " } }), bson!("x"));
    check(bson!({ "$ltrim": { "input": "xxabx", "chars": "x" } }), bson!("abx"));
    check(bson!({ "$strLenCP": "é" }), bson!(1));
    check(bson!({ "$strLenBytes": "é" }), bson!(2));
    check(bson!({ "$strcasecmp": ["A", "b"] }), bson!(-1));
    check(bson!({ "$indexOfCP": ["éab", "b"] }), bson!(2));
    check(bson!({ "$indexOfBytes": ["éab", "b"] }), bson!(3));
    check(bson!({ "$indexOfCP": ["aba", "a", 1] }), bson!(2));
    check(bson!({ "$indexOfCP": ["aba", "z"] }), bson!(-1));
    check(bson!({ "$replaceOne": { "input": "aXbX", "find": "X", "replacement": "-" } }), bson!("a-bX"));
    check(bson!({ "$replaceAll": { "input": "aXbX", "find": "X", "replacement": "-" } }), bson!("a-b-"));
    check(bson!({ "$regexMatch": { "input": "$s", "regex": "^h", "options": "i" } }), bson!(true));
    check(
        bson!({ "$regexFind": { "input": "xéab1", "regex": "([a-z]+)([0-9])" } }),
        bson!({ "match": "ab1", "idx": 2, "captures": ["ab", "1"] }),
    );
    check(bson!({ "$size": { "$regexFindAll": { "input": "a1b2", "regex": "[0-9]" } } }), bson!(2));
}

#[test]
fn types_and_conversion() {
    check(bson!({ "$type": "$zzz" }), bson!("missing"));
    check(bson!({ "$type": "$l" }), bson!("long"));
    check(bson!({ "$isNumber": "$b" }), bson!(true));
    check(bson!({ "$toInt": "42" }), bson!(42));
    check(bson!({ "$toInt": 3.9 }), bson!(3));
    check(bson!({ "$toLong": "$d" }), bson!(1_704_153_909_123_i64));
    check(bson!({ "$toDouble": "1.5" }), bson!(1.5));
    check(bson!({ "$toDecimal": "1.50" }), decimal("1.50"));
    check(bson!({ "$toString": 1.0 }), bson!("1"));
    check(bson!({ "$toString": "$d" }), bson!("2024-01-02T00:05:09.123Z"));
    check(bson!({ "$toBool": "false" }), bson!(true));
    check(bson!({ "$toBool": 0.0 }), bson!(false));
    check(bson!({ "$toDate": "2024-01-02T00:05:09.123Z" }), bson!(DateTime::from_millis(1_704_153_909_123)));
    check(
        bson!({ "$toObjectId": "5f1d7f3e0000000000000001" }),
        Bson::ObjectId(ObjectId::parse_str("5f1d7f3e0000000000000001").unwrap()),
    );
    check(bson!({ "$convert": { "input": "x", "to": "int", "onError": -1 } }), bson!(-1));
    check(bson!({ "$convert": { "input": null, "to": "int", "onNull": 0 } }), bson!(0));
    check(bson!({ "$toInt": null }), Bson::Null);
}

#[test]
fn objects() {
    check(bson!({ "$mergeObjects": ["$o", { "p": 9 }, null] }), bson!({ "p": 9, "q": { "r": 2 } }));
    check(bson!({ "$getField": "a" }), bson!(1));
    check(bson!({ "$getField": { "field": "p", "input": "$o" } }), bson!(1));
    check(
        bson!({ "$getField": { "field": { "$literal": "a.b" }, "input": { "$literal": { "a.b": 4 } } } }),
        bson!(4),
    );
    check(
        bson!({ "$setField": { "field": "z", "input": { "y": 1 }, "value": 2 } }),
        bson!({ "y": 1, "z": 2 }),
    );
    check(bson!({ "$unsetField": { "field": "p", "input": "$o" } }), bson!({ "q": { "r": 2 } }));
    check(bson!({ "$objectToArray": { "x": 1 } }), bson!([{ "k": "x", "v": 1 }]));
    check(bson!({ "$arrayToObject": [[["x", 1], ["y", 2]]] }), bson!({ "x": 1, "y": 2 }));
    check(bson!({ "$arrayToObject": { "$literal": [{ "k": "x", "v": 1 }] } }), bson!({ "x": 1 }));
}

#[test]
fn statistics() {
    check(bson!({ "$sum": "$xs" }), bson!(6));
    check(bson!({ "$sum": ["$a", "$b", "x"] }), bson!(3.5));
    check(bson!({ "$avg": "$xs" }), bson!(2.0));
    check(bson!({ "$max": "$xs" }), bson!(3));
    check(bson!({ "$min": ["$a", "$zzz", -1] }), bson!(-1));
    check(bson!({ "$stdDevPop": [2, 4] }), bson!(1.0));
    check(bson!({ "$stdDevSamp": [2] }), Bson::Null);
    check(bson!({ "$sum": [0.1, 0.2, 0.3] }), bson!(0.6));
}
