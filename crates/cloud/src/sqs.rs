//! The queue service.

use http::{Response, StatusCode};

use crate::answer::{self, Body};
use crate::call::Call;
use crate::settings::Settings;
use crate::store::{Store, StoreError};

/// The queue service.
#[derive(Debug, Clone)]
pub(crate) struct Sqs {}

impl Sqs {
    pub(crate) fn open(_store: &Store, _settings: &Settings) -> Result<Self, StoreError> {
        Ok(Self {})
    }

    pub(crate) async fn json(&self, call: Call) -> Response<Body> {
        answer::answer(StatusCode::BAD_REQUEST, "application/x-amz-json-1.0", call.operation)
    }

    pub(crate) fn query(&self, call: &Call) -> Response<Body> {
        answer::answer(StatusCode::BAD_REQUEST, "text/xml", call.operation.clone())
    }
}
