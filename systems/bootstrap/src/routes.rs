//! The routes of the contract. They answer `GET` alone, as FastAPI's do: `HEAD` is refused, too.

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::handler::Handler;
use axum::http::{StatusCode, header};
use axum::response::Response;
use axum::routing::{MethodRouter, any, get};
use kit::answer::json;
use kit::{ApiError, docs, redirect};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

/// The route that a balancer and a container's health check ask.
pub(crate) const HEALTH: &str = "/health";

/// The first version of the API.
pub(crate) const V1: &str = "/api/v1/";

/// How the service is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Health {
    /// `healthy`.
    status: &'static str,
}

/// What the service is.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct About {
    app: &'static str,
    version: &'static str,
    /// Where it runs.
    #[schema(example = "development")]
    environment: String,
}

/// What a version of the API is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Welcome {
    version: &'static str,
    message: &'static str,
}

impl About {
    /// The service in this environment.
    pub(crate) fn here(environment: &str) -> Self {
        Self { app: "FastAPI Bootstrap", version: "1.0.0", environment: environment.to_owned() }
    }
}

/// All routes, for a service of which this is to be said.
pub(crate) fn routes(about: About) -> Router {
    Router::new()
        .route(HEALTH, only_get(health))
        .route("/health/", any(|query: RawQuery| redirect::to(HEALTH, query)))
        .route("/", only_get(root))
        .route(V1, only_get(welcome))
        .route("/api/v1", any(|query: RawQuery| redirect::to(V1, query)))
        .with_state(about)
}

/// What stands at `/openapi.json`.
pub(crate) fn openapi() -> String {
    docs::written(Description::openapi())
}

#[derive(OpenApi)]
#[openapi(
    info(title = "FastAPI Bootstrap", description = "The smallest service worth copying."),
    paths(health, root, welcome, kit::metrics::show)
)]
struct Description;

fn only_get<H: Handler<T, About>, T: 'static>(handler: H) -> MethodRouter<About> {
    let refuse = || async {
        let refused = ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
        ([(header::ALLOW, "GET")], refused)
    };
    get(handler).head(refuse).fallback(refuse)
}

/// Says that the service runs. It does not ask the database.
#[utoipa::path(get, path = "/health", responses((status = 200, description = "It runs", body = Health)))]
async fn health() -> Response {
    json(StatusCode::OK, &Health { status: "healthy" })
}

/// What the service is, and where.
#[utoipa::path(get, path = "/", responses((status = 200, description = "The service", body = About)))]
async fn root(State(about): State<About>) -> Response {
    json(StatusCode::OK, &about)
}

/// The first version of the API.
#[utoipa::path(get, path = "/api/v1/", responses((status = 200, description = "The version", body = Welcome)))]
async fn welcome() -> Response {
    json(StatusCode::OK, &Welcome { version: "v1", message: "Welcome to API v1" })
}
