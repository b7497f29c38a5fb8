//! The requests about the locks of one version.

use http::{Response, StatusCode};
use rusqlite::Connection;

use super::{Bypass, Hold, Mode, Retention, missing_configuration};
use crate::answer::Body;
use crate::s3::buckets::{self, Bucket, Locks};
use crate::s3::error::{Code, Error, Result};
use crate::s3::objects::{self, Object};
use crate::s3::request::Request;
use crate::s3::xml::{self, Writer};
use crate::s3::{S3, dates, receive, respond, versions};

const DOCUMENT_LIMIT: usize = 16 * 1024;

impl S3 {
    pub(in crate::s3) async fn get_object_retention(&self, request: &Request) -> Result<Response<Body>> {
        let object = self.lockable(request).await?;
        let Retention { mode, until } = object.state.retention.ok_or(Code::NoSuchObjectLockConfiguration)?;
        Ok(respond::document(Writer::document("Retention", |xml| {
            xml.text("Mode", mode.name());
            xml.text("RetainUntilDate", &dates::iso(until));
        })))
    }

    pub(in crate::s3) async fn put_object_retention(&self, request: &mut Request) -> Result<Response<Body>> {
        let expected = request.expected()?;
        let body = receive::document(&mut request.body, &expected, DOCUMENT_LIMIT).await?;
        let retention = xml::read(&body, "Retention", |root| {
            let (mode, until) = (root.child_text("Mode"), root.child_text("RetainUntilDate"));
            match (mode, until) {
                (None, None) => Ok(None),
                (Some(mode), Some(until)) => Ok(Some(Retention {
                    mode: Mode::named(mode.trim()).ok_or(Code::MalformedXML)?,
                    until: dates::parse_iso(until.trim()).ok_or(Code::MalformedXML)?,
                })),
                _ => Err(Code::MalformedXML.into()),
            }
        })?;
        if retention.is_some_and(|retention| retention.until <= dates::now()) {
            let message = "The retain until date must be in the future!";
            return Err(Error::about("RetainUntilDate", message));
        }
        let bypass = Bypass::of(request);
        self.change_locks(request, move |object| {
            check_change(object.state.retention, retention, bypass)?;
            object.state.retention = retention;
            Ok(())
        })
        .await
    }

    pub(in crate::s3) async fn get_object_legal_hold(&self, request: &Request) -> Result<Response<Body>> {
        let object = self.lockable(request).await?;
        let hold = object.state.hold.ok_or(Code::NoSuchObjectLockConfiguration)?;
        Ok(respond::document(Writer::document("LegalHold", |xml| xml.text("Status", hold.name()))))
    }

    pub(in crate::s3) async fn put_object_legal_hold(&self, request: &mut Request) -> Result<Response<Body>> {
        let expected = request.expected()?;
        let body = receive::document(&mut request.body, &expected, DOCUMENT_LIMIT).await?;
        let hold = xml::read(&body, "LegalHold", |root| {
            let status = root.required("Status")?;
            Hold::named(status.trim()).ok_or_else(|| Error::from(Code::MalformedXML))
        })?;
        self.change_locks(request, move |object| {
            object.state.hold = Some(hold);
            Ok(())
        })
        .await
    }

    async fn lockable(&self, request: &Request) -> Result<Object> {
        let (name, key) = (request.bucket().to_owned(), request.key().to_owned());
        let version = request.version().map(str::to_owned);
        self.store().look(move |db| find(db, &name, &key, version.as_deref()).map(|(_, object)| object)).await
    }

    async fn change_locks<F>(&self, request: &Request, change: F) -> Result<Response<Body>>
    where
        F: FnOnce(&mut Object) -> Result<()> + Send + 'static,
    {
        let (name, key) = (request.bucket().to_owned(), request.key().to_owned());
        let version = request.version().map(str::to_owned);
        let job = move |db: &Connection| {
            let (bucket, mut object) = find(db, &name, &key, version.as_deref())?;
            change(&mut object)?;
            objects::set_state(db, bucket.id, &key, &object)
        };
        self.store().write(job).await?;
        Ok(respond::empty(StatusCode::OK))
    }
}

fn find(db: &Connection, name: &str, key: &str, version: Option<&str>) -> Result<(Bucket, Object)> {
    let bucket = buckets::find(db, name)?;
    if bucket.locks == Locks::Disabled {
        return Err(missing_configuration());
    }
    let object = versions::select(db, &bucket, key, version)?;
    Ok((bucket, object))
}

/// A retention may be made longer by anyone, and shorter or removed only where it is governance and bypassed.
fn check_change(now: Option<Retention>, wanted: Option<Retention>, bypass: Bypass) -> Result<()> {
    let Some(now) = now.filter(|retention| retention.until > dates::now()) else { return Ok(()) };
    let stays = wanted.is_some_and(|wanted| wanted.until >= now.until);
    let allowed = match now.mode {
        Mode::Compliance => stays && wanted.is_some_and(|wanted| wanted.mode == Mode::Compliance),
        Mode::Governance => {
            stays && wanted.is_some_and(|wanted| wanted.mode == Mode::Governance) || bypass == Bypass::Asked
        }
    };
    if allowed {
        return Ok(());
    }
    Err(Code::AccessDenied.saying("Access Denied because object protected by object lock."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_governance_gives_way() {
        let at = |mode, days: i64| Some(Retention { mode, until: dates::now() + days * 86_400_000 });
        let change = |now, wanted, bypass| check_change(now, wanted, bypass).is_ok();
        for mode in [Mode::Governance, Mode::Compliance] {
            assert!(change(at(mode, 1), at(mode, 2), Bypass::NotAsked), "longer is fine");
            assert!(!change(at(mode, 2), at(mode, 1), Bypass::NotAsked));
            assert!(!change(at(mode, 2), None, Bypass::NotAsked));
            assert!(change(at(mode, -1), None, Bypass::NotAsked), "it is over");
            assert!(change(None, at(mode, 1), Bypass::NotAsked));
        }
        assert!(change(at(Mode::Governance, 2), at(Mode::Governance, 1), Bypass::Asked));
        assert!(change(at(Mode::Governance, 2), None, Bypass::Asked));
        assert!(!change(at(Mode::Compliance, 2), at(Mode::Compliance, 1), Bypass::Asked));
        assert!(!change(at(Mode::Compliance, 1), at(Mode::Governance, 2), Bypass::Asked));
    }
}
