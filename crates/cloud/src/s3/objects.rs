//! The rows of objects: found, put in place of what was there, removed.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::attributes::Attributes;
use super::buckets::Bucket;
use super::checksum::{Algorithm, Checksum, Coverage};
use super::conditions::Seen;
use super::error::Result;
use super::state::State;
use super::tagging::Tags;
use super::versions::{self, Slot};

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
    /// Its version's id, `null` without versioning.
    pub(super) version: String,
    /// Its place among the versions of its key.
    pub(super) number: i64,
    pub(super) state: State,
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
    checksum_type, inline, file, upload, attributes, tags, version, number, state";

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
        version: row.get(first + 12)?,
        number: row.get(first + 13)?,
        state: from_json(&row.get::<_, String>(first + 14)?),
    })
}

/// The current object of a key.
pub(super) fn find(db: &Connection, bucket: i64, key: &str) -> Result<Option<Object>> {
    let sql = format!("SELECT {COLUMNS} FROM s3_object WHERE bucket = ? AND key = ?");
    let mut statement = db.prepare_cached(&sql)?;
    Ok(statement.query_row(params![bucket, key.as_bytes()], |row| read(row, 0)).optional()?)
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

/// Makes `object` the current one of `key`, in place of `current`, which the caller found in the same transaction.
pub(super) fn put(
    db: &Connection,
    bucket: &Bucket,
    key: &str,
    current: Option<&Object>,
    object: &mut Object,
) -> Result<Residue> {
    let (Slot { version, number }, residue) = versions::step_aside(db, bucket, key, current)?;
    (object.version, object.number) = (version, number);
    insert(db, bucket.id, key, object)?;
    count(db, bucket.id, 1, signed(object.size))?;
    Ok(residue)
}

/// Removes the current object of `key` and its content.
pub(super) fn take_away(db: &Connection, bucket: i64, key: &str, object: &Object) -> Result<Residue> {
    forget(db, bucket, key, object)?;
    discard(db, &object.content)
}

/// Removes the row of the current object of `key`; its content stays.
pub(super) fn forget(db: &Connection, bucket: i64, key: &str, object: &Object) -> Result<()> {
    let mut statement = db.prepare_cached("DELETE FROM s3_object WHERE bucket = ? AND key = ?")?;
    statement.execute(params![bucket, key.as_bytes()])?;
    count(db, bucket, -1, -signed(object.size))
}

/// Replaces the tags of one version and nothing else.
pub(super) fn set_tags(db: &Connection, bucket: i64, key: &str, object: &Object, tags: &Tags) -> Result<()> {
    update(db, bucket, key, object, "tags", &to_json(tags))
}

/// Replaces the state of one version and nothing else.
pub(super) fn set_state(db: &Connection, bucket: i64, key: &str, object: &Object) -> Result<()> {
    update(db, bucket, key, object, "state", &to_json(&object.state))
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

fn insert(db: &Connection, bucket: i64, key: &str, object: &Object) -> Result<()> {
    let (inline, file, upload) = store_content(db, &object.content)?;
    let checksum = object.checksum.as_ref();
    let sql = format!(
        "INSERT INTO s3_object (bucket, key, {COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    );
    db.prepare_cached(&sql)?.execute(params![
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
        object.version,
        object.number,
        to_json(&object.state),
    ])?;
    Ok(())
}

/// Sets one column of one version, wherever it stands.
fn update(
    db: &Connection,
    bucket: i64,
    key: &str,
    object: &Object,
    column: &'static str,
    value: &str,
) -> Result<()> {
    for table in ["s3_object", "s3_version"] {
        let sql = format!(
            "UPDATE {table} SET {column} = ? WHERE bucket = ? AND key = ? AND number = ? AND version = ?"
        );
        let place = params![value, bucket, key.as_bytes(), object.number, object.version];
        if db.prepare_cached(&sql)?.execute(place)? > 0 {
            break;
        }
    }
    Ok(())
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

/// Removes an object's bytes, or notes their files for removal.
pub(super) fn discard(db: &Connection, content: &Content) -> Result<Residue> {
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

/// Changes what a bucket is said to hold: its current objects and their bytes.
pub(super) fn count(db: &Connection, bucket: i64, objects: i64, bytes: i64) -> Result<()> {
    if (objects, bytes) != (0, 0) {
        let sql = "UPDATE s3_bucket SET objects = objects + ?, bytes = bytes + ? WHERE id = ?";
        db.prepare_cached(sql)?.execute(params![objects, bytes, bucket])?;
    }
    Ok(())
}

fn signed(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}
