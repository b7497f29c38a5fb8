//! What the table has to be, and that its page is fresh.

#![expect(clippy::disallowed_methods, reason = "a test is at the rim")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use super::skipped::{ELSEWHERE, TOPICS};
use super::{HEADING, OTHERS, Skipped, file};

fn all() -> impl Iterator<Item = &'static Skipped> {
    TOPICS.iter().flat_map(|topic| topic.skipped)
}

#[test]
fn every_check_is_there_once_and_says_why() {
    let ids: BTreeSet<_> = all().map(|skipped| skipped.id).collect();
    assert_eq!(ids.len(), all().count());
    for skipped in all().chain(ELSEWHERE) {
        for text in [skipped.wants, skipped.reason, skipped.change] {
            assert!(!text.is_empty() && !text.ends_with('.'), "{}: {text:?}", skipped.id);
        }
    }
}

#[test]
fn a_check_stands_below_its_reason() {
    let text = file();
    assert!(text.starts_with("# What checkov asks"), "{text}");
    let text = text.replace("\n  # ", " ");
    let wanted = "The public door\n  # A distribution has a default root object (CloudFront.1): there is no bucket of pages \
                  behind it: the service answers `/` itself; there is nothing that such an object would protect.\n  - \
                  CKV_AWS_305";
    assert!(text.contains(wanted), "{text}");
    assert_eq!(text.lines().filter(|line| line.starts_with("  - CKV")).count(), all().count());
}

#[test]
fn the_page_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/policies.md");
    let fresh = page();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &fresh).expect("docs/ can be written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        written, fresh,
        "docs/policies.md is stale; UPDATE_GOLDEN=1 cargo test -p taxiway-targets rewrites it"
    );
}

const INTRODUCTION: &str = "# Policies

`taxiway compile --target aws` writes `.checkov.yaml` beside the modules: every check of [checkov](https://www.checkov.io) that
does not hold for what is compiled, each with its reason. This page is made from the same table,
`crates/targets/src/terraform/policy/skipped.rs`. In that folder `checkov -d .` finds nothing else, and neither does `checkov
--config-file .checkov.yaml -f PLAN.json --framework terraform_plan` in the plan of a stack.

`TAXIWAY_CHECKOV=/path/to/checkov cargo nextest run -p taxiway-targets policy` holds both: nothing else fails for the systems of
this repository, and everything in the table fails for one of them.
";

fn page() -> String {
    let mut text = INTRODUCTION.to_owned();
    let patches = HEADING.lines().last().unwrap_or_default();
    writeln!(text, "\n{patches}").expect("a string takes everything");
    for topic in TOPICS {
        writeln!(text, "\n## {}\n", topic.title).expect("a string takes everything");
        table(&mut text, topic.skipped);
    }
    text.push_str("\n## Rules of others\n\n");
    writeln!(text, "{OTHERS}\n").expect("a string takes everything");
    table(&mut text, ELSEWHERE);
    text
}

fn table(text: &mut String, of: &[Skipped]) {
    text.push_str("| check | also | wants | why not here | how to change it |\n|---|---|---|---|---|\n");
    for Skipped { id, also, wants, reason, change } in of {
        let also = also.join(", ");
        writeln!(text, "| {id} | {also} | {wants} | {reason} | {change} |")
            .expect("a string takes everything");
    }
}
