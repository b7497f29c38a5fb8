//! The versions of a secret: their values as they are kept, and their staging labels.

use rusqlite::{Connection, Row, params};

use super::error::{Code, Error, Result};
use super::stages::{self, Staged};

/// Versions kept of a secret ("AWS Secrets Manager quotas").
const VERSIONS_MAX: usize = 100;

/// One version. The value is as it is kept, sealed.
#[derive(Clone)]
pub(super) struct Version {
    pub(super) staged: Staged,
    /// Milliseconds since 1970.
    pub(super) made: i64,
    /// The beginning of the day it was last read on.
    pub(super) accessed: Option<i64>,
    /// None while a rotation has not filled it.
    pub(super) value: Option<Sealed>,
}

/// A sealed value.
#[derive(Clone)]
pub(super) struct Sealed {
    pub(super) kind: Kind,
    pub(super) blob: Vec<u8>,
    /// The key as the secret names it; none for the usual one.
    pub(super) key_id: Option<String>,
}

/// Which of the two members a value came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Binary,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Binary => "binary",
        }
    }
}

impl Version {
    pub(super) fn id(&self) -> &str {
        &self.staged.id
    }
}

/// All versions of a secret, oldest first.
pub(super) fn all(db: &Connection, name: &str) -> Result<Vec<Version>> {
    let sql = "SELECT id, made, accessed, stages, kind, value, key_id FROM secret_version WHERE name = ? ORDER BY \
        number";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([name], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The ids and labels of all versions of a secret, oldest first.
pub(super) fn staged(db: &Connection, name: &str) -> Result<Vec<Staged>> {
    let sql = "SELECT id, stages FROM secret_version WHERE name = ? ORDER BY number";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([name], |row| Ok(Staged { id: row.get(0)?, stages: labels(row, 1)? }))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Adds a version, or fills the one of this id, and makes room among the oldest that have no label.
pub(super) fn put(db: &Connection, name: &str, version: &Version) -> Result<()> {
    let sql = "INSERT INTO secret_version (name, id, number, made, accessed, stages, kind, value, key_id) VALUES (?1, \
        ?2, (SELECT coalesce(max(number), 0) + 1 FROM secret_version WHERE name = ?1), ?3, ?4, ?5, ?6, ?7, ?8) ON \
        CONFLICT (name, id) DO UPDATE SET kind = excluded.kind, value = excluded.value, key_id = excluded.key_id";
    let value = version.value.as_ref();
    db.prepare_cached(sql)?.execute(params![
        name,
        version.id(),
        version.made,
        version.accessed,
        json(&version.staged.stages)?,
        value.map(|value| value.kind.word()),
        value.map(|value| &value.blob),
        value.and_then(|value| value.key_id.as_ref()),
    ])?;
    Ok(())
}

/// Writes the labels of all versions, and forgets the oldest without one where there are too many.
pub(super) fn restage(db: &Connection, name: &str, versions: &[Staged]) -> Result<()> {
    stages::check(versions)?;
    let mut statement =
        db.prepare_cached("UPDATE secret_version SET stages = ? WHERE name = ? AND id = ?")?;
    for version in versions {
        statement.execute(params![json(&version.stages)?, name, version.id])?;
    }
    let surplus = versions.len().saturating_sub(VERSIONS_MAX);
    let idle: Vec<&Staged> =
        versions.iter().filter(|version| version.stages.is_empty()).take(surplus).collect();
    if idle.len() < surplus {
        return Err(Code::LimitExceededException.saying(format!(
            "A secret can have {VERSIONS_MAX} versions; remove staging labels from some first."
        )));
    }
    let mut statement = db.prepare_cached("DELETE FROM secret_version WHERE name = ? AND id = ?")?;
    for version in idle {
        statement.execute(params![name, version.id])?;
    }
    Ok(())
}

/// Notes that a version was read on a day.
pub(super) fn touch(db: &Connection, name: &str, id: &str, day: i64) -> Result<()> {
    let sql = "UPDATE secret_version SET accessed = ? WHERE name = ? AND id = ?";
    db.prepare_cached(sql)?.execute(params![day, name, id])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Version> {
    let kind: Option<String> = row.get(4)?;
    let kind = match kind.as_deref() {
        Some("text") => Some(Kind::Text),
        Some(_) => Some(Kind::Binary),
        None => None,
    };
    let blob: Option<Vec<u8>> = row.get(5)?;
    let key_id = row.get(6)?;
    Ok(Version {
        staged: Staged { id: row.get(0)?, stages: labels(row, 3)? },
        made: row.get(1)?,
        accessed: row.get(2)?,
        value: kind.zip(blob).map(|(kind, blob)| Sealed { kind, blob, key_id }),
    })
}

fn labels(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<String>> {
    let text: String = row.get(column)?;
    Ok(serde_json::from_str(&text).unwrap_or_default())
}

fn json(stages: &[String]) -> Result<String> {
    serde_json::to_string(stages).map_err(|_| Error::internal())
}
