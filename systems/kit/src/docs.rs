//! `/docs` (Swagger UI from the binary, no network) and `/openapi.json`.

mod every_route;
mod refused;

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::Config;

pub use self::refused::{Refused, Unprocessable, UnprocessableV1, Wrong, WrongV1};
use crate::ApiError;

/// The page names its assets relatively, so it also works behind a path prefix.
const PAGE: &str = include_str!("docs/page.html");

/// An OpenAPI 3.1 document as JSON text: what `openapi` says, and what [`crate::http::finish`] does to every route.
#[must_use]
pub fn written(mut openapi: OpenApi) -> String {
    every_route::describe(&mut openapi);
    openapi.to_json().unwrap_or_else(|error| {
        tracing::error!(%error, "the description of this service can't be written");
        "{}".to_owned()
    })
}

/// Routes that show `openapi`, an OpenAPI 3.1 document as JSON text.
pub fn routes(openapi: impl Into<Bytes>) -> Router {
    let openapi = openapi.into();
    Router::new()
        .route(
            "/openapi.json",
            get(move || async move { ([(header::CONTENT_TYPE, "application/json")], openapi) }),
        )
        .route("/docs", get(|| async { Html(PAGE) }))
        .route("/docs/{asset}", get(asset))
}

async fn asset(Path(name): Path<String>) -> Response {
    match utoipa_swagger_ui::serve(&name, Arc::new(Config::new(["../openapi.json"]))) {
        Ok(Some(file)) => {
            ([(header::CONTENT_TYPE, file.content_type)], file.bytes.into_owned()).into_response()
        }
        Ok(None) => ApiError::new(StatusCode::NOT_FOUND, "Not Found").into_response(),
        Err(error) => {
            tracing::error!(%error, asset = name, "a piece of /docs can't be served");
            ApiError::internal().into_response()
        }
    }
}
