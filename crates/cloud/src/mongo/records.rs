//! Documents written, and the entries of their indexes with them.

use std::collections::BTreeSet;

use bson::Document;
use rusqlite::{OptionalExtension as _, params};

use super::access::Access;
use super::catalog::Collection;
use super::error::{Code, Result};
use super::index::{Index, Keys, Uniqueness};
use super::wire::MAX_DOCUMENT;

/// What an update may make of a document beyond [`MAX_DOCUMENT`], in bytes: nothing.
const TOO_LARGE_UPDATE: i32 = 17419;

/// The id of a document that is not there yet.
const NOBODY: i64 = -1;

impl Access<'_> {
    /// A document's bytes, if it is there.
    pub(super) fn document(&self, id: i64) -> Result<Option<Vec<u8>>> {
        if let Some(change) = self.pending.and_then(|pending| pending.borrow().get(id).cloned()) {
            return Ok(change.after);
        }
        let mut select = self.db.prepare_cached("SELECT document FROM mongo_document WHERE id = ?")?;
        Ok(select.query_row([id], |row| row.get(0)).optional()?)
    }

    /// Adds a document, which has its `_id`.
    pub(super) fn insert(&self, collection: &Collection, document: &Document) -> Result<()> {
        // As many bytes as it has when it is written, found without writing it twice.
        let size = document.to_vec()?.len();
        if size > MAX_DOCUMENT {
            let max = MAX_DOCUMENT;
            let message = format!("object to insert too large. size in bytes: {size}, max size: {max}");
            return Err(Code::BadValue.saying(message));
        }
        let id = self.next_id(collection)?;
        self.insert_as(collection, id, document)
    }

    /// Adds a document under an id that is free.
    pub(super) fn insert_as(&self, collection: &Collection, id: i64, document: &Document) -> Result<()> {
        for (index, keys) in &self.free_keys(collection, None, document)? {
            self.add_entries(index, keys, id)?;
        }
        self.put(id, None, Some(document.to_vec()?))
    }

    /// Puts `after` in the place of `before`, the document with this id.
    pub(super) fn replace(
        &self,
        collection: &Collection,
        id: i64,
        before: &Document,
        after: &Document,
    ) -> Result<()> {
        let bytes = after.to_vec()?;
        if bytes.len() > MAX_DOCUMENT {
            let message = format!("Resulting document after update is larger than {MAX_DOCUMENT}");
            return Err(Code::Location(TOO_LARGE_UPDATE).saying(message));
        }
        let keys = self.free_keys(collection, Some((id, before)), after)?;
        for (index, new) in &keys {
            let old = index.keys(before)?.keys;
            for key in old.difference(&new.keys) {
                self.remove_entry(index, key, id)?;
            }
            let added = new.keys.difference(&old).cloned().collect();
            self.add_entries(index, &Keys { keys: added, multikey: new.multikey }, id)?;
        }
        self.put(id, Some(before.to_vec()?), Some(bytes))
    }

    /// Removes the document with this id.
    pub(super) fn remove(&self, collection: &Collection, id: i64, before: &Document) -> Result<()> {
        for index in &collection.indexes {
            for key in index.keys(before)?.keys {
                self.remove_entry(index, &key, id)?;
            }
        }
        self.put(id, Some(before.to_vec()?), None)
    }

    /// Adds the entries of one document to a new index.
    ///
    /// # Errors
    /// 11000 where the index is unique and another document has one of its keys.
    pub(super) fn index(
        &self,
        collection: &Collection,
        index: &Index,
        id: i64,
        document: &Document,
    ) -> Result<()> {
        let keys = index.keys(document)?;
        self.check_free(collection, index, &keys.keys, id, document)?;
        self.add_entries(index, &keys, id)
    }

    /// The document's keys in all indexes, which no other document has where they must be unique. This comes
    /// before anything is written, so that a refusal leaves nothing behind. `old` is what the document replaces.
    fn free_keys<'c>(
        &self,
        collection: &'c Collection,
        old: Option<(i64, &Document)>,
        document: &Document,
    ) -> Result<Vec<(&'c Index, Keys)>> {
        let mut all = Vec::with_capacity(collection.indexes.len());
        for index in &collection.indexes {
            let keys = index.keys(document)?;
            self.check_free(collection, index, &keys.keys, old.map_or(NOBODY, |(id, _)| id), document)?;
            all.push((index, keys));
        }
        Ok(all)
    }

    fn check_free(
        &self,
        collection: &Collection,
        index: &Index,
        keys: &BTreeSet<Vec<u8>>,
        id: i64,
        document: &Document,
    ) -> Result<()> {
        if index.uniqueness == Uniqueness::Unique {
            for key in keys {
                if self.is_taken(index, key, id)? {
                    return Err(index.duplicate(&collection.namespace, document));
                }
            }
        }
        Ok(())
    }

    fn add_entries(&self, index: &Index, keys: &Keys, id: i64) -> Result<()> {
        for key in &keys.keys {
            self.add_entry(index, key, id)?;
        }
        if keys.multikey && !index.multikey && self.pending.is_none() {
            let sql = "UPDATE mongo_index SET multikey = 1 WHERE id = ? AND multikey = 0";
            self.db.prepare_cached(sql)?.execute([index.id])?;
        }
        Ok(())
    }

    fn add_entry(&self, index: &Index, key: &[u8], id: i64) -> Result<()> {
        let Some(pending) = self.pending else {
            let sql = "INSERT OR IGNORE INTO mongo_entry (idx, key, document) VALUES (?, ?, ?)";
            self.db.prepare_cached(sql)?.execute(params![index.id, key, id])?;
            return Ok(());
        };
        if index.uniqueness == Uniqueness::Unique {
            pending.borrow_mut().take_key(index.id, key.to_vec(), id);
        }
        Ok(())
    }

    fn remove_entry(&self, index: &Index, key: &[u8], id: i64) -> Result<()> {
        let Some(pending) = self.pending else {
            let sql = "DELETE FROM mongo_entry WHERE idx = ? AND key = ? AND document = ?";
            self.db.prepare_cached(sql)?.execute(params![index.id, key, id])?;
            return Ok(());
        };
        pending.borrow_mut().free_key(index.id, key.to_vec());
        Ok(())
    }

    /// Whether another document has this key. What the transaction has changed does not count as it was before.
    fn is_taken(&self, index: &Index, key: &[u8], id: i64) -> Result<bool> {
        let sql = "SELECT document FROM mongo_entry WHERE idx = ? AND key = ?";
        let mut select = self.db.prepare_cached(sql)?;
        let pending = self.pending.map(|pending| pending.borrow());
        let held = pending.as_ref().and_then(|pending| pending.holder(index.id, key));
        if held.is_some_and(|holder| holder != id) {
            return Ok(true);
        }
        let mut holders = select.query(params![index.id, key])?;
        while let Some(row) = holders.next()? {
            let holder: i64 = row.get(0)?;
            let changed = pending.as_ref().is_some_and(|pending| pending.get(holder).is_some());
            if holder != id && !changed {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn put(&self, id: i64, before: Option<Vec<u8>>, after: Option<Vec<u8>>) -> Result<()> {
        if let Some(pending) = self.pending {
            return pending.borrow_mut().put(id, before, after);
        }
        match after {
            Some(bytes) => {
                let sql = "INSERT INTO mongo_document (id, document) VALUES (?1, ?2) ON CONFLICT (id) DO \
                    UPDATE SET document = excluded.document";
                self.db.prepare_cached(sql)?.execute(params![id, bytes])?;
            }
            None => {
                self.db.prepare_cached("DELETE FROM mongo_document WHERE id = ?")?.execute([id])?;
            }
        }
        Ok(())
    }

    fn next_id(&self, collection: &Collection) -> Result<i64> {
        if let Some(pending) = self.pending {
            return Ok(pending.borrow_mut().provisional(collection.id));
        }
        let (first, last) = collection.range();
        let sql = "SELECT max(id) FROM mongo_document WHERE id BETWEEN ? AND ?";
        let mut select = self.db.prepare_cached(sql)?;
        let greatest: Option<i64> = select.query_row([first, last], |row| row.get(0))?;
        Ok(greatest.unwrap_or(first) + 1)
    }
}
