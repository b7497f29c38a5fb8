//! Every rejected init file beside the exact text a person sees, and what an accepted one means.
//! `UPDATE_GOLDEN=1 cargo test -p taxiway-model` rewrites the texts.

#![expect(clippy::disallowed_methods, reason = "a test reads its files")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use model::init::Contents;

/// The variables of the surroundings in these tests.
fn variables(name: &str) -> Option<String> {
    (name == "PASSWORD").then(|| "never-show-this".to_owned())
}

fn read(text: &str) -> Contents {
    model::read_init("init.yaml", text, &variables).map_err(|problems| problems.render(text, false)).unwrap()
}

#[test]
fn rejected_files_say_why_and_show_no_value() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/init");
    let mut stale = Vec::new();
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "yaml"));
    assert!(files.len() >= 10, "only {} files", files.len());
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let problems = model::read_init("init.yaml", &text, &variables).unwrap_err();
        let shown = problems.render(&text, false);
        assert!(!shown.contains("never-show-this"), "{} shows a value:\n{shown}", file.display());
        let golden = file.with_extension("txt");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&golden, &shown).unwrap();
        } else if fs::read_to_string(&golden).ok().as_deref() != Some(&shown) {
            stale.push(shown);
        }
    }
    assert!(stale.is_empty(), "missing or stale (UPDATE_GOLDEN=1 rewrites):\n{}", stale.join("\n"));
}

#[test]
fn a_dead_letter_queue_comes_before_its_queue() {
    let contents = read(
        "queues:\n  a: { dead_letter: { queue: b } }\n  b: { dead_letter: { queue: c, tries: 2 } }\n  c: {}\n  \
         orders.fifo: { dead_letter: {} }\n",
    );
    let names: Vec<&str> = contents.queues.iter().map(|queue| queue.name.as_str()).collect();
    assert_eq!(names, ["c", "orders-dlq.fifo", "b", "orders.fifo", "a"]);
    assert_eq!(contents.queues[1].attributes["FifoQueue"], "true");
    assert_eq!(contents.queues[2].dead_letter, Some(("c".to_owned(), 2)));
}

#[test]
fn fields_become_attributes_by_their_own_names() {
    let contents = read(
        "queues:\n  orders: { visibility: 1m, delay: 5s, attributes: { MaximumMessageSize: 2048 }, tags: { a: b } }\n",
    );
    let orders = &contents.queues[0];
    let attributes: Vec<_> =
        orders.attributes.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(attributes, ["DelaySeconds=5", "MaximumMessageSize=2048", "VisibilityTimeout=60"]);
    assert_eq!(orders.tags["a"], "b");
}

#[test]
fn json_lists_and_short_forms_do() {
    let contents = read(
        r#"{"queues": ["one", "two.fifo"], "buckets": ["shelf"], "parameters": {"/a": 5},
            "secrets": {"db": "${PASSWORD}", "api": {"value": "{\"key\": 1}", "description": "d"}}}"#,
    );
    assert_eq!(contents.queues.len(), 2);
    assert_eq!(contents.buckets[0].name, "shelf");
    assert_eq!((contents.parameters[0].kind, contents.parameters[0].value.as_str()), ("String", "5"));
    assert_eq!(contents.secrets[0].value, "{\"key\": 1}");
    assert_eq!(contents.secrets[1].value, "never-show-this");
    assert!(!format!("{contents:?}").contains("never-show-this"));
}

#[test]
fn a_bucket_counts_days() {
    let contents = read("buckets:\n  shelf: { versioning: true, expire: 2w }\n");
    assert_eq!((contents.buckets[0].versioning, contents.buckets[0].expire_days), (true, Some(14)));
}
