//! Names and ARNs of secrets ("SecretId", AWS Secrets Manager API Reference).

use rusqlite::Connection;

use super::error::{Error, Result};
use super::secret::{self, Secret};
use super::{Inner, SUFFIX};

const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

impl Inner {
    /// `arn:aws:secretsmanager:us-east-1:000000000000:secret:NAME-a1B2c3`: of the replica where there is one at the
    /// caller's.
    pub(super) fn arn(&self, secret: &Secret) -> String {
        let region = if self.is_replica(secret) { &self.region } else { self.region_of(secret) };
        format!("{}{}-{}", self.arn_prefix(region), secret.name, secret.suffix)
    }

    /// The ARN in the region the secret was made in.
    pub(super) fn primary_arn(&self, secret: &Secret) -> String {
        format!("{}{}-{}", self.arn_prefix(self.region_of(secret)), secret.name, secret.suffix)
    }

    /// The region a secret was made in.
    pub(super) fn region_of<'a>(&'a self, secret: &'a Secret) -> &'a str {
        secret.region.as_deref().unwrap_or(&self.home)
    }

    /// Whether what the caller's region has of a secret is a replica.
    pub(super) fn is_replica(&self, secret: &Secret) -> bool {
        secret.replicas.iter().any(|replica| replica.region == self.region)
    }

    /// The secret a request means, by name, ARN, or ARN without its six last characters; also where it is about to go.
    pub(super) fn find_any(&self, db: &Connection, id: &str) -> Result<Secret> {
        if !id.starts_with("arn:") {
            return secret::named(db, id)?.ok_or_else(Error::not_found);
        }
        let (region, resource) = self.resource(id).ok_or_else(Error::not_found)?;
        let (name, suffix) = match split_suffix(resource) {
            Some((name, suffix)) => (name, Some(suffix)),
            None => (resource, None),
        };
        let found = secret::named(db, name)?.filter(|secret| {
            suffix.is_none_or(|suffix| suffix == secret.suffix)
                && (region == self.region_of(secret)
                    || secret.replicas.iter().any(|replica| replica.region == region))
        });
        found.ok_or_else(Error::not_found)
    }

    /// As [`Inner::find_live`], for a change, which only a secret's own region takes.
    pub(super) fn find(&self, db: &Connection, id: &str) -> Result<Secret> {
        let secret = self.find_live(db, id)?;
        if self.is_replica(&secret) { Err(Error::replica()) } else { Ok(secret) }
    }

    /// As [`Inner::find_any`], and it must not be about to go.
    pub(super) fn find_live(&self, db: &Connection, id: &str) -> Result<Secret> {
        let secret = self.find_any(db, id)?;
        if secret.due.is_some() { Err(Error::deleted()) } else { Ok(secret) }
    }

    fn arn_prefix(&self, region: &str) -> String {
        format!("arn:aws:secretsmanager:{region}:{}:secret:", self.account_id)
    }

    /// The region and what comes after `secret:` in an ARN of this account.
    fn resource<'a>(&self, arn: &'a str) -> Option<(&'a str, &'a str)> {
        let region = arn.split(':').nth(3)?;
        Some((region, arn.strip_prefix(&self.arn_prefix(region))?))
    }
}

/// Refuses a name a secret can't have.
pub(super) fn check(name: &str) -> Result<()> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-/_+=.@!".contains(&byte);
    if name.bytes().all(allowed) {
        return Ok(());
    }
    Err(Error::validation(
        "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
    ))
}

/// Refuses an id that can't be a secret's.
pub(super) fn check_id(id: &str) -> Result<()> {
    if id.starts_with("arn:") { Ok(()) } else { check(id) }
}

/// Six random characters for the end of an ARN.
pub(super) fn suffix() -> Result<String> {
    let bytes: [u8; SUFFIX] = crate::seal::random()?;
    let letter =
        |byte: u8| ALPHABET.get(usize::from(byte) % ALPHABET.len()).map_or('a', |byte| char::from(*byte));
    Ok(bytes.into_iter().map(letter).collect())
}

/// A name that itself ends in a hyphen and six characters can't be told from a whole ARN, as at AWS.
fn split_suffix(resource: &str) -> Option<(&str, &str)> {
    let (name, suffix) = resource.rsplit_once('-')?;
    let random = suffix.len() == SUFFIX && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric());
    random.then_some((name, suffix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_of_the_published_characters() {
        for name in ["a", "Valid/_+=.@-Name-a1b2c3-", "with!"] {
            assert_eq!(check(name), Ok(()), "{name}");
        }
        for name in ["Inv Name", " Inv*Name? ", "a\\b", "ä"] {
            assert!(check(name).is_err(), "{name}");
        }
    }

    #[test]
    fn six_characters_after_a_hyphen_are_the_end_of_an_arn() {
        assert_eq!(split_suffix("name-a1B2c3"), Some(("name", "a1B2c3")));
        assert_eq!(split_suffix("name-a1b2"), None);
        assert_eq!(split_suffix("name-a1b2c3-"), None);
        assert_eq!(suffix().unwrap().len(), SUFFIX);
    }
}
