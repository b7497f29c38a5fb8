//! A key: what is known of it, and the rows it is kept in.

use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::Result;
use crate::clock;
use crate::seal::{self, Key as Root};

/// Everything known of a key but its material.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Key {
    pub(super) id: Uuid,
    pub(super) manager: Manager,
    pub(super) description: String,
    pub(super) state: State,
    /// Milliseconds since 1970, as every time here.
    pub(super) made: i64,
    /// When it goes, where that is scheduled.
    pub(super) due: Option<i64>,
    /// Days between automatic rotations, where they are on.
    pub(super) rotation_period: Option<i64>,
    /// When automatic rotation was switched on, or was last done.
    pub(super) rotated: Option<i64>,
    pub(super) policy: String,
    pub(super) tags: Vec<Tag>,
}

/// Who made a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Manager {
    #[serde(rename = "AWS")]
    Aws,
    #[serde(rename = "CUSTOMER")]
    Customer,
}

/// What a key can be used for at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum State {
    Enabled,
    Disabled,
    PendingDeletion,
}

/// A tag as the wire has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tag {
    pub(super) tag_key: String,
    pub(super) tag_value: String,
}

/// One generation of a key's material.
pub(super) struct Material {
    pub(super) number: u32,
    pub(super) key: Root,
}

/// Writes a new key with its first material.
pub(super) fn insert(db: &Connection, root: &Root, key: &Key) -> Result<()> {
    save(db, key)?;
    add_material(db, root, key.id, 1)
}

/// Writes what changed of a key.
pub(super) fn save(db: &Connection, key: &Key) -> Result<()> {
    let document = serde_json::to_string(key).map_err(|_| super::error::Error::internal())?;
    let sql = "INSERT INTO kms_key (id, due, key) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO UPDATE SET \
        due = excluded.due, key = excluded.key";
    db.prepare_cached(sql)?.execute(params![key.id.to_string(), key.due, document])?;
    Ok(())
}

/// A key that is there and whose time has not come.
pub(super) fn find(db: &Connection, id: Uuid) -> Result<Option<Key>> {
    let sql = "SELECT key FROM kms_key WHERE id = ? AND (due IS NULL OR due > ?)";
    let document: Option<String> = db
        .prepare_cached(sql)?
        .query_row(params![id.to_string(), clock::now_ms()], |row| row.get(0))
        .optional()?;
    Ok(document.and_then(|document| serde_json::from_str(&document).ok()))
}

/// A page of the ids after `after`, one more than `limit` where there are more.
pub(super) fn ids(db: &Connection, after: &str, limit: usize) -> Result<Vec<String>> {
    let sql = "SELECT id FROM kms_key WHERE id > ? AND (due IS NULL OR due > ?) ORDER BY id LIMIT ?";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params![after, clock::now_ms(), limit + 1], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Adds a generation of material, which encrypts from now on.
pub(super) fn add_material(db: &Connection, root: &Root, id: Uuid, number: u32) -> Result<()> {
    let material: [u8; seal::KEY_BYTES] = seal::random()?;
    let sealed = root.seal(place(id, number).as_bytes(), &material)?;
    let sql = "INSERT INTO kms_material (key_id, number, made, sealed) VALUES (?, ?, ?, ?)";
    db.prepare_cached(sql)?.execute(params![id.to_string(), number, clock::now_ms(), sealed])?;
    Ok(())
}

/// The numbers of a key's generations and when they were made, oldest first.
pub(super) fn generations(db: &Connection, id: Uuid) -> Result<Vec<(u32, i64)>> {
    let sql = "SELECT number, made FROM kms_material WHERE key_id = ? ORDER BY number";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([id.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The generation that encrypts.
pub(super) fn current_material(db: &Connection, root: &Root, id: Uuid) -> Result<Option<Material>> {
    let sql = "SELECT max(number) FROM kms_material WHERE key_id = ?";
    let number: Option<u32> = db.prepare_cached(sql)?.query_row([id.to_string()], |row| row.get(0))?;
    number.map_or(Ok(None), |number| material(db, root, id, number))
}

/// One generation.
pub(super) fn material(db: &Connection, root: &Root, id: Uuid, number: u32) -> Result<Option<Material>> {
    let sql = "SELECT sealed FROM kms_material WHERE key_id = ? AND number = ?";
    let sealed: Option<Vec<u8>> =
        db.prepare_cached(sql)?.query_row(params![id.to_string(), number], |row| row.get(0)).optional()?;
    let Some(sealed) = sealed else { return Ok(None) };
    let bytes = root.unseal(place(id, number).as_bytes(), &sealed)?;
    Ok(Root::new(&bytes).map(|key| Material { number, key }))
}

/// Removes what is due; how many there were.
pub(super) fn sweep(db: &Connection, now: i64) -> rusqlite::Result<usize> {
    db.prepare_cached("DELETE FROM kms_key WHERE due <= ?")?.execute([now])
}

fn place(id: Uuid, number: u32) -> String {
    format!("kms:{id}:{number}")
}
