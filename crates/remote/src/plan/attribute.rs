//! Which attributes of a resource change, by comparing it before and after.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;
use serde_json::Value;
use similar::{ChangeTag, TextDiff};

/// Longest value that is shown whole, in characters.
const LONGEST: usize = 160;

/// An attribute that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attribute {
    /// `policy`, `rule[0].expiration[0].days`.
    pub path: String,
    /// As it is; `null` where it is not set.
    pub before: String,
    /// As it will be.
    pub after: String,
    /// Where both are JSON: the lines that differ, `- …` and `+ …`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub difference: Vec<String>,
}

/// Before, after, and what is known about them.
#[derive(Clone, Copy)]
struct Sides<'a> {
    before: &'a Value,
    after: &'a Value,
    unknown: &'a Value,
    secret_before: &'a Value,
    secret_after: &'a Value,
}

/// The attributes in which `change` of a plan differs before and after.
pub(super) fn attributes(change: &Value) -> Vec<Attribute> {
    let side = |name: &str| change.get(name).unwrap_or(&Value::Null);
    let sides = Sides {
        before: side("before"),
        after: side("after"),
        unknown: side("after_unknown"),
        secret_before: side("before_sensitive"),
        secret_after: side("after_sensitive"),
    };
    let mut found = Vec::new();
    sides.compare(String::new(), &mut found);
    found
}

impl<'a> Sides<'a> {
    fn compare(self, path: String, found: &mut Vec<Attribute>) {
        let is_known = *self.unknown != Value::Bool(true);
        if is_known && self.before == self.after && !has_true(self.unknown) {
            return;
        }
        let is_secret = *self.secret_before == Value::Bool(true) || *self.secret_after == Value::Bool(true);
        match (self.before, self.after) {
            (Value::Object(before), Value::Object(after)) if is_known && !is_secret => {
                let unknown = self.unknown.as_object().into_iter().flat_map(serde_json::Map::keys);
                let keys: BTreeSet<&String> = before.keys().chain(after.keys()).chain(unknown).collect();
                for key in keys {
                    let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                    self.at(|value| value.get(key)).compare(path, found);
                }
            }
            (Value::Array(before), Value::Array(after)) if is_known && !is_secret => {
                for index in 0..before.len().max(after.len()) {
                    self.at(|value| value.get(index)).compare(format!("{path}[{index}]"), found);
                }
            }
            (before, after) => found.push(Attribute {
                path,
                difference: if is_known && !is_secret { difference(before, after) } else { Vec::new() },
                before: if is_secret { "(sensitive)".to_owned() } else { shown(before) },
                after: match (is_known, is_secret) {
                    (false, _) => "(known after apply)".to_owned(),
                    (true, true) => "(sensitive)".to_owned(),
                    (true, false) => shown(after),
                },
            }),
        }
    }

    fn at(self, part: impl Fn(&'a Value) -> Option<&'a Value>) -> Self {
        // Of a part that is marked as a whole, every piece is marked.
        let mark =
            |value: &'a Value| if value.is_boolean() { value } else { part(value).unwrap_or(&Value::Null) };
        Self {
            before: part(self.before).unwrap_or(&Value::Null),
            after: part(self.after).unwrap_or(&Value::Null),
            unknown: mark(self.unknown),
            secret_before: mark(self.secret_before),
            secret_after: mark(self.secret_after),
        }
    }
}

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.difference.is_empty() {
            return write!(f, "{}: {} → {}", self.path, self.before, self.after);
        }
        write!(f, "{}:", self.path)?;
        self.difference.iter().try_for_each(|line| write!(f, "\n    {line}"))
    }
}

fn has_true(value: &Value) -> bool {
    match value {
        Value::Bool(is_true) => *is_true,
        Value::Array(parts) => parts.iter().any(has_true),
        Value::Object(parts) => parts.values().any(has_true),
        _ => false,
    }
}

/// The lines in which two texts differ that are both JSON, as a policy is.
fn difference(before: &Value, after: &Value) -> Vec<String> {
    let pretty = |value: &Value| {
        let inside: Value = serde_json::from_str(value.as_str()?).ok()?;
        (inside.is_object() || inside.is_array()).then(|| format!("{inside:#}"))
    };
    let (Some(before), Some(after)) = (pretty(before), pretty(after)) else { return Vec::new() };
    let compared = TextDiff::from_lines(&before, &after);
    let changed = |tag| match tag {
        ChangeTag::Delete => Some('-'),
        ChangeTag::Insert => Some('+'),
        ChangeTag::Equal => None,
    };
    let lines = compared.iter_all_changes().filter_map(|change| {
        let sign = changed(change.tag())?;
        Some(format!("{sign} {}", change.value().trim()))
    });
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() { vec!["only spaces and the order of keys differ".to_owned()] } else { lines }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}
