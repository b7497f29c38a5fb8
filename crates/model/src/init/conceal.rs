//! Keeps passwords and values of parameters and secrets out of every drawing of a line.

use crate::problem::{Findings, TextRange};
use crate::yaml::{Node, Value};

/// Fields whose entries have values to keep.
const KEPT: [&str; 3] = ["parameters", "secrets", "databases"];

/// What an entry says that may be shown.
const SHOWN: [&str; 2] = ["type", "description"];

/// Conceals whatever might be a value, misspelt fields included.
pub(super) fn values(root: &Node, findings: &mut Findings) {
    for entry in root.entries().iter().filter(|entry| !is_public(&entry.key.name)) {
        scalars(&entry.value, findings);
    }
}

/// Conceals what comes after the first such field in a text that is no YAML.
pub(super) fn unread(text: &str, findings: &mut Findings) {
    let first = KEPT.iter().filter_map(|field| text.find(field).map(|at| at + field.len())).min();
    if let Some(at) = first {
        findings.conceal(TextRange::new(at, text.len()));
    }
}

fn is_public(field: &str) -> bool {
    matches!(field, "queues" | "buckets")
}

fn scalars(node: &Node, findings: &mut Findings) {
    match &node.value {
        Value::Null => {}
        Value::Scalar(_) => findings.conceal(node.range),
        Value::List(items) => items.iter().for_each(|item| scalars(item, findings)),
        Value::Map(entries) => {
            for entry in entries.iter().filter(|entry| !SHOWN.contains(&entry.key.name.as_str())) {
                scalars(&entry.value, findings);
            }
        }
    }
}
