//! Deleting objects, one or many. Deleting what is not there succeeds, as in S3.

use http::{HeaderMap, Response, StatusCode};
use rusqlite::Connection;

use super::checksum::Expected;
use super::conditions::Conditions;
use super::error::{Code, Error, Result};
use super::objects::{self, Residue};
use super::request::Request;
use super::xml::{self, Element, Writer};
use super::{S3, buckets, names, receive, respond};
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

type Outcome = (Doomed, Result<()>);

impl S3 {
    pub(super) async fn delete_object(&self, request: &Request) -> Result<Response<Body>> {
        let (bucket, key) = (request.bucket().to_owned(), request.key().to_owned());
        let conditions = Conditions::of_request(&request.headers);
        let job = move |db: &Connection| {
            let bucket = buckets::id(db, &bucket)?;
            remove(db, bucket, &Doomed { key, version: None, conditions })
        };
        let residue = self.store().write(job).await?;
        self.sweep(residue);
        Ok(respond::empty(StatusCode::NO_CONTENT))
    }

    pub(super) async fn delete_objects(&self, request: &mut Request) -> Result<Response<Body>> {
        let bucket = request.bucket().to_owned();
        let expected = Expected::of(&request.headers)?;
        let body = receive::document(&mut request.body, &expected, DOCUMENT_LIMIT).await?;
        if body.is_empty() {
            return Err(Code::MissingRequestBodyError.into());
        }
        let (doomed, told) = xml::read(&body, "Delete", read)?;
        let outcomes = self.store().write(move |db| remove_all(db, &bucket, doomed)).await?;
        self.sweep_all();
        Ok(respond::document(document(&outcomes, told)))
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
fn remove_all(db: &Connection, bucket: &str, doomed: Vec<Doomed>) -> Result<Vec<Outcome>> {
    let bucket = buckets::id(db, bucket)?;
    doomed
        .into_iter()
        .map(|doomed| match remove(db, bucket, &doomed) {
            Err(error) if error.code == Code::InternalError || error.code == Code::InsufficientStorage => {
                Err(error)
            }
            outcome => Ok((doomed, outcome.map(drop))),
        })
        .collect()
}

fn remove(db: &Connection, bucket: i64, doomed: &Doomed) -> Result<Residue> {
    names::check_key(&doomed.key)?;
    if let Some(version) = doomed.version.as_deref().filter(|version| *version != "null") {
        return Err(Error::from(Code::NoSuchVersion).with("VersionId", version));
    }
    let found = objects::find(db, bucket, &doomed.key)?;
    if !doomed.conditions.is_empty() {
        doomed.conditions.for_write(&doomed.key, found.as_ref().map(objects::Object::seen))?;
    }
    found.map_or(Ok(Residue::Nothing), |found| objects::remove(db, bucket, &doomed.key, &found))
}

fn document(outcomes: &[Outcome], told: Told) -> String {
    Writer::document("DeleteResult", |xml| {
        for (doomed, outcome) in outcomes {
            let identify = |xml: &mut Writer| {
                xml.text("Key", &doomed.key);
                xml.optional("VersionId", doomed.version.as_deref());
            };
            match outcome {
                Ok(()) if told == Told::ErrorsOnly => {}
                Ok(()) => xml.group("Deleted", identify),
                Err(error) => xml.group("Error", |xml| {
                    identify(xml);
                    xml.text("Code", error.code.as_str());
                    xml.text("Message", &error.message);
                }),
            }
        }
    })
}
