//! A request as the operations see it: what it is about, its parameters, its headers.

use http::header::{HeaderName, HeaderValue};
use http::request::Parts;
use http::{HeaderMap, Method, Uri};
use percent_encoding::percent_decode_str;

use super::checksum::Expected;
use super::error::{Code, Error, Result};
use super::inbound::Inbound;
use super::names;
use crate::auth::Chain;

/// Host names under which a first label is a bucket: `bucket.localhost`, `bucket.s3.us-east-1.amazonaws.com`.
const DOMAINS: [&str; 3] = [".localhost", ".amazonaws.com", ".localhost.localstack.cloud"];

/// Parameters of a presigned URL that are about its signature.
const SIGNING: [&str; 8] = [
    "x-amz-algorithm",
    "x-amz-content-sha256",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-expires",
    "x-amz-security-token",
    "x-amz-signature",
    "x-amz-signedheaders",
];

/// What a request is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// All buckets.
    Service,
    /// A bucket.
    Bucket(String),
    /// A bucket and a key, whether or not they exist.
    Object(String, String),
}

/// One request.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) target: Target,
    pub(super) query: Query,
    pub(super) headers: HeaderMap,
    pub(super) body: Inbound,
    /// The id the answer will carry.
    pub(super) id: String,
    /// The signatures of the body's chunks, where it is signed so.
    pub(super) chain: Option<Chain>,
}

/// The parameters of a URL, decoded.
#[derive(Debug, Clone, Default)]
pub(super) struct Query(Vec<(String, String)>);

impl Request {
    /// Reads the head of a request.
    pub(super) fn read(parts: Parts, body: Inbound, id: &str) -> Result<Self> {
        let query = Query::read(parts.uri.query().unwrap_or_default())?;
        let mut headers = parts.headers;
        headers.extend(query.headers());
        Ok(Self {
            target: Target::read(&parts.uri, &headers)?,
            query,
            method: parts.method,
            uri: parts.uri,
            headers,
            body,
            id: id.to_owned(),
            chain: None,
        })
    }

    /// What the headers say the body should be.
    pub(super) fn expected(&self) -> Result<Expected> {
        let mut expected = Expected::of(&self.headers)?;
        expected.chain.clone_from(&self.chain);
        Ok(expected)
    }

    /// The bucket; empty where the request is about none.
    pub(super) fn bucket(&self) -> &str {
        self.target.bucket()
    }

    /// The key; empty where the request is about none.
    pub(super) fn key(&self) -> &str {
        self.target.key()
    }

    /// The version the request names.
    pub(super) fn version(&self) -> Option<&str> {
        self.query.get("versionId")
    }

    /// A header as text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl Target {
    /// Reads host and path: the bucket is in the host where the host is one of ours with a label before it.
    pub(super) fn read(uri: &Uri, headers: &HeaderMap) -> Result<Self> {
        let host = bucket_in_host(uri, headers);
        let path = decode(uri.path())?;
        let path = path.strip_prefix('/').unwrap_or(&path);
        let (bucket, key) = match host.as_deref() {
            Some(bucket) => (bucket, path),
            None => path.split_once('/').unwrap_or((path, "")),
        };
        Ok(match (bucket, key) {
            ("", "") => Self::Service,
            (bucket, "") => Self::Bucket(bucket.to_owned()),
            (bucket, key) => Self::Object(bucket.to_owned(), key.to_owned()),
        })
    }

    /// The bucket; empty where there is none.
    pub(super) fn bucket(&self) -> &str {
        match self {
            Self::Service => "",
            Self::Bucket(bucket) | Self::Object(bucket, _) => bucket,
        }
    }

    /// The key; empty where there is none.
    pub(super) fn key(&self) -> &str {
        match self {
            Self::Service | Self::Bucket(_) => "",
            Self::Object(_, key) => key,
        }
    }
}

impl Query {
    /// Reads a query string.
    pub(super) fn read(text: &str) -> Result<Self> {
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(&name.replace('+', " "))?, decode(&value.replace('+', " "))?))
        });
        Ok(Self(pairs.collect::<Result<_>>()?))
    }

    /// All of them, in order.
    pub(super) fn into_pairs(self) -> Vec<(String, String)> {
        self.0
    }

    /// What a presigned URL says in parameters that stand for headers: `x-amz-meta-who=me`.
    ///
    /// A checksum does not count: SDKs sign one of no body into the URL, before they know what it will be used for.
    fn headers(&self) -> HeaderMap {
        if !self.has("X-Amz-Signature") && !self.has("Signature") {
            return HeaderMap::new();
        }
        let named = self.0.iter().map(|(name, value)| (name.to_ascii_lowercase(), value));
        let standing = named.filter(|(name, _)| {
            let sums = ["x-amz-checksum-", "x-amz-sdk-"].iter().any(|sums| name.starts_with(sums));
            name.starts_with("x-amz-") && !SIGNING.contains(&name.as_str()) && !sums
        });
        let pairs = standing.map(|(name, value)| {
            Some((name.parse::<HeaderName>().ok()?, HeaderValue::from_bytes(value.as_bytes()).ok()?))
        });
        pairs.flatten().collect()
    }

    /// Whether a parameter is there, with or without a value.
    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// A parameter's value.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str())
    }

    /// A parameter's value unless it is empty.
    pub(super) fn given(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// A count such as `max-keys`: `default` where it is absent, never above it, `InvalidArgument` where it is no count.
    pub(super) fn count(&self, name: &str, default: usize) -> Result<usize> {
        let Some(text) = self.given(name) else { return Ok(default) };
        let message = format!("Provided {name} not an integer or within integer range");
        let count = text.parse::<i32>().map_err(|_| Error::argument(name, text, message))?;
        let negative = format!("Argument {name} must be an integer between 0 and 2147483647");
        usize::try_from(count)
            .map(|count| count.min(default))
            .map_err(|_| Error::argument(name, text, negative))
    }
}

fn decode(text: &str) -> Result<String> {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.map(std::borrow::Cow::into_owned).map_err(|_| Error::from(Code::InvalidURI))
}

/// The bucket that the host names, if it is one of ours with a label before it.
pub(super) fn bucket_in_host(uri: &Uri, headers: &HeaderMap) -> Option<String> {
    let host = headers.get(http::header::HOST).and_then(|host| host.to_str().ok());
    bucket_of_host(host.or_else(|| uri.host()).unwrap_or_default()).map(str::to_owned)
}

fn bucket_of_host(host: &str) -> Option<&str> {
    let host = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let label = DOMAINS.iter().rev().find_map(|domain| host.strip_suffix(domain))?;
    let bucket = without_service(label)?;
    names::is_bucket_name(bucket).then_some(bucket)
}

/// `bucket.s3`, `bucket.s3.us-east-1` and `bucket` give `bucket`; `s3` and `s3.us-east-1` give nothing.
fn without_service(label: &str) -> Option<&str> {
    if label == "s3" || label.starts_with("s3.") {
        return None;
    }
    let (front, last) = label.rsplit_once('.').unwrap_or((label, ""));
    if last == "s3" {
        return Some(front);
    }
    Some(front.strip_suffix(".s3").unwrap_or(label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(host: &str, path: &str, expected: &Target) {
        let headers = HeaderMap::from_iter([(http::header::HOST, host.parse().unwrap())]);
        assert_eq!(&Target::read(&path.parse().unwrap(), &headers).unwrap(), expected, "{host}{path}");
    }

    fn object(bucket: &str, key: &str) -> Target {
        Target::Object(bucket.to_owned(), key.to_owned())
    }

    #[test]
    fn the_bucket_is_in_the_path_or_in_the_host() {
        check("127.0.0.1:4566", "/", &Target::Service);
        check("localhost:4566", "/my-bucket", &Target::Bucket("my-bucket".into()));
        check("localhost:4566", "/my-bucket/", &Target::Bucket("my-bucket".into()));
        check("my-bucket.localhost:4566", "/", &Target::Bucket("my-bucket".into()));
        check("my-bucket.localhost:4566", "/a/b", &object("my-bucket", "a/b"));
        check("my.bucket.s3.localhost", "/a", &object("my.bucket", "a"));
        check("my-bucket.s3.us-east-1.amazonaws.com", "/a", &object("my-bucket", "a"));
        check("s3.us-east-1.amazonaws.com", "/my-bucket/a", &object("my-bucket", "a"));
        check("s3.localhost", "/my-bucket/a", &object("my-bucket", "a"));
        check("my-bucket.s3.localhost.localstack.cloud:4566", "/a", &object("my-bucket", "a"));
    }

    #[test]
    fn keys_are_taken_as_they_are() {
        check("localhost", "/my-bucket//a//b/", &object("my-bucket", "/a//b/"));
        check("localhost", "/my-bucket/../../etc/%2e%2e/x", &object("my-bucket", "../../etc/../x"));
        check("localhost", "/my-bucket/a+b%20c%C3%A9", &object("my-bucket", "a+b cé"));
        let broken = Target::read(&"/my-bucket/%ff".parse().unwrap(), &HeaderMap::new());
        assert_eq!(broken.unwrap_err().code, Code::InvalidURI);
    }

    #[test]
    fn a_presigned_url_has_headers_too() {
        let query =
            "X-Amz-Signature=a&X-Amz-Date=b&x-amz-meta-who=m%20e&x-amz-checksum-crc32=AAAAAA%3D%3D&acl=";
        let headers = Query::read(query).unwrap().headers();
        assert_eq!(
            headers,
            HeaderMap::from_iter([("x-amz-meta-who".parse().unwrap(), "m e".parse().unwrap())])
        );
        assert!(Query::read("x-amz-meta-who=me").unwrap().headers().is_empty());
    }

    #[test]
    fn counts_are_bounded() {
        let count = |text: &str| Query::read(text).unwrap().count("max-keys", 1000);
        assert_eq!(count(""), Ok(1000));
        assert_eq!(count("max-keys=5"), Ok(5));
        assert_eq!(count("max-keys=5000"), Ok(1000));
        assert_eq!(count("max-keys=-1").unwrap_err().code, Code::InvalidArgument);
        assert_eq!(count("max-keys=x").unwrap_err().code, Code::InvalidArgument);
    }
}
