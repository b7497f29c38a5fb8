//! `/docs` (Swagger UI from the binary, no network) and `/openapi.json`.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use utoipa_swagger_ui::Config;

use crate::ApiError;

/// The page names its assets relatively, so it also works behind a path prefix.
const PAGE: &str = include_str!("docs/page.html");

/// Routes that show `openapi`, an OpenAPI 3.1 document as JSON text.
pub fn routes(openapi: &'static str) -> Router {
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
