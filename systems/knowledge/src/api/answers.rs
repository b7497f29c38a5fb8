//! What the routes answer.

use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::FormatItem;
use time::macros::format_description;
use utoipa::ToSchema;

use crate::search::{Hit, Page};

const SECONDS: &[FormatItem<'_>] = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");

/// RFC 3339, in seconds and UTC.
#[derive(Serialize, ToSchema)]
#[schema(pattern = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", example = "2026-01-02T03:04:05Z")]
pub(super) struct Moment(String);

/// How the service is.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Health {
    #[schema(pattern = "^ok$")]
    status: &'static str,
    time: Moment,
}

/// A document that was added.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Created<'a> {
    #[schema(format = "uuid")]
    pub(super) document_id: String,
    pub(super) tenant_id: &'a str,
    pub(super) created_at: Moment,
}

/// A page of a result.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Found<'a> {
    tenant_id: &'a str,
    /// What was searched for.
    query: &'a str,
    #[schema(minimum = 1, maximum = 50)]
    limit: i64,
    #[schema(minimum = 0)]
    offset: i64,
    /// Documents found, on all pages.
    total: u64,
    #[schema(max_items = 50)]
    results: Vec<Entry<'a>>,
}

/// A document that was found.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Hit)]
struct Entry<'a> {
    #[schema(format = "uuid")]
    document_id: String,
    title: &'a str,
    /// A piece of the content as it was written, found words in `<b></b>`, `...` where something is left out.
    snippet: &'a str,
    #[schema(value_type = Vec<String>)]
    tags: &'a [String],
    /// Higher is better.
    #[schema(exclusive_minimum = 0, maximum = 1)]
    score: f64,
    created_at: Moment,
}

impl Moment {
    /// `at`, which is in UTC.
    pub(super) fn of(at: OffsetDateTime) -> Self {
        Self(at.format(SECONDS).unwrap_or_default())
    }
}

impl Health {
    /// A service that runs.
    pub(super) fn ok() -> Self {
        Self { status: "ok", time: Moment::of(OffsetDateTime::now_utc()) }
    }
}

impl<'a> Found<'a> {
    /// The `limit` results after the first `offset` of those of `query`.
    pub(super) fn of(tenant_id: &'a str, query: &'a str, limit: i64, offset: i64, page: &'a Page) -> Self {
        let results = page.hits.iter().map(Entry::of).collect();
        Self { tenant_id, query, limit, offset, total: page.total, results }
    }
}

impl<'a> Entry<'a> {
    fn of(hit: &'a Hit) -> Self {
        let created_at = OffsetDateTime::from_unix_timestamp(hit.document.created_at);
        Self {
            document_id: hit.document.id.to_string(),
            title: &hit.document.title,
            snippet: &hit.snippet,
            tags: &hit.document.tags,
            score: hit.score,
            created_at: Moment::of(created_at.unwrap_or(OffsetDateTime::UNIX_EPOCH)),
        }
    }
}
