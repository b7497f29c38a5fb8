//! Taxiway's own endpoints, under `/_taxiway/`: no bucket can have that name.
//!
//! People and scripts come here for what no AWS operation tells or does: health, metrics, the queues at a glance.

use std::net::SocketAddr;

use http::request::Parts;
use http::{HeaderValue, Method, Response, StatusCode, header};
use serde_json::json;

pub(crate) use self::messages::MOST as MESSAGES_MOST;
use crate::answer::{self, Body};
use crate::reset::{self, Keeper};
use crate::server::Services;
use crate::settings::Reset;
use crate::store::Store;

mod guard;
mod health;
mod messages;
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
    /// The messages in front of a queue of this name.
    Messages(String),
    /// Empties the cloud.
    Reset,
    /// Nothing that is here.
    Nowhere,
}

/// What answers for Taxiway itself.
#[derive(Debug, Clone)]
pub(crate) struct Own {
    store: Store,
    reset: Reset,
}

/// The endpoint that is asked for, where it is one of ours. The paths of LocalStack and moto are for people who moved
/// here with their scripts; moto's could be an object's, which nobody POSTs to.
pub(crate) fn find(method: &Method, path: &str) -> Option<Endpoint> {
    match path {
        "/_taxiway/health" | "/_localstack/health" => Some(Endpoint::Health),
        "/_taxiway/metrics" => Some(Endpoint::Metrics),
        "/_taxiway/queues" => Some(Endpoint::Queues),
        "/_taxiway/reset" | "/_localstack/state/reset" => Some(Endpoint::Reset),
        "/moto-api/reset" if *method == Method::POST => Some(Endpoint::Reset),
        _ => {
            let ours = path.starts_with("/_taxiway/") || path.starts_with("/_localstack/");
            ours.then(|| {
                messages_of(path).map_or(Endpoint::Nowhere, |queue| Endpoint::Messages(queue.to_owned()))
            })
        }
    }
}

fn messages_of(path: &str) -> Option<&str> {
    let queue = path.strip_prefix("/_taxiway/queues/")?.strip_suffix("/messages")?;
    (!queue.is_empty() && !queue.contains('/')).then_some(queue)
}

impl Own {
    pub(crate) fn new(store: &Store, reset: Reset) -> Self {
        Self { store: store.clone(), reset }
    }

    /// Answers one request.
    pub(crate) async fn answer(
        &self,
        services: &Services,
        endpoint: &Endpoint,
        parts: &Parts,
        peer: Option<SocketAddr>,
    ) -> Response<Body> {
        let allowed = methods(endpoint);
        if !allowed.is_empty() && !allowed.contains(&parts.method) {
            return not_allowed(&parts.method, allowed);
        }
        if matches!(endpoint, Endpoint::Messages(_) | Endpoint::Reset)
            && let Err(refused) = guard::check(peer, &parts.headers)
        {
            return refusal(StatusCode::FORBIDDEN, &refused.to_string());
        }
        match endpoint {
            Endpoint::Health => health::answer(&self.store).await,
            Endpoint::Metrics => metrics(services).await,
            Endpoint::Queues => queues::list(&services.sqs).await,
            Endpoint::Messages(queue) => messages::list(&services.sqs, queue, parts.uri.query()).await,
            Endpoint::Reset => self.reset(services, parts.uri.query()).await,
            Endpoint::Nowhere => nowhere(parts.uri.path()),
        }
    }

    async fn reset(&self, services: &Services, query: Option<&str>) -> Response<Body> {
        if self.reset == Reset::Refused {
            let sentence =
                "this cloud belongs to a running system; `taxiway up --allow-reset` lets tests empty it";
            return refusal(StatusCode::FORBIDDEN, sentence);
        }
        let named = query.unwrap_or_default().split('&').find_map(|pair| pair.strip_prefix("service="));
        let meant = match reset::meant(named) {
            Ok(meant) => meant,
            Err(error) => return refusal(StatusCode::BAD_REQUEST, &error.to_string()),
        };
        match reset::reset(services, &meant).await {
            Ok(()) => {
                let names: Vec<&str> = meant.into_iter().map(Keeper::name).collect();
                answer::answer(StatusCode::OK, JSON, json!({ "reset": names }).to_string())
            }
            Err(error) => refusal(StatusCode::SERVICE_UNAVAILABLE, &error.to_string()),
        }
    }
}

/// The methods an endpoint takes.
fn methods(endpoint: &Endpoint) -> &'static [Method] {
    match endpoint {
        Endpoint::Reset => &[Method::POST],
        Endpoint::Health | Endpoint::Metrics | Endpoint::Queues | Endpoint::Messages(_) => {
            &[Method::GET, Method::HEAD]
        }
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
    let here = "/_taxiway/health, /_taxiway/metrics, /_taxiway/queues and /_taxiway/reset";
    refusal(StatusCode::NOT_FOUND, &format!("there is no {path}; there are {here}"))
}

/// An answer that says in a sentence why there is no other.
fn refusal(status: StatusCode, sentence: &str) -> Response<Body> {
    answer::answer(status, JSON, json!({ "error": sentence }).to_string())
}
