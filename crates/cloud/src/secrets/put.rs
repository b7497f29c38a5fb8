//! `PutSecretValue` and `UpdateSecret`: new versions, each request's token its id.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::error::{Code, Error, Result};
use super::secret::{self, Secret};
use super::stages::{self, Staged};
use super::value::{Given, Value};
use super::versions::{self, Version};
use super::{Inner, Secrets, names};
use crate::clock;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Putting {
    secret_id: String,
    client_request_token: Option<String>,
    version_stages: Option<Vec<String>>,
    #[serde(flatten)]
    value: Given,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Updating {
    secret_id: String,
    client_request_token: Option<String>,
    description: Option<String>,
    kms_key_id: Option<String>,
    #[serde(rename = "Type")]
    kind: Option<String>,
    #[serde(flatten)]
    value: Given,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Put {
    #[serde(rename = "ARN")]
    arn: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    version_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version_stages: Option<Vec<String>>,
}

/// What a token already stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// For nothing, or for a version that waits for its value.
    New,
    /// For a version with just this value.
    AlreadyThere,
}

impl Secrets {
    pub(super) async fn put_secret_value(&self, input: Putting) -> Result<Put> {
        names::check_id(&input.secret_id)?;
        let token = token(input.client_request_token)?;
        let value = input.value.read()?.ok_or_else(|| {
            Code::InvalidRequestException.saying("You must provide either SecretString or SecretBinary.")
        })?;
        let stages = distinct(input.version_stages.unwrap_or_else(|| vec![stages::CURRENT.to_owned()]));
        let inner = self.inner.clone();
        let job = move |db: &Connection| {
            let secret = inner.find(db, &input.secret_id)?;
            let staged = inner.put(db, &secret, &token, &value, &stages)?;
            inner.changed(db, secret.clone())?;
            Ok::<_, Error>(Put {
                arn: inner.arn(&secret),
                name: secret.name,
                version_id: Some(staged.id),
                version_stages: Some(staged.stages),
            })
        };
        self.inner.store.write(job).await
    }

    pub(super) async fn update_secret(&self, input: Updating) -> Result<Put> {
        names::check_id(&input.secret_id)?;
        let value = input.value.read()?;
        let token = match &value {
            Some(_) => token(input.client_request_token)?,
            None => String::new(),
        };
        let inner = self.inner.clone();
        let job = move |db: &Connection| {
            let before = inner.find(db, &input.secret_id)?;
            let secret = Secret {
                description: match input.description {
                    Some(description) => Some(description).filter(|description| !description.is_empty()),
                    None => before.description,
                },
                kms_key_id: match input.kms_key_id {
                    Some(key) => Some(key).filter(|key| !key.is_empty()),
                    None => before.kms_key_id,
                },
                kind: input.kind.or(before.kind),
                ..before
            };
            if let Some(key) = &secret.kms_key_id {
                inner.kms.check(db, key).map_err(|refused| Error::unsealable(&refused))?;
            }
            if let Some(value) = &value {
                inner.put(db, &secret, &token, value, &[stages::CURRENT.to_owned()])?;
            }
            let arn = inner.arn(&secret);
            let name = secret.name.clone();
            inner.changed(db, secret)?;
            let version_id = value.map(|_| token);
            Ok::<_, Error>(Put { arn, name, version_id, version_stages: None })
        };
        self.inner.store.write(job).await
    }
}

impl Inner {
    /// Adds the version of a token, unless it is there with the same value; gives its labels.
    pub(super) fn put(
        &self,
        db: &Connection,
        secret: &Secret,
        token: &str,
        value: &Value,
        stages: &[String],
    ) -> Result<Staged> {
        let outcome = self.outcome(db, secret, token, value)?;
        let mut staged = versions::staged(db, &secret.name)?;
        if outcome == Outcome::New {
            let stages = with_current(stages, &staged);
            let new = Staged { id: token.to_owned(), stages: Vec::new() };
            let sealed = self.seal(db, secret, token, value)?;
            let (made, accessed) = (clock::now_ms(), None);
            let version = Version { staged: new.clone(), made, accessed, value: Some(sealed) };
            versions::put(db, &secret.name, &version)?;
            if !staged.iter().any(|version| version.id == token) {
                staged.push(new);
            }
            stages::attach(&mut staged, token, &stages);
            versions::restage(db, &secret.name, &staged)?;
        }
        staged.into_iter().find(|version| version.id == token).ok_or_else(Error::internal)
    }

    /// What a token stands for; an error where that is another value.
    pub(super) fn outcome(
        &self,
        db: &Connection,
        secret: &Secret,
        token: &str,
        value: &Value,
    ) -> Result<Outcome> {
        let versions = versions::all(db, &secret.name)?;
        let Some(version) = versions.iter().find(|version| version.id() == token) else {
            return Ok(Outcome::New);
        };
        match self.open(db, secret, version)? {
            None => Ok(Outcome::New),
            Some(there) if there.is(value) => Ok(Outcome::AlreadyThere),
            Some(_) => Err(Code::ResourceExistsException.saying(format!(
                "You can't use ClientRequestToken {token} because that value is already in use for a version of \
                 secret {}.",
                self.arn(secret)
            ))),
        }
    }

    /// Writes a secret that was changed at this moment.
    pub(super) fn changed(&self, db: &Connection, secret: Secret) -> Result<()> {
        secret::save(db, &Secret { changed: clock::now_ms(), ..secret })
    }
}

/// The token, which SDKs make themselves. It is a version's id.
pub(super) fn token(token: Option<String>) -> Result<String> {
    token.ok_or_else(|| Code::InvalidRequestException.saying(NO_TOKEN))
}

pub(super) const NO_TOKEN: &str =
    "You must provide a ClientRequestToken value. We recommend a UUID-type value.";

/// The first version of a secret with a value is the current one, whatever the request says.
fn with_current(stages: &[String], staged: &[Staged]) -> Vec<String> {
    let mut stages = stages.to_vec();
    let is_first = stages::holder(staged, stages::CURRENT).is_none();
    if is_first && !stages.iter().any(|stage| stage == stages::CURRENT) {
        stages.push(stages::CURRENT.to_owned());
    }
    stages
}

fn distinct(stages: Vec<String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::with_capacity(stages.len());
    for stage in stages {
        if !found.contains(&stage) {
            found.push(stage);
        }
    }
    found
}
