//! Deleting objects, one or many. Deleting what is not there succeeds, as in S3.

use http::{HeaderMap, Response, StatusCode};
use rusqlite::Connection;

use super::buckets::{self, Bucket, Locks};
use super::conditions::Conditions;
use super::error::{Code, Error, Result};
use super::lock::{self, Bypass};
use super::notify::{Event, Happened};
use super::objects::{self, Object};
use super::request::Request;
use super::versions::{self, Removal, Removed};
use super::xml::{self, Element, Writer};
use super::{S3, names, receive, respond};
use crate::answer::Body;

/// Keys one request deletes at most (S3 API Reference, DeleteObjects).
const KEYS_MAX: usize = 1000;

/// A thousand keys of 1,024 bytes with every character escaped stay below.
const DOCUMENT_LIMIT: usize = 8 * 1024 * 1024;

/// What is to be deleted.
#[derive(Debug, Clone)]
struct Doomed {
    key: String,
    version: Option<String>,
    conditions: Conditions,
}

/// What the answer lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Everything,
    /// `Quiet`.
    ErrorsOnly,
}

type Outcome = (Doomed, Result<Removed>);

impl S3 {
    pub(super) async fn delete_object(&self, request: &Request) -> Result<Response<Body>> {
        let (bucket, bypass) = (request.bucket().to_owned(), Bypass::of(request));
        let doomed = Doomed {
            key: request.key().to_owned(),
            version: request.version().map(str::to_owned),
            conditions: Conditions::of_request(&request.headers),
        };
        let governs = request.headers.contains_key(lock::BYPASS);
        let job = move |db: &Connection| {
            let bucket = buckets::find(db, &bucket)?;
            // A list may carry it anywhere, though S3 refuses that, too: clean-up scripts send it with every list.
            if governs && bucket.locks == Locks::Disabled {
                return Err(lock::bypasses_nothing());
            }
            remove(db, &bucket, &doomed, bypass)
        };
        let Removal { removed, residue } = self.store().write(job).await?;
        self.sweep(residue);
        self.tell_removed(request.bucket(), &request.id, request.key(), &removed).await;
        let mut response = respond::empty(StatusCode::NO_CONTENT);
        if let Removed::Marker(version) | Removed::Hidden(version) | Removed::Version(version) = &removed {
            respond::put(&mut response, "x-amz-version-id", version);
        }
        if matches!(removed, Removed::Marker(_) | Removed::Hidden(_)) {
            respond::put(&mut response, "x-amz-delete-marker", "true");
        }
        Ok(response)
    }

    pub(super) async fn delete_objects(&self, request: &mut Request) -> Result<Response<Body>> {
        let bucket = request.bucket().to_owned();
        let expected = request.expected()?;
        let body = receive::document(&mut request.body, &expected, DOCUMENT_LIMIT).await?;
        if body.is_empty() {
            return Err(Code::MissingRequestBodyError.into());
        }
        let (doomed, told) = xml::read(&body, "Delete", read)?;
        let bypass = Bypass::of(request);
        let outcomes = self.store().write(move |db| remove_all(db, &bucket, doomed, bypass)).await?;
        self.sweep_all();
        for (doomed, outcome) in &outcomes {
            if let Ok(removed) = outcome {
                self.tell_removed(request.bucket(), &request.id, &doomed.key, removed).await;
            }
        }
        Ok(respond::document(document(&outcomes, told)))
    }

    /// Tells who wants to hear of it that something was removed.
    async fn tell_removed(&self, bucket: &str, id: &str, key: &str, removed: &Removed) {
        let (happened, version) = match removed {
            Removed::Plain => (Happened::Deleted, None),
            Removed::Version(version) | Removed::Marker(version) => {
                (Happened::Deleted, Some(version.clone()))
            }
            Removed::Hidden(version) => (Happened::MarkerCreated, Some(version.clone())),
        };
        let event = Event { happened, key: key.to_owned(), size: None, etag: None, version };
        self.tell(bucket, id, event).await;
    }
}

fn read(root: Element<'_, '_>) -> Result<(Vec<Doomed>, Told)> {
    let told = match root.child_text("Quiet").as_deref().map(str::trim) {
        Some("true") => Told::ErrorsOnly,
        _ => Told::Everything,
    };
    let doomed: Vec<_> =
        root.children().filter(|child| child.name() == "Object").map(one).collect::<Result<_>>()?;
    if doomed.is_empty() || doomed.len() > KEYS_MAX {
        return Err(Code::MalformedXML.into());
    }
    Ok((doomed, told))
}

fn one(element: Element<'_, '_>) -> Result<Doomed> {
    let mut headers = HeaderMap::new();
    if let Some(etag) = element.child_text("ETag").and_then(|etag| etag.parse().ok()) {
        headers.insert("if-match", etag);
    }
    Ok(Doomed {
        key: element.required("Key")?,
        version: element.child_text("VersionId"),
        conditions: Conditions::of_request(&headers),
    })
}

/// Each key on its own: one that is refused does not keep the others.
fn remove_all(db: &Connection, bucket: &str, doomed: Vec<Doomed>, bypass: Bypass) -> Result<Vec<Outcome>> {
    let bucket = buckets::find(db, bucket)?;
    doomed
        .into_iter()
        .map(|doomed| match remove(db, &bucket, &doomed, bypass) {
            Err(error) if error.code == Code::InternalError || error.code == Code::InsufficientStorage => {
                Err(error)
            }
            outcome => Ok((doomed, outcome.map(|removal| removal.removed).map_err(as_listed))),
        })
        .collect()
}

fn remove(db: &Connection, bucket: &Bucket, doomed: &Doomed, bypass: Bypass) -> Result<Removal> {
    names::check_key(&doomed.key)?;
    let found = objects::find(db, bucket.id, &doomed.key)?;
    if !doomed.conditions.is_empty() {
        doomed.conditions.for_delete(&doomed.key, found.as_ref().map(Object::seen))?;
    }
    match doomed.version.as_deref() {
        None => versions::remove_latest(db, bucket, &doomed.key, found.as_ref()),
        Some(version) => {
            versions::check_id(version)?;
            versions::remove(db, bucket, &doomed.key, version, bypass)
        }
    }
}

/// In a list, an id that was never given is that of a version that is not there.
fn as_listed(error: Error) -> Error {
    if error.code == Code::InvalidArgument { Code::NoSuchVersion.into() } else { error }
}

fn document(outcomes: &[Outcome], told: Told) -> String {
    Writer::document("DeleteResult", |xml| {
        for (doomed, outcome) in outcomes {
            let identify = |xml: &mut Writer| {
                xml.text("Key", &doomed.key);
                xml.optional("VersionId", doomed.version.as_deref());
            };
            match outcome {
                Ok(_) if told == Told::ErrorsOnly => {}
                Ok(removed) => xml.group("Deleted", |xml| {
                    identify(xml);
                    if let Removed::Marker(version) | Removed::Hidden(version) = removed {
                        xml.value("DeleteMarker", true);
                        xml.text("DeleteMarkerVersionId", version);
                    }
                }),
                Err(error) => xml.group("Error", |xml| {
                    identify(xml);
                    xml.text("Code", error.code.as_str());
                    xml.text("Message", &error.message);
                }),
            }
        }
    })
}
