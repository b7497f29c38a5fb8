//! `GetParameter` and `GetParameters`, and how a version is told.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::error::{Code, Error, Result};
use super::names::{self, Selector};
use super::reference;
use super::rows::{self, Kind, Version};
use super::{Inner, Ssm};
use crate::json::seconds;
use crate::kms::cipher::Context;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct One {
    name: String,
    with_decryption: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Several {
    names: Vec<String>,
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
    /// What the parameter stands for, as that service describes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    source_result: Option<String>,
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
        let (telling, inner) = (Telling::asked(input.with_decryption), self.inner.clone());
        let read = self.store().look(move |db| inner.get(db, &input.name, telling));
        Ok(OneFound { parameter: read.await? })
    }

    pub(super) async fn get_parameters(&self, input: Several) -> Result<SeveralFound> {
        let (telling, inner) = (Telling::asked(input.with_decryption), self.inner.clone());
        let read = self.store().look(move |db| {
            let mut found = SeveralFound { parameters: Vec::new(), invalid_parameters: Vec::new() };
            let mut asked = BTreeSet::new();
            for name in input.names.into_iter().filter(|name| asked.insert(name.clone())) {
                match inner.get(db, &name, telling) {
                    Ok(parameter) => found.parameters.push(parameter),
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
    fn get(&self, db: &Connection, name: &str, telling: Telling) -> Result<Parameter> {
        if let Some(secret) = reference::read(name) {
            return self.referenced(db, secret, telling);
        }
        let reference = names::read(name)?;
        let version = rows::find(db, &reference)?;
        self.parameter(db, version, reference.told, &reference.selector, telling)
    }

    /// A version as the wire has it, under the name the request has.
    pub(super) fn parameter(
        &self,
        db: &Connection,
        version: Version,
        told: Option<String>,
        selector: &Selector,
        telling: Telling,
    ) -> Result<Parameter> {
        Ok(Parameter {
            value: self.value(db, &version, telling)?,
            kind: version.kind.name(),
            version: version.version,
            selector: match selector {
                Selector::Latest => None,
                Selector::Version(number) => Some(format!(":{number}")),
                Selector::Label(label) => Some(format!(":{label}")),
            },
            source_result: None,
            last_modified_date: seconds(version.modified),
            arn: names::arn(&self.region, &self.account_id, &version.name),
            data_type: version.data_type,
            name: told.unwrap_or(version.name),
        })
    }

    /// The parameter that stands for a secret ("Referencing AWS Secrets Manager secrets from Parameter Store
    /// parameters", AWS Systems Manager User Guide).
    fn referenced(
        &self,
        db: &Connection,
        wanted: reference::Wanted<'_>,
        telling: Telling,
    ) -> Result<Parameter> {
        if telling == Telling::Sealed {
            return Err(Error::validation(
                "WithDecryption flag must be True for retrieving a Secret Manager secret.",
            ));
        }
        let secret = self.secrets.referenced(db, wanted.secret, wanted.selector);
        let secret = secret.map_err(|refused| reference::refused(wanted.name, refused))?;
        Ok(Parameter {
            kind: Kind::SecureString.name(),
            value: secret.value,
            version: 0,
            selector: wanted.selector.map(|selector| format!(":{selector}")),
            source_result: Some(secret.source),
            last_modified_date: seconds(secret.made),
            arn: names::arn(&self.region, &self.account_id, wanted.name),
            data_type: "text".to_owned(),
            name: wanted.name.to_owned(),
        })
    }

    /// A value as it is told. Sealed, it is the ciphertext in base64, as from AWS.
    pub(super) fn value(&self, db: &Connection, version: &Version, telling: Telling) -> Result<String> {
        match (version.kind, telling) {
            (Kind::SecureString, Telling::Plain) => self.opened(db, version),
            (Kind::SecureString, Telling::Sealed) => Ok(BASE64_STANDARD.encode(&version.value)),
            (Kind::String | Kind::StringList, _) => Ok(String::from_utf8_lossy(&version.value).into_owned()),
        }
    }

    /// The value of a SecureString: KMS sealed it, or the root key, before there was KMS.
    fn opened(&self, db: &Connection, version: &Version) -> Result<String> {
        let bytes = match &version.sealed_by {
            Some(_) => {
                let context = self.context(&version.name);
                let opened = self.kms.decrypt_for(db, &version.value, &context);
                opened.map_err(|refused| Error::invalid_key(&refused))?.value
            }
            None => {
                let place = format!("{}:{}", version.name, version.version);
                self.root.unseal(place.as_bytes(), &version.value)?
            }
        };
        String::from_utf8(bytes).map_err(|_| Error::internal())
    }

    /// What KMS binds a SecureString to ("How AWS Systems Manager Parameter Store uses AWS KMS").
    pub(super) fn context(&self, name: &str) -> Context {
        let arn = names::arn(&self.home, &self.account_id, name);
        Context::from([("PARAMETER_ARN".to_owned(), arn)])
    }
}

fn is_absence(error: &Error) -> bool {
    match error.code {
        Code::ParameterNotFound | Code::ParameterVersionNotFound => true,
        Code::ValidationException => !error.message.starts_with("WithDecryption"),
        _ => false,
    }
}
