//! `ListObjectVersions`: every version and delete marker, keys in order, the newest of each first.

use http::Response;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::PAGE_MAX;
use super::document::{self, Encoding, encoding};
use super::scan::{END, Summary, group, successor, summary};
use crate::answer::Body;
use crate::s3::error::{Error, Result};
use crate::s3::request::Request;
use crate::s3::xml::Writer;
use crate::s3::{OWNER_NAME, S3, buckets, dates, respond};

/// What is asked for.
#[derive(Debug, Clone)]
struct Asked {
    prefix: String,
    delimiter: String,
    limit: usize,
    key_marker: String,
    version_marker: Option<String>,
}

/// A version of a listing.
#[derive(Debug, Clone)]
struct Version {
    summary: Summary,
    id: String,
    kind: Kind,
    latest: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Object,
    Marker,
}

/// An entry of a page.
#[derive(Debug, Clone)]
enum Item {
    Version(Version),
    CommonPrefix(String),
}

/// Entries, and whether there are more.
#[derive(Debug)]
struct Page {
    items: Vec<Item>,
    more: bool,
}

/// Where reading goes on: from this key, and within it below this number.
type Place = (Vec<u8>, i64);

impl S3 {
    pub(in crate::s3) async fn list_object_versions(&self, request: &Request) -> Result<Response<Body>> {
        let (encoding, asked) = (encoding(&request.query)?, Asked::of(request)?);
        let (bucket, scan) = (request.bucket().to_owned(), asked.clone());
        let page = self.store().read(move |db| scan.run(db, buckets::id(db, &bucket)?)).await?;
        let owner = &self.inner.owner;
        Ok(respond::document(Writer::document("ListVersionsResult", |xml| {
            document::start(xml, request, (&asked.prefix, &asked.delimiter, asked.limit), encoding);
            xml.text("KeyMarker", &encoding.text(&asked.key_marker));
            xml.text("VersionIdMarker", asked.version_marker.as_deref().unwrap_or_default());
            xml.value("IsTruncated", page.more);
            page.tell_next(xml, encoding);
            page.items.iter().for_each(|item| item.write(xml, encoding, owner));
        })))
    }
}

impl Asked {
    fn of(request: &Request) -> Result<Self> {
        let text = |name: &str| request.query.get(name).unwrap_or_default().to_owned();
        let version = request.query.get("version-id-marker");
        if text("key-marker").is_empty() && version.is_some() {
            let message = "A version-id marker cannot be specified without a key marker.";
            return Err(Error::argument("version-id-marker", version.unwrap_or_default(), message));
        }
        if version == Some("") {
            let message = "A version-id marker cannot be empty.";
            return Err(Error::argument("version-id-marker", "", message));
        }
        Ok(Self {
            prefix: text("prefix"),
            delimiter: text("delimiter"),
            limit: request.query.count("max-keys", PAGE_MAX)?,
            key_marker: text("key-marker"),
            version_marker: version.map(str::to_owned),
        })
    }

    fn run(&self, db: &Connection, bucket: i64) -> Result<Page> {
        let mut page = Page { items: Vec::new(), more: false };
        let end = if self.prefix.is_empty() { END.to_vec() } else { successor(&self.prefix) };
        let (mut from, mut above) = self.start(db, bucket)?;
        if self.limit == 0 {
            return Ok(page);
        }
        // The latest version of a key is the first of its rows, unless an earlier page had that.
        let mut last = (above < i64::MAX).then(|| from.clone());
        let mut statement = db.prepare_cached(ROWS)?;
        'jump: loop {
            let mut rows = statement.query(params![bucket, from, end, above])?;
            while let Some(row) = rows.next()? {
                if page.items.len() == self.limit {
                    page.more = true;
                    return Ok(page);
                }
                let version = version(row, &mut last)?;
                if let Some(group) = group(&version.summary.key, &self.prefix, &self.delimiter) {
                    (from, above) = (successor(group), i64::MAX);
                    page.items.push(Item::CommonPrefix(group.to_owned()));
                    continue 'jump;
                }
                page.items.push(Item::Version(version));
            }
            return Ok(page);
        }
    }

    fn start(&self, db: &Connection, bucket: i64) -> Result<Place> {
        let (prefix, marker) = (self.prefix.as_bytes(), self.key_marker.as_bytes());
        if marker < prefix || marker.is_empty() {
            return Ok((prefix.to_vec(), i64::MAX));
        }
        if let Some(group) = group(&self.key_marker, &self.prefix, &self.delimiter) {
            return Ok((successor(group), i64::MAX));
        }
        let Some(version) = &self.version_marker else { return Ok(([marker, &[0]].concat(), i64::MAX)) };
        let place = params![bucket, marker, version];
        let found = db.prepare_cached(NUMBER)?.query_row(place, |row| row.get(0)).optional()?;
        let wrong = || Error::argument("version-id-marker", version, "Invalid version id specified");
        Ok((marker.to_vec(), found.ok_or_else(wrong)?))
    }
}

/// Rows from a key on; of that key only those below a number.
const ROWS: &str = "SELECT key, size, etag, modified, storage_class, algorithm, checksum_type, version, number, 0 \
    AS marker FROM s3_object WHERE bucket = ?1 AND key >= ?2 AND key < ?3 AND (key > ?2 OR number < ?4) UNION \
    ALL SELECT key, size, etag, modified, storage_class, algorithm, checksum_type, version, number, marker FROM \
    s3_version WHERE bucket = ?1 AND key >= ?2 AND key < ?3 AND (key > ?2 OR number < ?4) ORDER BY 1, 9 DESC";

/// The number of a version.
const NUMBER: &str = "SELECT number FROM s3_object WHERE bucket = ?1 AND key = ?2 AND version = ?3 UNION ALL SELECT \
    number FROM s3_version WHERE bucket = ?1 AND key = ?2 AND version = ?3 LIMIT 1";

fn version(row: &Row<'_>, last: &mut Option<Vec<u8>>) -> rusqlite::Result<Version> {
    let key: Vec<u8> = row.get(0)?;
    let latest = last.as_ref() != Some(&key);
    *last = Some(key);
    let kind = if row.get(9)? { Kind::Marker } else { Kind::Object };
    Ok(Version { summary: summary(row)?, id: row.get(7)?, kind, latest })
}

impl Page {
    /// Where the next page begins.
    fn tell_next(&self, xml: &mut Writer, encoding: Encoding) {
        match self.items.last().filter(|_| self.more) {
            None => {}
            Some(Item::CommonPrefix(prefix)) => xml.text("NextKeyMarker", &encoding.text(prefix)),
            Some(Item::Version(version)) => {
                xml.text("NextKeyMarker", &encoding.text(&version.summary.key));
                xml.text("NextVersionIdMarker", &version.id);
            }
        }
    }
}

impl Item {
    fn write(&self, xml: &mut Writer, encoding: Encoding, owner: &str) {
        match self {
            Self::CommonPrefix(prefix) => {
                xml.group("CommonPrefixes", |xml| xml.text("Prefix", &encoding.text(prefix)));
            }
            Self::Version(version) if version.kind == Kind::Marker => xml.group("DeleteMarker", |xml| {
                xml.text("Key", &encoding.text(&version.summary.key));
                xml.text("VersionId", &version.id);
                xml.value("IsLatest", version.latest);
                xml.text("LastModified", &dates::iso(version.summary.modified));
                xml.group("Owner", |xml| {
                    xml.text("ID", owner);
                    xml.text("DisplayName", OWNER_NAME);
                });
            }),
            Self::Version(version) => xml.group("Version", |xml| {
                document::object(xml, &version.summary, encoding, Some(owner));
                xml.text("VersionId", &version.id);
                xml.value("IsLatest", version.latest);
            }),
        }
    }
}
