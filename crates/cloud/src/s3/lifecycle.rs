//! Lifecycle: the rules of a bucket, and the sweeper that acts on them.
//!
//! "Managing the lifecycle of objects" in the Amazon S3 User Guide. Transitions are kept and told, not acted on:
//! here all storage classes are the same disk.

use std::collections::BTreeSet;

use http::Response;
use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

use super::documents::shape::Node;
use super::documents::{self, Kind};
use super::error::{Error, Result};
use super::request::Request;
use super::tagging::Tags;
use super::{S3, buckets, dates, respond};
use crate::answer::Body;

mod checks;
mod due;
mod sweeper;

pub(super) use self::due::{Clock, header};

const SIZE_HEADER: &str = "x-amz-transition-default-minimum-object-size";
const SIZE_ROW: &str = "lifecycle-transition-size";
const SIZES: [&str; 2] = ["all_storage_classes_128K", "varies_by_storage_class"];

/// A rule that is switched on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Rule {
    id: String,
    filter: Filter,
    expiration: Option<Expiration>,
    noncurrent: Option<Noncurrent>,
    abort_days: Option<i64>,
}

/// Which objects a rule is for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Filter {
    prefix: String,
    tags: Tags,
    /// Bytes.
    larger_than: Option<i64>,
    /// Bytes.
    smaller_than: Option<i64>,
}

/// When current objects go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expiration {
    Days(i64),
    /// Milliseconds since 1970.
    Date(i64),
    /// Only delete markers with nothing below them.
    LoneMarkers,
}

/// When older versions go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Noncurrent {
    days: i64,
    /// How many of the newest ones stay whatever their age.
    keep: i64,
}

/// The header that goes with a configuration about transitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TransitionSize {
    Unsaid,
    Is(&'static str),
}

/// Checks a configuration and gives an id to each rule without one.
pub(super) fn complete(node: &mut Node) -> Result<()> {
    for rule in &mut node.children {
        if rule.get("ID").is_none_or(str::is_empty) {
            rule.children.retain(|child| child.name != "ID");
            rule.children.insert(0, Node::with_text("ID", &Uuid::new_v4().to_string()));
        }
    }
    checks::check(node)
}

/// The rules of a document that are switched on.
pub(super) fn rules(node: &Node) -> Vec<Rule> {
    let enabled = |rule: &&Node| rule.get("Status") == Some("Enabled");
    node.children.iter().filter(enabled).map(Rule::of).collect()
}

impl Rule {
    fn of(node: &Node) -> Self {
        let expiration = node.child("Expiration").and_then(|expiration| {
            let date = expiration.get("Date").and_then(dates::parse_iso).map(Expiration::Date);
            let lone = expiration.says("ExpiredObjectDeleteMarker").then_some(Expiration::LoneMarkers);
            expiration.number("Days").map(Expiration::Days).or(date).or(lone)
        });
        let noncurrent = node.child("NoncurrentVersionExpiration").and_then(|noncurrent| {
            let keep = noncurrent.number("NewerNoncurrentVersions").unwrap_or(0);
            Some(Noncurrent { days: noncurrent.number("NoncurrentDays")?, keep })
        });
        let abort = node.child("AbortIncompleteMultipartUpload");
        Self {
            id: node.get("ID").unwrap_or_default().to_owned(),
            filter: Filter::of(node),
            expiration,
            noncurrent,
            abort_days: abort.and_then(|abort| abort.number("DaysAfterInitiation")),
        }
    }

    /// An ordinary rule that removes everything after so many days.
    pub(super) fn document_after_days(days: u32) -> String {
        let days = days.to_string();
        documents::content(&Node {
            children: vec![Node {
                name: "Rule",
                children: vec![
                    Node::with_text("ID", "expire"),
                    Node { name: "Filter", children: vec![Node::with_text("Prefix", "")], ..Node::default() },
                    Node::with_text("Status", "Enabled"),
                    Node {
                        name: "Expiration",
                        children: vec![Node::with_text("Days", &days)],
                        ..Node::default()
                    },
                    Node {
                        name: "AbortIncompleteMultipartUpload",
                        children: vec![Node::with_text("DaysAfterInitiation", &days)],
                        ..Node::default()
                    },
                ],
                ..Node::default()
            }],
            ..Node::default()
        })
    }
}

impl Filter {
    fn of(rule: &Node) -> Self {
        let Some(filter) = rule.child("Filter") else {
            let prefix = rule.get("Prefix").unwrap_or_default().to_owned();
            return Self { prefix, ..Self::default() };
        };
        let filter = filter.child("And").unwrap_or(filter);
        let tag = |tag: &Node| Some((tag.get("Key")?.to_owned(), tag.get("Value")?.to_owned()));
        Self {
            prefix: filter.get("Prefix").unwrap_or_default().to_owned(),
            tags: filter.all("Tag").filter_map(tag).collect(),
            larger_than: filter.number("ObjectSizeGreaterThan"),
            smaller_than: filter.number("ObjectSizeLessThan"),
        }
    }

    fn matches(&self, key: &str, size: u64, tags: &Tags) -> bool {
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        key.starts_with(&self.prefix)
            && self.tags.iter().all(|tag| tags.contains(tag))
            && self.larger_than.is_none_or(|limit| size > limit)
            && self.smaller_than.is_none_or(|limit| size < limit)
    }
}

impl TransitionSize {
    /// Reads the header of a request that puts a lifecycle configuration.
    pub(super) fn of(request: &Request, kind: Kind) -> Result<Self> {
        match request.header(SIZE_HEADER).filter(|_| kind == Kind::Lifecycle) {
            None => Ok(Self::Unsaid),
            Some(text) => SIZES.into_iter().find(|size| *size == text).map(Self::Is).ok_or_else(|| {
                Error::argument(SIZE_HEADER, text, "Invalid transition default minimum object size")
            }),
        }
    }

    /// Keeps it beside the configuration.
    pub(super) fn keep(&self, db: &Connection, bucket: i64) -> Result<()> {
        let Self::Is(size) = self else { return Ok(()) };
        let sql = "INSERT OR REPLACE INTO s3_bucket_document (bucket, kind, body) VALUES (?, ?, ?)";
        db.prepare_cached(sql)?.execute(params![bucket, SIZE_ROW, size])?;
        Ok(())
    }
}

impl S3 {
    /// Puts on an answer from which size on objects change their class.
    pub(super) async fn tell_transition_size(
        &self,
        bucket: &str,
        response: &mut Response<Body>,
    ) -> Result<()> {
        let name = bucket.to_owned();
        let read = self.store().read(move |db| {
            let bucket = buckets::id(db, &name)?;
            let sql = "SELECT body FROM s3_bucket_document WHERE bucket = ? AND kind = ?";
            let size = db.prepare_cached(sql)?.query_row(params![bucket, SIZE_ROW], |row| row.get(0));
            Ok::<Option<String>, Error>(size.optional()?)
        });
        let [default, _] = SIZES;
        respond::put(response, SIZE_HEADER, read.await?.as_deref().unwrap_or(default));
        Ok(())
    }
}

#[cfg(test)]
mod tests;
