//! `GetParameter` and `GetParameters`, and how a version is told.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};

use super::check::{one_to_ten, required};
use super::error::{Code, Error, Result};
use super::names::{self, Reference, Selector};
use super::rows::{self, Kind, Version};
use super::{Inner, Ssm};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct One {
    name: Option<String>,
    with_decryption: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Several {
    names: Option<Vec<String>>,
    with_decryption: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OneFound {
    parameter: Parameter,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SeveralFound {
    parameters: Vec<Parameter>,
    invalid_parameters: Vec<String>,
}

/// A parameter with its value. It has no `Debug`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Parameter {
    name: String,
    #[serde(rename = "Type")]
    kind: &'static str,
    value: String,
    version: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    selector: Option<String>,
    /// Seconds since 1970.
    last_modified_date: f64,
    #[serde(rename = "ARN")]
    arn: String,
    data_type: String,
}

/// Whether a SecureString is told as it is or as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Telling {
    Plain,
    Sealed,
}

impl Telling {
    pub(super) fn asked(with_decryption: Option<bool>) -> Self {
        if with_decryption == Some(true) { Self::Plain } else { Self::Sealed }
    }
}

impl Ssm {
    pub(super) async fn get_parameter(&self, input: One) -> Result<OneFound> {
        let reference = names::read(&required(input.name, "name")?)?;
        let (telling, inner) = (Telling::asked(input.with_decryption), self.inner.clone());
        let read = self.store().read(move |db| {
            let version = rows::find(db, &reference)?;
            inner.parameter(version, &reference.selector, telling)
        });
        Ok(OneFound { parameter: read.await? })
    }

    pub(super) async fn get_parameters(&self, input: Several) -> Result<SeveralFound> {
        let names = one_to_ten(input.names, "names")?;
        let (telling, inner) = (Telling::asked(input.with_decryption), self.inner.clone());
        let read = self.store().read(move |db| {
            let mut found = SeveralFound { parameters: Vec::new(), invalid_parameters: Vec::new() };
            for name in names {
                match names::read(&name).and_then(|reference| Ok((rows::find(db, &reference)?, reference))) {
                    Ok((version, Reference { selector, .. })) => {
                        found.parameters.push(inner.parameter(version, &selector, telling)?);
                    }
                    Err(error) if is_absence(&error) => found.invalid_parameters.push(name),
                    Err(error) => return Err(error),
                }
            }
            Ok(found)
        });
        read.await
    }
}

impl Inner {
    /// A version as the wire has it.
    pub(super) fn parameter(
        &self,
        version: Version,
        selector: &Selector,
        telling: Telling,
    ) -> Result<Parameter> {
        Ok(Parameter {
            value: self.value(&version, telling)?,
            kind: version.kind.name(),
            version: version.version,
            selector: match selector {
                Selector::Latest => None,
                Selector::Version(number) => Some(format!(":{number}")),
                Selector::Label(label) => Some(format!(":{label}")),
            },
            last_modified_date: seconds(version.modified),
            arn: names::arn(&self.region, &self.account_id, &version.name),
            data_type: version.data_type,
            name: version.name,
        })
    }

    /// A value as it is told. Sealed, it is the ciphertext in base64, as from AWS.
    pub(super) fn value(&self, version: &Version, telling: Telling) -> Result<String> {
        match (version.kind, telling) {
            (Kind::SecureString, Telling::Plain) => {
                self.key.unseal(&version.name, version.version, &version.value)
            }
            (Kind::SecureString, Telling::Sealed) => Ok(BASE64_STANDARD.encode(&version.value)),
            (Kind::String | Kind::StringList, _) => Ok(String::from_utf8_lossy(&version.value).into_owned()),
        }
    }
}

/// Seconds since 1970, as the wire has times.
#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 stay exact for 285,000 years")]
pub(super) fn seconds(milliseconds: i64) -> f64 {
    milliseconds as f64 / 1000.0
}

fn is_absence(error: &Error) -> bool {
    matches!(error.code, Code::ParameterNotFound | Code::ParameterVersionNotFound | Code::ValidationException)
}
