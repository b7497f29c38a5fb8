//! Archived objects: they are read again only after a restore, and only for as long as it lasts.
//!
//! "Restoring an archived object" in the Amazon S3 User Guide, and RestoreObject in the API Reference. The bytes never
//! left this disk, so a restore is done when it is asked for.

use http::{Response, StatusCode};
use rusqlite::Connection;

use super::buckets::{self, Bucket};
use super::error::{Code, Error, Result};
use super::notify::{Event, Happened};
use super::objects::{self, Object};
use super::request::Request;
use super::versions::{self, Versioning};
use super::xml::{self, Element};
use super::{S3, dates, receive, respond};
use crate::answer::Body;

/// Classes whose objects have to be restored before they are read.
const ARCHIVES: [&str; 2] = ["GLACIER", "DEEP_ARCHIVE"];

const TIERS: [&str; 3] = ["Standard", "Bulk", "Expedited"];

/// Most days a restored object stays, so that the end of it can be written as a date.
const DAYS_MAX: i64 = 36_500;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

const DOCUMENT_LIMIT: usize = 64 * 1024;

/// What a restore found.
struct Restored {
    bucket: Bucket,
    object: Object,
    until: i64,
    status: StatusCode,
}

/// Refuses to read what is archived.
pub(super) fn check_read(object: &Object) -> Result<()> {
    if is_at_hand(object) {
        return Ok(());
    }
    Err(Error::from(Code::InvalidObjectState).with("StorageClass", &object.storage_class))
}

/// Refuses to copy from what is archived.
pub(super) fn check_copy(object: &Object) -> Result<()> {
    if is_at_hand(object) { Ok(()) } else { Err(Code::ObjectNotInActiveTierError.into()) }
}

/// Puts on an answer how long a restored object stays.
pub(super) fn tell(object: &Object, response: &mut Response<Body>) {
    if let Some(until) = lasting(object) {
        let state = format!("ongoing-request=\"false\", expiry-date=\"{}\"", dates::http(until));
        respond::put(response, "x-amz-restore", &state);
    }
}

impl S3 {
    pub(super) async fn restore_object(&self, request: &mut Request) -> Result<Response<Body>> {
        let expected = request.expected()?;
        let body = receive::document(&mut request.body, &expected, DOCUMENT_LIMIT).await?;
        if body.is_empty() {
            return Err(Code::MissingRequestBodyError.into());
        }
        let days = xml::read(&body, "RestoreRequest", days)?;
        let (name, key) = (request.bucket().to_owned(), request.key().to_owned());
        let version = request.version().map(str::to_owned);
        let restored =
            self.store().write(move |db| restore(db, &name, &key, version.as_deref(), days)).await?;
        self.tell_restored(request, &restored).await;
        Ok(respond::empty(restored.status))
    }

    /// Tells that it was asked for and that it is done. A restore that only lasts longer now is told to nobody.
    async fn tell_restored(&self, request: &Request, restored: &Restored) {
        if restored.status != StatusCode::ACCEPTED {
            return;
        }
        let Restored { bucket, object, until, .. } = restored;
        let class = ARCHIVES.into_iter().find(|class| *class == object.storage_class).unwrap_or_default();
        for happened in [Happened::RestoreAsked, Happened::Restored { until: *until, class }] {
            let event = Event {
                happened,
                key: request.key().to_owned(),
                size: Some(object.size),
                etag: Some(object.etag.clone()),
                version: (bucket.versioning == Versioning::Enabled).then(|| object.version.clone()),
            };
            self.tell(request.bucket(), &request.id, event).await;
        }
    }
}

fn restore(db: &Connection, name: &str, key: &str, version: Option<&str>, days: i64) -> Result<Restored> {
    let bucket = buckets::find(db, name)?;
    let mut object = versions::select_for_tags(db, &bucket, key, version)?;
    if !is_archived(&object) {
        let message = "Restore is not allowed for the object's current storage class";
        return Err(Code::InvalidObjectState.saying(message).with("StorageClass", object.storage_class));
    }
    let status = if lasting(&object).is_some() { StatusCode::OK } else { StatusCode::ACCEPTED };
    let until = end(dates::now(), days);
    object.state.restored = Some(until);
    objects::set_state(db, bucket.id, key, &object)?;
    Ok(Restored { bucket, object, until, status })
}

/// Reads for how many days.
fn days(root: Element<'_, '_>) -> Result<i64> {
    if root.child("Type").is_some() || root.child("SelectParameters").is_some() {
        return Err(Error::not_implemented("RestoreObject of a selection"));
    }
    let tier = root.child("GlacierJobParameters").and_then(|job| job.child_text("Tier"));
    if tier.or(root.child_text("Tier")).is_some_and(|tier| !TIERS.contains(&tier.trim())) {
        return Err(Code::MalformedXML.into());
    }
    let days = root.required("Days")?.trim().parse::<i64>().map_err(|_| Code::MalformedXML)?;
    if !(1..=DAYS_MAX).contains(&days) {
        let message = format!("restoration days should be at least 1 and at most {DAYS_MAX}");
        return Err(Error::argument("Days", &days.to_string(), message));
    }
    Ok(days)
}

/// That many days later, at the midnight (UTC) that follows.
fn end(now: i64, days: i64) -> i64 {
    (now + days * DAY_MS).div_euclid(DAY_MS) * DAY_MS + DAY_MS
}

fn is_archived(object: &Object) -> bool {
    ARCHIVES.contains(&object.storage_class.as_str())
}

fn is_at_hand(object: &Object) -> bool {
    !is_archived(object) || lasting(object).is_some()
}

/// When its restore ends, if it has not ended.
fn lasting(object: &Object) -> Option<i64> {
    object.state.restored.filter(|until| *until > dates::now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restore_ends_at_midnight() {
        let noon = DAY_MS / 2;
        assert_eq!(end(noon, 1), 2 * DAY_MS);
        assert_eq!(end(0, 1), 2 * DAY_MS);
        assert_eq!(end(noon, 30), 31 * DAY_MS);
    }

    #[test]
    fn a_request_says_for_how_long() {
        let read = |content: &str| {
            let text = format!("<RestoreRequest>{content}</RestoreRequest>");
            xml::read(text.as_bytes(), "RestoreRequest", days).map_err(|error| error.code)
        };
        let tier = "<GlacierJobParameters><Tier>Bulk</Tier></GlacierJobParameters>";
        assert_eq!(read(&format!("<Days>3</Days>{tier}")), Ok(3));
        for (content, code) in [
            ("", Code::MalformedXML),
            ("<Days>x</Days>", Code::MalformedXML),
            ("<Days>0</Days>", Code::InvalidArgument),
            ("<Days>36501</Days>", Code::InvalidArgument),
            ("<Days>1</Days><Tier>Slow</Tier>", Code::MalformedXML),
            ("<Type>SELECT</Type>", Code::NotImplemented),
        ] {
            assert_eq!(read(content), Err(code), "{content}");
        }
    }
}
