//! Listing: a range of the index in key order, where a common prefix is one step whatever is below it.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::Response;

use self::scan::{Page, Scan};
use super::error::{Error, Result};
use super::request::Request;
use super::xml::Writer;
use super::{S3, buckets, respond};
use crate::answer::Body;

mod document;
pub(super) mod scan;
mod versions;

pub(super) use self::document::encoding;

/// Keys and prefixes of one page at most (S3 API Reference, ListObjectsV2).
const PAGE_MAX: usize = 1000;

impl S3 {
    pub(super) async fn list_objects_v2(&self, request: &Request) -> Result<Response<Body>> {
        let query = &request.query;
        let (encoding, scan) = (encoding(query)?, self.scan_of(request)?);
        let token = query.get("continuation-token");
        let after = query.given("start-after");
        let scan = match (token, after) {
            (Some(token), _) => scan.from(read_token(token)?),
            (None, Some(after)) => scan.after(after),
            (None, None) => scan,
        };
        let page = self.page(request.bucket(), scan.clone()).await?;
        let owner = (query.get("fetch-owner") == Some("true")).then_some(self.inner.owner.as_str());
        let document = Writer::document("ListBucketResult", |xml| {
            document::head(xml, request, &scan, encoding);
            xml.value("KeyCount", page.items.len());
            xml.optional("ContinuationToken", token);
            xml.optional("StartAfter", after.map(|after| encoding.text(after)).as_deref());
            xml.value("IsTruncated", page.next.is_some());
            xml.optional("NextContinuationToken", page.next.as_deref().map(token_of).as_deref());
            document::items(xml, &page, encoding, owner);
        });
        Ok(respond::document(document))
    }

    pub(super) async fn list_objects(&self, request: &Request) -> Result<Response<Body>> {
        let query = &request.query;
        let (encoding, mut scan) = (encoding(query)?, self.scan_of(request)?);
        let marker = query.get("marker").unwrap_or_default();
        if !marker.is_empty() {
            scan = scan.after(marker);
        }
        let page = self.page(request.bucket(), scan.clone()).await?;
        let document = Writer::document("ListBucketResult", |xml| {
            document::head(xml, request, &scan, encoding);
            xml.text("Marker", &encoding.text(marker));
            xml.value("IsTruncated", page.next.is_some());
            // Without a delimiter the last key says it.
            if page.next.is_some() && !scan.delimiter.is_empty() {
                xml.optional(
                    "NextMarker",
                    page.items.last().map(|item| encoding.text(item.name())).as_deref(),
                );
            }
            document::items(xml, &page, encoding, Some(&self.inner.owner));
        });
        Ok(respond::document(document))
    }

    fn scan_of(&self, request: &Request) -> Result<Scan> {
        let query = &request.query;
        let limit = query.count("max-keys", PAGE_MAX)?;
        Ok(Scan::new(
            query.get("prefix").unwrap_or_default(),
            query.get("delimiter").unwrap_or_default(),
            limit,
        ))
    }

    async fn page(&self, bucket: &str, scan: Scan) -> Result<Page> {
        let bucket = bucket.to_owned();
        self.store().read(move |db| scan.run(db, buckets::id(db, &bucket)?)).await
    }
}

/// Where the next page begins, in a form that promises nothing.
fn token_of(next: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(next)
}

fn read_token(token: &str) -> Result<Vec<u8>> {
    let wrong =
        || Error::argument("continuation-token", token, "The continuation token provided is incorrect");
    let next = BASE64_URL_SAFE_NO_PAD.decode(token).map_err(|_| wrong())?;
    if next.is_empty() { Err(wrong()) } else { Ok(next) }
}
