//! The scan itself: index rows in, keys and common prefixes out, a page at a time.

use rusqlite::{Connection, Row, params};

use crate::s3::error::Result;

/// Above every key: no UTF-8 text begins with this byte.
pub(super) const END: [u8; 1] = [0xff];

/// What is to be listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::s3) struct Scan {
    pub(in crate::s3) prefix: String,
    /// Empty: no grouping.
    pub(in crate::s3) delimiter: String,
    pub(in crate::s3) limit: usize,
    /// The first key that may be listed.
    from: Vec<u8>,
}

/// What a listing shows of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::s3) struct Summary {
    pub(in crate::s3) key: String,
    pub(in crate::s3) size: u64,
    pub(in crate::s3) etag: String,
    pub(in crate::s3) modified: i64,
    pub(in crate::s3) storage_class: String,
    pub(in crate::s3) algorithm: Option<String>,
    pub(in crate::s3) checksum_type: Option<String>,
}

/// One entry of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::s3) enum Item {
    Object(Summary),
    /// All keys that begin so.
    CommonPrefix(String),
}

/// Entries, and where the next page begins if there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::s3) struct Page {
    pub(in crate::s3) items: Vec<Item>,
    pub(in crate::s3) next: Option<Vec<u8>>,
}

impl Scan {
    /// A listing from the beginning.
    pub(in crate::s3) fn new(prefix: &str, delimiter: &str, limit: usize) -> Self {
        Self {
            prefix: prefix.to_owned(),
            delimiter: delimiter.to_owned(),
            limit,
            from: prefix.as_bytes().to_vec(),
        }
    }

    /// The same listing from a place where an earlier page ended.
    pub(in crate::s3) fn from(mut self, from: Vec<u8>) -> Self {
        self.from = self.from.max(from);
        self
    }

    /// The same listing after a key. A key inside a common prefix puts all of that prefix behind it.
    pub(in crate::s3) fn after(self, key: &str) -> Self {
        let from = match group(key, &self.prefix, &self.delimiter) {
            Some(group) => successor(group),
            None => [key.as_bytes(), &[0]].concat(),
        };
        self.from(from)
    }

    /// Reads a page.
    pub(in crate::s3) fn run(&self, db: &Connection, bucket: i64) -> Result<Page> {
        let sql = "SELECT key, size, etag, modified, storage_class, algorithm, checksum_type FROM \
            s3_object WHERE bucket = ? AND key >= ? AND key < ? ORDER BY key";
        let end = if self.prefix.is_empty() { END.to_vec() } else { successor(&self.prefix) };
        let (mut from, mut items) = (self.from.clone(), Vec::new());
        if self.limit == 0 {
            return Ok(Page { items, next: None });
        }
        let mut statement = db.prepare_cached(sql)?;
        'jump: loop {
            let mut rows = statement.query(params![bucket, from, end])?;
            while let Some(row) = rows.next()? {
                let summary = summary(row)?;
                if items.len() == self.limit {
                    return Ok(Page { items, next: Some(from) });
                }
                if let Some(group) = group(&summary.key, &self.prefix, &self.delimiter) {
                    from = successor(group);
                    items.push(Item::CommonPrefix(group.to_owned()));
                    continue 'jump;
                }
                from = [summary.key.as_bytes(), &[0]].concat();
                items.push(Item::Object(summary));
            }
            return Ok(Page { items, next: None });
        }
    }
}

impl Item {
    /// The key or the prefix.
    pub(in crate::s3) fn name(&self) -> &str {
        match self {
            Self::Object(summary) => &summary.key,
            Self::CommonPrefix(prefix) => prefix,
        }
    }
}

/// The common prefix a key belongs to: up to and with the first delimiter after the prefix.
pub(in crate::s3) fn group<'a>(key: &'a str, prefix: &str, delimiter: &str) -> Option<&'a str> {
    if delimiter.is_empty() {
        return None;
    }
    let at = key.strip_prefix(prefix)?.find(delimiter)?;
    key.get(..prefix.len() + at + delimiter.len())
}

/// The first text after all that begin with `prefix`. UTF-8 has no byte that could overflow.
pub(in crate::s3) fn successor(prefix: &str) -> Vec<u8> {
    let mut bytes = prefix.as_bytes().to_vec();
    if let Some(last) = bytes.last_mut() {
        *last = last.saturating_add(1);
    }
    bytes
}

/// Reads the columns of a summary.
pub(super) fn summary(row: &Row<'_>) -> rusqlite::Result<Summary> {
    let key: Vec<u8> = row.get(0)?;
    Ok(Summary {
        key: String::from_utf8_lossy(&key).into_owned(),
        size: row.get(1)?,
        etag: row.get(2)?,
        modified: row.get(3)?,
        storage_class: row.get(4)?,
        algorithm: row.get(5)?,
        checksum_type: row.get(6)?,
    })
}

#[cfg(test)]
mod tests;
