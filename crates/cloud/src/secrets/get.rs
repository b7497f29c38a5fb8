//! `GetSecretValue`, and what stands for a secret in the parameter store.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::error::{Code, Error, Result};
use super::secret::{self, Secret};
use super::value::Told;
use super::versions::{self, Version};
use super::{Inner, Secrets, names, stages};
use crate::clock;
use crate::json::seconds;

const DAY: i64 = 24 * 60 * 60 * 1000;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    secret_id: String,
    version_id: Option<String>,
    version_stage: Option<String>,
}

/// A version with its value. It has no `Debug`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Got {
    #[serde(rename = "ARN")]
    arn: String,
    name: String,
    version_id: String,
    #[serde(flatten)]
    value: Told,
    version_stages: Vec<String>,
    created_date: f64,
    /// Whether this is the first reading of the day, which is noted.
    #[serde(skip)]
    pub(super) first: bool,
}

/// A secret as the parameter store needs it. It has no `Debug`.
pub(crate) struct Referenced {
    /// Its text.
    pub(crate) value: String,
    /// What the secret is, as JSON without the value.
    pub(crate) source: String,
    /// When the version was made, in milliseconds since 1970.
    pub(crate) made: i64,
}

impl Secrets {
    pub(super) async fn get_secret_value(&self, input: Input) -> Result<Got> {
        names::check_id(&input.secret_id)?;
        let inner = self.inner.clone();
        let read = self.inner.store.look(move |db| {
            let secret = inner.find_live(db, &input.secret_id)?;
            inner.got(db, secret, input.version_id.as_deref(), input.version_stage.as_deref())
        });
        let got = read.await?;
        self.note(&[&got]).await;
        Ok(got)
    }

    /// Notes the readings that are the first of their day. A disk without room for that must not keep anybody from
    /// reading.
    pub(super) async fn note(&self, read: &[&Got]) {
        let first = read.iter().filter(|got| got.first);
        let first: Vec<(String, String)> =
            first.map(|got| (got.name.clone(), got.version_id.clone())).collect();
        if first.is_empty() {
            return;
        }
        let job = move |db: &Connection| {
            first.iter().try_for_each(|(name, version)| secret::touch(db, name, version, today()))
        };
        let noted: Result<()> = self.inner.store.write(job).await;
        if noted.is_err() {
            tracing::warn!("when a secret was last read could not be noted");
        }
    }

    /// The secret a parameter stands for; `selector` is a version's id or a label.
    pub(crate) fn referenced(&self, db: &Connection, id: &str, selector: Option<&str>) -> Result<Referenced> {
        let inner = &self.inner;
        let secret = inner.find_live(db, id)?;
        let versions = versions::all(db, &secret.name)?;
        let by_id = selector.filter(|selector| versions.iter().any(|version| version.id() == *selector));
        let stage = selector.filter(|_| by_id.is_none());
        let version = pick(&versions, by_id, stage)?;
        let opened = inner.open(db, &secret, version)?.ok_or_else(|| Error::no_version(version.id()))?;
        let text = opened.told()?.secret_string.ok_or_else(|| {
            Code::InvalidRequestException.saying("The secret is binary, and a parameter's value is text.")
        })?;
        let source = serde_json::json!({
            "ARN": inner.arn(&secret),
            "name": secret.name,
            "versionId": version.id(),
            "versionStages": version.staged.stages,
            "createdDate": seconds(version.made),
        });
        Ok(Referenced { value: text, source: source.to_string(), made: version.made })
    }
}

impl Inner {
    /// A version of a secret and its value.
    pub(super) fn got(
        &self,
        db: &Connection,
        secret: Secret,
        id: Option<&str>,
        stage: Option<&str>,
    ) -> Result<Got> {
        let versions = versions::all(db, &secret.name)?;
        let version = pick(&versions, id, stage)?;
        let missing = || match (id, stage) {
            (Some(id), _) => Error::no_version(id),
            (None, stage) => Error::no_stage(stage.unwrap_or(stages::CURRENT)),
        };
        let value = self.open(db, &secret, version)?.ok_or_else(missing)?.told()?;
        Ok(Got {
            arn: self.arn(&secret),
            name: secret.name,
            version_id: version.id().to_owned(),
            value,
            version_stages: version.staged.stages.clone(),
            created_date: seconds(version.made),
            first: version.accessed != Some(today()),
        })
    }
}

/// The version that an id and a label mean; both have to mean the same one.
fn pick<'a>(versions: &'a [Version], id: Option<&str>, stage: Option<&str>) -> Result<&'a Version> {
    let has = |version: &Version, stage: &str| version.staged.stages.iter().any(|label| label == stage);
    let Some(id) = id else {
        let stage = stage.unwrap_or(stages::CURRENT);
        return versions.iter().find(|version| has(version, stage)).ok_or_else(|| Error::no_stage(stage));
    };
    let version = versions.iter().find(|version| version.id() == id).ok_or_else(|| Error::no_version(id))?;
    if stage.is_some_and(|stage| !has(version, stage)) {
        return Err(Code::InvalidRequestException
            .saying("You provided a VersionStage that is not associated to the provided VersionId."));
    }
    Ok(version)
}

/// The beginning of this day: of when a secret was read, no more is told.
fn today() -> i64 {
    let now = clock::now_ms();
    now - now.rem_euclid(DAY)
}
