//! Health, documents and search. The order of the checks is part of the contract.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use kit::ApiError;
use kit::body::WholeBody;
use kit::validation::Query;
use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::FormatItem;
use time::macros::format_description;
use uuid::Uuid;

use super::keys::{Access, Keeper};
use super::payload::{self, Payload, invalid};
use super::quota::Requests;
use crate::HEALTH;
use crate::document::{Addition, Document};
use crate::search::{Hit, Page, Searcher};
use crate::settings::Limits;
use crate::store::{Added, StoreError, Writer};

const KEY: HeaderName = HeaderName::from_static("x-api-key");

/// Before a tenant in a path.
const TENANTS: &str = "/api/v1/tenants/";

/// Results on a page unless the client says otherwise, and at most.
const LIMIT: i64 = 10;
const MAX_LIMIT: i64 = 50;

const SECONDS: &[FormatItem<'_>] = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");

/// What a request needs.
pub(crate) struct Api {
    /// Keeps documents.
    pub(crate) writer: Writer,
    /// Finds them.
    pub(crate) searcher: Searcher,
    /// Counts each tenant's requests.
    pub(crate) requests: Requests,
    /// What a document may be.
    pub(crate) limits: Limits,
    /// Who may see what.
    pub(crate) keys: Keeper,
}

#[derive(Serialize)]
struct Health {
    status: &'static str,
    time: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Created<'a> {
    document_id: String,
    tenant_id: &'a str,
    created_at: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found<'a> {
    tenant_id: &'a str,
    query: &'a str,
    limit: i64,
    offset: i64,
    total: u64,
    results: Vec<Entry<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    document_id: String,
    title: &'a str,
    snippet: &'a str,
    tags: &'a [String],
    score: f64,
    created_at: String,
}

/// The routes of the contract but for metrics.
pub(crate) fn routes(api: Api) -> Router {
    Router::new()
        .route(HEALTH, get(health))
        .route("/api/v1/tenants/{tenantId}/documents", post(add))
        .route("/api/v1/tenants/{tenantId}/documents/search", get(search))
        .with_state(Arc::new(api))
}

async fn health() -> Response {
    json(StatusCode::OK, &Health { status: "ok", time: seconds(OffsetDateTime::now_utc()) })
}

/// JSON at all, key, tenant, shape, lengths.
async fn add(
    State(api): State<Arc<Api>>,
    uri: Uri,
    headers: HeaderMap,
    body: WholeBody,
) -> Result<Response, ApiError> {
    let value = payload::parse(&headers, &body.0)?;
    let tenant = match api.admit(&headers, &uri)? {
        Ok(tenant) => tenant,
        Err(too_many) => return Ok(too_many),
    };
    let Payload { title, content, tags } = Payload::read(&value, api.limits)?;
    let now = OffsetDateTime::now_utc();
    let id = Uuid::new_v4();
    let document = Document { id, title, content, tags, created_at: now.unix_timestamp() };
    let added =
        api.writer.add(Addition::new(tenant.clone(), document)).await.map_err(|error| failed(&error))?;
    match added {
        Added::Kept => {
            let created =
                Created { document_id: id.to_string(), tenant_id: &tenant, created_at: seconds(now) };
            Ok(json(StatusCode::CREATED, &created))
        }
        Added::OverQuota => Err(ApiError::new(StatusCode::FORBIDDEN, "Document quota exceeded")),
    }
}

/// Key, tenant, parameters, a query that is not blank.
async fn search(State(api): State<Arc<Api>>, uri: Uri, headers: HeaderMap) -> Result<Response, ApiError> {
    let tenant = match api.admit(&headers, &uri)? {
        Ok(tenant) => tenant,
        Err(too_many) => return Ok(too_many),
    };
    let query = Query::of(uri.query());
    let mut problems = Vec::new();
    let limit = query.integer("limit", LIMIT, 1..=MAX_LIMIT, &mut problems);
    let offset = query.integer("offset", 0, 0..=i64::MAX, &mut problems);
    let typed = query.find("q").filter(|_| problems.is_empty()).ok_or_else(invalid)?;
    if typed.chars().all(is_blank) {
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "Query cannot be blank"));
    }
    let (skip, take) = (offset.cast_unsigned(), usize::try_from(limit).unwrap_or_default());
    let page = api.searcher.search(&tenant, typed, skip, take).await.map_err(|error| failed(&error))?;
    Ok(json(StatusCode::OK, &found(&tenant, typed, limit, offset, &page)))
}

fn found<'a>(tenant_id: &'a str, query: &'a str, limit: i64, offset: i64, page: &'a Page) -> Found<'a> {
    let result = |hit: &'a Hit| Entry {
        document_id: hit.document.id.to_string(),
        title: &hit.document.title,
        snippet: &hit.snippet,
        tags: &hit.document.tags,
        score: hit.score,
        created_at: seconds(
            OffsetDateTime::from_unix_timestamp(hit.document.created_at)
                .unwrap_or(OffsetDateTime::UNIX_EPOCH),
        ),
    };
    Found {
        tenant_id,
        query,
        limit,
        offset,
        total: page.total,
        results: page.hits.iter().map(result).collect(),
    }
}

impl Api {
    /// The tenant of the path, if the request's key may see it; or that it asked too often.
    fn admit(&self, headers: &HeaderMap, uri: &Uri) -> Result<Result<String, Response>, ApiError> {
        let tenant = tenant_of(uri.path());
        let key = headers.get(KEY).map(HeaderValue::as_bytes);
        match self.keys.check(key, tenant.as_deref()) {
            Access::UnknownKey => Err(ApiError::new(StatusCode::UNAUTHORIZED, "Invalid API key")),
            Access::OtherTenant => Err(ApiError::new(StatusCode::FORBIDDEN, "Tenant not authorized")),
            Access::Granted => {
                let tenant = tenant.unwrap_or_default();
                let counted = self.requests.count(&tenant);
                Ok(counted.map(|()| tenant).map_err(|wait| {
                    let error = ApiError::new(StatusCode::TOO_MANY_REQUESTS, "Request quota exceeded");
                    let seconds = wait.as_secs() + 1;
                    ([(header::RETRY_AFTER, HeaderValue::from(seconds))], error).into_response()
                }))
            }
        }
    }
}

/// The tenant in a path, if it is UTF-8.
pub(super) fn tenant_of(path: &str) -> Option<String> {
    let tenant = path.strip_prefix(TENANTS)?.split('/').next()?;
    Some(percent_encoding::percent_decode_str(tenant).decode_utf8().ok()?.into_owned())
}

/// As Python's `str.isspace` has it.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}

/// A store that is away or full is told as such; what exactly is wrong stands in the log alone.
pub(super) fn failed(error: &StoreError) -> ApiError {
    tracing::error!(%error, "the store gave no answer");
    match error {
        StoreError::Unavailable(_) => ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "Database unavailable"),
        StoreError::Full(_) => ApiError::new(StatusCode::INSUFFICIENT_STORAGE, "Storage is full"),
        StoreError::Refused(_) | StoreError::Newer { .. } => ApiError::internal(),
    }
}

pub(super) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(body) => (status, [(header::CONTENT_TYPE, "application/json")], body).into_response(),
        Err(error) => {
            tracing::error!(%error, "an answer can't be written as JSON");
            ApiError::internal().into_response()
        }
    }
}

fn seconds(at: OffsetDateTime) -> String {
    at.format(SECONDS).unwrap_or_default()
}
