//! Uploads by a form, as a browser sends them: fields that describe the object, then its bytes.
//!
//! "POST Object" in the Amazon S3 API Reference, and "Creating an HTML form" in the Amazon S3 User Guide.

use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use self::fields::Fields;
use self::policy::Policy;
pub(super) use self::tail::Tail;
use super::checksum::Expected;
use super::error::{Code, Error, Result};
use super::notify::Happened;
use super::put::Written;
use super::request::{Request, Target};
use super::xml::Writer;
use super::{S3, dates, names, receive, respond, tagging};
use crate::answer::{self, Body};
use crate::auth::FormSignature;

mod fields;
mod policy;
mod tail;

/// Fields that say what a header says on an upload of another kind.
const HEADERS: [&str; 6] =
    ["cache-control", "content-type", "content-disposition", "content-encoding", "expires", "content-md5"];

impl S3 {
    pub(super) async fn post_object(&self, request: &mut Request) -> Result<Response<Body>> {
        let boundary = boundary(request)?;
        let (fields, tail) = fields::read(&mut request.body, &boundary).await?;
        let policy = self.check_policy(&fields, request.bucket())?;
        let key = fields.key()?;
        names::check_key(&key)?;
        let target = Target::Object(request.bucket().to_owned(), key);
        let headers = fields.headers();
        let mut draft = self.draft(&target, &headers)?;
        if let Some(tags) = fields.get("tagging") {
            draft.tags = tagging::from_document(tags.as_bytes())?;
        }
        self.check_bucket(&draft.bucket).await?;
        let length = request.header("content-length").and_then(|length| length.parse().ok());
        let mut expected = Expected::of(&headers)?;
        expected.length = length;
        let received = receive::file_of_form(self.blobs(), &mut request.body, tail, &expected).await?;
        policy.as_ref().map_or(Ok(()), |policy| policy.check_length(received.size))?;
        let written = self.commit(draft, received).await?;
        self.tell_created(request.bucket(), &request.id, Happened::Post, &written).await;
        Ok(self.posted(request, &fields, &written))
    }

    /// The policy, if there is one and the form keeps to it.
    fn check_policy(&self, fields: &Fields, bucket: &str) -> Result<Option<Policy>> {
        let Some(text) = fields.get("policy") else {
            return if self.inner.keyring.is_empty() { Ok(None) } else { Err(Code::AccessDenied.into()) };
        };
        let signature = FormSignature {
            policy: text,
            credential: fields.get("x-amz-credential"),
            signature: fields.get("x-amz-signature"),
            old_key: fields.get("awsaccesskeyid"),
            old_signature: fields.get("signature"),
        };
        if !signature.is_whole() {
            return Err(Error::argument(
                "AWSAccessKeyId",
                "",
                "Bucket POST must contain a field named \
                'AWSAccessKeyId'.  If it is specified, please check the order of the fields.",
            ));
        }
        self.inner.keyring.check_form(&signature)?;
        let policy = Policy::read(text)?;
        policy.check(fields, bucket, dates::now())?;
        Ok(Some(policy))
    }

    /// What the form asks to be answered with: another page, a document, or nothing.
    fn posted(&self, request: &Request, fields: &Fields, written: &Written) -> Response<Body> {
        let (bucket, key, etag) = (request.bucket(), &written.key, respond::quoted(&written.object.etag));
        let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let host = request.header("host").unwrap_or("localhost");
        let location = format!("http://{host}/{bucket}/{}", encode(key));
        let page = fields.get("success_action_redirect").or(fields.get("redirect"));
        let mut response = match (page, fields.get("success_action_status")) {
            (Some(page), _) if page.starts_with("http://") || page.starts_with("https://") => {
                let mark = if page.contains('?') { '&' } else { '?' };
                let (key, etag) = (encode(key), encode(&etag));
                let page = format!("{page}{mark}bucket={}&key={key}&etag={etag}", encode(bucket));
                let mut response = respond::empty(StatusCode::SEE_OTHER);
                respond::put(&mut response, "location", &page);
                response
            }
            (_, Some("201")) => {
                let document = Writer::plain_document("PostResponse", |xml| {
                    xml.text("Location", &location);
                    xml.text("Bucket", bucket);
                    xml.text("Key", key);
                    xml.text("ETag", &etag);
                });
                answer::answer(StatusCode::CREATED, "application/xml", document)
            }
            (_, Some("200")) => respond::empty(StatusCode::OK),
            _ => respond::empty(StatusCode::NO_CONTENT),
        };
        respond::put(&mut response, "etag", &etag);
        if response.status() != StatusCode::SEE_OTHER {
            respond::put(&mut response, "location", &location);
        }
        self.tell_written(&mut response, bucket, written);
        response
    }
}

impl Fields {
    /// The key; `${filename}` in it is the name of the file.
    fn key(&self) -> Result<String> {
        let missing = || Error::from(Code::UserKeyMustBeSpecified).with("FieldName", "key");
        let key = self.get("key").filter(|key| !key.is_empty()).ok_or_else(missing)?;
        Ok(key.replace("${filename}", &self.filename))
    }

    /// The fields that are headers of an upload of another kind.
    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.fields {
            let name = match name.as_str() {
                "acl" => "x-amz-acl",
                name if HEADERS.contains(&name) || is_amz_header(name) => name,
                _ => continue,
            };
            if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
                headers.insert(name, value);
            }
        }
        headers
    }
}

/// Headers of an object. The other fields that begin so are about the signature.
fn is_amz_header(name: &str) -> bool {
    const OF_THE_SIGNATURE: [&str; 5] =
        ["x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature", "x-amz-security-token"];
    name.starts_with("x-amz-") && !OF_THE_SIGNATURE.contains(&name)
}

fn boundary(request: &Request) -> Result<String> {
    let wrong = || {
        Code::PreconditionFailed
            .saying("Bucket POST must be of the enclosure-type multipart/form-data")
            .with("Condition", "Bucket POST must be of the enclosure-type multipart/form-data")
    };
    let kind = request.header("content-type").unwrap_or_default();
    let rest = kind.strip_prefix("multipart/form-data").ok_or_else(wrong)?;
    let named = rest.split(';').find_map(|part| part.trim().strip_prefix("boundary="));
    let boundary = named.map(|boundary| boundary.trim_matches('"')).unwrap_or_default();
    // RFC 2046 §5.1.1: up to seventy characters.
    if (1..=70).contains(&boundary.len()) {
        Ok(boundary.to_owned())
    } else {
        Err(Code::MalformedPOSTRequest.into())
    }
}
