//! Lists, mappings of names, and values of one form or the other.

use std::collections::{BTreeMap, BTreeSet};
use std::marker::PhantomData;

use super::Kind;
use super::read::{At, Read, Reader};
use super::scalars::FromText;
use crate::yaml::{Node, Value};

/// Most entries of one mapping of names, and most items of one list.
const MOST: usize = 1000;

/// Any number of the same.
#[derive(Debug, Clone)]
pub(crate) struct List<T>(pub(crate) Vec<At<T>>);

/// Names and values. The key's form is `K`.
#[derive(Debug, Clone)]
pub(crate) struct Map<K, T> {
    /// What could be read, by name; a value's place is its key's.
    pub(crate) entries: BTreeMap<String, Item<T>>,
    /// Names whose values could not be read.
    pub(crate) broken: BTreeSet<String>,
    key: PhantomData<K>,
}

/// A value of a mapping of names.
#[derive(Debug, Clone)]
pub(crate) struct Item<T> {
    /// Where the name stands.
    pub(crate) key: crate::problem::TextRange,
    /// The value.
    pub(crate) at: At<T>,
}

impl<T: Read> Read for List<T> {
    const KIND: &'static Kind = &Kind::List(T::KIND);

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Value::List(items) = &node.value else {
            let hint = match &node.value {
                Value::Scalar(scalar) if scalar.template.is_none() => {
                    Some(format!("write `[{}]`", crate::yaml::shorten(&scalar.text)))
                }
                _ => None,
            };
            reader.mismatch(node, "a list").hint = hint;
            return None;
        };
        if items.len() > MOST {
            crowd(node, items.len(), reader);
            return None;
        }
        let read =
            |item: &Node| T::read(item, reader).map(|value| At { value, range: item.range, written: true });
        Some(Self(items.iter().filter_map(read).collect()))
    }
}

impl<K: FromText, T: Read> Read for Map<K, T> {
    const KIND: &'static Kind = &Kind::Map { key: K::SYNTAX, value: T::KIND };

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Value::Map(entries) = &node.value else {
            reader.mismatch(node, "a mapping");
            return None;
        };
        if entries.len() > MOST {
            crowd(node, entries.len(), reader);
            return None;
        }
        let mut map = Self::default();
        for entry in entries.iter().filter(|entry| !entry.key.name.starts_with("x-")) {
            let key = entry.key.range;
            let name = entry.key.name.clone();
            if let Err(fault) = K::from_text(&name) {
                let message = fault.message(
                    &format!("the {} in {}", K::SYNTAX.name, reader.subject()),
                    &name,
                    K::SYNTAX,
                );
                reader.misfit(key, message, fault.hint);
                map.broken.insert(name);
                continue;
            }
            match reader.entry(entry) {
                Some(value) => {
                    let at = At { value, range: entry.value.range, written: true };
                    map.entries.insert(name, Item { key, at });
                }
                None => {
                    map.broken.insert(name);
                }
            }
        }
        Some(map)
    }
}

impl<K, T> Map<K, T> {
    /// The value of a name.
    pub(crate) fn get(&self, name: &str) -> Option<&T> {
        self.entries.get(name).map(|item| &item.at.value)
    }

    /// Whether the name is written, readable or not.
    pub(crate) fn declares(&self, name: &str) -> bool {
        self.entries.contains_key(name) || self.broken.contains(name)
    }

    /// Every name that is written.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().chain(&self.broken).map(String::as_str)
    }

    /// Names, items and values.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &Item<T>)> {
        self.entries.iter()
    }
}

impl<K, T> Default for Map<K, T> {
    fn default() -> Self {
        Self { entries: BTreeMap::new(), broken: BTreeSet::new(), key: PhantomData }
    }
}

fn crowd(node: &Node, count: usize, reader: &mut Reader<'_>) {
    let message = format!("{} has {count} entries; the most is {MOST}", reader.subject());
    reader.misfit(node.range, message, Some("split the system in two".to_owned()));
}
