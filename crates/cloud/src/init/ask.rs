//! An operation of one of the JSON protocols, asked from inside.

use http_body_util::BodyExt as _;
use serde_json::Value;

use crate::call::Call;
use crate::dispatch::{self, Destination};
use crate::server::{self, Services};

/// Why a service refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The error's name, without its namespace.
    pub(super) code: String,
    pub(super) message: String,
}

/// Asks for `AmazonSQS.CreateQueue` and the like.
pub(super) async fn ask(services: &Services, target: &str, input: &Value) -> Result<Value, Refusal> {
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
