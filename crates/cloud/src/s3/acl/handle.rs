//! The requests about access control lists, of buckets and of versions.

use http::{Response, StatusCode};
use rusqlite::Connection;

use super::{of_document, of_headers, private};
use crate::answer::Body;
use crate::s3::documents;
use crate::s3::error::{Code, Result};
use crate::s3::request::Request;
use crate::s3::xml::Writer;
use crate::s3::{S3, buckets, objects, receive, respond, versions};

const DOCUMENT_LIMIT: usize = 128 * 1024;
const ROW: &str = "acl";

impl S3 {
    pub(in crate::s3) async fn get_bucket_acl(&self, request: &Request) -> Result<Response<Body>> {
        let name = request.bucket().to_owned();
        let found = self.store().look(move |db| documents::find(db, &name, ROW)).await?;
        Ok(self.acl_document(found))
    }

    pub(in crate::s3) async fn put_bucket_acl(&self, request: &mut Request) -> Result<Response<Body>> {
        let (name, acl) = (request.bucket().to_owned(), self.asked_acl(request).await?);
        let bucket = name.clone();
        let job = move |db: &Connection| documents::replace(db, buckets::id(db, &bucket)?, ROW, &acl);
        self.write_settings(&name, job).await?;
        Ok(respond::empty(StatusCode::OK))
    }

    pub(in crate::s3) async fn get_object_acl(&self, request: &Request) -> Result<Response<Body>> {
        let (name, key) = (request.bucket().to_owned(), request.key().to_owned());
        let version = request.version().map(str::to_owned);
        let find =
            move |db: &Connection| versions::select(db, &buckets::find(db, &name)?, &key, version.as_deref());
        let object = self.store().look(find).await?;
        Ok(self.acl_document(object.state.acl))
    }

    pub(in crate::s3) async fn put_object_acl(&self, request: &mut Request) -> Result<Response<Body>> {
        let (name, key) = (request.bucket().to_owned(), request.key().to_owned());
        let (version, acl) = (request.version().map(str::to_owned), self.asked_acl(request).await?);
        let job = move |db: &Connection| {
            let bucket = buckets::find(db, &name)?;
            let mut object = versions::select(db, &bucket, &key, version.as_deref())?;
            object.state.acl = Some(acl);
            objects::set_state(db, bucket.id, &key, &object)
        };
        self.store().write(job).await?;
        Ok(respond::empty(StatusCode::OK))
    }

    fn acl_document(&self, found: Option<String>) -> Response<Body> {
        let content = found.unwrap_or_else(|| private(&self.inner.owner));
        respond::document(Writer::document("AccessControlPolicy", |xml| xml.raw(&content)))
    }

    /// The list a request puts, by headers or in its body.
    async fn asked_acl(&self, request: &mut Request) -> Result<String> {
        let config = self.config(request.bucket());
        let granted = of_headers(&request.headers, &self.inner.owner, &config)?;
        let expected = request.expected()?;
        let body = receive::document(&mut request.body, &expected, DOCUMENT_LIMIT).await?;
        match granted {
            Some(_) if !body.is_empty() => Err(Code::UnexpectedContent.into()),
            Some(granted) => Ok(granted),
            None if body.is_empty() => Err(Code::MissingSecurityHeader
                .saying("Your request was missing a required header")
                .with("MissingHeaderName", "x-amz-acl")),
            None => of_document(&body, &self.inner.owner, &config),
        }
    }
}
