//! A path with a slash too many or too few is answered with the right one, as Starlette does.

use axum::extract::RawQuery;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::ApiError;

/// 307 to `path`, with the query that came along.
pub async fn to(path: &'static str, RawQuery(query): RawQuery) -> Response {
    let place = query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
    match HeaderValue::try_from(place) {
        Ok(place) => (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, place)]).into_response(),
        Err(_) => ApiError::new(StatusCode::NOT_FOUND, "Not Found").into_response(),
    }
}
