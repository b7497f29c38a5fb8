//! What a failed request answers: FastAPI's shape, `{"detail": …}`.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::json::Text;

/// A request that ends in an error, as its client sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    status: StatusCode,
    body: Vec<u8>,
}

impl ApiError {
    /// `{"detail": "<sentence>"}` with this status.
    #[must_use]
    pub fn new(status: StatusCode, detail: &str) -> Self {
        let mut body = String::from(r#"{"detail":"#);
        Text::from(detail).write(&mut body);
        body.push('}');
        Self { status, body: body.into_bytes() }
    }

    /// 422 with `detail`, a JSON text.
    pub(crate) fn unprocessable(detail: &str) -> Self {
        let body = format!(r#"{{"detail":{detail}}}"#).into_bytes();
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, body }
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
}
