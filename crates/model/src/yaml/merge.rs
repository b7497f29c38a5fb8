//! An environment laid over the rest: mappings merge, lists and scalars replace, `null` removes.

use std::collections::BTreeMap;

use super::{Entry, Node, Value};

/// Lays `over` on `base`.
pub(crate) fn overlay(base: &Node, over: &Node) -> Node {
    match (&base.value, &over.value) {
        (Value::Map(below), Value::Map(above)) => {
            Node { range: base.range, value: Value::Map(entries(below, above)) }
        }
        _ => without_nulls(over),
    }
}

fn entries(below: &[Entry], above: &[Entry]) -> Vec<Entry> {
    let mut upper: BTreeMap<&str, &Entry> =
        above.iter().map(|entry| (entry.key.name.as_str(), entry)).collect();
    let mut merged = Vec::with_capacity(below.len() + above.len());
    for entry in below {
        match upper.remove(entry.key.name.as_str()) {
            None => merged.push(entry.clone()),
            Some(over) if matches!(over.value.value, Value::Null) => {}
            Some(over) => {
                merged.push(Entry { key: entry.key.clone(), value: overlay(&entry.value, &over.value) });
            }
        }
    }
    let fresh = above.iter().filter(|entry| upper.contains_key(entry.key.name.as_str()));
    merged.extend(
        fresh
            .filter(|entry| !matches!(entry.value.value, Value::Null))
            .map(|entry| Entry { key: entry.key.clone(), value: without_nulls(&entry.value) }),
    );
    merged
}

/// A mapping that meets nothing: there is nothing for its nulls to remove.
fn without_nulls(node: &Node) -> Node {
    match &node.value {
        Value::Map(above) => Node { range: node.range, value: Value::Map(entries(&[], above)) },
        _ => node.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Findings;

    fn merged(base: &str, over: &str) -> String {
        let parse = |text| crate::yaml::parse(text, &|_| None, &mut Findings::default()).unwrap();
        shown(&overlay(&parse(base), &parse(over)))
    }

    fn shown(node: &Node) -> String {
        match &node.value {
            Value::Null => "null".to_owned(),
            Value::Scalar(scalar) => scalar.text.clone(),
            Value::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(" ")),
            Value::Map(entries) => {
                let entry = |entry: &Entry| format!("{}:{}", entry.key.name, shown(&entry.value));
                format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(" "))
            }
        }
    }

    #[test]
    fn mappings_merge_lists_replace_null_removes() {
        assert_eq!(merged("{a: {b: 1, c: 2}}", "{a: {c: 3, d: 4}}"), "{a:{b:1 c:3 d:4}}");
        assert_eq!(merged("{a: [1, 2]}", "{a: [3]}"), "{a:[3]}");
        assert_eq!(merged("{a: {b: 1}, c: 2}", "{a: null}"), "{c:2}");
        assert_eq!(merged("{a: 1}", "{b: {c: null, d: 1}}"), "{a:1 b:{d:1}}");
        assert_eq!(merged("{a: 1}", "{a: {b: 2}}"), "{a:{b:2}}");
    }
}
