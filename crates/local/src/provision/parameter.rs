//! Parameters: made with the manifest's `local` value or a random one, kept from run to run, read for who gets a value.

use std::io;
use std::time::Duration;

use cloud::{ParameterKind, ParameterSpec};
use model::System;
use model::system::{Parameter, Resource, ResourceKind, Secret};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{ProvisionError, Reached};
use crate::secret::SecretValue;
use crate::translate::names;

/// How long the cloud, which is in this process, may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of an answer.
const ANSWER_LIMIT: u64 = 256 * 1024;

/// What the manifest says of a parameter or secret.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    system: &'a System,
    resource: &'a Resource,
    secure: bool,
    /// The value that is written down: `local`, else `value`.
    written: Option<&'a str>,
}

impl<'a> Wanted<'a> {
    /// What the manifest says of `resource`, where it is a parameter or secret.
    pub(super) fn of(system: &'a System, resource: &'a Resource) -> Option<Self> {
        let (secure, written) = match &resource.kind {
            ResourceKind::Parameter(Parameter { secure, value, local }) => {
                (*secure, local.as_ref().or(value.as_ref()))
            }
            ResourceKind::Secret(Secret { local, .. }) => (true, local.as_ref()),
            _ => return None,
        };
        Some(Self { system, resource, secure, written: written.map(String::as_str) })
    }

    /// Tells a written value from its successor without holding it.
    pub(super) fn fingerprint(self) -> Option<String> {
        self.written.map(|value| hex::encode(Sha256::digest(value)))
    }

    /// Makes it. One that is there keeps its value, which somebody may have rotated; unless `known`, the fingerprint of
    /// the last run's written value, says that the manifest was changed since.
    pub(super) async fn make(self, reached: &Reached, known: Option<&String>) -> Result<(), ProvisionError> {
        let value = match self.written {
            Some(value) => SecretValue::new(value.to_owned()),
            None => SecretValue::random().map_err(|error| ProvisionError::Random {
                resource: self.resource.name.clone(),
                reason: error.to_string(),
            })?,
        };
        let spec = ParameterSpec {
            name: self.name(),
            kind: if self.secure { ParameterKind::SecureString } else { ParameterKind::String },
            value: value.reveal().to_owned(),
            description: None,
        };
        reached.cloud.ensure_parameter(&spec).await.map_err(|error| self.failed(error.to_string()))?;
        let was_changed = known.is_some() && self.written.is_some() && known != self.fingerprint().as_ref();
        if was_changed { self.overwrite(reached, &value).await } else { Ok(()) }
    }

    /// Its value at this moment.
    pub(super) async fn read(self, reached: &Reached) -> Result<SecretValue, ProvisionError> {
        let input = json!({ "Name": self.name(), "WithDecryption": true });
        let answer = self.call(reached, "GetParameter", &input).await?;
        let value = answer.pointer("/Parameter/Value").and_then(Value::as_str);
        value
            .map(|value| SecretValue::new(value.to_owned()))
            .ok_or_else(|| self.failed("it has no value".to_owned()))
    }

    async fn overwrite(self, reached: &Reached, value: &SecretValue) -> Result<(), ProvisionError> {
        let kind = if self.secure { "SecureString" } else { "String" };
        let input = json!({ "Name": self.name(), "Value": value.reveal(), "Type": kind, "Overwrite": true });
        self.call(reached, "PutParameter", &input).await.map(drop)
    }

    fn name(self) -> String {
        names::physical(self.system, self.resource)
    }

    async fn call(self, reached: &Reached, operation: &str, input: &Value) -> Result<Value, ProvisionError> {
        let authority = reached.endpoint.trim_start_matches("http://");
        let called = timeout(PATIENCE, call(authority, operation, &input.to_string())).await;
        called.map_err(io::Error::from).flatten().map_err(|error| self.failed(error.to_string()))
    }

    fn failed(self, reason: String) -> ProvisionError {
        ProvisionError::Parameter { resource: self.resource.name.clone(), reason }
    }
}

// The way every client takes: what a service would get is what is read.
async fn call(authority: &str, operation: &str, body: &str) -> io::Result<Value> {
    let mut stream = TcpStream::connect(authority).await?;
    let length = body.len();
    let request = format!(
        "POST / HTTP/1.1\r\nHost: {authority}\r\nX-Amz-Target: AmazonSSM.{operation}\r\n\
         Content-Type: application/x-amz-json-1.1\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.take(ANSWER_LIMIT).read_to_string(&mut answer).await?;
    let refused = |what: &str| io::Error::other(format!("{operation} was answered {what}"));
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(|| refused("with nothing"))?;
    let status = head.split(' ').nth(1).unwrap_or_default();
    if status != "200" {
        return Err(refused(status));
    }
    serde_json::from_str(body).map_err(io::Error::other)
}
