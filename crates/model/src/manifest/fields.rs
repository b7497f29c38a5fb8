//! The fields that somebody wrote: of the manifest and of an environment merged over it, each with its place.

use super::Manifest;
use crate::language::{Kind, Read as _};
use crate::written;
use crate::yaml::{Node, Value};

/// A field that was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct WrittenField {
    /// With the names that were chosen: `services.api.scale.min`.
    pub path: String,
    /// As [`explain`](crate::explain) takes it: `services.scale.min`.
    pub field: String,
    /// The line of its value, or of its key where it is a mapping or a list, from 1.
    pub line: usize,
}

impl Manifest {
    /// Every field that holds a value in an environment, or without any: of a mapping its fields, and of a mapping of names
    /// to plain values each name. Nothing is said of fields that are left to their defaults.
    #[must_use]
    pub fn fields(&self, environment: Option<&str>) -> Vec<WrittenField> {
        let mut walk = Walk { text: &self.text, found: Vec::new() };
        walk.down(&self.tree(environment), written::Manifest::KIND, "", "");
        walk.found
    }
}

struct Walk<'a> {
    text: &'a str,
    found: Vec<WrittenField>,
}

impl Walk<'_> {
    fn down(&mut self, node: &Node, kind: &'static Kind, path: &str, field: &str) {
        match (kind, &node.value) {
            (Kind::Map { value: Kind::Overlay, .. }, _) => self.here(node, path, field),
            (Kind::Map { value, .. }, Value::Map(_)) => self.names(node, value, path, field),
            (Kind::Union { tag, shapes }, Value::Map(_)) => {
                let Some(chosen) = node.get(tag.name()).and_then(text) else { return };
                let Some((word, shape)) = shapes.iter().find(|(word, _)| *word == chosen) else { return };
                for entry in written_entries(node) {
                    let below = join(path, &entry.key.name);
                    match shape.field(&entry.key.name) {
                        Some(inner) => {
                            let field = join(&join(field, word), inner.name());
                            self.down(&entry.value, inner.kind, &below, &field);
                        }
                        None => self.here(&entry.value, &below, &join(field, tag.name())),
                    }
                }
            }
            (Kind::Shape(shape), Value::Map(_)) => {
                for entry in written_entries(node) {
                    let Some(inner) = shape.field(&entry.key.name) else { continue };
                    let (path, field) = (join(path, inner.name()), join(field, inner.name()));
                    self.down(&entry.value, inner.kind, &path, &field);
                }
            }
            (Kind::Either(kinds), Value::Map(_)) => {
                match kinds.iter().find(|kind| matches!(kind, Kind::Shape(_) | Kind::Map { .. })) {
                    Some(mapping) => self.down(node, mapping, path, field),
                    None => self.here(node, path, field),
                }
            }
            (Kind::List(item), Value::List(items)) if !item.shapes().is_empty() => {
                for (number, item_node) in items.iter().enumerate() {
                    self.down(item_node, item, &format!("{path}[{number}]"), field);
                }
            }
            _ => self.here(node, path, field),
        }
    }

    fn names(&mut self, node: &Node, value: &'static Kind, path: &str, field: &str) {
        for entry in written_entries(node) {
            self.down(&entry.value, value, &join(path, &entry.key.name), field);
        }
    }

    fn here(&mut self, node: &Node, path: &str, field: &str) {
        let before = self.text.as_bytes().get(..node.range.start).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        self.found.push(WrittenField { path: path.to_owned(), field: field.to_owned(), line });
    }
}

/// Entries but those that are ignored anywhere.
fn written_entries(node: &Node) -> impl Iterator<Item = &crate::yaml::Entry> {
    node.entries().iter().filter(|entry| !entry.key.name.starts_with("x-"))
}

fn text(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Scalar(scalar) => Some(&scalar.text),
        _ => None,
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

#[cfg(test)]
mod tests {
    const TEXT: &str = "\
name: shop
services:
  api:
    type: web
    run: ./api
    uses: { orders: send }
    env: { LOG_LEVEL: info }
    scale: { min: 1, max: 2, schedule: [{ at: \"@daily\", min: 2 }] }
    rollout: { hooks: { after_traffic: ./smoke.sh } }
resources:
  orders: { type: queue, env: { url: ORDERS } }
environments:
  prod:
    services: { api: { scale: { max: 4 } } }
";

    fn fields(environment: Option<&str>) -> Vec<(String, String, usize)> {
        let manifest = crate::read("taxiway.yaml", TEXT, &|_| None).expect("a good manifest");
        let fields = manifest.fields(environment).into_iter();
        fields.map(|field| (field.path, field.field, field.line)).collect()
    }

    fn has(environment: Option<&str>, path: &str, field: &str, line: usize) -> bool {
        fields(environment).contains(&(path.to_owned(), field.to_owned(), line))
    }

    #[test]
    fn a_field_is_named_with_and_without_the_names_around_it() {
        assert!(has(None, "services.api.run", "services.run", 5));
        assert!(has(None, "services.api.uses.orders", "services.uses", 6));
        assert!(has(None, "services.api.env.LOG_LEVEL", "services.env", 7));
        assert!(has(None, "services.api.scale.schedule[0].at", "services.scale.schedule.at", 8));
        assert!(has(
            None,
            "services.api.rollout.hooks.after_traffic",
            "services.rollout.hooks.after_traffic",
            9
        ));
        assert!(has(None, "resources.orders.type", "resources.type", 11));
        assert!(has(None, "resources.orders.env.url", "resources.queue.env.url", 11));
    }

    #[test]
    fn an_environment_has_its_own_lines() {
        assert!(has(None, "services.api.scale.max", "services.scale.max", 8));
        assert!(has(Some("prod"), "services.api.scale.max", "services.scale.max", 14));
        assert!(has(Some("prod"), "services.api.scale.min", "services.scale.min", 8));
    }

    #[test]
    fn every_field_can_be_explained() {
        for (path, field, _) in fields(Some("prod")) {
            assert!(crate::explain(&field).is_ok(), "{path}: {field}");
        }
    }
}
