//! Pipelines over small collections: what goes in and what comes out, case by case.

use std::collections::BTreeMap;
use std::sync::Arc;

use bson::{Bson, DateTime, Document, bson, doc};

use super::super::compare::identical_documents;
use super::super::context::Context;
use super::super::error::Result;
use super::super::filter::Filter;
use super::{Collections, Documents, Effect, Pipeline, ready};

mod groups;
mod joins;
mod refused;
mod reshapes;

#[derive(Default)]
struct Memory(BTreeMap<String, Vec<Document>>);

impl Collections for Memory {
    fn scan<'a>(&'a self, collection: &str, _filter: Option<&Filter>) -> Result<Documents<'a>> {
        Ok(ready(self.0.get(collection).cloned().unwrap_or_default()))
    }
}

fn memory() -> Memory {
    Memory(BTreeMap::from([
        (
            "stock".to_owned(),
            vec![
                doc! { "_id": 1, "sku": "a", "n": 5 },
                doc! { "_id": 2, "sku": "b", "n": 7 },
                doc! { "_id": 3, "sku": "a", "n": 1 },
                doc! { "_id": 4 },
            ],
        ),
        (
            "people".to_owned(),
            vec![
                doc! { "_id": 1, "name": "Ann" },
                doc! { "_id": 2, "name": "Bob", "boss": "Ann" },
                doc! { "_id": 3, "name": "Cy", "boss": "Bob" },
                doc! { "_id": 4, "name": "Di", "boss": "Cy" },
            ],
        ),
    ]))
}

fn run(stages: Bson, documents: Vec<Document>) -> Result<Vec<Document>> {
    let context = Arc::new(Context::new(DateTime::from_millis(0), 1));
    let pipeline = Pipeline::parse(stages.as_array().unwrap(), &context)?;
    pipeline.run(ready(documents), &memory()).collect()
}

fn check(stages: Bson, documents: Vec<Document>, expected: Vec<Document>) {
    let found = run(stages.clone(), documents).unwrap_or_else(|error| panic!("{stages}: {error}"));
    let same = found.len() == expected.len()
        && found.iter().zip(&expected).all(|(found, expected)| identical_documents(found, expected));
    assert!(same, "{stages} gives {found:#?}, not {expected:#?}");
}

fn sales() -> Vec<Document> {
    vec![
        doc! { "_id": 1, "item": "a", "price": 10, "quantity": 2 },
        doc! { "_id": 2, "item": "b", "price": 20, "quantity": 1 },
        doc! { "_id": 3, "item": "a", "price": 5, "quantity": 10 },
        doc! { "_id": 4, "item": "c", "price": 7.5, "quantity": 4 },
    ]
}

#[test]
fn selection_and_order() {
    let ids = |stages: Bson| -> Vec<i32> {
        run(stages, sales()).unwrap().iter().map(|document| document.get_i32("_id").unwrap()).collect()
    };
    assert_eq!(ids(bson!([])), [1, 2, 3, 4]);
    assert_eq!(ids(bson!([{ "$match": { "item": "a" } }])), [1, 3]);
    assert_eq!(ids(bson!([{ "$sort": { "price": -1 } }])), [2, 1, 4, 3]);
    assert_eq!(ids(bson!([{ "$sort": { "price": 1 } }, { "$skip": 1 }, { "$limit": 2 }])), [4, 1]);
    assert_eq!(ids(bson!([{ "$sort": { "price": 1 } }, { "$limit": 2 }])), [3, 4]);
    assert_eq!(ids(bson!([{ "$sample": { "size": 9 } }])).len(), 4);
    assert_eq!(ids(bson!([{ "$sample": { "size": 2 } }])).len(), 2);
    check(bson!([{ "$count": "n" }]), sales(), vec![doc! { "n": 4 }]);
    check(bson!([{ "$match": { "item": "z" } }, { "$count": "n" }]), sales(), vec![]);
}

#[test]
fn what_the_planner_asks() {
    let context = Arc::new(Context::new(DateTime::from_millis(0), 1));
    let parse = |stages: Bson| Pipeline::parse(stages.as_array().unwrap(), &context).unwrap();
    let pipeline = parse(
        bson!([{ "$match": { "a": 1 } }, { "$lookup": { "from": "x", "as": "y", "pipeline": [{ "$unionWith": "z" }] } }]),
    );
    assert!(pipeline.leading_filter().unwrap().matches(&doc! { "a": 1 }).unwrap());
    assert_eq!(pipeline.collections().into_iter().collect::<Vec<_>>(), ["x", "z"]);
    assert!(pipeline.effect().is_none());
    let out = parse(bson!([{ "$out": "there" }]));
    assert_eq!(out.effect(), Some(&Effect::Out { database: None, collection: "there".to_owned() }));
    let merge = parse(
        bson!([{ "$merge": { "into": { "db": "d", "coll": "c" }, "on": ["k"], "whenMatched": "replace", "whenNotMatched": "discard" } }]),
    );
    assert!(matches!(merge.effect(), Some(Effect::Merge { collection, .. }) if collection == "c"));
}

#[test]
fn one_pipeline_runs_many() {
    let stages = bson!([{ "$facet": {
        "cheap": [{ "$match": { "price": { "$lt": 10 } } }, { "$count": "n" }],
        "first": [{ "$limit": 1 }, { "$project": { "item": 1 } }],
    } }]);
    check(stages, sales(), vec![doc! { "cheap": [{ "n": 2 }], "first": [{ "_id": 1, "item": "a" }] }]);
    let united = bson!([{ "$limit": 1 }, { "$unionWith": { "coll": "stock", "pipeline": [{ "$match": { "sku": "b" } }] } }]);
    check(united, sales(), vec![sales()[0].clone(), doc! { "_id": 2, "sku": "b", "n": 7 }]);
}
