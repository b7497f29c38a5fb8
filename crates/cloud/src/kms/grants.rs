//! Grants: kept and told. Nobody needs one here, because everybody is the account's root.

use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::describe::Nothing;
use super::error::{Code, Error, Result};
use super::find::Aliases;
use super::pages::{self, Page};
use super::{Inner, Kms};
use crate::{clock, json};

/// Grants of one key at most: fewer than AWS's 50,000, because nothing here uses one.
const GRANTS_MAX: usize = 5_000;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Making {
    key_id: String,
    #[serde(flatten)]
    terms: Terms,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listing {
    key_id: String,
    grant_id: Option<String>,
    grantee_principal: Option<String>,
    #[serde(flatten)]
    page: Page,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Retirable {
    retiring_principal: String,
    #[serde(flatten)]
    page: Page,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Ending {
    grant_token: Option<String>,
    key_id: Option<String>,
    grant_id: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Made {
    grant_token: String,
    grant_id: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    grants: Vec<Grant>,
    #[serde(flatten)]
    end: pages::End,
}

/// What a grant allows, and whom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Terms {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    grantee_principal: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    retiring_principal: Option<String>,
    operations: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    constraints: Option<serde_json::Value>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Grant {
    key_id: String,
    grant_id: String,
    creation_date: f64,
    issuing_account: String,
    #[serde(flatten)]
    terms: Terms,
}

impl Kms {
    /// The same terms under the same name are the same grant (CreateGrant, API Reference).
    pub(super) async fn create_grant(&self, input: Making) -> Result<Made> {
        let terms = input.terms;
        self.change(input.key_id, move |db, inner, key| {
            inner.check_usable(&key)?;
            let have = of_key(db, key.id)?;
            let same = have.iter().find(|grant| grant.terms.name.is_some() && grant.terms == terms);
            if let Some(same) = same {
                return Ok(made(same.grant_id.clone()));
            }
            if have.len() >= GRANTS_MAX {
                return Err(Code::LimitExceededException
                    .saying(format!("A key can have {GRANTS_MAX} grants here; revoke some first.")));
            }
            let grant = inner.granted(key.id, terms);
            insert(db, key.id, &grant)?;
            Ok(made(grant.grant_id))
        })
        .await
    }

    pub(super) async fn list_grants(&self, input: Listing) -> Result<Listed> {
        let (limit, after) = (input.page.limit(50), input.page.after()?);
        self.with_key(input.key_id, Aliases::Refused, move |db, _, key| {
            let mut grants = of_key(db, key.id)?;
            grants.retain(|grant| {
                grant.grant_id > after
                    && input.grant_id.as_ref().is_none_or(|id| *id == grant.grant_id)
                    && input
                        .grantee_principal
                        .as_ref()
                        .is_none_or(|who| *who == grant.terms.grantee_principal)
            });
            Ok(page(grants, limit))
        })
        .await
    }

    pub(super) async fn list_retirable_grants(&self, input: Retirable) -> Result<Listed> {
        let (limit, after) = (input.page.limit(50), input.page.after()?);
        let read = self.inner.store.read(move |db| {
            let sql = "SELECT told FROM kms_grant WHERE id > ? ORDER BY id";
            let mut statement = db.prepare_cached(sql)?;
            let rows = statement.query_map([after], |row| row.get::<_, String>(0))?;
            let mut grants = parsed(rows.collect::<rusqlite::Result<_>>()?);
            grants.retain(|grant| grant.terms.retiring_principal.as_ref() == Some(&input.retiring_principal));
            Ok::<_, Error>(page(grants, limit))
        });
        read.await
    }

    pub(super) async fn revoke_grant(&self, input: Ending) -> Result<Nothing> {
        let id = input.grant_id.unwrap_or_default();
        self.change(input.key_id.unwrap_or_default(), move |db, _, key| end(db, &id, Some(key.id))).await
    }

    /// By the grant's token, or by key and grant.
    pub(super) async fn retire_grant(&self, input: Ending) -> Result<Nothing> {
        match (input.grant_token, input.key_id, input.grant_id) {
            (Some(token), None, None) => {
                let job = move |db: &Connection| end(db, token.trim_start_matches("token-"), None);
                self.inner.store.write(job).await
            }
            (None, Some(key), Some(id)) => {
                self.change(key, move |db, _, key| end(db, &id, Some(key.id))).await
            }
            _ => Err(Error::validation("Please specify either a grant token, or a key and a grant id.")),
        }
    }
}

impl Inner {
    fn granted(&self, key: Uuid, terms: Terms) -> Grant {
        Grant {
            key_id: self.arn(key),
            grant_id: format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple()),
            creation_date: json::seconds(clock::now_ms()),
            issuing_account: format!("arn:aws:iam::{}:root", self.account_id),
            terms,
        }
    }
}

fn made(grant_id: String) -> Made {
    Made { grant_token: format!("token-{grant_id}"), grant_id }
}

fn page(mut grants: Vec<Grant>, limit: usize) -> Listed {
    let end = pages::cut(&mut grants, limit, |grant| grant.grant_id.clone());
    Listed { grants, end }
}

fn insert(db: &Connection, key: Uuid, grant: &Grant) -> Result<()> {
    let told = serde_json::to_string(grant).map_err(|_| Error::internal())?;
    let sql = "INSERT INTO kms_grant (id, key_id, told) VALUES (?, ?, ?)";
    db.prepare_cached(sql)?.execute(params![grant.grant_id, key.to_string(), told])?;
    Ok(())
}

fn of_key(db: &Connection, key: Uuid) -> Result<Vec<Grant>> {
    let mut statement = db.prepare_cached("SELECT told FROM kms_grant WHERE key_id = ? ORDER BY id")?;
    let rows = statement.query_map([key.to_string()], |row| row.get::<_, String>(0))?;
    Ok(parsed(rows.collect::<rusqlite::Result<_>>()?))
}

fn parsed(told: Vec<String>) -> Vec<Grant> {
    told.iter().filter_map(|told| serde_json::from_str(told).ok()).collect()
}

/// Removes a grant, which has to be of the key where one is named.
fn end(db: &Connection, id: &str, key: Option<Uuid>) -> Result<Nothing> {
    let sql = "SELECT key_id FROM kms_grant WHERE id = ?";
    let of: Option<String> = db.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?;
    if of.is_none_or(|of| key.is_some_and(|key| key.to_string() != of)) {
        return Err(Code::NotFoundException.saying(format!("Grant ID {id} not found")));
    }
    db.prepare_cached("DELETE FROM kms_grant WHERE id = ?")?.execute([id])?;
    Ok(Nothing {})
}
