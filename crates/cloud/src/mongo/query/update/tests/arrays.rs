//! Updates of arrays.

use super::*;

#[test]
fn pushing() {
    check(doc! { "$push": { "a": 3 } }, doc! { "a": [1, 2] }, doc! { "a": [1, 2, 3] });
    check(doc! { "$push": { "a": [3] } }, doc! {}, doc! { "a": [[3]] });
    check(doc! { "$push": { "a": { "$each": [3, 4] } } }, doc! { "a": [1] }, doc! { "a": [1, 3, 4] });
    check(
        doc! { "$push": { "a": { "$each": [9], "$position": 0 } } },
        doc! { "a": [1] },
        doc! { "a": [9, 1] },
    );
    check(
        doc! { "$push": { "a": { "$each": [9], "$position": -1 } } },
        doc! { "a": [1, 2] },
        doc! { "a": [1, 9, 2] },
    );
    check(
        doc! { "$push": { "a": { "$each": [0], "$sort": 1, "$slice": 2 } } },
        doc! { "a": [3, 1] },
        doc! { "a": [0, 1] },
    );
    check(
        doc! { "$push": { "a": { "$each": [5], "$slice": -2 } } },
        doc! { "a": [3, 1] },
        doc! { "a": [1, 5] },
    );
    let sorted = doc! { "$push": { "a": { "$each": [{ "x": 1 }], "$sort": { "x": -1 } } } };
    check(sorted, doc! { "a": [{ "x": 0 }, { "x": 2 }] }, doc! { "a": [{ "x": 2 }, { "x": 1 }, { "x": 0 }] });
    refused(
        doc! { "$push": { "a": 1 } },
        doc! { "_id": 1, "a": 5 },
        2,
        "The field 'a' must be an array but is of type int in document {_id: 1}",
    );
    refused(doc! { "$push": { "a": { "$each": 1 } } }, doc! {}, 2, "$each in $push must be an array");
    refused(
        doc! { "$push": { "a": { "$each": [], "x": 1 } } },
        doc! {},
        2,
        "Unrecognized clause in $push: x",
    );
}

#[test]
fn sets_and_ends() {
    check(doc! { "$addToSet": { "a": 2 } }, doc! { "a": [1, 2.0] }, doc! { "a": [1, 2.0] });
    check(
        doc! { "$addToSet": { "a": { "$each": [2, 3, 3] } } },
        doc! { "a": [1, 2] },
        doc! { "a": [1, 2, 3] },
    );
    check(doc! { "$addToSet": { "a": [1] } }, doc! { "a": [1] }, doc! { "a": [1, [1]] });
    refused(
        doc! { "$addToSet": { "a": 1 } },
        doc! { "a": 5 },
        2,
        "Cannot apply $addToSet to non-array field",
    );
    check(doc! { "$pop": { "a": 1 } }, doc! { "a": [1, 2] }, doc! { "a": [1] });
    check(doc! { "$pop": { "a": -1 } }, doc! { "a": [1, 2] }, doc! { "a": [2] });
    check(doc! { "$pop": { "a": -1 } }, doc! { "a": [] }, doc! { "a": [] });
    refused(doc! { "$pop": { "a": 1 } }, doc! { "a": 5 }, 14, "non-array type");
}

#[test]
fn pulling() {
    check(doc! { "$pull": { "a": 2 } }, doc! { "a": [1, 2, 2] }, doc! { "a": [1] });
    check(doc! { "$pull": { "a": { "$gte": 2 } } }, doc! { "a": [1, 2, 3] }, doc! { "a": [1] });
    check(doc! { "$pull": { "a": { "$in": [1, 3] } } }, doc! { "a": [1, 2, 3] }, doc! { "a": [2] });
    check(
        doc! { "$pull": { "a": { "b": 1 } } },
        doc! { "a": [{ "b": 1, "c": 2 }, { "b": 2 }, 1] },
        doc! { "a": [{ "b": 2 }, 1] },
    );
    check(
        doc! { "$pull": { "a": { "b": { "$gt": 1 } } } },
        doc! { "a": [{ "b": 1 }, { "b": 2 }] },
        doc! { "a": [{ "b": 1 }] },
    );
    check(doc! { "$pull": { "a": [1] } }, doc! { "a": [[1], 1] }, doc! { "a": [1] });
    let pattern =
        Bson::RegularExpression(Regex { pattern: "^x".try_into().unwrap(), options: "".try_into().unwrap() });
    check(doc! { "$pull": { "a": pattern } }, doc! { "a": ["xa", "b"] }, doc! { "a": ["b"] });
    check(doc! { "$pullAll": { "a": [1, 2] } }, doc! { "a": [1, 2, 3, 1] }, doc! { "a": [3] });
    check(doc! { "$pull": { "z": 1 } }, doc! { "a": 1 }, doc! { "a": 1 });
    refused(doc! { "$pull": { "a": 1 } }, doc! { "a": 1 }, 2, "Cannot apply $pull to a non-array value");
    refused(
        doc! { "$pullAll": { "a": 1 } },
        doc! {},
        2,
        "$pullAll requires an array argument but was given a int",
    );
}

#[test]
fn places() {
    check(doc! { "$set": { "a.1": 9 } }, doc! { "a": [1, 2] }, doc! { "a": [1, 9] });
    check(doc! { "$set": { "a.3": 9 } }, doc! { "a": [1] }, doc! { "a": [1, null, null, 9] });
    check(doc! { "$set": { "a.0.b": 9 } }, doc! { "a": [{ "c": 1 }] }, doc! { "a": [{ "c": 1, "b": 9 }] });
    check(doc! { "$unset": { "a.0": 1 } }, doc! { "a": [1, 2] }, doc! { "a": [null, 2] });
    check(doc! { "$inc": { "a.$[]": 1 } }, doc! { "a": [1, 2] }, doc! { "a": [2, 3] });
    check(
        doc! { "$set": { "a.$[].b": 1 } },
        doc! { "a": [{}, { "b": 2 }] },
        doc! { "a": [{ "b": 1 }, { "b": 1 }] },
    );
    check(doc! { "$inc": { "a.$[].$[]": 1 } }, doc! { "a": [[1], [2, 3]] }, doc! { "a": [[2], [3, 4]] });
    refused(doc! { "$set": { "a.$[]": 1 } }, doc! {}, 2, "The path 'a.$[]' must exist in the document");
    refused(
        doc! { "$set": { "a.$[]": 1 } },
        doc! { "a": 1 },
        2,
        "Cannot apply array updates to non-array element a: 1",
    );
    refused(doc! { "$set": { "a.5000000": 1 } }, doc! { "a": [] }, 2, "can't backfill");
}

#[test]
fn the_element_that_matched() {
    let run = |filter: Document, operators: Document, document: Document| {
        update(filter, operators.into(), &[], &document)
    };
    let set = doc! { "$set": { "a.$": 9 } };
    assert_eq!(run(doc! { "a": 2 }, set.clone(), doc! { "a": [1, 2, 2] }).unwrap(), doc! { "a": [1, 9, 2] });
    let nested = run(
        doc! { "a.b": 2 },
        doc! { "$inc": { "a.$.c": 5 } },
        doc! { "a": [{ "b": 1 }, { "b": 2, "c": 1 }] },
    );
    assert_eq!(nested.unwrap(), doc! { "a": [{ "b": 1 }, { "b": 2, "c": 6 }] });
    let refused = run(doc! {}, set, doc! { "a": [1] }).unwrap_err();
    assert_eq!((refused.code, refused.message.contains("did not find the match needed")), (2, true));
}

#[test]
fn elements_that_filters_pass() {
    let run = |operators: Document, filters: &[Document], document: Document| {
        update(doc! {}, operators.into(), filters, &document)
    };
    let set = doc! { "$set": { "a.$[x]": 0 } };
    assert_eq!(
        run(set.clone(), &[doc! { "x": { "$gte": 2 } }], doc! { "a": [1, 2, 3] }).unwrap(),
        doc! { "a": [1, 0, 0] }
    );
    let by_field = run(
        doc! { "$inc": { "a.$[e].n": 1 } },
        &[doc! { "e.k": "x", "e.n": { "$lt": 5 } }],
        doc! { "a": [{ "k": "x", "n": 1 }, { "k": "y", "n": 1 }] },
    );
    assert_eq!(by_field.unwrap(), doc! { "a": [{ "k": "x", "n": 2 }, { "k": "y", "n": 1 }] });
    let nested = run(
        doc! { "$set": { "a.$[e].b.$[f]": 0 } },
        &[doc! { "e.k": 1 }, doc! { "f": 7 }],
        doc! { "a": [{ "k": 1, "b": [7, 8] }, { "k": 2, "b": [7] }] },
    );
    assert_eq!(nested.unwrap(), doc! { "a": [{ "k": 1, "b": [0, 8] }, { "k": 2, "b": [7] }] });
    let code = |filters: &[Document]| run(set.clone(), filters, doc! { "a": [1] }).unwrap_err().code;
    assert_eq!(code(&[]), 2);
    assert_eq!(code(&[doc! { "x": 1 }, doc! { "y": 1 }]), 9);
    assert_eq!(code(&[doc! { "x": 1 }, doc! { "x": 2 }]), 9);
    assert_eq!(code(&[doc! { "X": 1 }]), 2);
    assert_eq!(code(&[doc! { "x": 1, "y": 1 }]), 9);
}
