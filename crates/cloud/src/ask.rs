//! An operation of one of the JSON protocols, asked from inside: the same rules and the same sentences as for a client.

use http_body_util::BodyExt as _;
use serde_json::Value;

use crate::call::Call;
use crate::cloud::Cloud;
use crate::dispatch::{self, Destination};
use crate::server::{self, Services};

/// Why a service refused. No service quotes a value that is secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// The error's name, without its namespace: `ParameterNotFound`.
    pub code: String,
    /// The service's sentence.
    pub message: String,
}

impl Cloud {
    /// Asks one operation as a client would, without a connection and without a signature. `target` is what a client
    /// sends as `X-Amz-Target`, `AmazonSSM.GetParameter`; `input` and the answer are the JSON of request and response.
    ///
    /// # Errors
    /// The service refused, or nothing here answers to `target`.
    pub async fn ask(&self, target: &str, input: &Value) -> Result<Value, Refusal> {
        ask(self.services(), target, input).await
    }
}

/// As [`Cloud::ask`].
pub(crate) async fn ask(services: &Services, target: &str, input: &Value) -> Result<Value, Refusal> {
    let Destination::Json { service, operation } = dispatch::by_target(target) else {
        return Err(Refusal { code: String::new(), message: format!("the cloud does not know {target}") });
    };
    let response =
        server::json(services, service, Call::from_inside(operation, input.to_string().into())).await;
    let status = response.status();
    let body = response.into_body().collect().await;
    let bytes = body.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let answer: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    if status.is_success() {
        return Ok(answer);
    }
    let text = |name: &str| answer.get(name).and_then(Value::as_str);
    let code = text("__type").and_then(|code| code.rsplit('#').next()).unwrap_or_default().to_owned();
    let message =
        text("message").or_else(|| text("Message")).map_or_else(|| status.to_string(), str::to_owned);
    Err(Refusal { code, message })
}

impl From<Refusal> for String {
    fn from(refusal: Refusal) -> Self {
        refusal.message
    }
}
