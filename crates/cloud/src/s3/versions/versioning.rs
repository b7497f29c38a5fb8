//! Whether a bucket keeps versions: read, set, told.

use http::{Response, StatusCode};
use rusqlite::{Connection, params};

use crate::answer::Body;
use crate::s3::buckets::{self, Locks};
use crate::s3::error::{Code, Error, Result};
use crate::s3::request::Request;
use crate::s3::xml::{self, Writer};
use crate::s3::{S3, receive, respond};

const DOCUMENT_LIMIT: usize = 16 * 1024;

/// Whether a bucket keeps versions. Once switched on it can only be suspended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::s3) enum Versioning {
    /// Never switched on.
    Never,
    Enabled,
    Suspended,
}

impl Versioning {
    /// `Enabled`, as documents and rows write it; nothing where it was never switched on.
    pub(in crate::s3) fn name(self) -> Option<&'static str> {
        match self {
            Self::Never => None,
            Self::Enabled => Some("Enabled"),
            Self::Suspended => Some("Suspended"),
        }
    }

    /// Reads a name.
    pub(in crate::s3) fn named(name: Option<&str>) -> Self {
        match name {
            Some("Enabled") => Self::Enabled,
            Some("Suspended") => Self::Suspended,
            _ => Self::Never,
        }
    }
}

impl S3 {
    pub(in crate::s3) async fn get_bucket_versioning(&self, request: &Request) -> Result<Response<Body>> {
        let name = request.bucket().to_owned();
        let bucket = self.store().read(move |db| buckets::find(db, &name)).await?;
        Ok(respond::document(Writer::document("VersioningConfiguration", |xml| {
            xml.optional("Status", bucket.versioning.name());
        })))
    }

    pub(in crate::s3) async fn put_bucket_versioning(&self, request: &mut Request) -> Result<Response<Body>> {
        let name = request.bucket().to_owned();
        let expected = request.expected()?;
        let body = receive::document(&mut request.body, &expected, DOCUMENT_LIMIT).await?;
        let versioning = xml::read(&body, "VersioningConfiguration", |root| {
            match root.child_text("Status").as_deref().map(str::trim) {
                None => Err(Code::IllegalVersioningConfigurationException.into()),
                Some(status) => match Versioning::named(Some(status)) {
                    Versioning::Never => Err(Code::MalformedXML.into()),
                    known => Ok(known),
                },
            }
        })?;
        self.store().write(move |db| set(db, &name, versioning)).await?;
        Ok(respond::empty(StatusCode::OK))
    }
}

/// Switches versioning on or suspends it.
pub(super) fn set(db: &Connection, name: &str, versioning: Versioning) -> Result<()> {
    let bucket = buckets::find(db, name)?;
    if bucket.locks == Locks::Enabled && versioning != Versioning::Enabled {
        return Err(Error::from(Code::InvalidBucketState));
    }
    let sql = "UPDATE s3_bucket SET versioning = ? WHERE id = ?";
    db.prepare_cached(sql)?.execute(params![versioning.name(), bucket.id])?;
    Ok(())
}
