//! The rows of parameters and their versions.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::error::{Code, Error, Result};
use super::names::{Reference, Selector};

/// What kind of value a parameter has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
pub(super) enum Kind {
    String,
    StringList,
    SecureString,
}

/// One version of a parameter. The value is as it is kept, sealed where it is a SecureString.
#[derive(Clone)]
pub(super) struct Version {
    pub(super) name: String,
    pub(super) version: i64,
    pub(super) kind: Kind,
    pub(super) value: Vec<u8>,
    pub(super) key_id: Option<String>,
    pub(super) description: Option<String>,
    pub(super) allowed_pattern: Option<String>,
    pub(super) tier: String,
    pub(super) data_type: String,
    /// Milliseconds since 1970.
    pub(super) modified: i64,
    pub(super) labels: Vec<String>,
    pub(super) policies: Option<String>,
    /// The KMS key that sealed the value; none where the folder's root key did.
    pub(super) sealed_by: Option<String>,
}

pub(super) type Tags = std::collections::BTreeMap<String, String>;

impl Kind {
    pub(super) const ALL: [Self; 3] = [Self::String, Self::StringList, Self::SecureString];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::String => "String",
            Self::StringList => "StringList",
            Self::SecureString => "SecureString",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// The columns of [`read`]; the table is called `v`.
pub(super) const COLUMNS: &str = "v.name, v.version, v.kind, v.value, v.key_id, v.description, \
    v.allowed_pattern, v.tier, v.data_type, v.modified, v.labels, v.policies, v.sealed_by";

/// The latest version of each parameter that has not expired, for conditions on `p.name`.
pub(super) const LATEST: &str = "FROM ssm_parameter p JOIN ssm_version v ON v.name = p.name AND \
    v.version = p.version AND (p.due IS NULL OR p.due > unixepoch('subsec') * 1000)";

/// Reads the columns [`COLUMNS`].
pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Version> {
    Ok(Version {
        name: row.get(0)?,
        version: row.get(1)?,
        kind: Kind::named(&row.get::<_, String>(2)?).unwrap_or(Kind::SecureString),
        value: row.get(3)?,
        key_id: row.get(4)?,
        description: row.get(5)?,
        allowed_pattern: row.get(6)?,
        tier: row.get(7)?,
        data_type: row.get(8)?,
        modified: row.get(9)?,
        labels: serde_json::from_str(&row.get::<_, String>(10)?).unwrap_or_default(),
        policies: row.get(11)?,
        sealed_by: row.get(12)?,
    })
}

/// The latest version of a parameter.
pub(super) fn latest(db: &Connection, name: &str) -> Result<Option<Version>> {
    let mut statement = db.prepare_cached(&format!("SELECT {COLUMNS} {LATEST} WHERE p.name = ?"))?;
    Ok(statement.query_row([name], read).optional()?)
}

/// All versions of a parameter, oldest first.
pub(super) fn versions(db: &Connection, name: &str) -> Result<Vec<Version>> {
    let mut statement = db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM ssm_version v WHERE v.name = ? ORDER BY v.version"
    ))?;
    let rows = statement.query_map([name], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The oldest version of a parameter that has at least `count` of them.
pub(super) fn oldest_of(db: &Connection, name: &str, count: usize) -> Result<Option<Version>> {
    let mut statement = db.prepare_cached("SELECT count(*) FROM ssm_version WHERE name = ?")?;
    let have: usize = statement.query_row([name], |row| row.get(0))?;
    if have < count {
        return Ok(None);
    }
    let sql = format!("SELECT {COLUMNS} FROM ssm_version v WHERE v.name = ? ORDER BY v.version LIMIT 1");
    Ok(db.prepare_cached(&sql)?.query_row([name], read).optional()?)
}

/// The version a reference means.
pub(super) fn find(db: &Connection, reference: &Reference) -> Result<Version> {
    for name in &reference.names {
        if let Some(latest) = latest(db, name)? {
            return select(db, latest, &reference.selector);
        }
    }
    Err(Error::not_found(&reference.text))
}

/// The name under which what a reference means is kept.
pub(super) fn stored_name(db: &Connection, reference: &Reference) -> Result<Option<String>> {
    for name in &reference.names {
        if let Some(latest) = latest(db, name)? {
            return Ok(Some(latest.name));
        }
    }
    Ok(None)
}

/// Adds a version, makes it the latest, and keeps the parameter's tags; `tags` is for a new parameter. `due` is when it
/// expires.
pub(super) fn insert(db: &Connection, version: &Version, tags: &Tags, due: Option<i64>) -> Result<()> {
    let sql = "INSERT INTO ssm_version (name, version, kind, value, key_id, description, allowed_pattern, tier, \
        data_type, modified, labels, policies, sealed_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    db.prepare_cached(sql)?.execute(params![
        version.name,
        version.version,
        version.kind.name(),
        version.value,
        version.key_id,
        version.description,
        version.allowed_pattern,
        version.tier,
        version.data_type,
        version.modified,
        json(&version.labels),
        version.policies,
        version.sealed_by,
    ])?;
    let sql = "INSERT INTO ssm_parameter (name, version, tags, due) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO \
        UPDATE SET version = excluded.version, due = excluded.due";
    db.prepare_cached(sql)?.execute(params![version.name, version.version, json(tags), due])?;
    Ok(())
}

/// Removes one old version.
pub(super) fn forget(db: &Connection, name: &str, version: i64) -> Result<()> {
    db.prepare_cached("DELETE FROM ssm_version WHERE name = ? AND version = ?")?
        .execute(params![name, version])?;
    Ok(())
}

/// Removes a parameter with all its versions; whether it was there.
pub(super) fn remove(db: &Connection, name: &str) -> Result<bool> {
    let there = db.prepare_cached("DELETE FROM ssm_parameter WHERE name = ?")?.execute([name])?;
    db.prepare_cached("DELETE FROM ssm_version WHERE name = ?")?.execute([name])?;
    Ok(there > 0)
}

/// Replaces the labels of a version.
pub(super) fn set_labels(db: &Connection, name: &str, version: i64, labels: &[String]) -> Result<()> {
    let sql = "UPDATE ssm_version SET labels = ? WHERE name = ? AND version = ?";
    db.prepare_cached(sql)?.execute(params![json(&labels), name, version])?;
    Ok(())
}

/// The tags of a parameter, if it is there.
pub(super) fn tags(db: &Connection, name: &str) -> Result<Option<Tags>> {
    let mut statement = db.prepare_cached("SELECT tags FROM ssm_parameter WHERE name = ?")?;
    let tags: Option<String> = statement.query_row([name], |row| row.get(0)).optional()?;
    Ok(tags.map(|tags| serde_json::from_str(&tags).unwrap_or_default()))
}

/// Replaces the tags of a parameter.
pub(super) fn set_tags(db: &Connection, name: &str, tags: &Tags) -> Result<()> {
    let mut statement = db.prepare_cached("UPDATE ssm_parameter SET tags = ? WHERE name = ?")?;
    statement.execute(params![json(tags), name])?;
    Ok(())
}

/// Removes the parameters that have expired; how many there were.
pub(super) fn sweep(db: &Connection, now: i64) -> rusqlite::Result<usize> {
    let sql = "DELETE FROM ssm_version WHERE name IN (SELECT name FROM ssm_parameter WHERE due <= ?)";
    db.prepare_cached(sql)?.execute([now])?;
    db.prepare_cached("DELETE FROM ssm_parameter WHERE due <= ?")?.execute([now])
}

/// When a parameter expires.
pub(super) fn due(db: &Connection, name: &str) -> Result<Option<i64>> {
    let mut statement = db.prepare_cached("SELECT due FROM ssm_parameter WHERE name = ?")?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?.flatten())
}

/// Removes every parameter.
pub(super) fn clear(db: &Connection) -> rusqlite::Result<usize> {
    db.execute("DELETE FROM ssm_version", [])?;
    db.execute("DELETE FROM ssm_parameter", [])
}

/// Whether anything is sealed.
pub(super) fn any_sealed(db: &Connection) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM ssm_version WHERE kind = 'SecureString')";
    db.query_row(sql, [], |row| row.get(0))
}

fn select(db: &Connection, latest: Version, selector: &Selector) -> Result<Version> {
    let (found, what) = match selector {
        Selector::Latest => return Ok(latest),
        Selector::Version(number) => {
            let sql = format!("SELECT {COLUMNS} FROM ssm_version v WHERE v.name = ? AND v.version = ?");
            let mut statement = db.prepare_cached(&sql)?;
            let found = statement.query_row(params![latest.name, number], read).optional()?;
            (found, format!("version {number}"))
        }
        Selector::Label(label) => {
            let found = versions(db, &latest.name)?.into_iter().find(|one| one.labels.contains(label));
            (found, format!("label {label}"))
        }
    };
    let kind = if matches!(selector, Selector::Label(_)) { "label" } else { "version" };
    found.ok_or_else(|| {
        let name = &latest.name;
        let message =
            format!("Systems Manager could not find {what} of {name}. Verify the {kind} and try again.");
        Code::ParameterVersionNotFound.saying(message)
    })
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
