//! The same system is the same bytes; one changed setting changes its own lines.

use targets::{Target, compile};

use crate::systems::{environments, resolve, text};

const SYSTEMS: [&str; 5] = ["bootstrap", "flights", "ingest", "knowledge", "tracker"];

#[test]
fn two_compilations_are_the_same_bytes() {
    for system in SYSTEMS {
        let text = text(system);
        for environment in environments(&text) {
            let once = compile(&resolve(&text, &environment), Target::Aws);
            let again = compile(&resolve(&text, &environment), Target::Aws);
            assert!(once == again, "{system} {environment}");
        }
    }
}

const ORDERED: &str = "
name: shop
services:
  api: { type: web, build: ., port: 8000, uses: { jobs: send, files: read }, http: { path: / } }
  worker: { type: worker, build: ., uses: { jobs: consume, files: write } }
resources:
  jobs: { type: queue }
  files: { type: bucket }
environments: { prod: {} }
";

const REORDERED: &str = "
environments: { prod: {} }
resources:
  files: { type: bucket }
  jobs: { type: queue }
services:
  worker: { uses: { files: write, jobs: consume }, build: ., type: worker }
  api: { http: { path: / }, uses: { files: read, jobs: send }, port: 8000, build: ., type: web }
name: shop
";

#[test]
fn another_order_is_the_same_bytes() {
    let ordered = compile(&resolve(ORDERED, "prod"), Target::Aws);
    assert!(ordered == compile(&resolve(REORDERED, "prod"), Target::Aws));
}

#[test]
fn one_setting_changes_its_own_lines() {
    let before = compile(&resolve(ORDERED, "prod"), Target::Aws);
    let after = compile(
        &resolve(&ORDERED.replace("type: queue", "type: queue, visibility: 77s"), "prod"),
        Target::Aws,
    );
    let changed: Vec<&String> = after
        .files
        .iter()
        .filter(|(path, content)| before.files.get(*path) != Some(content))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(changed, ["prod/data/queues.tf"]);
    let lines = |files: &std::collections::BTreeMap<String, Vec<u8>>| {
        String::from_utf8(files["prod/data/queues.tf"].clone())
            .expect("UTF-8")
            .lines()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let (before, after) = (lines(&before.files), lines(&after.files));
    let different: Vec<_> = before.iter().zip(&after).filter(|(one, other)| one != other).collect();
    assert_eq!((before.len(), different.len()), (after.len(), 1), "{different:?}");
}
