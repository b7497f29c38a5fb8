//! The rows of objects: found, put in place of what was there, removed.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::attributes::Attributes;
use super::checksum::{Algorithm, Checksum, Coverage};
use super::conditions::Seen;
use super::error::{Error, Result};
use super::tagging::Tags;

/// An object without its bytes.
#[derive(Debug, Clone)]
pub(super) struct Object {
    pub(super) size: u64,
    /// Without quotes.
    pub(super) etag: String,
    /// Milliseconds since 1970.
    pub(super) modified: i64,
    pub(super) storage_class: String,
    pub(super) checksum: Option<Checksum>,
    pub(super) attributes: Attributes,
    pub(super) tags: Tags,
    pub(super) content: Content,
}

/// Where an object's bytes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    /// There are none.
    Empty,
    /// In the database, not stored yet.
    New(Arc<[u8]>),
    /// In the database, under this number.
    Inline(i64),
    /// In this file.
    File(String),
    /// In the parts of this upload.
    Parts(i64),
}

/// The bytes of an object, or the files they are in: `(name, size in bytes)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Bytes {
    Here(Vec<u8>),
    Files(Vec<(String, u64)>),
}

/// What a change left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Residue {
    Nothing,
    /// Files to be removed.
    Files,
}

impl Object {
    /// What conditions look at.
    pub(super) fn seen(&self) -> Seen<'_> {
        Seen { etag: &self.etag, modified: self.modified }
    }
}

/// The columns of [`read`], in its order.
pub(super) const COLUMNS: &str = "size, etag, modified, storage_class, algorithm, checksum, \
    checksum_type, inline, file, upload, attributes, tags";

/// Reads the columns [`COLUMNS`] from `first` on.
pub(super) fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<Object> {
    Ok(Object {
        size: row.get(first)?,
        etag: row.get(first + 1)?,
        modified: row.get(first + 2)?,
        storage_class: row.get(first + 3)?,
        checksum: read_checksum(row, first + 4)?,
        content: read_content(row, first + 7)?,
        attributes: from_json(&row.get::<_, String>(first + 10)?),
        tags: from_json(&row.get::<_, String>(first + 11)?),
    })
}

/// The current object of a key.
pub(super) fn find(db: &Connection, bucket: i64, key: &str) -> Result<Option<Object>> {
    let sql = format!("SELECT {COLUMNS} FROM s3_object WHERE bucket = ? AND key = ?");
    let mut statement = db.prepare_cached(&sql)?;
    Ok(statement.query_row(params![bucket, key.as_bytes()], |row| read(row, 0)).optional()?)
}

/// As [`find`], or `NoSuchKey`.
pub(super) fn existing(db: &Connection, bucket: i64, key: &str) -> Result<Object> {
    find(db, bucket, key)?.ok_or_else(|| Error::no_such_key(key))
}

/// The bytes of an object, or where they are.
pub(super) fn bytes(db: &Connection, object: &Object) -> Result<Bytes> {
    Ok(match &object.content {
        Content::Empty => Bytes::Here(Vec::new()),
        Content::New(bytes) => Bytes::Here(bytes.to_vec()),
        Content::Inline(id) => {
            let mut statement = db.prepare_cached("SELECT bytes FROM s3_content WHERE id = ?")?;
            Bytes::Here(statement.query_row([id], |row| row.get(0))?)
        }
        Content::File(file) => Bytes::Files(vec![(file.clone(), object.size)]),
        Content::Parts(upload) => {
            let sql = "SELECT file, size FROM s3_part WHERE upload = ? ORDER BY number";
            let mut statement = db.prepare_cached(sql)?;
            let rows = statement.query_map([upload], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Bytes::Files(rows.collect::<rusqlite::Result<_>>()?)
        }
    })
}

/// Puts `object` at `key` in place of `before`, which the caller found in the same transaction.
pub(super) fn put(
    db: &Connection,
    bucket: i64,
    key: &str,
    before: Option<&Object>,
    object: &Object,
) -> Result<Residue> {
    let residue = before.map_or(Ok(Residue::Nothing), |before| discard(db, &before.content))?;
    let (inline, file, upload) = store_content(db, &object.content)?;
    let checksum = object.checksum.as_ref();
    let sql = "INSERT OR REPLACE INTO s3_object (bucket, key, size, etag, modified, storage_class, \
        algorithm, checksum, checksum_type, inline, file, upload, attributes, tags) VALUES (?, ?, ?, ?, \
        ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    db.prepare_cached(sql)?.execute(params![
        bucket,
        key.as_bytes(),
        object.size,
        object.etag,
        object.modified,
        object.storage_class,
        checksum.map(|checksum| checksum.algorithm.name()),
        checksum.map(|checksum| &checksum.value),
        checksum.map(|checksum| checksum.coverage.name()),
        inline,
        file,
        upload,
        to_json(&object.attributes),
        to_json(&object.tags),
    ])?;
    let (objects, bytes) = (i64::from(before.is_none()), before.map_or(0, |before| signed(before.size)));
    count(db, bucket, objects, signed(object.size) - bytes)?;
    Ok(residue)
}

/// Removes `object` from `key`.
pub(super) fn remove(db: &Connection, bucket: i64, key: &str, object: &Object) -> Result<Residue> {
    let mut statement = db.prepare_cached("DELETE FROM s3_object WHERE bucket = ? AND key = ?")?;
    statement.execute(params![bucket, key.as_bytes()])?;
    count(db, bucket, -1, -signed(object.size))?;
    discard(db, &object.content)
}

/// Replaces an object's tags and nothing else.
pub(super) fn set_tags(db: &Connection, bucket: i64, key: &str, tags: &Tags) -> Result<()> {
    let mut statement = db.prepare_cached("UPDATE s3_object SET tags = ? WHERE bucket = ? AND key = ?")?;
    statement.execute(params![to_json(tags), bucket, key.as_bytes()])?;
    Ok(())
}

/// Notes a file for removal.
pub(super) fn discard_file(db: &Connection, file: &str) -> Result<()> {
    db.prepare_cached("INSERT OR IGNORE INTO s3_garbage (file) VALUES (?)")?.execute([file])?;
    Ok(())
}

/// Notes the files of an upload's parts for removal and forgets the upload.
pub(super) fn discard_upload(db: &Connection, upload: i64) -> Result<()> {
    let sql = "INSERT OR IGNORE INTO s3_garbage (file) SELECT file FROM s3_part WHERE upload = ?";
    db.prepare_cached(sql)?.execute([upload])?;
    db.prepare_cached("DELETE FROM s3_part WHERE upload = ?")?.execute([upload])?;
    db.prepare_cached("DELETE FROM s3_upload WHERE id = ?")?.execute([upload])?;
    Ok(())
}

/// Text of a column that holds a small structure.
pub(super) fn to_json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The structure in such a column.
pub(super) fn from_json<T: Default + serde::de::DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).unwrap_or_default()
}

/// Reads `algorithm, checksum, checksum_type`.
fn read_checksum(row: &Row<'_>, first: usize) -> rusqlite::Result<Option<Checksum>> {
    let algorithm: Option<String> = row.get(first)?;
    let value: Option<String> = row.get(first + 1)?;
    let coverage: Option<String> = row.get(first + 2)?;
    let algorithm = algorithm.as_deref().and_then(Algorithm::named);
    Ok(algorithm.zip(value).map(|(algorithm, value)| Checksum {
        algorithm,
        value,
        coverage: coverage.as_deref().and_then(Coverage::named).unwrap_or(Coverage::FullObject),
    }))
}

/// Reads `inline, file, upload`.
fn read_content(row: &Row<'_>, first: usize) -> rusqlite::Result<Content> {
    let (inline, file, upload) = (row.get(first)?, row.get(first + 1)?, row.get(first + 2)?);
    Ok(match (inline, file, upload) {
        (Some(id), _, _) => Content::Inline(id),
        (_, Some(file), _) => Content::File(file),
        (_, _, Some(upload)) => Content::Parts(upload),
        (None, None, None) => Content::Empty,
    })
}

type Columns<'a> = (Option<i64>, Option<&'a str>, Option<i64>);

fn store_content<'a>(db: &Connection, content: &'a Content) -> Result<Columns<'a>> {
    Ok(match content {
        Content::Empty => (None, None, None),
        Content::New(bytes) => {
            db.prepare_cached("INSERT INTO s3_content (bytes) VALUES (?)")?.execute([&bytes[..]])?;
            (Some(db.last_insert_rowid()), None, None)
        }
        Content::Inline(id) => (Some(*id), None, None),
        Content::File(file) => (None, Some(file), None),
        Content::Parts(upload) => (None, None, Some(*upload)),
    })
}

fn discard(db: &Connection, content: &Content) -> Result<Residue> {
    match content {
        Content::Empty | Content::New(_) => return Ok(Residue::Nothing),
        Content::Inline(id) => {
            db.prepare_cached("DELETE FROM s3_content WHERE id = ?")?.execute([id])?;
            return Ok(Residue::Nothing);
        }
        Content::File(file) => discard_file(db, file)?,
        Content::Parts(upload) => discard_upload(db, *upload)?,
    }
    Ok(Residue::Files)
}

fn count(db: &Connection, bucket: i64, objects: i64, bytes: i64) -> Result<()> {
    if (objects, bytes) != (0, 0) {
        let sql = "UPDATE s3_bucket SET objects = objects + ?, bytes = bytes + ? WHERE id = ?";
        db.prepare_cached(sql)?.execute(params![objects, bytes, bucket])?;
    }
    Ok(())
}

fn signed(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}
