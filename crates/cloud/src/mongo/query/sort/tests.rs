//! Sorting by one and more fields, through arrays too.

use bson::{Bson, Document, bson, doc};

use super::Sort;

fn check(spec: Document, mut documents: Vec<Document>, expected: &[i32]) {
    let sort = Sort::parse(&spec).unwrap();
    documents.sort_by_key(|document| sort.key(document).unwrap());
    let ids: Vec<i32> = documents.iter().map(|document| document.get_i32("_id").unwrap()).collect();
    assert_eq!(ids, expected, "{spec}");
}

#[test]
fn documents_sort() {
    let documents = vec![
        doc! { "_id": 1, "a": 5 },
        doc! { "_id": 2, "a": [1, 9] },
        doc! { "_id": 3 },
        doc! { "_id": 4, "a": "x" },
        doc! { "_id": 5, "a": 2.5 },
        doc! { "_id": 6, "a": [] },
    ];
    check(doc! { "a": 1 }, documents.clone(), &[6, 3, 2, 5, 1, 4]);
    check(doc! { "a": -1 }, documents, &[4, 2, 1, 5, 3, 6]);
    let nested = vec![doc! { "_id": 1, "a": { "b": 2 }, "c": 1 }, doc! { "_id": 2, "a": { "b": 2 }, "c": 2 }];
    check(doc! { "a.b": 1, "c": -1 }, nested, &[2, 1]);
}

#[test]
fn wrong_directions_are_refused() {
    let code = |direction: Bson| Sort::parse(&doc! { "a": direction }).unwrap_err().code;
    assert_eq!(code(bson!(2)), 15975);
    assert_eq!(code(bson!("up")), 15974);
    assert_eq!(code(bson!({ "$meta": "textScore" })), 238);
    let parallel = Sort::parse(&doc! { "a": 1, "b": 1 }).unwrap().key(&doc! { "a": [1], "b": [1] });
    assert_eq!(parallel.unwrap_err().code, 2);
}
