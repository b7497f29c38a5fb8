//! The requests about a document: put, told, removed, listed.

use http::{Response, StatusCode};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::rules::{self, Asked};
use super::{Count, Kind, content, read};
use crate::answer::Body;
use crate::s3::error::{Code, Error, Result};
use crate::s3::lifecycle;
use crate::s3::request::Request;
use crate::s3::xml::Writer;
use crate::s3::{S3, buckets, receive, respond};

/// A thousand lifecycle rules stay below.
const DOCUMENT_LIMIT: usize = 1024 * 1024;

/// Configurations of one page (S3 API Reference, ListBucketMetricsConfigurations).
const PAGE_MAX: usize = 100;

/// Configurations of one kind that a bucket may have.
const CONFIGURATIONS_MAX: i64 = 1000;

impl S3 {
    pub(in crate::s3) async fn get_document(&self, request: &Request, kind: Kind) -> Result<Response<Body>> {
        let (name, row) = (request.bucket().to_owned(), row_name(request, kind)?);
        let found = self.store().read(move |db| find(db, &name, &row)).await?;
        let content = found.map_or_else(|| kind.absent(request.bucket()), Ok)?;
        let (root, _) = kind.shape();
        let mut response = respond::document(Writer::document(root, |xml| xml.raw(&content)));
        if kind == Kind::Lifecycle {
            self.tell_transition_size(request.bucket(), &mut response).await?;
        }
        Ok(response)
    }

    pub(in crate::s3) async fn put_document(
        &self,
        request: &mut Request,
        kind: Kind,
    ) -> Result<Response<Body>> {
        let (name, row) = (request.bucket().to_owned(), row_name(request, kind)?);
        let expected = request.expected()?;
        let body = receive::document(&mut request.body, &expected, DOCUMENT_LIMIT).await?;
        if body.is_empty() {
            return Err(Code::MissingRequestBodyError.into());
        }
        let asked = Asked { bucket: name.clone(), id: request.query.get("id").map(str::to_owned) };
        let node = rules::complete(kind, read(kind, &body)?, &asked)?;
        self.check_destinations(kind, &node, request)?;
        let size = lifecycle::TransitionSize::of(request, kind)?;
        let (text, bucket) = (content(&node), name.clone());
        let job = move |db: &Connection| {
            let found = buckets::find(db, &bucket)?;
            rules::admit(db, kind, &node, (&bucket, &found))?;
            size.keep(db, found.id)?;
            keep(db, found.id, &row, kind, &text)
        };
        self.write_settings(&name, job).await?;
        let mut response = respond::empty(match kind {
            Kind::Metrics => StatusCode::NO_CONTENT,
            _ => StatusCode::OK,
        });
        if kind == Kind::Lifecycle {
            self.tell_transition_size(&name, &mut response).await?;
        }
        Ok(response)
    }

    pub(in crate::s3) async fn delete_document(
        &self,
        request: &Request,
        kind: Kind,
    ) -> Result<Response<Body>> {
        let (name, row) = (request.bucket().to_owned(), row_name(request, kind)?);
        let bucket = name.clone();
        let job = move |db: &Connection| {
            let bucket = buckets::id(db, &bucket)?;
            let sql = "DELETE FROM s3_bucket_document WHERE bucket = ? AND kind = ?";
            match (db.prepare_cached(sql)?.execute(params![bucket, row])?, kind.count()) {
                (0, Count::Many(_)) => Err(Error::from(Code::NoSuchConfiguration)),
                _ => Ok(()),
            }
        };
        self.write_settings(&name, job).await?;
        Ok(respond::empty(StatusCode::NO_CONTENT))
    }

    pub(in crate::s3) async fn list_documents(
        &self,
        request: &Request,
        kind: Kind,
    ) -> Result<Response<Body>> {
        let name = request.bucket().to_owned();
        let token = request.query.get("continuation-token").map(str::to_owned);
        let after = format!("{}/{}", kind.name(), token.as_deref().unwrap_or_default());
        let mut rows = self.store().read(move |db| page(db, &name, kind, &after)).await?;
        let more = rows.len() > PAGE_MAX;
        rows.truncate(PAGE_MAX);
        let (root, _) = kind.shape();
        let Count::Many(list) = kind.count() else { return Err(Code::MethodNotAllowed.into()) };
        Ok(respond::document(Writer::document(list, |xml| {
            xml.optional("ContinuationToken", token.as_deref());
            for (_, content) in &rows {
                xml.group(root, |xml| xml.raw(content));
            }
            xml.value("IsTruncated", more);
            if more {
                let next = rows.last().and_then(|(row, _)| row.split_once('/'));
                xml.optional("NextContinuationToken", next.map(|(_, id)| id));
            }
        })))
    }
}

/// The name of the row a request is about.
fn row_name(request: &Request, kind: Kind) -> Result<String> {
    match (kind.count(), request.query.given("id")) {
        (Count::One, _) => Ok(kind.name().to_owned()),
        (Count::Many(_), Some(id)) if id.len() <= 64 => Ok(format!("{}/{id}", kind.name())),
        (Count::Many(_), id) => Err(Code::InvalidConfigurationId
            .saying(format!("The specified configuration id is invalid: {}", id.unwrap_or("it is missing")))),
    }
}

/// The content of a bucket's document.
pub(in crate::s3) fn find(db: &Connection, bucket: &str, row: &str) -> Result<Option<String>> {
    let bucket = buckets::id(db, bucket)?;
    let sql = "SELECT body FROM s3_bucket_document WHERE bucket = ? AND kind = ?";
    let body = db.prepare_cached(sql)?.query_row(params![bucket, row], |row| row.get(0));
    Ok(body.optional()?)
}

/// Keeps a document in place of what was there.
pub(in crate::s3) fn replace(db: &Connection, bucket: i64, row: &str, content: &str) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO s3_bucket_document (bucket, kind, body) VALUES (?, ?, ?)";
    db.prepare_cached(sql)?.execute(params![bucket, row, content])?;
    Ok(())
}

fn keep(db: &Connection, bucket: i64, row: &str, kind: Kind, content: &str) -> Result<()> {
    if let Count::Many(_) = kind.count() {
        let sql = "SELECT count(*) FROM s3_bucket_document WHERE bucket = ? AND kind > ? AND kind < ? AND kind != ?";
        let range = params![bucket, format!("{}/", kind.name()), format!("{}0", kind.name()), row];
        let others: i64 = db.prepare_cached(sql)?.query_row(range, |row| row.get(0))?;
        if others >= CONFIGURATIONS_MAX {
            return Err(Code::TooManyConfigurations.into());
        }
    }
    replace(db, bucket, row, content)
}

/// Rows of one kind in order of id, one more than a page.
fn page(db: &Connection, bucket: &str, kind: Kind, after: &str) -> Result<Vec<(String, String)>> {
    let bucket = buckets::id(db, bucket)?;
    // `0` follows `/`, so this is the end of all that begin with the kind and a slash.
    let sql = "SELECT kind, body FROM s3_bucket_document WHERE bucket = ? AND kind > ? AND kind < ? ORDER BY \
        kind LIMIT ?";
    let mut statement = db.prepare_cached(sql)?;
    let end = format!("{}0", kind.name());
    let rows = statement
        .query_map(params![bucket, after, end, PAGE_MAX + 1], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
