//! `GET /api/v1/metrics`: JSON as the clients know it, or text for Prometheus when that is asked for.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use kit::ApiError;
use kit::answer::json;
use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;

use super::statistics::{Report, Statistics};
use crate::store::Store;

/// The route.
pub(crate) const PATH: &str = "/api/v1/metrics";

/// What the text is in, where the client takes it.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const PLAIN: &str = "text/plain; version=0.0.4; charset=utf-8";

pub(super) struct Metrics {
    store: Store,
    statistics: Arc<Statistics>,
    registry: Registry,
    /// Of each tenant, as far as known: a database that is away must not take the other figures with it.
    documents: Mutex<BTreeMap<String, u64>>,
}

/// The route.
pub(crate) fn routes(store: Store, statistics: Arc<Statistics>, registry: Registry) -> Router {
    let metrics = Metrics { store, statistics, registry, documents: Mutex::default() };
    Router::new().route(PATH, get(show)).with_state(Arc::new(metrics))
}

/// Counters.
///
/// JSON, or text for Prometheus where `Accept` has `text/plain` or `application/openmetrics-text`. The request itself is
/// not yet counted.
#[utoipa::path(
    get,
    path = PATH,
    operation_id = "metrics",
    responses((status = 200, description = "What was counted", content(
        (Report = "application/json"),
        (String = "text/plain"),
        (String = "application/openmetrics-text"),
    )))
)]
pub(super) async fn show(State(metrics): State<Arc<Metrics>>, headers: HeaderMap) -> Response {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let accepted: String = accepted.collect::<Vec<_>>().join(",").to_ascii_lowercase();
    if accepted.contains("application/openmetrics-text") {
        text(&metrics.registry, OPEN_METRICS)
    } else if accepted.contains("text/plain") {
        text(&metrics.registry, PLAIN)
    } else {
        json(StatusCode::OK, &metrics.statistics.report(metrics.documents().await))
    }
}

fn text(registry: &Registry, content_type: &'static str) -> Response {
    let mut text = String::new();
    match encode(&mut text, registry) {
        Ok(()) => ([(header::CONTENT_TYPE, content_type)], text).into_response(),
        Err(_) => ApiError::internal().into_response(),
    }
}

impl Metrics {
    async fn documents(&self) -> BTreeMap<String, u64> {
        let counted = self.store.counts().await;
        let mut documents = self.documents.lock().unwrap_or_else(PoisonError::into_inner);
        match counted {
            Ok(counts) => documents.clone_from(&counts),
            Err(error) => {
                tracing::warn!(%error, "documents can't be counted; the last known counts are told");
            }
        }
        documents.clone()
    }
}
