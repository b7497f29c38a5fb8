//! Parameters.

use http::{Response, StatusCode};

use crate::answer::{self, Body};
use crate::call::Call;
use crate::settings::Settings;
use crate::store::{Store, StoreError};

/// The parameter service.
#[derive(Debug, Clone)]
pub(crate) struct Ssm {}

impl Ssm {
    /// Loads what is kept in memory.
    pub(crate) fn open(_store: &Store, _settings: &Settings) -> Result<Self, StoreError> {
        Ok(Self {})
    }

    /// Answers one request.
    pub(crate) async fn handle(&self, call: Call) -> Response<Body> {
        let message =
            format!("{{\"__type\":\"UnknownOperationException\",\"message\":\"{}\"}}", call.operation);
        answer::answer(StatusCode::BAD_REQUEST, "application/x-amz-json-1.1", message)
    }
}
