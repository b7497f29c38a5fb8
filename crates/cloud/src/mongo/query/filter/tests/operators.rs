//! Each operator of a filter.

use super::*;

#[test]
fn equality() {
    yes(doc! {}, doc! { "a": 1 });
    yes(doc! { "a": 1 }, doc! { "a": 1.0 });
    no(doc! { "a": 1 }, doc! { "a": "1" });
    yes(doc! { "a": null }, doc! {});
    yes(doc! { "a": null }, doc! { "a": null });
    no(doc! { "a": null }, doc! { "a": 0 });
    yes(doc! { "a.b": null }, doc! { "a": 1 });
    no(doc! { "a.b": null }, doc! { "a": [1, 2] });
    yes(doc! { "a.b": null }, doc! { "a": [{ "b": 1 }, {}] });
    yes(doc! { "a": { "b": 1 } }, doc! { "a": { "b": 1 } });
    no(doc! { "a": { "b": 1 } }, doc! { "a": { "b": 1, "c": 2 } });
    no(doc! { "a": { "b": 1, "c": 2 } }, doc! { "a": { "c": 2, "b": 1 } });
    yes(doc! { "a.b": 1 }, doc! { "a": { "b": 1, "c": 2 } });
    yes(doc! { "a": { "$eq": { "b": 1 } } }, doc! { "a": { "b": 1 } });
    yes(doc! { "a": { "$ref": "c", "$id": 1 } }, doc! { "a": { "$ref": "c", "$id": 1 } });
    yes(doc! { "a": {} }, doc! { "a": {} });
    no(doc! { "a": {} }, doc! { "a": { "b": 1 } });
    yes(doc! { "a": Bson::Double(f64::NAN) }, doc! { "a": f64::NAN });
}

#[test]
fn comparison_stays_in_its_type() {
    yes(doc! { "a": { "$gt": 1 } }, doc! { "a": 1.5 });
    no(doc! { "a": { "$gt": 1 } }, doc! { "a": "2" });
    no(doc! { "a": { "$gt": 1 } }, doc! {});
    yes(doc! { "a": { "$gte": null } }, doc! {});
    no(doc! { "a": { "$gt": null } }, doc! { "a": 1 });
    yes(doc! { "a": { "$gt": Bson::MinKey } }, doc! { "a": 1 });
    yes(doc! { "a": { "$lt": Bson::MaxKey } }, doc! { "a": "x" });
    yes(doc! { "a": { "$lt": "b" } }, doc! { "a": "a" });
    yes(doc! { "a": { "$lte": DateTime::from_millis(5) } }, doc! { "a": DateTime::from_millis(5) });
    no(doc! { "a": { "$lt": f64::NAN } }, doc! { "a": 1 });
    yes(doc! { "a": { "$gte": f64::NAN } }, doc! { "a": f64::NAN });
    yes(doc! { "a": { "$gt": 1, "$lt": 5 } }, doc! { "a": 3 });
    no(doc! { "a": { "$gt": 1, "$lt": 5 } }, doc! { "a": 5 });
    yes(doc! { "a": { "$gt": { "x": 1 } } }, doc! { "a": { "x": 2 } });
}

#[test]
fn lists() {
    yes(doc! { "a": { "$in": [1, 2] } }, doc! { "a": 2 });
    no(doc! { "a": { "$in": [] } }, doc! { "a": 2 });
    yes(doc! { "a": { "$in": [null] } }, doc! {});
    yes(doc! { "a": { "$in": [regex("^x", "")] } }, doc! { "a": "xy" });
    yes(doc! { "a": { "$in": [[1, 2]] } }, doc! { "a": [1, 2] });
    yes(doc! { "a": { "$nin": [1, 2] } }, doc! { "a": 3 });
    yes(doc! { "a": { "$nin": [1] } }, doc! {});
    no(doc! { "a": { "$nin": [1] } }, doc! { "a": [1, 2] });
    yes(doc! { "a": { "$ne": 1 } }, doc! {});
    no(doc! { "a": { "$ne": 1 } }, doc! { "a": [1, 2] });
    no(doc! { "a": { "$ne": null } }, doc! {});
}

#[test]
fn logic() {
    yes(doc! { "$and": [{ "a": 1 }, { "b": 2 }] }, doc! { "a": 1, "b": 2 });
    yes(doc! { "$or": [{ "a": 1 }, { "b": 2 }] }, doc! { "b": 2 });
    no(doc! { "$or": [{ "a": 1 }, { "b": 2 }] }, doc! { "b": 3 });
    yes(doc! { "$nor": [{ "a": 1 }, { "b": 2 }] }, doc! { "b": 3 });
    yes(doc! { "a": { "$not": { "$gt": 5 } } }, doc! { "a": "x" });
    yes(doc! { "a": { "$not": { "$gt": 5 } } }, doc! {});
    no(doc! { "a": { "$not": regex("x", "") } }, doc! { "a": "axb" });
    yes(doc! { "a": { "$not": { "$gt": 1, "$lt": 5 } } }, doc! { "a": 7 });
    yes(doc! { "$comment": "why", "a": 1 }, doc! { "a": 1 });
    yes(doc! { "$expr": { "$gt": ["$a", "$b"] } }, doc! { "a": 2, "b": 1 });
    no(doc! { "$expr": { "$gt": ["$a", "$b"] } }, doc! { "a": 1, "b": 1 });
    yes(doc! { "$alwaysTrue": 1 }, doc! {});
    no(doc! { "$alwaysFalse": 1 }, doc! {});
    yes(doc! { "$sampleRate": 1.0 }, doc! {});
    no(doc! { "$sampleRate": 0.0 }, doc! {});
}

#[test]
fn elements() {
    yes(doc! { "a": { "$exists": true } }, doc! { "a": null });
    no(doc! { "a": { "$exists": true } }, doc! {});
    yes(doc! { "a.b": { "$exists": false } }, doc! { "a": [] });
    yes(doc! { "a": { "$exists": true } }, doc! { "a": [] });
    yes(doc! { "a": { "$type": "string" } }, doc! { "a": "x" });
    yes(doc! { "a": { "$type": 16 } }, doc! { "a": 1 });
    yes(doc! { "a": { "$type": ["string", "number"] } }, doc! { "a": 1.5 });
    yes(doc! { "a": { "$type": "array" } }, doc! { "a": [] });
    yes(doc! { "a": { "$type": "string" } }, doc! { "a": [1, "x"] });
    no(doc! { "a": { "$type": "null" } }, doc! {});
    yes(doc! { "a": { "$type": -1 } }, doc! { "a": Bson::MinKey });
}

#[test]
fn evaluation() {
    yes(doc! { "a": regex("^A", "i") }, doc! { "a": "abc" });
    yes(doc! { "a": { "$regex": "^A", "$options": "i" } }, doc! { "a": "abc" });
    yes(doc! { "a": { "$options": "i", "$regex": "^A" } }, doc! { "a": ["x", "abc"] });
    no(doc! { "a": regex("1", "") }, doc! { "a": 1 });
    yes(doc! { "a": regex("x", "") }, doc! { "a": regex("x", "") });
    yes(doc! { "a": { "$mod": [4, 1] } }, doc! { "a": 5 });
    yes(doc! { "a": { "$mod": [4, 1] } }, doc! { "a": 5.7 });
    yes(doc! { "a": { "$mod": [4, -1] } }, doc! { "a": -5 });
    no(doc! { "a": { "$mod": [4, 0] } }, doc! { "a": "4" });
    yes(doc! { "a": { "$bitsAllSet": 5 } }, doc! { "a": 7 });
    no(doc! { "a": { "$bitsAllSet": 5 } }, doc! { "a": 4 });
    yes(doc! { "a": { "$bitsAnySet": [0, 3] } }, doc! { "a": 8 });
    yes(doc! { "a": { "$bitsAllClear": [0] } }, doc! { "a": 8 });
    yes(doc! { "a": { "$bitsAnyClear": 3 } }, doc! { "a": 1 });
    let bytes = Bson::Binary(Binary { subtype: bson::spec::BinarySubtype::Generic, bytes: vec![2] });
    yes(doc! { "a": { "$bitsAllSet": [1] } }, doc! { "a": bytes });
    yes(doc! { "a": { "$bitsAllSet": [200] } }, doc! { "a": -1 });
}

#[test]
fn schemas() {
    let schema = doc! { "$jsonSchema": {
        "bsonType": "object",
        "required": ["name"],
        "properties": {
            "name": { "bsonType": "string", "minLength": 2, "pattern": "^[a-z]+$" },
            "age": { "bsonType": ["int", "long"], "minimum": 0, "maximum": 150, "exclusiveMaximum": true },
            "tags": { "bsonType": "array", "items": { "enum": ["x", "y"] }, "uniqueItems": true, "maxItems": 2 },
        },
        "additionalProperties": false,
    } };
    yes(schema.clone(), doc! { "name": "ab", "age": 5, "tags": ["x"] });
    no(schema.clone(), doc! { "age": 5 });
    no(schema.clone(), doc! { "name": "a" });
    no(schema.clone(), doc! { "name": "AB" });
    no(schema.clone(), doc! { "name": "ab", "age": 150 });
    no(schema.clone(), doc! { "name": "ab", "age": 1.5 });
    no(schema.clone(), doc! { "name": "ab", "tags": ["x", "x"] });
    no(schema.clone(), doc! { "name": "ab", "tags": ["z"] });
    no(schema, doc! { "name": "ab", "more": 1 });
    yes(doc! { "$jsonSchema": { "properties": { "a": { "not": { "type": "string" } } } } }, doc! { "a": 1 });
    yes(doc! { "$jsonSchema": { "properties": { "a": { "multipleOf": 0.1 } } } }, doc! { "a": 0.3 });
    no(
        doc! { "$jsonSchema": { "oneOf": [{ "required": ["a"] }, { "required": ["b"] }] } },
        doc! { "a": 1, "b": 1 },
    );
}
