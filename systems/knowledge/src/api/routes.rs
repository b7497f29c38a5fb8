//! Health, documents and search. The order of the checks is part of the contract.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use kit::ApiError;
use kit::answer::json;
use kit::body::WholeBody;
use kit::docs::Refused;
use time::OffsetDateTime;
use uuid::Uuid;

use super::answers::{Created, Found, Health, Moment};
use super::asked::Asked;
use super::keys::{Access, Keeper};
use super::payload::{self, Payload};
use super::quota::Requests;
use crate::HEALTH;
use crate::document::{Addition, Document};
use crate::search::Searcher;
use crate::settings::Limits;
use crate::store::{Added, StoreError, Writer};

const KEY: HeaderName = HeaderName::from_static("x-api-key");

/// Before a tenant in a path.
const TENANTS: &str = "/api/v1/tenants/";

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

/// The routes of the contract but for metrics.
pub(crate) fn routes(api: Api) -> Router {
    Router::new()
        .route(HEALTH, get(health))
        .route("/api/v1/tenants/{tenantId}/documents", post(add))
        .route("/api/v1/tenants/{tenantId}/documents/search", get(search))
        .with_state(Arc::new(api))
}

/// Whether the service runs.
#[utoipa::path(get, path = HEALTH, responses((status = 200, description = "It does", body = Health)))]
pub(super) async fn health() -> Response {
    json(StatusCode::OK, &Health::ok())
}

/// Adds a document.
///
/// The checks come in this order: broken JSON (400), key (401), tenant (403), quota of requests (429), shape (400), lengths
/// (400), quota of documents (403). A 201 means that the document is on the disk and will be found.
#[utoipa::path(
    post,
    path = "/api/v1/tenants/{tenantId}/documents",
    security(("key" = [])),
    params(
        ("tenantId" = String, Path, description = "Whose documents. A key sees the tenants that were given to it", min_length = 1, example = "t1"),
    ),
    request_body = Payload,
    responses(
        (status = 201, description = "The document is kept", body = Created),
        (status = 400, description = "The body is no document, or too long", body = Refused),
        (status = 401, description = "No such key", body = Refused),
        (status = 403, description = "The key is not for this tenant, or the tenant has as many documents as it may have", body = Refused),
        (status = 413, description = "The body is larger than 1 MiB", body = Refused),
        (status = 429, description = "The tenant asked more often than it may in a minute", body = Refused,
            headers(("Retry-After" = u64, description = "Seconds until it may ask again"))),
        (status = 503, description = "The database is away", body = Refused),
        (status = 507, description = "The database has no room left", body = Refused),
    )
)]
pub(super) async fn add(
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
            let (document_id, created_at) = (id.to_string(), Moment::of(now));
            let created = Created { document_id, tenant_id: &tenant, created_at };
            Ok(json(StatusCode::CREATED, &created))
        }
        Added::OverQuota => Err(ApiError::new(StatusCode::FORBIDDEN, "Document quota exceeded")),
    }
}

/// Searches a tenant's documents.
///
/// Finds the documents whose title or content holds every word of `q`. Case and accents make no difference; everything
/// that is no letter or digit, quotes and operators included, separates words. Best first; equals in the order in which
/// they were added. The checks come in this order: key (401), tenant (403), quota of requests (429), parameters (400).
#[utoipa::path(
    get,
    path = "/api/v1/tenants/{tenantId}/documents/search",
    security(("key" = [])),
    params(
        ("tenantId" = String, Path, description = "Whose documents. A key sees the tenants that were given to it", min_length = 1, example = "t1"),
        Asked,
    ),
    responses(
        (status = 200, description = "A page of the result", body = Found),
        (status = 400, description = "A parameter is missing or out of range, or the query is blank", body = Refused),
        (status = 401, description = "No such key", body = Refused),
        (status = 403, description = "The key is not for this tenant", body = Refused),
        (status = 429, description = "The tenant asked more often than it may in a minute", body = Refused,
            headers(("Retry-After" = u64, description = "Seconds until it may ask again"))),
        (status = 503, description = "The database is away", body = Refused),
    )
)]
pub(super) async fn search(
    State(api): State<Arc<Api>>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let tenant = match api.admit(&headers, &uri)? {
        Ok(tenant) => tenant,
        Err(too_many) => return Ok(too_many),
    };
    let Asked { q, limit, offset } = Asked::read(uri.query())?;
    let (skip, take) = (offset.cast_unsigned(), usize::try_from(limit).unwrap_or_default());
    let page = api.searcher.search(&tenant, &q, skip, take).await.map_err(|error| failed(&error))?;
    Ok(json(StatusCode::OK, &Found::of(&tenant, &q, limit, offset, &page)))
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

/// A store that is away or full is told as such; what exactly is wrong stands in the log alone.
pub(super) fn failed(error: &StoreError) -> ApiError {
    tracing::error!(%error, "the store gave no answer");
    match error {
        StoreError::Unavailable(_) => ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "Database unavailable"),
        StoreError::Full(_) => ApiError::new(StatusCode::INSUFFICIENT_STORAGE, "Storage is full"),
        StoreError::Refused(_) | StoreError::Newer { .. } => ApiError::internal(),
    }
}
