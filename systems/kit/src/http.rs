//! What stands around every route: request id, time limit, panics, metrics, access log, 404 and 405.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use tokio::time::{Instant, timeout};
use tower_http::cors::CorsLayer;

use crate::context::{CURRENT, Current};
use crate::metrics::HttpMetrics;
use crate::telemetry::Telemetry;
use crate::{ApiError, request_id};

/// The route label of a path no route has.
const UNMATCHED: &str = "unmatched";

/// How requests are watched and bounded.
#[derive(Debug, Clone)]
pub struct Guard {
    /// Where they are counted.
    pub metrics: HttpMetrics,
    /// How long one may take, its body included, before it is answered with 504.
    pub request_limit: Duration,
    /// Routes that are asked so often that their access lines are worth only `DEBUG`: health and metrics.
    pub quiet_routes: &'static [&'static str],
    /// Where their traces go.
    pub telemetry: Telemetry,
    /// Pages of other origins that may call.
    pub cors: Option<CorsLayer>,
}

/// The whole application: `routes` and, around them, everything each service must do alike.
pub fn finish(routes: Router, guard: Guard) -> Router {
    let cors = guard.cors.clone();
    let routes = routes
        .fallback(|| async { ApiError::new(StatusCode::NOT_FOUND, "Not Found") })
        .method_not_allowed_fallback(|| async {
            ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
        });
    let routes = match cors {
        Some(cors) => routes.layer(cors),
        None => routes,
    };
    routes.layer(from_fn_with_state(Arc::new(guard), watch))
}

async fn watch(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let id = request_id::of(request.headers());
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or(UNMATCHED, MatchedPath::as_str);
    let _in_flight = guard.metrics.begin();
    let traced = guard.telemetry.begin(&method, route, request.headers());
    let current = Current { request_id: id.clone(), trace: traced.trace() };
    CURRENT
        .scope(current, async {
            let mut response = answer(next.run(request), guard.request_limit).await;
            let (took, status) = (began.elapsed(), response.status().as_u16());
            guard.metrics.end(&method, route, status, took);
            traced.end(status);
            let microseconds = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
            if guard.quiet_routes.contains(&route) {
                tracing::debug!(%method, path, status, microseconds, "request");
            } else {
                tracing::info!(%method, path, status, microseconds, "request");
            }
            response.headers_mut().insert(request_id::HEADER, id);
            response
        })
        .await
}

/// The answer, whatever happens on the way to it.
async fn answer(running: impl Future<Output = Response>, limit: Duration) -> Response {
    match timeout(limit, AssertUnwindSafe(running).catch_unwind()).await {
        Ok(Ok(response)) => response,
        Ok(Err(_panic)) => ApiError::internal().into_response(),
        Err(_elapsed) => ApiError::new(StatusCode::GATEWAY_TIMEOUT, "Request timed out").into_response(),
    }
}
