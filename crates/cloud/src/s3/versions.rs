//! Versions: what steps aside for something newer, what comes back when that is removed, and delete markers.
//!
//! The current object of a key is a row of `s3_object`; everything older, and every delete marker, is a row of
//! `s3_version`. "How S3 Versioning works" in the Amazon S3 User Guide has the rules.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use rusqlite::{Connection, OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::buckets::Bucket;
use super::dates;
use super::error::{Code, Error, Result};
use super::objects::{self, COLUMNS, Object, Residue};

mod remove;
mod versioning;

pub(super) use self::remove::{Removal, Removed, remove, remove_latest};
pub(super) use self::versioning::Versioning;

/// The version of what was written while versioning was not switched on.
pub(super) const NULL: &str = "null";

/// Length of a version's id.
const ID_LENGTH: usize = 32;

/// How much of it is chance: sixteen bytes in base64.
const RANDOM_LENGTH: usize = 22;

/// A version of a key.
#[derive(Debug, Clone)]
pub(super) enum Version {
    Object(Box<Object>),
    Marker(Marker),
}

/// A delete marker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Marker {
    pub(super) version: String,
    /// Its place among the versions of its key.
    pub(super) number: i64,
    /// Milliseconds since 1970.
    pub(super) modified: i64,
}

/// What a new version is called, and its place among those of its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) version: String,
    pub(super) number: i64,
}

/// Switches versioning on.
pub(super) fn enable(db: &Connection, bucket: &str) -> Result<()> {
    versioning::set(db, bucket, Versioning::Enabled)
}

/// A new version's id: letters, digits, dots and underscores. Their end follows from their beginning, because S3 tells
/// an id that was never given from one whose version is gone.
pub(super) fn new_id() -> String {
    let random = text(Uuid::new_v4().as_bytes());
    let check = check_of(&random);
    random + &check
}

/// Refuses what was never a version's id.
pub(super) fn check_id(version: &str) -> Result<()> {
    match version {
        "" => Err(Error::argument("versionId", version, "Version id cannot be the empty string")),
        NULL => Ok(()),
        id if was_given(id) => Ok(()),
        _ => Err(invalid(version)),
    }
}

fn invalid(version: &str) -> Error {
    Error::argument("versionId", version, "Invalid version id specified")
}

fn was_given(id: &str) -> bool {
    id.split_at_checked(RANDOM_LENGTH).is_some_and(|(random, check)| check == check_of(random))
}

fn check_of(random: &str) -> String {
    let digest = Sha256::digest(random.as_bytes());
    text(&digest).chars().take(ID_LENGTH - RANDOM_LENGTH).collect()
}

fn text(bytes: &[u8]) -> String {
    // A command line would take a leading hyphen for an option.
    BASE64_URL_SAFE_NO_PAD.encode(bytes).replace('-', ".")
}

/// The object a read is about: the current one, or the version that is named.
pub(super) fn select(db: &Connection, bucket: &Bucket, key: &str, version: Option<&str>) -> Result<Object> {
    let Some(version) = version else { return current(db, bucket, key) };
    if bucket.versioning == Versioning::Never && version != NULL {
        return Err(invalid(version));
    }
    match find(db, bucket.id, key, version)? {
        Some(Version::Object(object)) => Ok(*object),
        Some(Version::Marker(marker)) => {
            let modified = dates::http(marker.modified);
            Err(not_of_a_marker(&marker.version).header("last-modified", modified))
        }
        None => Err(Error::from(Code::NoSuchVersion).with("Key", key).with("VersionId", version)),
    }
}

/// As [`select`], for what a delete marker can't have either, the latest one included.
pub(super) fn select_for_tags(
    db: &Connection,
    bucket: &Bucket,
    key: &str,
    version: Option<&str>,
) -> Result<Object> {
    select(db, bucket, key, version).map_err(|error| {
        let marker = error.headers.iter().find(|(name, _)| *name == "x-amz-version-id");
        match marker.filter(|_| error.code == Code::NoSuchKey) {
            Some((_, version)) => not_of_a_marker(version),
            None => error,
        }
    })
}

/// What is asked for is nothing a delete marker has.
fn not_of_a_marker(version: &str) -> Error {
    Error::from(Code::MethodNotAllowed)
        .with("ResourceType", "DeleteMarker")
        .header("allow", "DELETE")
        .header("x-amz-delete-marker", "true")
        .header("x-amz-version-id", version)
}

/// A version by its id, wherever it stands.
pub(super) fn find(db: &Connection, bucket: i64, key: &str, version: &str) -> Result<Option<Version>> {
    if let Some(object) = objects::find(db, bucket, key)?.filter(|object| object.version == version) {
        return Ok(Some(Version::Object(Box::new(object))));
    }
    let sql =
        format!("SELECT marker, {COLUMNS} FROM s3_version WHERE bucket = ? AND key = ? AND version = ?");
    let mut statement = db.prepare_cached(&sql)?;
    let found = statement.query_row(params![bucket, key.as_bytes(), version], read);
    Ok(found.optional()?)
}

/// The older version that was made of an upload.
pub(super) fn of_upload(db: &Connection, bucket: i64, key: &str, upload: i64) -> Result<Option<Object>> {
    let sql = format!("SELECT {COLUMNS} FROM s3_version WHERE bucket = ? AND key = ? AND upload = ?");
    let found = db
        .prepare_cached(&sql)?
        .query_row(params![bucket, key.as_bytes(), upload], |row| objects::read(row, 0));
    Ok(found.optional()?)
}

/// Reads `marker` and then the columns of an object.
pub(super) fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Version> {
    let object = objects::read(row, 1)?;
    Ok(if row.get(0)? {
        Version::Marker(Marker { version: object.version, number: object.number, modified: object.modified })
    } else {
        Version::Object(Box::new(object))
    })
}

/// Makes room at the top of a key for a new version: what is there is removed or steps aside.
pub(super) fn step_aside(
    db: &Connection,
    bucket: &Bucket,
    key: &str,
    current: Option<&Object>,
) -> Result<(Slot, Residue)> {
    if bucket.versioning == Versioning::Never {
        let residue = match current {
            Some(current) => objects::take_away(db, bucket.id, key, current)?,
            None => Residue::Nothing,
        };
        return Ok((Slot { version: NULL.to_owned(), number: 0 }, residue));
    }
    let number = 1 + match current {
        Some(current) => current.number,
        None => top(db, bucket.id, key)?,
    };
    if bucket.versioning == Versioning::Enabled {
        demote(db, bucket.id, key, current)?;
        return Ok((Slot { version: new_id(), number }, Residue::Nothing));
    }
    let residue = replace_null(db, bucket, key, current)?;
    demote(db, bucket.id, key, current.filter(|current| current.version != NULL))?;
    Ok((Slot { version: NULL.to_owned(), number }, residue))
}

/// Puts a delete marker on top of a key.
pub(super) fn insert_marker(db: &Connection, bucket: i64, key: &str, slot: &Slot) -> Result<()> {
    let sql = "INSERT INTO s3_version (bucket, key, number, marker, size, etag, modified, storage_class, \
        attributes, tags, version, state) VALUES (?, ?, ?, 1, 0, '', ?, '', '{}', '[]', ?, '{}')";
    db.prepare_cached(sql)?.execute(params![
        bucket,
        key.as_bytes(),
        slot.number,
        dates::now(),
        slot.version
    ])?;
    Ok(())
}

/// Brings the newest version back as the current object, unless it is a delete marker.
pub(super) fn promote(db: &Connection, bucket: i64, key: &str) -> Result<()> {
    let sql = "SELECT number, marker, size FROM s3_version WHERE bucket = ? AND key = ? ORDER BY number \
        DESC LIMIT 1";
    let top = db.prepare_cached(sql)?.query_row(params![bucket, key.as_bytes()], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, bool>(1)?, row.get::<_, i64>(2)?))
    });
    let Some((number, marker, size)) = top.optional()? else { return Ok(()) };
    let place = params![bucket, key.as_bytes(), number];
    if marker {
        let sql = "UPDATE s3_version SET superseded = NULL WHERE bucket = ? AND key = ? AND number = ?";
        db.prepare_cached(sql)?.execute(place)?;
        return Ok(());
    }
    let sql = format!(
        "INSERT INTO s3_object (bucket, key, {COLUMNS}) SELECT bucket, key, {COLUMNS} FROM s3_version WHERE \
         bucket = ? AND key = ? AND number = ?"
    );
    db.prepare_cached(&sql)?.execute(place)?;
    let sql = "DELETE FROM s3_version WHERE bucket = ? AND key = ? AND number = ?";
    db.prepare_cached(sql)?.execute(place)?;
    objects::count(db, bucket, 1, size)
}

fn current(db: &Connection, bucket: &Bucket, key: &str) -> Result<Object> {
    if let Some(object) = objects::find(db, bucket.id, key)? {
        return Ok(object);
    }
    let missing = Error::no_such_key(key);
    if bucket.versioning == Versioning::Never {
        return Err(missing);
    }
    let sql = "SELECT version FROM s3_version WHERE bucket = ? AND key = ? ORDER BY number DESC LIMIT 1";
    let marker: Option<String> =
        db.prepare_cached(sql)?.query_row(params![bucket.id, key.as_bytes()], |row| row.get(0)).optional()?;
    Err(match marker {
        None => missing,
        Some(version) => missing.header("x-amz-delete-marker", "true").header("x-amz-version-id", version),
    })
}

/// The number of the newest version that is not the current object; 0 where there is none.
fn top(db: &Connection, bucket: i64, key: &str) -> Result<i64> {
    let sql = "SELECT number FROM s3_version WHERE bucket = ? AND key = ? ORDER BY number DESC LIMIT 1";
    let top = db.prepare_cached(sql)?.query_row(params![bucket, key.as_bytes()], |row| row.get(0));
    Ok(top.optional()?.unwrap_or(0))
}

/// Makes what is latest an older version: the current object, or the delete marker on top.
fn demote(db: &Connection, bucket: i64, key: &str, current: Option<&Object>) -> Result<()> {
    let place = params![dates::now(), bucket, key.as_bytes()];
    let Some(current) = current else {
        let sql = "UPDATE s3_version SET superseded = ? WHERE bucket = ? AND key = ? AND superseded IS NULL";
        db.prepare_cached(sql)?.execute(place)?;
        return Ok(());
    };
    let sql = format!(
        "INSERT INTO s3_version (bucket, key, marker, superseded, {COLUMNS}) SELECT bucket, key, 0, ?, \
         {COLUMNS} FROM s3_object WHERE bucket = ? AND key = ?"
    );
    db.prepare_cached(&sql)?.execute(place)?;
    objects::forget(db, bucket, key, current)
}

/// Removes the version called `null`, whose place something new is about to take.
fn replace_null(db: &Connection, bucket: &Bucket, key: &str, current: Option<&Object>) -> Result<Residue> {
    if let Some(current) = current.filter(|current| current.version == NULL) {
        return objects::take_away(db, bucket.id, key, current);
    }
    match find(db, bucket.id, key, NULL)? {
        Some(version) => remove::take_out(db, bucket.id, key, &version),
        None => Ok(Residue::Nothing),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_its_own_proof() {
        for _ in 0..100 {
            let id = new_id();
            assert_eq!(id.len(), ID_LENGTH);
            check_id(&id).unwrap();
        }
        check_id(NULL).unwrap();
        for wrong in ["", "1", "a-b", &"a".repeat(32), &"a".repeat(33), &"?".repeat(32)] {
            assert_eq!(check_id(wrong).unwrap_err().code, Code::InvalidArgument, "{wrong}");
        }
    }
}
