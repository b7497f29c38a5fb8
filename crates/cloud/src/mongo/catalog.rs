//! Collections and their indexes: rows, read anew by every command, so that they fit the documents it sees.

use bson::{Document, doc};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use uuid::Uuid;

use super::access::Access;
use super::error::{Code, Result};
use super::index::Index;
use super::namespace::Namespace;

/// A collection has this many indexes at most (MongoDB's manual, "Limits and Thresholds").
pub(crate) const INDEXES: usize = 64;

/// Bits of a document's id that count within its collection.
const SHIFT: u32 = 40;

/// A collection as one command sees it.
#[derive(Debug, Clone)]
pub(super) struct Collection {
    pub(super) id: i64,
    pub(super) namespace: Namespace,
    pub(super) uuid: Uuid,
    /// What it was created with.
    pub(super) options: Document,
    /// The first one is `_id_`.
    pub(super) indexes: Vec<Index>,
}

impl Collection {
    /// The ids its documents have, first and last.
    pub(super) fn range(&self) -> (i64, i64) {
        range(self.id)
    }

    pub(super) fn index_named(&self, name: &str) -> Option<&Index> {
        self.indexes.iter().find(|index| index.name == name)
    }
}

/// The ids a collection's documents have, first and last.
pub(super) fn range(collection: i64) -> (i64, i64) {
    (collection << SHIFT, ((collection + 1) << SHIFT) - 1)
}

/// The collection a document is in.
pub(super) fn collection_of(document: i64) -> i64 {
    document >> SHIFT
}

impl Access<'_> {
    /// The collection, if it is there.
    pub(super) fn collection(&self, namespace: &Namespace) -> Result<Option<Collection>> {
        if let Some(created) = self.pending.and_then(|pending| pending.borrow().created(namespace)) {
            return Ok(Some(created));
        }
        read(self.db, namespace)
    }

    /// The collection.
    ///
    /// # Errors
    /// 26 where it is not there.
    pub(super) fn existing(&self, namespace: &Namespace) -> Result<Collection> {
        let missing = || Code::NamespaceNotFound.saying(format!("ns not found {namespace}"));
        self.collection(namespace)?.ok_or_else(missing)
    }

    /// All collections of a database, in order of name.
    pub(super) fn collections(&self, db: &str) -> Result<Vec<Collection>> {
        let mut select =
            self.db.prepare_cached("SELECT name FROM mongo_collection WHERE db = ? ORDER BY name")?;
        let names = select.query_map([db], |row| row.get::<_, String>(0))?;
        let mut collections = Vec::new();
        for name in names {
            let namespace = Namespace { db: db.to_owned(), collection: name? };
            collections.extend(read(self.db, &namespace)?);
        }
        Ok(collections)
    }

    /// All databases that have a collection, in order of name.
    pub(super) fn databases(&self) -> Result<Vec<String>> {
        let mut select = self.db.prepare_cached("SELECT DISTINCT db FROM mongo_collection ORDER BY db")?;
        let names = select.query_map([], |row| row.get(0))?;
        Ok(names.collect::<rusqlite::Result<_>>()?)
    }
}

/// Reads a collection with its indexes.
pub(super) fn read(db: &Connection, namespace: &Namespace) -> Result<Option<Collection>> {
    let mut select =
        db.prepare_cached("SELECT id, uuid, options FROM mongo_collection WHERE db = ? AND name = ?")?;
    let found = select.query_row([&namespace.db, &namespace.collection], columns).optional()?;
    let Some((id, uuid, options)) = found else { return Ok(None) };
    let options = Document::from_reader(&mut options.as_slice())?;
    Ok(Some(Collection { id, namespace: namespace.clone(), uuid, options, indexes: indexes(db, id)? }))
}

fn columns(row: &Row<'_>) -> rusqlite::Result<(i64, Uuid, Vec<u8>)> {
    let uuid: [u8; 16] = row.get(1)?;
    Ok((row.get(0)?, Uuid::from_bytes(uuid), row.get(2)?))
}

fn indexes(db: &Connection, collection: i64) -> Result<Vec<Index>> {
    let sql = "SELECT id, spec, multikey, building FROM mongo_index WHERE collection = ? ORDER BY id";
    let mut select = db.prepare_cached(sql)?;
    let mut rows = select.query([collection])?;
    let mut indexes = Vec::new();
    while let Some(row) = rows.next()? {
        let spec: Vec<u8> = row.get(1)?;
        let spec = Document::from_reader(&mut spec.as_slice())?;
        let index = Index::stored(row.get(0)?, spec)?;
        indexes.push(Index { multikey: row.get(2)?, building: row.get(3)?, ..index });
    }
    Ok(indexes)
}

/// Creates a collection with its index on `_id`.
pub(super) fn create(db: &Connection, namespace: &Namespace, options: &Document) -> Result<Collection> {
    namespace.check_writable()?;
    db.prepare_cached("INSERT INTO mongo_collection (db, name, uuid, options) VALUES (?, ?, ?, ?)")?
        .execute(params![namespace.db, namespace.collection, Uuid::new_v4().as_bytes(), options.to_vec()?])?;
    let id = db.last_insert_rowid();
    add_index(db, id, &doc! { "v": 2, "key": { "_id": 1 }, "name": "_id_" })?;
    read(db, namespace)?.ok_or_else(|| Code::InternalError.saying(format!("{namespace} was not created")))
}

/// The collection, created where it is missing.
pub(super) fn ensure(db: &Connection, namespace: &Namespace) -> Result<Collection> {
    match read(db, namespace)? {
        Some(collection) => Ok(collection),
        None => create(db, namespace, &Document::new()),
    }
}

/// Adds an index's row; its entries are the caller's to make.
pub(super) fn add_index(db: &Connection, collection: i64, spec: &Document) -> Result<Index> {
    db.prepare_cached("INSERT INTO mongo_index (collection, name, spec) VALUES (?, ?, ?)")?
        .execute(params![collection, spec.get_str("name").unwrap_or_default(), spec.to_vec()?])?;
    Index::stored(db.last_insert_rowid(), spec.clone())
}

/// Forgets an index; its entries are cleared away later.
pub(super) fn drop_index(db: &Connection, index: &Index) -> Result<()> {
    db.prepare_cached("DELETE FROM mongo_index WHERE id = ?")?.execute([index.id])?;
    db.prepare_cached("INSERT INTO mongo_doomed (kind, id) VALUES (1, ?)")?.execute([index.id])?;
    Ok(())
}

/// Forgets a collection; its documents are cleared away later.
pub(super) fn drop_collection(db: &Connection, collection: &Collection) -> Result<()> {
    for index in &collection.indexes {
        drop_index(db, index)?;
    }
    db.prepare_cached("DELETE FROM mongo_collection WHERE id = ?")?.execute([collection.id])?;
    db.prepare_cached("INSERT INTO mongo_doomed (kind, id) VALUES (0, ?)")?.execute([collection.id])?;
    Ok(())
}

/// Puts a collection in the place of another one, which is dropped.
pub(super) fn put_in_place(db: &Connection, from: &Namespace, to: &Namespace) -> Result<()> {
    if let Some(old) = read(db, to)? {
        drop_collection(db, &old)?;
    }
    let sql = "UPDATE mongo_collection SET db = ?1, name = ?2 WHERE db = ?3 AND name = ?4";
    db.prepare_cached(sql)?.execute(params![to.db, to.collection, from.db, from.collection])?;
    Ok(())
}
