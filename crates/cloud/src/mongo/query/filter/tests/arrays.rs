//! Filters that look into arrays.

use super::*;

#[test]
fn elements_and_wholes() {
    yes(doc! { "a": 1 }, doc! { "a": [1, 2] });
    yes(doc! { "a": [1, 2] }, doc! { "a": [1, 2] });
    no(doc! { "a": [1, 2] }, doc! { "a": [2, 1] });
    yes(doc! { "a": [1, 2] }, doc! { "a": [[1, 2], 3] });
    yes(doc! { "a.b": 1 }, doc! { "a": [{ "b": 2 }, { "b": 1 }] });
    yes(doc! { "a.0": 1 }, doc! { "a": [1, 2] });
    no(doc! { "a.1": 1 }, doc! { "a": [1, 2] });
    yes(doc! { "a.0.b": 1 }, doc! { "a": [{ "b": 1 }] });
    yes(doc! { "a.0": 1 }, doc! { "a": { "0": 1 } });
    yes(doc! { "a": { "$gt": 1, "$lt": 2 } }, doc! { "a": [0, 5] });
    yes(doc! { "a.b": { "$gt": 4 } }, doc! { "a": [{ "b": [1, 5] }] });
    yes(doc! { "a": [] }, doc! { "a": [] });
    no(doc! { "a": 1 }, doc! { "a": [[1]] });
}

#[test]
fn all_of_them() {
    yes(doc! { "a": { "$all": [1, 2] } }, doc! { "a": [2, 3, 1] });
    no(doc! { "a": { "$all": [1, 4] } }, doc! { "a": [2, 3, 1] });
    yes(doc! { "a": { "$all": [1] } }, doc! { "a": 1 });
    no(doc! { "a": { "$all": [] } }, doc! { "a": [] });
    yes(doc! { "a": { "$all": [[1, 2]] } }, doc! { "a": [1, 2] });
    yes(doc! { "a": { "$all": [regex("^x", ""), "b"] } }, doc! { "a": ["b", "xy"] });
    let matching =
        doc! { "a": { "$all": [{ "$elemMatch": { "b": 1, "c": 1 } }, { "$elemMatch": { "b": 2 } }] } };
    yes(matching.clone(), doc! { "a": [{ "b": 2 }, { "b": 1, "c": 1 }] });
    no(matching, doc! { "a": [{ "b": 1 }, { "c": 1 }, { "b": 2 }] });
}

#[test]
fn one_element_that_passes() {
    yes(doc! { "a": { "$elemMatch": { "$gt": 1, "$lt": 5 } } }, doc! { "a": [0, 3] });
    no(doc! { "a": { "$elemMatch": { "$gt": 1, "$lt": 5 } } }, doc! { "a": [0, 7] });
    no(doc! { "a": { "$elemMatch": { "$gt": 1 } } }, doc! { "a": 3 });
    yes(
        doc! { "a": { "$elemMatch": { "b": 1, "c": { "$gt": 2 } } } },
        doc! { "a": [{ "b": 1 }, { "b": 1, "c": 3 }] },
    );
    no(doc! { "a": { "$elemMatch": { "b": 1, "c": 3 } } }, doc! { "a": [{ "b": 1 }, { "c": 3 }] });
    yes(doc! { "a": { "$elemMatch": { "$or": [{ "b": 1 }, { "b": 2 }] } } }, doc! { "a": [{ "b": 2 }] });
    yes(doc! { "a": { "$elemMatch": { "$in": ["x", "y"] } } }, doc! { "a": ["z", "y"] });
    yes(doc! { "a": { "$elemMatch": { "$elemMatch": { "$eq": 1 } } } }, doc! { "a": [[1, 2]] });
    yes(doc! { "a": { "$elemMatch": { "$not": { "$gt": 1 } } } }, doc! { "a": [5, 0] });
    yes(doc! { "a.b": { "$elemMatch": { "$eq": 1 } } }, doc! { "a": [{ "b": [1] }] });
    yes(doc! { "a": { "$elemMatch": { "0": 1 } } }, doc! { "a": [[1]] });
}

#[test]
fn sizes() {
    yes(doc! { "a": { "$size": 2 } }, doc! { "a": [1, 2] });
    yes(doc! { "a": { "$size": 2.0 } }, doc! { "a": [1, 2] });
    no(doc! { "a": { "$size": 1 } }, doc! { "a": 1 });
    no(doc! { "a": { "$size": 1 } }, doc! { "a": [[1, 2], 3] });
    yes(doc! { "a": { "$not": { "$size": 0 } } }, doc! { "a": [1] });
}
