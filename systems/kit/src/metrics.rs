//! Prometheus metrics of the HTTP side, and the registry a service adds its own to.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{Method, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::{
    counter::Counter, family::Family, gauge::Gauge, histogram::Histogram, info::Info,
};
use prometheus_client::registry::Registry;

use crate::ApiError;

/// Where [`route`] shows the registry.
pub const PATH: &str = "/metrics";

/// Upper bounds of the latency histogram, in seconds.
const LATENCY_BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

/// The content type of OpenMetrics text 1.0.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What is counted of every request.
#[derive(Debug, Clone)]
pub struct HttpMetrics {
    requests: Family<Answered, Counter>,
    latency: Family<Timed, Histogram, fn() -> Histogram>,
    in_flight: Gauge,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Timed {
    route: String,
}

/// Counts one request as in flight until it is dropped.
pub(crate) struct InFlight(Gauge);

impl HttpMetrics {
    /// Metrics that `registry` will show.
    pub fn register(registry: &mut Registry) -> Self {
        let histogram: fn() -> Histogram = || Histogram::new(LATENCY_BUCKETS);
        let latency = Family::new_with_constructor(histogram);
        let metrics = Self { requests: Family::default(), latency, in_flight: Gauge::default() };
        registry.register("http_requests", "Requests answered", metrics.requests.clone());
        registry.register(
            "http_request_duration_seconds",
            "Time to the answer's head",
            metrics.latency.clone(),
        );
        registry.register("http_requests_in_flight", "Requests being worked on", metrics.in_flight.clone());
        metrics
    }

    pub(crate) fn begin(&self) -> InFlight {
        self.in_flight.inc();
        InFlight(self.in_flight.clone())
    }

    pub(crate) fn end(&self, method: &Method, route: &str, status: u16, took: Duration) {
        let route = route.to_owned();
        self.latency.get_or_create(&Timed { route: route.clone() }).observe(took.as_secs_f64());
        self.requests.get_or_create(&Answered { method: known(method), route, status }).inc();
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// Says in `registry` which build this is: `build_info{name,version,commit}`. The commit is that of the variable
/// `SOURCE_COMMIT` when the program was built.
pub fn register_build(registry: &mut Registry, name: &'static str, version: &'static str) {
    let commit = option_env!("SOURCE_COMMIT").unwrap_or("unknown");
    let build = Info::new(vec![("name", name), ("version", version), ("commit", commit)]);
    registry.register("build", "What was built", build);
}

/// A route that shows everything in `registry`; a description of it is made of [`show`].
pub fn route(registry: Registry) -> Router {
    Router::new().route(PATH, get(show)).with_state(Arc::new(registry))
}

/// Counters for Prometheus.
#[utoipa::path(
    get,
    path = PATH,
    operation_id = "metrics",
    responses((status = 200, description = "OpenMetrics text", body = String, content_type = "application/openmetrics-text"))
)]
pub async fn show(State(registry): State<Arc<Registry>>) -> Response {
    let mut text = String::new();
    match encode(&mut text, &registry) {
        Ok(()) => ([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(_) => ApiError::internal().into_response(),
    }
}

/// A client may invent methods; the label must stay bounded.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
