//! What Prometheus is told: requests, connections and commits as they are counted, the rest as it is at the moment.
//!
//! Every label has bounds: operations come from the table of [`crate::coverage`], queues and buckets are cut off.

use std::sync::Arc;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use self::moment::Moment;
pub(crate) use self::moment::SHOWN;
use crate::server::Services;
use crate::store::{Store, StoreError};

mod moment;

/// Upper bounds of a request's time, in seconds. A long poll may wait for twenty.
const SECONDS: [f64; 12] = [0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10.0, 25.0];

/// The prefix of every name.
const PREFIX: &str = "taxiway_cloud";

/// Everything that is counted. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Metrics {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    counted: Registry,
    requests: Family<Answered, Counter>,
    durations: Family<Asked, Histogram, fn() -> Histogram>,
    connections: Gauge,
    store: Store,
    /// One scrape at a time: each reads every queue and bucket.
    scraping: tokio::sync::Mutex<()>,
}

/// What was asked for. Both names are of the table of what the cloud does, so that there are only so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Asked {
    pub(crate) service: &'static str,
    pub(crate) operation: &'static str,
}

/// How a request was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Success,
    /// What was asked for cannot be.
    ClientError,
    /// It could have been, and was not.
    ServerError,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    service: &'static str,
    operation: &'static str,
    outcome: &'static str,
}

/// Counts a connection as open until it is dropped.
#[derive(Debug)]
pub(crate) struct Connected(Gauge);

impl Outcome {
    fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::ClientError => "client_error",
            Self::ServerError => "server_error",
        }
    }
}

impl Metrics {
    pub(crate) fn new(store: &Store) -> Self {
        let mut counted = Registry::with_prefix(PREFIX);
        let histogram: fn() -> Histogram = || Histogram::new(SECONDS);
        let inner = Inner {
            requests: Family::default(),
            durations: Family::new_with_constructor(histogram),
            connections: Gauge::default(),
            store: store.clone(),
            scraping: tokio::sync::Mutex::default(),
            counted: Registry::default(),
        };
        counted.register("requests", "Requests answered", inner.requests.clone());
        let about = "Time from a request's head to its answer's head, the request's body included";
        counted.register_with_unit("request_duration", about, Unit::Seconds, inner.durations.clone());
        counted.register("connections", "Connections that are open", inner.connections.clone());
        store.counters().register(&mut counted);
        Self { inner: Arc::new(Inner { counted, ..inner }) }
    }

    /// Counts an answer.
    pub(crate) fn answered(&self, asked: Asked, outcome: Outcome, took: Duration) {
        let Asked { service, operation } = asked;
        let outcome = outcome.name();
        self.inner.requests.get_or_create(&Answered { service, operation, outcome }).inc();
        self.inner.durations.get_or_create(&asked).observe(took.as_secs_f64());
    }

    pub(crate) fn connected(&self) -> Connected {
        self.inner.connections.inc();
        Connected(self.inner.connections.clone())
    }

    /// Everything as OpenMetrics text.
    pub(crate) async fn text(&self, services: &Services) -> Result<String, StoreError> {
        let _one = self.inner.scraping.lock().await;
        let moment = Moment::look(services, &self.inner.store).await?;
        let mut text = String::new();
        encode_registry(&mut text, &self.inner.counted)
            .and_then(|()| encode_registry(&mut text, &moment.registry()))
            .and_then(|()| encode_eof(&mut text))
            .map_err(|_| StoreError::Closed)?;
        Ok(text)
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        self.0.dec();
    }
}
