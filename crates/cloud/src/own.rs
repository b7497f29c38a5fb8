//! Taxiway's own endpoints, under `/_taxiway/`: no bucket can have that name.
//!
//! People and scripts come here for what no AWS operation tells or does: health, metrics, the queues at a glance.

use http::request::Parts;
use http::{HeaderValue, Method, Response, StatusCode, header};
use serde_json::json;

use crate::answer::{self, Body};
use crate::server::Services;
use crate::store::Store;

mod health;
mod queues;

const JSON: &str = "application/json";

/// OpenMetrics text 1.0, which Prometheus asks for first.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What is asked of Taxiway itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// Whether the cloud is up, and each service.
    Health,
    /// What Prometheus scrapes.
    Metrics,
    /// All queues with their numbers.
    Queues,
    /// Nothing that is here.
    Nowhere,
}

/// What answers for Taxiway itself.
#[derive(Debug, Clone)]
pub(crate) struct Own {
    store: Store,
}

/// The endpoint a path names, where it is one of ours. `/_localstack/health` is the health of people who moved here
/// with their scripts.
pub(crate) fn find(path: &str) -> Option<Endpoint> {
    match path {
        "/_taxiway/health" | "/_localstack/health" => Some(Endpoint::Health),
        "/_taxiway/metrics" => Some(Endpoint::Metrics),
        "/_taxiway/queues" => Some(Endpoint::Queues),
        path if path.starts_with("/_taxiway/") || path.starts_with("/_localstack/") => {
            Some(Endpoint::Nowhere)
        }
        _ => None,
    }
}

impl Own {
    pub(crate) fn new(store: &Store) -> Self {
        Self { store: store.clone() }
    }

    /// Answers one request.
    pub(crate) async fn answer(
        &self,
        services: &Services,
        endpoint: &Endpoint,
        parts: &Parts,
    ) -> Response<Body> {
        let allowed = methods(endpoint);
        if !allowed.is_empty() && !allowed.contains(&parts.method) {
            return not_allowed(&parts.method, allowed);
        }
        match endpoint {
            Endpoint::Health => health::answer(&self.store).await,
            Endpoint::Metrics => metrics(services).await,
            Endpoint::Queues => queues::list(&services.sqs).await,
            Endpoint::Nowhere => nowhere(parts.uri.path()),
        }
    }
}

/// The methods an endpoint takes.
fn methods(endpoint: &Endpoint) -> &'static [Method] {
    match endpoint {
        Endpoint::Health | Endpoint::Metrics | Endpoint::Queues => &[Method::GET, Method::HEAD],
        Endpoint::Nowhere => &[],
    }
}

fn not_allowed(method: &Method, allowed: &[Method]) -> Response<Body> {
    let allowed = allowed.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
    let mut refusal =
        refusal(StatusCode::METHOD_NOT_ALLOWED, &format!("{method} is not for this; use {allowed}"));
    if let Ok(allowed) = HeaderValue::from_str(&allowed) {
        refusal.headers_mut().insert(header::ALLOW, allowed);
    }
    refusal
}

async fn metrics(services: &Services) -> Response<Body> {
    match services.metrics.text(services).await {
        Ok(text) => answer::answer(StatusCode::OK, OPEN_METRICS, text),
        Err(error) => refusal(StatusCode::SERVICE_UNAVAILABLE, &error.to_string()),
    }
}

fn nowhere(path: &str) -> Response<Body> {
    let here = "/_taxiway/health, /_taxiway/metrics and /_taxiway/queues";
    refusal(StatusCode::NOT_FOUND, &format!("there is no {path}; there are {here}"))
}

/// An answer that says in a sentence why there is no other.
fn refusal(status: StatusCode, sentence: &str) -> Response<Body> {
    answer::answer(status, JSON, json!({ "error": sentence }).to_string())
}
