//! Pages against a plain reading of the rules: sort, group, cut.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn database(keys: &[&str]) -> Connection {
    let db = Connection::open_in_memory().unwrap();
    db.execute_batch(include_str!("../../schema.sql")).unwrap();
    db.execute_batch(include_str!("../../schema_2.sql")).unwrap();
    for key in keys {
        let sql = "INSERT OR REPLACE INTO s3_object (bucket, key, size, etag, modified, storage_class, \
            attributes, tags) VALUES (1, ?, 1, 'e', 0, 'STANDARD', '{}', '[]')";
        db.execute(sql, [key.as_bytes()]).unwrap();
    }
    db
}

fn names(page: &Page) -> Vec<String> {
    page.items.iter().map(|item| item.name().to_owned()).collect()
}

fn all_pages(db: &Connection, scan: &Scan) -> Vec<String> {
    let (mut listed, mut scan) = (Vec::new(), scan.clone());
    loop {
        let page = scan.run(db, 1).unwrap();
        assert!(page.items.len() <= scan.limit);
        listed.extend(names(&page));
        match page.next {
            Some(next) => scan = scan.from(next),
            None => return listed,
        }
    }
}

fn expected(keys: &[&str], prefix: &str, delimiter: &str) -> Vec<String> {
    let under = keys.iter().filter(|key| key.starts_with(prefix));
    let grouped: BTreeSet<&str> = under.map(|key| group(key, prefix, delimiter).unwrap_or(key)).collect();
    grouped.into_iter().map(str::to_owned).collect()
}

#[test]
fn keys_come_in_the_order_of_their_bytes() {
    let keys = ["b", "B", "é", "a/b", "a", "a.b", "\u{10000}", "\u{ffff}", "~"];
    let listed = all_pages(&database(&keys), &Scan::new("", "", 1000));
    assert_eq!(listed, ["B", "a", "a.b", "a/b", "b", "~", "é", "\u{ffff}", "\u{10000}"]);
}

#[test]
fn a_page_ends_exactly_where_the_last_key_does() {
    let db = database(&["a", "b", "c/1", "c/2"]);
    let page = Scan::new("", "/", 3).run(&db, 1).unwrap();
    assert_eq!(names(&page), ["a", "b", "c/"]);
    assert_eq!(page.next, None);
    let page = Scan::new("", "/", 2).run(&db, 1).unwrap();
    assert!(page.next.is_some());
    assert_eq!(Scan::new("", "/", 0).run(&db, 1).unwrap(), Page { items: vec![], next: None });
}

#[test]
fn after_a_key_inside_a_group_the_group_is_behind() {
    let db = database(&["a/1", "a/2", "b"]);
    let after = |key: &str| names(&Scan::new("", "/", 10).after(key).run(&db, 1).unwrap());
    assert_eq!(after("a/"), ["b"]);
    assert_eq!(after("a/1"), ["b"]);
    assert_eq!(after("a"), ["a/", "b"]);
    assert_eq!(after("zz"), Vec::<String>::new());
}

proptest! {
    #[test]
    fn pages_of_any_size_give_the_whole_listing(
        keys in prop::collection::vec("[ab/é]{1,5}", 0..25),
        prefix in "[ab/]{0,2}",
        delimiter in prop::sample::select(vec!["", "/", "b", "a/"]),
        limit in 1_usize..6,
    ) {
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let listed = all_pages(&database(&keys), &Scan::new(&prefix, delimiter, limit));
        prop_assert_eq!(listed, expected(&keys, &prefix, delimiter));
    }
}
