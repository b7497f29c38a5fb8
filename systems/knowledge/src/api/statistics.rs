//! What was asked and how it went, for `GET /api/v1/metrics`.
//!
//! Tenants and endpoints are counted by name only when they exist, so that no caller can fill the memory with invented
//! ones.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use serde::Serialize;
use tokio::time::Instant;
use utoipa::ToSchema;

use super::keys::Keeper;
use super::routes::tenant_of;

/// The endpoint of a path or method that no route has.
const UNMATCHED: &str = "unmatched";

/// Counts requests.
#[derive(Debug)]
pub(crate) struct Statistics {
    began: Instant,
    keys: Keeper,
    counts: Mutex<Counts>,
}

#[derive(Debug, Default, Clone)]
struct Counts {
    tenants: BTreeMap<String, Count>,
    endpoints: BTreeMap<String, Count>,
    statuses: BTreeMap<u16, u64>,
    all: Count,
}

#[derive(Debug, Default, Clone, Copy)]
struct Count {
    requests: u64,
    errors: u64,
    microseconds: u64,
}

/// What was counted since the start; documents are those that are kept.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Metrics)]
pub(crate) struct Report {
    uptime_seconds: u64,
    requests: Requests,
    latency_ms: Latency,
    errors: Errors,
    documents: Documents,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Requests {
    total: u64,
    by_tenant: BTreeMap<String, u64>,
    by_endpoint: BTreeMap<String, u64>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Latency {
    avg_overall: Milliseconds,
    by_endpoint_avg: BTreeMap<String, Milliseconds>,
}

#[derive(Serialize, ToSchema)]
#[schema(minimum = 0)]
struct Milliseconds(f64);

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Errors {
    total: u64,
    #[schema(value_type = BTreeMap<String, u64>)]
    by_status: BTreeMap<u16, u64>,
    by_tenant: BTreeMap<String, u64>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Documents {
    by_tenant: BTreeMap<String, u64>,
}

/// `app`, every request of which is counted when it is answered.
pub(crate) fn counted(app: Router, statistics: Arc<Statistics>) -> Router {
    app.layer(from_fn_with_state(statistics, watch))
}

async fn watch(State(statistics): State<Arc<Statistics>>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let tenant = tenant_of(request.uri().path()).filter(|tenant| statistics.keys.knows(tenant));
    let path = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let endpoint = match path {
        Some(path) if status != 405 => format!("{method} {}", path.as_str()),
        _ => UNMATCHED.to_owned(),
    };
    statistics.count(endpoint, tenant, status, began);
    response
}

impl Statistics {
    /// Nothing has happened yet.
    pub(crate) fn start(keys: Keeper) -> Self {
        Self { began: Instant::now(), keys, counts: Mutex::default() }
    }

    fn count(&self, endpoint: String, tenant: Option<String>, status: u16, began: Instant) {
        let microseconds = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        let one = Count { requests: 1, errors: u64::from(status >= 400), microseconds };
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.all.add(one);
        counts.endpoints.entry(endpoint).or_default().add(one);
        if let Some(tenant) = tenant {
            counts.tenants.entry(tenant).or_default().add(one);
        }
        if status >= 400 {
            *counts.statuses.entry(status).or_default() += 1;
        }
    }

    /// What was counted so far, and `documents` of each tenant.
    pub(crate) fn report(&self, documents: BTreeMap<String, u64>) -> Report {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let requests = |counts: &BTreeMap<String, Count>| {
            counts.iter().map(|(name, count)| (name.clone(), count.requests)).collect()
        };
        let errors = counts.tenants.iter().filter(|(_, count)| count.errors > 0);
        Report {
            uptime_seconds: self.began.elapsed().as_secs(),
            requests: Requests {
                total: counts.all.requests,
                by_tenant: requests(&counts.tenants),
                by_endpoint: requests(&counts.endpoints),
            },
            latency_ms: Latency {
                avg_overall: counts.all.milliseconds(),
                by_endpoint_avg: (counts.endpoints.iter())
                    .map(|(name, count)| (name.clone(), count.milliseconds()))
                    .collect(),
            },
            errors: Errors {
                total: counts.all.errors,
                by_status: counts.statuses.clone(),
                by_tenant: errors.map(|(name, count)| (name.clone(), count.errors)).collect(),
            },
            documents: Documents { by_tenant: documents },
        }
    }
}

impl Count {
    fn add(&mut self, other: Self) {
        self.requests += other.requests;
        self.errors += other.errors;
        self.microseconds = self.microseconds.saturating_add(other.microseconds);
    }

    /// The average, to the microsecond.
    fn milliseconds(self) -> Milliseconds {
        let average = self.microseconds / self.requests.max(1);
        #[expect(clippy::cast_precision_loss, reason = "an average time is far below 2^52 microseconds")]
        let milliseconds = average as f64 / 1000.0;
        Milliseconds(milliseconds)
    }
}
