//! YAML as a tree, and its printer: what is written in one order is printed in that order, and every reader of YAML 1.1
//! and 1.2 reads the same.

mod print;
mod scalar;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Yaml {
    /// A string, quoted where a reader would take it for something else.
    Text(String),
    /// A string of lines, as a literal block.
    Lines(String),
    /// An integer.
    Number(i64),
    /// `true` or `false`.
    Flag(bool),
    /// A sequence.
    List(Vec<Yaml>),
    /// A mapping.
    Map(Map),
    /// An item of a sequence, with lines above it.
    Noted(String, Box<Yaml>),
}

/// A mapping whose keys stay in the order they were set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Map {
    entries: Vec<Entry>,
}

/// One key with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    key: String,
    value: Yaml,
    /// Lines above the key.
    above: Option<String>,
    /// A comment behind a one-line value.
    behind: Option<String>,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Document {
    /// Lines at the top.
    pub(crate) heading: String,
    /// What it holds.
    pub(crate) root: Map,
}

impl Yaml {
    pub(crate) fn list<V: Into<Self>>(items: impl IntoIterator<Item = V>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }

    /// An item of a sequence that says something above itself.
    pub(crate) fn noted(above: &str, item: impl Into<Self>) -> Self {
        Self::Noted(above.to_owned(), Box::new(item.into()))
    }
}

impl Map {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Sets a key; one that is there already gets the new value in its old place.
    pub(crate) fn set(&mut self, key: impl Into<String>, value: impl Into<Yaml>) -> &mut Self {
        let (key, value) = (key.into(), value.into());
        match self.entries.iter_mut().find(|entry| entry.key == key) {
            Some(entry) => entry.value = value,
            None => self.entries.push(Entry { key, value, above: None, behind: None }),
        }
        self
    }

    /// Says something above the key that was added last.
    pub(crate) fn above(&mut self, comment: &str) -> &mut Self {
        if let Some(entry) = self.entries.last_mut() {
            entry.above = Some(comment.to_owned());
        }
        self
    }

    /// Says something behind the value that was added last.
    pub(crate) fn behind(&mut self, comment: &str) -> &mut Self {
        if let Some(entry) = self.entries.last_mut() {
            entry.behind = Some(comment.to_owned());
        }
        self
    }

    /// Takes over the entries of another.
    pub(crate) fn append(&mut self, other: Self) -> &mut Self {
        self.entries.extend(other.entries);
        self
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<K: Into<String>, V: Into<Yaml>> FromIterator<(K, V)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        for (key, value) in entries {
            map.set(key, value);
        }
        map
    }
}

impl<K: Into<String>, V: Into<Yaml>, const N: usize> From<[(K, V); N]> for Map {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl From<&str> for Yaml {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Yaml {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Yaml {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<bool> for Yaml {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<u32> for Yaml {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<Map> for Yaml {
    fn from(map: Map) -> Self {
        Self::Map(map)
    }
}
