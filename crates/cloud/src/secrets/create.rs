//! `CreateSecret`.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::error::{Code, Error, Result};
use super::put::{self, Outcome};
use super::replicate::{self, Region, Status};
use super::secret::{self, Secret, Tag};
use super::value::{Given, Value};
use super::{Inner, Secrets, names, stages, tags};
use crate::clock;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    name: String,
    client_request_token: Option<String>,
    description: Option<String>,
    kms_key_id: Option<String>,
    tags: Option<Vec<Tag>>,
    #[serde(default)]
    add_replica_regions: Vec<Region>,
    #[serde(rename = "Type")]
    kind: Option<String>,
    #[serde(flatten)]
    value: Given,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Created {
    #[serde(rename = "ARN")]
    arn: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    version_id: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    replication_status: Vec<Status>,
}

impl Secrets {
    pub(super) async fn create_secret(&self, input: Input) -> Result<Created> {
        names::check(&input.name)?;
        let token = put::token(input.client_request_token)?;
        let value = input.value.read()?;
        let made = clock::now_ms();
        let mut secret = Secret {
            suffix: names::suffix()?,
            name: input.name,
            description: input.description.filter(|description| !description.is_empty()),
            kms_key_id: input.kms_key_id.filter(|key| !key.is_empty()),
            tags: input.tags.map(|added| tags::merged(Vec::new(), added)).transpose()?,
            made,
            changed: made,
            accessed: None,
            due: None,
            rotation: None,
            policy: None,
            replicas: Vec::new(),
            region: Some(self.inner.region.clone()).filter(|region| *region != self.inner.home),
            kind: input.kind,
        };
        replicate::add(&mut secret, input.add_replica_regions, &self.inner.region)?;
        let inner = self.inner.clone();
        let job = move |db: &Connection| {
            secret::sweep(db, clock::now_ms())?;
            match secret::named(db, &secret.name)? {
                Some(there) => inner.created_before(db, there, &token, value.as_ref()),
                None => inner.create(db, secret, &token, value.as_ref()),
            }
        };
        self.inner.store.write(job).await
    }
}

impl Inner {
    /// Writes a secret that was not there, with its first version where there is a value.
    pub(super) fn create(
        &self,
        db: &Connection,
        secret: Secret,
        token: &str,
        value: Option<&Value>,
    ) -> Result<Created> {
        if let Some(key) = &secret.kms_key_id {
            self.kms.check(db, key).map_err(|refused| Error::unsealable(&refused))?;
        }
        secret::save(db, &secret)?;
        if let Some(value) = value {
            self.put(db, &secret, token, value, &[stages::CURRENT.to_owned()])?;
        }
        Ok(self.created(secret, value.map(|_| token.to_owned())))
    }

    /// The same request again is answered as before; any other is refused.
    fn created_before(
        &self,
        db: &Connection,
        there: Secret,
        token: &str,
        value: Option<&Value>,
    ) -> Result<Created> {
        if there.due.is_some() {
            return Err(Code::InvalidRequestException.saying(
                "You can't create this secret because a secret with this name is already scheduled for deletion.",
            ));
        }
        if let Some(value) = value
            && self.outcome(db, &there, token, value)? == Outcome::AlreadyThere
        {
            return Ok(self.created(there, Some(token.to_owned())));
        }
        let name = &there.name;
        Err(Code::ResourceExistsException
            .saying(format!("The operation failed because the secret {name} already exists.")))
    }

    fn created(&self, secret: Secret, version_id: Option<String>) -> Created {
        Created {
            arn: self.arn(&secret),
            version_id,
            replication_status: replicate::statuses(&secret),
            name: secret.name,
        }
    }
}
