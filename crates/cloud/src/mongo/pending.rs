//! What a transaction has written and not committed: each document before and after, by its id.

use std::collections::{BTreeMap, HashMap};

use super::catalog::{self, Collection};
use super::error::{Code, Result};
use super::namespace::Namespace;

/// Bytes a transaction may hold back, as MongoDB's oplog entry once did (16 MiB; it may write more today).
pub(crate) const BYTES: usize = 64 * 1024 * 1024;

/// Ids of documents that only the transaction knows: from the middle of the collection's range up.
const PROVISIONAL: i64 = 1 << 39;

/// What became of one document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Change {
    /// As the transaction found it; `None` for a new one.
    pub(super) before: Option<Vec<u8>>,
    /// As it leaves it; `None` for a deleted one.
    pub(super) after: Option<Vec<u8>>,
}

/// All that a transaction holds back.
#[derive(Debug, Default)]
pub(super) struct Pending {
    changes: BTreeMap<i64, Change>,
    /// Who has a key of a unique index.
    unique: HashMap<(i64, Vec<u8>), i64>,
    /// Collections that came into being after the transaction's snapshot, for its sake.
    created: BTreeMap<Namespace, Collection>,
    inserted: i64,
    bytes: usize,
}

impl Pending {
    pub(super) fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// What became of a document, if anything.
    pub(super) fn get(&self, id: i64) -> Option<&Change> {
        self.changes.get(&id)
    }

    /// Everything, in order of id.
    pub(super) fn changes(&self) -> &BTreeMap<i64, Change> {
        &self.changes
    }

    /// The changes to one collection's documents, in order of id.
    pub(super) fn of(&self, collection: i64) -> impl Iterator<Item = (i64, &Change)> {
        let (first, last) = catalog::range(collection);
        self.changes.range(first..=last).map(|(id, change)| (*id, change))
    }

    /// An id for a new document of a collection.
    pub(super) fn provisional(&mut self, collection: i64) -> i64 {
        self.inserted += 1;
        catalog::range(collection).0 + PROVISIONAL + self.inserted
    }

    /// Notes a write. `before` is what the command found, which only the first write of a document keeps.
    ///
    /// # Errors
    /// 72 when the transaction would hold back too much.
    pub(super) fn put(&mut self, id: i64, before: Option<Vec<u8>>, after: Option<Vec<u8>>) -> Result<()> {
        self.bytes += after.as_ref().map_or(0, Vec::len) + before.as_ref().map_or(0, Vec::len);
        if self.bytes > BYTES {
            let message =
                format!("a transaction may write {BYTES} bytes at most; write in several transactions");
            return Err(Code::ExceededMemoryLimit.saying(message));
        }
        let change = self.changes.entry(id).or_insert_with(|| Change { before, after: None });
        change.after = after;
        if change.before.is_none() && change.after.is_none() {
            self.changes.remove(&id);
        }
        Ok(())
    }

    /// Who holds a key of a unique index.
    pub(super) fn holder(&self, index: i64, key: &[u8]) -> Option<i64> {
        self.unique.get(&(index, key.to_vec())).copied()
    }

    pub(super) fn take_key(&mut self, index: i64, key: Vec<u8>, id: i64) {
        self.unique.insert((index, key), id);
    }

    pub(super) fn free_key(&mut self, index: i64, key: Vec<u8>) {
        self.unique.remove(&(index, key));
    }

    /// The collection, if it came into being for this transaction.
    pub(super) fn created(&self, namespace: &Namespace) -> Option<Collection> {
        self.created.get(namespace).cloned()
    }

    pub(super) fn note_created(&mut self, collection: Collection) {
        self.created.insert(collection.namespace.clone(), collection);
    }
}
