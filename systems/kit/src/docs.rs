//! `/docs` (Swagger UI from the binary, no network) and `/openapi.json`.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::Config;

use crate::ApiError;

/// The page names its assets relatively, so it also works behind a path prefix.
const PAGE: &str = include_str!("docs/page.html");

/// What a refusal says in one sentence.
#[derive(Debug, ToSchema)]
pub struct Refused {
    /// The sentence.
    pub detail: String,
}

/// What a refusal says of a request that is wrong in itself.
#[derive(Debug, ToSchema)]
pub struct Unprocessable {
    /// Everything that is wrong.
    pub detail: Vec<Wrong>,
}

/// One thing that is wrong, in pydantic 2's shape.
#[derive(Debug, ToSchema)]
pub struct Wrong {
    /// What programs tell it by.
    pub r#type: String,
    /// Where it is: names of fields, places in lists and texts.
    pub loc: Vec<Value>,
    /// What people read.
    pub msg: String,
    /// What stands there.
    pub input: Value,
}

/// An OpenAPI 3.1 document as JSON text.
#[must_use]
pub fn written(openapi: &OpenApi) -> String {
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
