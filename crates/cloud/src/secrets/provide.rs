//! Secrets the cloud's owner wants to be there.

use rusqlite::Connection;
use uuid::Uuid;

use super::error::{Code, Error};
use super::secret::{self, Secret};
use super::value::Value;
use super::{Secrets, names};
use crate::clock;
use crate::store::StoreError;

/// A secret that has to be there. Its `Debug` leaves the value out.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretSpec {
    /// Its name, `shop-api-key` or `shop/api-key`.
    pub name: String,
    /// The text it gets where it is new.
    pub value: String,
    /// What it is for.
    pub description: Option<String>,
}

/// Why a secret could not be provided. No message has the value in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// The name or the value breaks a rule, or the secret is about to be deleted.
    #[error("secret `{name}` can't be set up: {reason}")]
    Refused {
        /// The name.
        name: String,
        /// The rule.
        reason: String,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl std::fmt::Debug for SecretSpec {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = formatter.debug_struct("SecretSpec");
        shown.field("name", &self.name).field("description", &self.description);
        shown.finish_non_exhaustive()
    }
}

impl Secrets {
    /// Creates the secret and gives its ARN; one that is there keeps its value.
    ///
    /// # Errors
    /// The name or the value breaks a rule of the service, or the store failed.
    pub(crate) async fn ensure_secret(&self, spec: &SecretSpec) -> Result<String, SecretError> {
        let (inner, spec) = (self.inner.clone(), spec.clone());
        let name = spec.name.clone();
        let refused = move |error: Error| match error.code {
            Code::StorageFull => SecretError::Store(StoreError::Full),
            Code::ServiceUnavailable => SecretError::Store(StoreError::Closed),
            _ => SecretError::Refused { name: name.clone(), reason: error.message },
        };
        check(&spec).map_err(&refused)?;
        let job = move |db: &Connection| match secret::named(db, &spec.name)? {
            Some(there) if there.due.is_some() => Err(Error::deleted()),
            Some(there) => Ok(inner.arn(&there)),
            None => {
                let secret = fresh(spec.name, spec.description)?;
                let arn = inner.arn(&secret);
                let value = Value::text(spec.value);
                inner.create(db, secret, &Uuid::new_v4().to_string(), Some(&value))?;
                Ok(arn)
            }
        };
        self.inner.store.write(job).await.map_err(refused)
    }
}

fn check(spec: &SecretSpec) -> Result<(), Error> {
    names::check(&spec.name)?;
    if spec.name.is_empty() || spec.name.len() > 512 {
        return Err(Error::validation("its name has to have 1 to 512 characters"));
    }
    if spec.value.is_empty() || spec.value.len() > 65_536 {
        return Err(Error::validation("its value has to have 1 to 65536 bytes"));
    }
    Ok(())
}

fn fresh(name: String, description: Option<String>) -> Result<Secret, Error> {
    let made = clock::now_ms();
    Ok(Secret {
        name,
        suffix: names::suffix()?,
        description,
        kms_key_id: None,
        tags: None,
        made,
        changed: made,
        accessed: None,
        due: None,
        rotation: None,
        policy: None,
        replicas: Vec::new(),
        region: None,
        kind: None,
    })
}
