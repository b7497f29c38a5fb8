//! Parameters and secrets: made with the manifest's `local` value or a random one, kept from run to run, read for who
//! gets a value.

use cloud::init::{self, Contents};
use model::System;
use model::system::{Parameter, Resource, ResourceKind, Secret};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{ProvisionError, Reached};
use crate::secret::SecretValue;
use crate::translate::names;

/// What the manifest says of a parameter or secret.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    system: &'a System,
    resource: &'a Resource,
    place: Place,
    /// The value that is written down: `local`, else `value`.
    written: Option<&'a str>,
}

/// Where a value is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The Parameter Store, in the open.
    Parameter,
    /// The Parameter Store, sealed.
    SecureParameter,
    /// Secrets Manager.
    Secret,
}

impl Place {
    /// The Parameter Store's word for the kind of value.
    fn kind(self) -> &'static str {
        match self {
            Self::Parameter => "String",
            Self::SecureParameter | Self::Secret => "SecureString",
        }
    }
}

impl<'a> Wanted<'a> {
    /// What the manifest says of `resource`, where it is a parameter or secret.
    pub(super) fn of(system: &'a System, resource: &'a Resource) -> Option<Self> {
        let (place, written) = match &resource.kind {
            ResourceKind::Parameter(Parameter { secure, value, local }) => {
                let place = if *secure { Place::SecureParameter } else { Place::Parameter };
                (place, local.as_ref().or(value.as_ref()))
            }
            ResourceKind::Secret(Secret { local, .. }) => (Place::Secret, local.as_ref()),
            _ => return None,
        };
        Some(Self { system, resource, place, written: written.map(String::as_str) })
    }

    /// Tells a written value from its successor without holding it.
    pub(super) fn fingerprint(self) -> Option<String> {
        self.written.map(|value| hex::encode(Sha256::digest(value)))
    }

    /// Makes it, and gives its ARN where only the cloud knows it. One that is there keeps its value, which somebody may
    /// have rotated; unless `known`, the fingerprint of the last run's written value, says that the manifest was changed
    /// since.
    pub(super) async fn make(
        self,
        reached: &Reached,
        known: Option<&String>,
    ) -> Result<Option<String>, ProvisionError> {
        let value = self.value(reached).await?;
        let arn = self.ensure(reached, &value).await?;
        let was_changed = known.is_some() && self.written.is_some() && known != self.fingerprint().as_ref();
        if was_changed {
            self.overwrite(reached, &value).await?;
        }
        Ok(arn)
    }

    /// Its value at this moment.
    pub(super) async fn read(self, reached: &Reached) -> Result<SecretValue, ProvisionError> {
        let (target, input, pointer) = match self.place {
            Place::Secret => {
                ("secretsmanager.GetSecretValue", json!({ "SecretId": self.name() }), "/SecretString")
            }
            Place::Parameter | Place::SecureParameter => return self.read_parameter(reached).await,
        };
        self.text(&self.ask(reached, target, &input).await?, pointer)
    }

    async fn read_parameter(self, reached: &Reached) -> Result<SecretValue, ProvisionError> {
        let input = json!({ "Name": self.name(), "WithDecryption": true });
        self.text(&self.ask(reached, "AmazonSSM.GetParameter", &input).await?, "/Parameter/Value")
    }

    /// The value it gets where it is new: what is written; else what it had as a parameter, which is what secrets were
    /// before there was Secrets Manager here; else a random one.
    async fn value(self, reached: &Reached) -> Result<SecretValue, ProvisionError> {
        if let Some(written) = self.written {
            return Ok(SecretValue::new(written.to_owned()));
        }
        if self.place == Place::Secret
            && let Ok(earlier) = self.read_parameter(reached).await
        {
            return Ok(earlier);
        }
        SecretValue::random().map_err(|error| ProvisionError::Random {
            resource: self.resource.name.clone(),
            reason: error.to_string(),
        })
    }

    async fn ensure(self, reached: &Reached, value: &SecretValue) -> Result<Option<String>, ProvisionError> {
        let wanted = init::Value {
            name: self.name(),
            kind: self.place.kind(),
            value: value.reveal().to_owned(),
            description: None,
        };
        let contents = match self.place {
            Place::Secret => Contents { secrets: vec![wanted], ..Contents::default() },
            Place::Parameter | Place::SecureParameter => {
                Contents { parameters: vec![wanted], ..Contents::default() }
            }
        };
        reached.provide(&self.resource.name, &contents).await?;
        match self.place {
            Place::Secret => self.arn(reached).await.map(Some),
            Place::Parameter | Place::SecureParameter => Ok(None),
        }
    }

    async fn arn(self, reached: &Reached) -> Result<String, ProvisionError> {
        let input = json!({ "SecretId": self.name() });
        let answer = self.ask(reached, "secretsmanager.DescribeSecret", &input).await?;
        let arn = answer.get("ARN").and_then(Value::as_str).map(str::to_owned);
        arn.ok_or_else(|| self.failed("it has no ARN".to_owned()))
    }

    async fn overwrite(self, reached: &Reached, value: &SecretValue) -> Result<(), ProvisionError> {
        let (name, value) = (self.name(), value.reveal());
        let (target, input) = match self.place {
            Place::Parameter | Place::SecureParameter => {
                let input = json!({
                    "Name": name,
                    "Value": value,
                    "Type": self.place.kind(),
                    "Tier": "Intelligent-Tiering",
                    "Overwrite": true,
                });
                ("AmazonSSM.PutParameter", input)
            }
            Place::Secret => {
                // A version's name: any text of 32 to 64 characters that no version has yet.
                let token = SecretValue::random().map_err(|error| self.failed(error.to_string()))?;
                let input =
                    json!({ "SecretId": name, "ClientRequestToken": token.reveal(), "SecretString": value });
                ("secretsmanager.PutSecretValue", input)
            }
        };
        self.ask(reached, target, &input).await.map(drop)
    }

    fn text(self, answer: &Value, pointer: &str) -> Result<SecretValue, ProvisionError> {
        let value = answer.pointer(pointer).and_then(Value::as_str);
        let value = value.map(|value| SecretValue::new(value.to_owned()));
        value.ok_or_else(|| self.failed("it has no text as its value".to_owned()))
    }

    fn name(self) -> String {
        names::physical(self.system, self.resource)
    }

    async fn ask(self, reached: &Reached, target: &str, input: &Value) -> Result<Value, ProvisionError> {
        reached.cloud.ask(target, input).await.map_err(|refusal| self.failed(refusal.message))
    }

    fn failed(self, reason: String) -> ProvisionError {
        ProvisionError::Parameter { resource: self.resource.name.clone(), reason }
    }
}
