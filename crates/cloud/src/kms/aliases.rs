//! Aliases: names that can be moved from key to key.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::describe::Nothing;
use super::error::{Code, Error, Result};
use super::find::{self, Aliases};
use super::key::State;
use super::pages::{self, Page};
use super::{Inner, Kms};
use crate::json::seconds;

/// Aliases of one key at most ("Resource quotas", AWS KMS Developer Guide).
const ALIASES_MAX: usize = 50;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Pointing {
    alias_name: String,
    target_key_id: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfAlias {
    alias_name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listing {
    key_id: Option<String>,
    #[serde(flatten)]
    page: Page,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    aliases: Vec<Entry>,
    #[serde(flatten)]
    end: pages::End,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    alias_name: String,
    alias_arn: String,
    target_key_id: String,
    creation_date: f64,
    last_updated_date: f64,
}

impl Kms {
    pub(super) async fn create_alias(&self, input: Pointing) -> Result<Nothing> {
        let Pointing { alias_name: name, target_key_id } = input;
        check_name(&name)?;
        self.change(target_key_id, move |db, inner, key| {
            if find::target(db, &name)?.is_some() {
                let arn = inner.alias_arn(&name);
                return Err(Code::AlreadyExistsException
                    .saying(format!("An alias with the name {arn} already exists")));
            }
            if key.state == State::PendingDeletion {
                inner.check_usable(&key)?;
            }
            if count(db, &key.id.to_string())? >= ALIASES_MAX {
                return Err(Code::LimitExceededException
                    .saying(format!("A KMS key can have {ALIASES_MAX} aliases; delete one first.")));
            }
            find::put_alias(db, &name, key.id)?;
            Ok(Nothing {})
        })
        .await
    }

    pub(super) async fn update_alias(&self, input: Pointing) -> Result<Nothing> {
        let Pointing { alias_name: name, target_key_id } = input;
        check_name(&name)?;
        self.change(target_key_id, move |db, inner, key| {
            find::target(db, &name)?.ok_or_else(|| inner.no_alias(&name))?;
            if key.state == State::PendingDeletion {
                inner.check_usable(&key)?;
            }
            find::put_alias(db, &name, key.id)?;
            Ok(Nothing {})
        })
        .await
    }

    pub(super) async fn delete_alias(&self, input: OfAlias) -> Result<Nothing> {
        let name = input.alias_name;
        check_name(&name)?;
        let inner = self.inner.clone();
        let job = move |db: &Connection| {
            let gone = db.prepare_cached("DELETE FROM kms_alias WHERE name = ?")?.execute([&name])?;
            if gone == 0 { Err(inner.no_alias(&name)) } else { Ok(Nothing {}) }
        };
        self.inner.store.write(job).await
    }

    pub(super) async fn list_aliases(&self, input: Listing) -> Result<Listed> {
        let (limit, after) = (input.page.limit(50), input.page.after()?);
        let inner = self.inner.clone();
        let read = self.inner.store.read(move |db| {
            let key = input.key_id.map(|key| inner.find(db, &key, Aliases::Refused)).transpose()?;
            let key = key.map(|key| key.id.to_string());
            let mut aliases = inner.aliases(db, key.as_deref(), &after, limit)?;
            let end = pages::cut(&mut aliases, limit, |entry| entry.alias_name.clone());
            Ok::<_, Error>(Listed { aliases, end })
        });
        read.await
    }
}

impl Inner {
    fn aliases(&self, db: &Connection, key: Option<&str>, after: &str, limit: usize) -> Result<Vec<Entry>> {
        let sql = "SELECT name, key_id, made, changed FROM kms_alias WHERE name > ?1 AND (?2 IS NULL OR \
            key_id = ?2) ORDER BY name LIMIT ?3";
        let mut statement = db.prepare_cached(sql)?;
        let rows = statement.query_map(rusqlite::params![after, key, limit + 1], |row| {
            let alias_name: String = row.get(0)?;
            Ok(Entry {
                alias_arn: self.alias_arn(&alias_name),
                alias_name,
                target_key_id: row.get(1)?,
                creation_date: seconds(row.get(2)?),
                last_updated_date: seconds(row.get(3)?),
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

fn count(db: &Connection, key: &str) -> Result<usize> {
    let mut statement = db.prepare_cached("SELECT count(*) FROM kms_alias WHERE key_id = ?")?;
    Ok(statement.query_row([key], |row| row.get(0))?)
}

/// Rules of CreateAlias (API Reference): `alias/` first, and not AWS's own prefix.
fn check_name(name: &str) -> Result<()> {
    let Some(plain) = name.strip_prefix("alias/") else {
        return Err(Code::InvalidAliasNameException
            .saying("Alias must start with the prefix \"alias/\". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html"));
    };
    if plain.starts_with("aws/") || plain == "aws" {
        return Err(
            Code::InvalidAliasNameException.saying(format!("Alias {name} is reserved for AWS managed keys."))
        );
    }
    if plain.is_empty() || plain.contains(':') {
        return Err(Code::InvalidAliasNameException
            .saying(format!("{name} contains invalid characters for an alias")));
    }
    Ok(())
}
