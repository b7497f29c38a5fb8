//! Mappings and lists that are still open while a tree is built.

use std::collections::BTreeMap;

use crate::problem::TextRange;
use crate::yaml::{Entry, Key, Node, Value};

/// A mapping or list that is still open.
pub(super) enum Frame {
    List { range: TextRange, items: Vec<Node>, anchor: usize },
    Map(MapFrame),
}

pub(super) struct MapFrame {
    pub(super) range: TextRange,
    pub(super) entries: Vec<Entry>,
    /// Keys and the lines they stand in.
    pub(super) seen: BTreeMap<String, usize>,
    pub(super) merges: Vec<Node>,
    pub(super) pending: Option<Pending>,
    pub(super) anchor: usize,
}

/// A key that waits for its value.
pub(super) enum Pending {
    Key(Key, usize),
    Merge(TextRange),
}

impl MapFrame {
    pub(super) fn new(range: TextRange, anchor: usize) -> Self {
        let (entries, merges) = (Vec::new(), Vec::new());
        Self { range, entries, seen: BTreeMap::new(), merges, pending: None, anchor }
    }

    /// The entries, and below them those of merged mappings that are not written here.
    pub(super) fn merged(mut self) -> Vec<Entry> {
        for source in std::mem::take(&mut self.merges) {
            for entry in source.entries() {
                if !self.seen.contains_key(&entry.key.name) {
                    self.seen.insert(entry.key.name.clone(), 0);
                    self.entries.push(entry.clone());
                }
            }
        }
        self.entries
    }
}

impl Frame {
    pub(super) fn range(&self) -> TextRange {
        match self {
            Self::List { range, .. } => *range,
            Self::Map(map) => map.range,
        }
    }
}

/// Bytes of text and 16 for every node.
pub(super) fn weight(node: &Node) -> usize {
    let inner = match &node.value {
        Value::Null => 0,
        Value::Scalar(scalar) => scalar.text.len() + scalar.template.as_ref().map_or(0, String::len),
        Value::List(items) => items.iter().map(weight).sum(),
        Value::Map(entries) => entries.iter().map(|entry| entry.key.name.len() + weight(&entry.value)).sum(),
    };
    inner + 16
}
