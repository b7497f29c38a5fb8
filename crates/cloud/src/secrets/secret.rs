//! A secret without its values: what is known of it, and the row it is kept in.

use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use super::error::{Error, Result};
use super::versions;
use crate::clock;

/// Everything known of a secret but its versions. Times are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Secret {
    pub(super) name: String,
    /// The six characters at the end of its ARN.
    pub(super) suffix: String,
    pub(super) description: Option<String>,
    pub(super) kms_key_id: Option<String>,
    /// None where there never were any.
    pub(super) tags: Option<Vec<Tag>>,
    pub(super) made: i64,
    pub(super) changed: i64,
    /// The beginning of the day it was last read on.
    pub(super) accessed: Option<i64>,
    /// When it goes, where that is scheduled.
    pub(super) due: Option<i64>,
    /// None where rotation was never configured.
    pub(super) rotation: Option<Rotation>,
    pub(super) policy: Option<String>,
    pub(super) replicas: Vec<Replica>,
    /// Where it was made; nothing for the cloud's own region.
    #[serde(default)]
    pub(super) region: Option<String>,
    /// What the caller said it is: `Type`.
    pub(super) kind: Option<String>,
}

/// A tag as the wire has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tag {
    #[serde(default)]
    pub(super) key: String,
    #[serde(default)]
    pub(super) value: String,
}

/// How a secret is rotated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Rotation {
    pub(super) on: bool,
    pub(super) function: Option<String>,
    pub(super) rules: Option<Rules>,
    pub(super) rotated: Option<i64>,
    pub(super) next: Option<i64>,
}

/// When a secret is rotated, as the wire has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Rules {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) automatically_after_days: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) duration: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) schedule_expression: Option<String>,
}

/// A region the secret is said to be copied to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Replica {
    pub(super) region: String,
    pub(super) kms_key_id: Option<String>,
}

/// Writes a secret.
pub(super) fn save(db: &Connection, secret: &Secret) -> Result<()> {
    let document = serde_json::to_string(secret).map_err(|_| Error::internal())?;
    let sql = "INSERT INTO secret (name, due, secret) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET \
        due = excluded.due, secret = excluded.secret";
    db.prepare_cached(sql)?.execute(params![secret.name, secret.due, document])?;
    Ok(())
}

/// The secret of this name, whose time has not come.
pub(super) fn named(db: &Connection, name: &str) -> Result<Option<Secret>> {
    let sql = "SELECT secret FROM secret WHERE name = ? AND (due IS NULL OR due > ?)";
    let mut statement = db.prepare_cached(sql)?;
    let document: Option<String> =
        statement.query_row(params![name, clock::now_ms()], |row| row.get(0)).optional()?;
    Ok(document.and_then(|document| serde_json::from_str(&document).ok()))
}

/// Every secret whose time has not come, in order of name.
pub(super) fn all(db: &Connection) -> Result<Vec<Secret>> {
    let sql = "SELECT secret FROM secret WHERE due IS NULL OR due > ? ORDER BY name";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([clock::now_ms()], |row| row.get::<_, String>(0))?;
    let documents: Vec<String> = rows.collect::<rusqlite::Result<_>>()?;
    Ok(documents.iter().filter_map(|document| serde_json::from_str(document).ok()).collect())
}

/// Removes a secret and its versions.
pub(super) fn remove(db: &Connection, name: &str) -> Result<()> {
    db.prepare_cached("DELETE FROM secret WHERE name = ?")?.execute([name])?;
    Ok(())
}

/// Removes the secrets whose time has come; how many there were.
pub(super) fn sweep(db: &Connection, now: i64) -> rusqlite::Result<usize> {
    db.prepare_cached("DELETE FROM secret WHERE due <= ?")?.execute([now])
}

/// Notes that a version was read on a day, given by its beginning.
pub(super) fn touch(db: &Connection, name: &str, version: &str, day: i64) -> Result<()> {
    if let Some(secret) = named(db, name)? {
        save(db, &Secret { accessed: Some(day), ..secret })?;
        versions::touch(db, name, version, day)?;
    }
    Ok(())
}
