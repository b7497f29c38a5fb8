//! Which key a request means: an id, an ARN, an alias or an alias's ARN ("Key identifiers", AWS KMS Developer Guide).

use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

use super::Inner;
use super::error::{Code, Error, Result};
use super::key::{self, Key, Manager, State};
use crate::clock;

/// The aliases of the keys AWS makes itself when a service first needs one.
const MANAGED: [&str; 4] = ["alias/aws/ssm", "alias/aws/secretsmanager", "alias/aws/s3", "alias/aws/sqs"];

/// Whether a request may name a key by an alias.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aliases {
    Taken,
    Refused,
}

/// What a reference turned out to be.
#[derive(Debug, PartialEq, Eq)]
enum Reference<'a> {
    Key(Uuid),
    Alias(&'a str),
}

impl Inner {
    /// The key a request means.
    pub(super) fn find(&self, db: &Connection, text: &str, aliases: Aliases) -> Result<Key> {
        match self.reference(text)? {
            Reference::Key(id) => key::find(db, id)?.ok_or_else(|| self.no_key(id)),
            Reference::Alias(_) if aliases == Aliases::Refused => {
                Err(Code::NotFoundException.saying(format!("Invalid keyId {text}")))
            }
            Reference::Alias(name) => {
                let id = target(db, name)?.ok_or_else(|| self.no_alias(name))?;
                key::find(db, id)?.ok_or_else(|| self.no_alias(name))
            }
        }
    }

    /// As [`Inner::find`], and the key has to be one that encrypts and decrypts at the moment.
    pub(super) fn find_usable(&self, db: &Connection, text: &str) -> Result<Key> {
        let key = self.find(db, text, Aliases::Taken)?;
        self.check_usable(&key)?;
        Ok(key)
    }

    /// Refuses a key that is disabled or about to go.
    pub(super) fn check_usable(&self, key: &Key) -> Result<()> {
        let arn = self.arn(key.id);
        match key.state {
            State::Enabled => Ok(()),
            State::Disabled => Err(Code::DisabledException.saying(format!("{arn} is disabled."))),
            State::PendingDeletion => {
                Err(Code::KMSInvalidStateException.saying(format!("{arn} is pending deletion.")))
            }
        }
    }

    /// The alias of an AWS managed key that a reference means, where it does.
    pub(super) fn managed_alias(&self, text: &str) -> Option<&'static str> {
        let Ok(Reference::Alias(name)) = self.reference(text) else { return None };
        MANAGED.into_iter().find(|managed| *managed == name)
    }

    /// Makes the AWS managed key behind an alias, unless it is there.
    pub(super) fn provide_managed(&self, db: &Connection, alias: &'static str) -> Result<()> {
        if target(db, alias)?.is_some() {
            return Ok(());
        }
        let service = alias.trim_start_matches("alias/aws/");
        let description = match service {
            "ssm" => {
                "Default key that protects my Parameter Store data when no other key is defined".to_owned()
            }
            "secretsmanager" => {
                "Default key that protects my Secrets Manager data when no other key is defined".to_owned()
            }
            service => {
                format!(
                    "Default key that protects my {} data when no other key is defined",
                    service.to_uppercase()
                )
            }
        };
        let key = self.new_key(Manager::Aws, description, None, Vec::new());
        key::insert(db, &self.root, &key)?;
        put_alias(db, alias, key.id)
    }

    /// `arn:aws:kms:us-east-1:000000000000:key/…`.
    pub(super) fn arn(&self, id: Uuid) -> String {
        format!("arn:aws:kms:{}:{}:key/{id}", self.region, self.account_id)
    }

    /// `arn:aws:kms:us-east-1:000000000000:alias/…`.
    pub(super) fn alias_arn(&self, name: &str) -> String {
        format!("arn:aws:kms:{}:{}:{name}", self.region, self.account_id)
    }

    pub(super) fn no_alias(&self, name: &str) -> Error {
        Code::NotFoundException.saying(format!("Alias {} is not found.", self.alias_arn(name)))
    }

    fn no_key(&self, id: Uuid) -> Error {
        Code::NotFoundException.saying(format!("Key '{}' does not exist", self.arn(id)))
    }

    fn reference<'a>(&self, text: &'a str) -> Result<Reference<'a>> {
        let invalid = || Code::NotFoundException.saying(format!("Invalid keyId '{text}'"));
        let resource = match text.strip_prefix("arn:") {
            Some(arn) => self.resource(text, arn)?,
            None => text,
        };
        if resource.starts_with("alias/") {
            return Ok(Reference::Alias(resource));
        }
        let id = if resource.len() == text.len() { resource } else { resource.trim_start_matches("key/") };
        // Only the form with hyphens is a key's id.
        Uuid::parse_str(id).ok().filter(|_| id.len() == 36).map(Reference::Key).ok_or_else(invalid)
    }

    /// What comes after the account in an ARN of this region and account.
    fn resource<'a>(&self, text: &str, arn: &'a str) -> Result<&'a str> {
        let fields: Vec<&str> = arn.splitn(5, ':').collect();
        let &[_, "kms", region, account, resource] = fields.as_slice() else {
            return Err(Code::InvalidArnException.saying(format!("Invalid arn {text}")));
        };
        if region != self.region {
            return Err(Code::NotFoundException.saying(format!("Invalid arn {region}")));
        }
        if account != self.account_id {
            return Err(Code::NotFoundException.saying(format!("Key '{text}' does not exist")));
        }
        Ok(resource)
    }
}

/// The key behind an alias.
pub(super) fn target(db: &Connection, alias: &str) -> Result<Option<Uuid>> {
    let mut statement = db.prepare_cached("SELECT key_id FROM kms_alias WHERE name = ?")?;
    let id: Option<String> = statement.query_row([alias], |row| row.get(0)).optional()?;
    Ok(id.and_then(|id| Uuid::parse_str(&id).ok()))
}

/// Puts an alias on a key, whether or not it was on another.
pub(super) fn put_alias(db: &Connection, alias: &str, key: Uuid) -> Result<()> {
    let sql = "INSERT INTO kms_alias (name, key_id, made, changed) VALUES (?1, ?2, ?3, ?3) ON CONFLICT (name) DO \
        UPDATE SET key_id = excluded.key_id, changed = excluded.changed";
    db.prepare_cached(sql)?.execute(params![alias, key.to_string(), clock::now_ms()])?;
    Ok(())
}
