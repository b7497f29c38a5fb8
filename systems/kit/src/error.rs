//! What a failed request answers: FastAPI's shape, `{"detail": …}`.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// A request that ends in an error, as its client sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    status: StatusCode,
    body: Vec<u8>,
}

#[derive(Serialize)]
struct Body<'a, D: ?Sized> {
    detail: &'a D,
}

impl ApiError {
    /// `{"detail": "<sentence>"}` with this status.
    #[must_use]
    pub fn new(status: StatusCode, detail: &str) -> Self {
        Self::with_detail(status, detail)
    }

    /// 422 with a list of problems, each serialised with its keys in the order of its fields.
    #[must_use]
    pub fn unprocessable<D: Serialize>(problems: &[D]) -> Self {
        Self::with_detail(StatusCode::UNPROCESSABLE_ENTITY, problems)
    }

    /// 500 with a sentence that gives nothing away.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
    }

    /// The status it answers with.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The JSON text it answers with.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    fn with_detail<D: Serialize + ?Sized>(status: StatusCode, detail: &D) -> Self {
        match serde_json::to_vec(&Body { detail }) {
            Ok(body) => Self { status, body },
            Err(error) => {
                tracing::error!(%error, "an error's detail can't be written as JSON");
                Self {
                    status: StatusCode::INTERNAL_SERVER_ERROR,
                    body: br#"{"detail":"Internal Server Error"}"#.to_vec(),
                }
            }
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let json = HeaderValue::from_static("application/json");
        (self.status, [(header::CONTENT_TYPE, json)], self.body).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_detail_is_the_only_key() {
        let error = ApiError::new(StatusCode::NOT_FOUND, "Not \"Found\"");
        assert_eq!(error.body(), br#"{"detail":"Not \"Found\""}"#);
        assert_eq!(error.status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn problems_are_a_list() {
        assert_eq!(ApiError::unprocessable(&["a", "b"]).body(), br#"{"detail":["a","b"]}"#);
    }
}
