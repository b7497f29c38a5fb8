//! Buckets and objects.

use http::{Request, Response, StatusCode};
use hyper::body::Incoming;

use crate::answer::{self, Body};
use crate::settings::Settings;
use crate::store::{Store, StoreError};

/// The bucket service.
#[derive(Debug, Clone)]
pub(crate) struct S3 {}

impl S3 {
    /// Loads what is kept in memory.
    pub(crate) fn open(_store: &Store, _settings: &Settings) -> Result<Self, StoreError> {
        Ok(Self {})
    }

    /// Answers one request, whose body it reads as it comes.
    pub(crate) async fn handle(&self, _request: Request<Incoming>) -> Response<Body> {
        answer::answer(
            StatusCode::NOT_IMPLEMENTED,
            "application/xml",
            "<Error><Code>NotImplemented</Code></Error>",
        )
    }
}
