//! What dotted paths find, through arrays too.

use bson::{Bson, Document, bson, doc};

use super::super::key::{Direction, push};
use super::{Leaf, Path, Visit, index_keys};

fn check(document: Document, path: &str, leaf: Leaf, expected: Bson) {
    let mut found = Vec::new();
    Path::new(path).unwrap().visit(&document, leaf, &mut |at| {
        found.push(at.value.cloned().unwrap_or(Bson::Undefined));
        Visit::Continue
    });
    assert_eq!(Bson::Array(found), expected, "{path} in {document}");
}

#[test]
fn paths_go_through_arrays() {
    let none = Bson::Undefined;
    check(doc! { "a": 1 }, "a", Leaf::Elements, bson!([1]));
    check(doc! { "a": 1 }, "b", Leaf::Elements, bson!([none.clone()]));
    check(doc! { "a": [1, 2] }, "a", Leaf::Elements, bson!([1, 2, [1, 2]]));
    check(doc! { "a": [1, 2] }, "a", Leaf::Whole, bson!([[1, 2]]));
    check(doc! { "a": [] }, "a", Leaf::Elements, bson!([[]]));
    check(doc! { "a": { "b": 1 } }, "a.b", Leaf::Elements, bson!([1]));
    check(doc! { "a": 5 }, "a.b", Leaf::Elements, bson!([none.clone()]));
    check(doc! { "a": [{ "b": 1 }, { "c": 2 }, 3] }, "a.b", Leaf::Elements, bson!([1, none]));
    check(doc! { "a": [{ "b": [1] }] }, "a.b", Leaf::Elements, bson!([1, [1]]));
    check(doc! { "a": [5, [2, 4]] }, "a.1", Leaf::Elements, bson!([[2, 4]]));
    check(doc! { "a": [{ "b": 1 }] }, "a.0.b", Leaf::Elements, bson!([1, Bson::Undefined]));
    check(doc! { "a": [1] }, "a.b", Leaf::Elements, bson!([]));
}

fn check_keys(document: Document, pattern: &[(&str, Direction)], expected: &[&[Bson]]) {
    let paths: Vec<_> =
        pattern.iter().map(|(path, direction)| (Path::new(path).unwrap(), *direction)).collect();
    let keys = index_keys(&document, &paths).unwrap();
    let expected = expected.iter().map(|values| {
        let mut key = Vec::new();
        values.iter().zip(pattern).for_each(|(value, (_, direction))| push(&mut key, value, *direction));
        key
    });
    assert_eq!(keys.keys, expected.collect(), "{document}");
}

#[test]
fn arrays_give_several_keys() {
    use Direction::{Ascending as Up, Descending as Down};
    check_keys(doc! { "a": 1 }, &[("a", Up)], &[&[bson!(1)]]);
    check_keys(doc! {}, &[("a", Up)], &[&[Bson::Null]]);
    check_keys(doc! { "a": [] }, &[("a", Up)], &[&[Bson::Undefined]]);
    check_keys(doc! { "a": [] }, &[("a.b", Up)], &[&[Bson::Null]]);
    check_keys(doc! { "a": [2, 1, 2] }, &[("a", Up)], &[&[bson!(1)], &[bson!(2)]]);
    check_keys(doc! { "a": [[1, 2]] }, &[("a", Up)], &[&[bson!([1, 2])]]);
    check_keys(
        doc! { "a": [1, 2], "b": 3 },
        &[("a", Up), ("b", Down)],
        &[&[bson!(1), bson!(3)], &[bson!(2), bson!(3)]],
    );
    check_keys(
        doc! { "a": [{ "b": 1, "c": 2 }, { "b": 3 }] },
        &[("a.b", Up), ("a.c", Up)],
        &[&[bson!(1), bson!(2)], &[bson!(3), Bson::Null]],
    );
    check_keys(
        doc! { "a": [{ "b": [1, 2] }, 7] },
        &[("a.b", Up)],
        &[&[bson!(1)], &[bson!(2)], &[Bson::Null]],
    );
    check_keys(doc! { "a": [5, 6] }, &[("a.1", Up)], &[&[bson!(6)]]);
}

#[test]
fn parallel_arrays_have_no_keys() {
    let paths = ["a", "b"].map(|path| (Path::new(path).unwrap(), Direction::Ascending));
    let refused = index_keys(&doc! { "a": [1], "b": [2] }, &paths).unwrap_err();
    assert_eq!((refused.code, refused.message.as_str()), (171, "cannot index parallel arrays [b] [a]"));
}
