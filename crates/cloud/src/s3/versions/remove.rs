//! Removing: the latest version, which versioning only hides, or one version for good.

use rusqlite::{Connection, params};

use super::{NULL, Version, Versioning, find, insert_marker, invalid, promote, step_aside};
use crate::s3::buckets::Bucket;
use crate::s3::error::Result;
use crate::s3::lock::{self, Bypass};
use crate::s3::objects::{self, Object, Residue};

/// What a removal did, as the answer tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::s3) enum Removed {
    /// Something without a version's id, or nothing at all.
    Plain,
    /// A version, for good.
    Version(String),
    /// A delete marker, for good.
    Marker(String),
    /// Nothing was removed: a delete marker now hides it.
    Hidden(String),
}

/// What was removed, and what is left to clear away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::s3) struct Removal {
    pub(in crate::s3) removed: Removed,
    pub(in crate::s3) residue: Residue,
}

/// Removes the current object, or hides it under a delete marker where the bucket keeps versions.
pub(in crate::s3) fn remove_latest(
    db: &Connection,
    bucket: &Bucket,
    key: &str,
    current: Option<&Object>,
) -> Result<Removal> {
    let (slot, residue) = step_aside(db, bucket, key, current)?;
    if bucket.versioning == Versioning::Never {
        return Ok(Removal { removed: Removed::Plain, residue });
    }
    insert_marker(db, bucket.id, key, &slot)?;
    Ok(Removal { removed: Removed::Hidden(slot.version), residue })
}

/// Removes one version for good, unless it is locked. One that is not there counts as removed.
pub(in crate::s3) fn remove(
    db: &Connection,
    bucket: &Bucket,
    key: &str,
    version: &str,
    bypass: Bypass,
) -> Result<Removal> {
    let Some(found) = find(db, bucket.id, key, version)? else {
        let removed = match bucket.versioning {
            Versioning::Never if version != NULL => return Err(invalid(version)),
            Versioning::Never => Removed::Plain,
            _ => Removed::Version(version.to_owned()),
        };
        return Ok(Removal { removed, residue: Residue::Nothing });
    };
    if let Version::Object(object) = &found {
        lock::check_removal(object, bypass)?;
    }
    let residue = take_out(db, bucket.id, key, &found)?;
    if objects::find(db, bucket.id, key)?.is_none() {
        promote(db, bucket.id, key)?;
    }
    let removed = match (bucket.versioning, found) {
        (Versioning::Never, _) => Removed::Plain,
        (_, Version::Object(object)) => Removed::Version(object.version),
        (_, Version::Marker(marker)) => Removed::Marker(marker.version),
    };
    Ok(Removal { removed, residue })
}

/// Takes one version out, whatever it is, and leaves the others where they are.
pub(super) fn take_out(db: &Connection, bucket: i64, key: &str, version: &Version) -> Result<Residue> {
    let number = match version {
        Version::Object(object) => object.number,
        Version::Marker(marker) => marker.number,
    };
    let sql = "DELETE FROM s3_version WHERE bucket = ? AND key = ? AND number = ?";
    let older = db.prepare_cached(sql)?.execute(params![bucket, key.as_bytes(), number])?;
    match version {
        Version::Object(object) if older > 0 => objects::discard(db, &object.content),
        Version::Object(object) => objects::take_away(db, bucket, key, object),
        Version::Marker(_) => Ok(Residue::Nothing),
    }
}
