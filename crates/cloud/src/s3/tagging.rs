//! Tags of objects and buckets: read from a header or a document, checked, kept, told.
//!
//! Limits from "Categorizing your objects using tags" and "Using cost allocation S3 bucket tags".

use http::{Response, StatusCode};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::buckets::{self, Bucket};
use super::error::{Code, Error, Result};
use super::notify::{Event, Happened};
use super::objects::{self, Object, from_json, to_json};
use super::request::{Query, Request};
use super::versions::{self, Versioning};
use super::xml::{self, Element, Writer};
use super::{S3, receive, respond};
use crate::answer::Body;

/// Tags in the order they were given.
pub(super) type Tags = Vec<(String, String)>;

/// What is tagged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    Object,
    Bucket,
}

/// Most tags of an object.
const OBJECT_TAGS: usize = 10;
/// Most tags of a bucket.
const BUCKET_TAGS: usize = 50;
const KEY_MAX: usize = 128;
const VALUE_MAX: usize = 256;
/// Fifty tags with every character escaped stay below.
const DOCUMENT_LIMIT: usize = 256 * 1024;

/// Reads `x-amz-tagging: a=1&b=2`.
pub(super) fn from_header(header: Option<&str>) -> Result<Tags> {
    let Some(header) = header else { return Ok(Vec::new()) };
    let wrong = || {
        let message = "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters \
                       without tag name duplicates.";
        Error::argument("x-amz-tagging", header, message)
    };
    let tags = Query::read(header).map_err(|_| wrong())?.into_pairs();
    checked(tags, Whose::Object).map_err(|error| match error.code {
        Code::InvalidTag if error.message != Whose::Object.system_tag() => wrong(),
        _ => error,
    })
}

/// Reads the document that a form has for them.
pub(super) fn from_document(body: &[u8]) -> Result<Tags> {
    checked(read(body)?, Whose::Object)
}

impl S3 {
    pub(super) async fn get_object_tagging(&self, request: &Request) -> Result<Response<Body>> {
        let (name, key) = (request.bucket().to_owned(), request.key().to_owned());
        let version = request.version().map(str::to_owned);
        let find = move |db: &Connection| {
            let bucket = buckets::find(db, &name)?;
            Ok::<_, Error>((bucket, versions::select_for_tags(db, &bucket, &key, version.as_deref())?))
        };
        let (bucket, object) = self.store().look(find).await?;
        let mut response = respond::document(document(&object.tags));
        tell_version(&mut response, &bucket, &object);
        Ok(response)
    }

    pub(super) async fn put_object_tagging(&self, request: &mut Request) -> Result<Response<Body>> {
        let tags = checked(from_body(request).await?, Whose::Object)?;
        self.replace_object_tags(request, tags, Happened::Tagged, StatusCode::OK).await
    }

    pub(super) async fn delete_object_tagging(&self, request: &Request) -> Result<Response<Body>> {
        self.replace_object_tags(request, Tags::new(), Happened::Untagged, StatusCode::NO_CONTENT).await
    }

    async fn replace_object_tags(
        &self,
        request: &Request,
        tags: Tags,
        happened: Happened,
        status: StatusCode,
    ) -> Result<Response<Body>> {
        let (name, key) = (request.bucket().to_owned(), request.key().to_owned());
        let version = request.version().map(str::to_owned);
        let job = move |db: &Connection| {
            let bucket = buckets::find(db, &name)?;
            let object = versions::select_for_tags(db, &bucket, &key, version.as_deref())?;
            objects::set_tags(db, bucket.id, &key, &object, &tags)?;
            Ok::<_, Error>((bucket, object))
        };
        let (bucket, object) = self.store().write(job).await?;
        let mut response = respond::empty(status);
        tell_version(&mut response, &bucket, &object);
        let version = (bucket.versioning == Versioning::Enabled).then(|| object.version.clone());
        let (key, etag) = (request.key().to_owned(), Some(object.etag));
        self.tell(request.bucket(), &request.id, Event { happened, key, size: None, etag, version }).await;
        Ok(response)
    }

    pub(super) async fn get_bucket_tagging(&self, request: &Request) -> Result<Response<Body>> {
        let name = request.bucket().to_owned();
        let tags = self.store().look(move |db| {
            let bucket = buckets::id(db, &name)?;
            let sql = "SELECT body FROM s3_bucket_document WHERE bucket = ? AND kind = 'tagging'";
            let body: Option<String> =
                db.prepare_cached(sql)?.query_row([bucket], |row| row.get(0)).optional()?;
            body.ok_or_else(|| Error::from(Code::NoSuchTagSet).with("BucketName", name))
        });
        Ok(respond::document(document(&from_json(&tags.await?))))
    }

    pub(super) async fn put_bucket_tagging(&self, request: &mut Request) -> Result<Response<Body>> {
        let name = request.bucket().to_owned();
        let tags = checked(from_body(request).await?, Whose::Bucket)?;
        self.replace_bucket_tags(name, tags).await
    }

    pub(super) async fn delete_bucket_tagging(&self, request: &Request) -> Result<Response<Body>> {
        self.replace_bucket_tags(request.bucket().to_owned(), Tags::new()).await
    }

    async fn replace_bucket_tags(&self, name: String, tags: Tags) -> Result<Response<Body>> {
        let job = move |db: &Connection| keep_bucket_tags(db, buckets::id(db, &name)?, &tags);
        self.store().write(job).await?;
        Ok(respond::empty(StatusCode::NO_CONTENT))
    }
}

/// Keeps the tags of a bucket. An empty set is none at all.
fn keep_bucket_tags(db: &Connection, bucket: i64, tags: &Tags) -> Result<()> {
    if tags.is_empty() {
        let sql = "DELETE FROM s3_bucket_document WHERE bucket = ? AND kind = 'tagging'";
        db.prepare_cached(sql)?.execute([bucket])?;
    } else {
        let sql = "INSERT OR REPLACE INTO s3_bucket_document (bucket, kind, body) VALUES (?, 'tagging', ?)";
        db.prepare_cached(sql)?.execute(params![bucket, to_json(tags)])?;
    }
    Ok(())
}

fn tell_version(response: &mut Response<Body>, bucket: &Bucket, object: &Object) {
    if bucket.versioning != Versioning::Never {
        respond::put(response, "x-amz-version-id", &object.version);
    }
}

async fn from_body(request: &mut Request) -> Result<Tags> {
    let expected = request.expected()?;
    let body = receive::document(&mut request.body, &expected, DOCUMENT_LIMIT).await?;
    read(&body)
}

fn read(body: &[u8]) -> Result<Tags> {
    xml::read(body, "Tagging", |root| {
        let set = root.child("TagSet").ok_or(Code::MalformedXML)?;
        set.children().map(tag).collect()
    })
}

fn tag(element: Element<'_, '_>) -> Result<(String, String)> {
    Ok((element.required("Key")?, element.required("Value")?))
}

fn document(tags: &Tags) -> String {
    Writer::document("Tagging", |xml| {
        xml.group("TagSet", |xml| {
            for (key, value) in tags {
                xml.group("Tag", |xml| {
                    xml.text("Key", key);
                    xml.text("Value", value);
                });
            }
        });
    })
}

fn checked(tags: Tags, whose: Whose) -> Result<Tags> {
    if tags.len() > whose.limit() {
        let (name, limit) = (whose.name(), whose.limit());
        return Err(Code::BadRequest.saying(format!("{name} tags cannot be greater than {limit}")));
    }
    let invalid = |key: &str, message: &str| Err(Code::InvalidTag.saying(message).with("TagKey", key));
    for (index, (key, value)) in tags.iter().enumerate() {
        if key.is_empty() || key.chars().count() > KEY_MAX || !key.chars().all(is_allowed) {
            return invalid(key, "The TagKey you have provided is invalid");
        }
        if value.chars().count() > VALUE_MAX || !value.chars().all(is_allowed) {
            let message = "The TagValue you have provided is invalid";
            return Err(Code::InvalidTag.saying(message).with("TagKey", key).with("TagValue", value));
        }
        if key.to_ascii_lowercase().starts_with("aws:") {
            return invalid(key, whose.system_tag());
        }
        if tags.iter().take(index).any(|(earlier, _)| earlier == key) {
            return invalid(key, "Cannot provide multiple Tags with the same key");
        }
    }
    Ok(tags)
}

impl Whose {
    fn limit(self) -> usize {
        match self {
            Self::Object => OBJECT_TAGS,
            Self::Bucket => BUCKET_TAGS,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Object => "Object",
            Self::Bucket => "Bucket",
        }
    }

    /// What is said of a tag that only AWS may set.
    fn system_tag(self) -> &'static str {
        match self {
            Self::Object => "Your TagKey cannot be prefixed with aws:",
            Self::Bucket => "System tags cannot be added/updated by requester",
        }
    }
}

fn is_allowed(character: char) -> bool {
    character.is_alphanumeric() || character.is_whitespace() || "+-=._:/@".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_gives_tags() {
        let tags = from_header(Some("a=1&b=x%20y&c=")).unwrap();
        let expected = [("a", "1"), ("b", "x y"), ("c", "")];
        assert_eq!(tags, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
        assert_eq!(from_header(None), Ok(Vec::new()));
    }

    #[test]
    fn what_breaks_the_rules_is_refused() {
        let eleven = (0..11).map(|number| format!("k{number}=v")).collect::<Vec<_>>().join("&");
        let (key, value) = (format!("{}=v", "k".repeat(129)), format!("k={}", "v".repeat(257)));
        for (header, code) in [
            ("a=1&a=2", Code::InvalidArgument),
            ("aws:a=1", Code::InvalidTag),
            ("=1", Code::InvalidArgument),
            ("a=%21", Code::InvalidArgument),
            (&*key, Code::InvalidArgument),
            (&*value, Code::InvalidArgument),
            (&*eleven, Code::BadRequest),
        ] {
            assert_eq!(from_header(Some(header)).unwrap_err().code, code, "{header}");
        }
    }
}
