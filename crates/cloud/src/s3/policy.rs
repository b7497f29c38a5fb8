//! Bucket policies: checked, kept byte for byte, told, and judged public or not. Who asks is always the owner here,
//! so a policy keeps nobody out.

use http::{Response, StatusCode};
use rusqlite::{Connection, params};
use serde_json::Value;

use super::error::{Code, Error, Result};
use super::request::Request;
use super::xml::Writer;
use super::{S3, buckets, documents, receive, respond};
use crate::answer::{self, Body};

/// The longest policy, in bytes ("Bucket policies for Amazon S3").
const LENGTH_MAX: usize = 20 * 1024;
const ROW: &str = "policy";

/// Conditions that keep a statement for everybody from being public ("The meaning of public").
const NARROWING: [&str; 11] = [
    "aws:sourceip",
    "aws:sourcearn",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourceowner",
    "aws:sourceaccount",
    "aws:userid",
    "aws:principalorgid",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "s3:dataaccesspointarn",
    "s3:dataaccesspointaccount",
];

impl S3 {
    pub(super) async fn get_bucket_policy(&self, request: &Request) -> Result<Response<Body>> {
        let policy = self.policy(request.bucket()).await?;
        Ok(answer::answer(StatusCode::OK, "application/json", policy))
    }

    pub(super) async fn put_bucket_policy(&self, request: &mut Request) -> Result<Response<Body>> {
        let name = request.bucket().to_owned();
        let expected = request.expected()?;
        let body = receive::document(&mut request.body, &expected, LENGTH_MAX).await.map_err(too_long)?;
        let policy = read(&body)?;
        if self.config(&name).blocks_public_policy && is_public(&policy) {
            return Err(Code::AccessDenied.into());
        }
        let text = String::from_utf8_lossy(&body).into_owned();
        let job = move |db: &Connection| documents::replace(db, buckets::id(db, &name)?, ROW, &text);
        self.store().write(job).await?;
        Ok(respond::empty(StatusCode::NO_CONTENT))
    }

    pub(super) async fn delete_bucket_policy(&self, request: &Request) -> Result<Response<Body>> {
        let name = request.bucket().to_owned();
        let job = move |db: &Connection| {
            let sql = "DELETE FROM s3_bucket_document WHERE bucket = ? AND kind = ?";
            db.prepare_cached(sql)?.execute(params![buckets::id(db, &name)?, ROW])?;
            Ok::<_, Error>(())
        };
        self.store().write(job).await?;
        Ok(respond::empty(StatusCode::NO_CONTENT))
    }

    pub(super) async fn get_bucket_policy_status(&self, request: &Request) -> Result<Response<Body>> {
        let policy = self.policy(request.bucket()).await?;
        let public = read(policy.as_bytes()).is_ok_and(|policy| is_public(&policy));
        Ok(respond::document(Writer::document("PolicyStatus", |xml| xml.value("IsPublic", public))))
    }

    async fn policy(&self, bucket: &str) -> Result<String> {
        let name = bucket.to_owned();
        let found = self.store().read(move |db| documents::find(db, &name, ROW)).await?;
        found.ok_or_else(|| Error::from(Code::NoSuchBucketPolicy).with("BucketName", bucket))
    }
}

fn too_long(error: Error) -> Error {
    match error.code {
        Code::MaxMessageLengthExceeded => Code::PolicyTooLarge.into(),
        _ => error,
    }
}

/// Reads a policy, if it has the fields IAM asks of one.
fn read(body: &[u8]) -> Result<Value> {
    let malformed = |message: &str| Err(Code::MalformedPolicy.saying(message));
    let json = "Policies must be valid JSON and the first byte must be '{'";
    if body.first() != Some(&b'{') {
        return malformed(json);
    }
    let Ok(policy) = serde_json::from_slice::<Value>(body) else { return malformed(json) };
    if let Some(version) = policy.get("Version")
        && !matches!(version.as_str(), Some("2012-10-17" | "2008-10-17"))
    {
        return malformed("The policy must contain a valid version string");
    }
    let statements = statements(&policy);
    if statements.is_empty() {
        return malformed("Missing required field Statement");
    }
    for statement in statements {
        let has = |name: &str| statement.get(name).is_some();
        if !matches!(statement.get("Effect").and_then(Value::as_str), Some("Allow" | "Deny")) {
            return malformed("Invalid effect");
        }
        for (one, other) in
            [("Principal", "NotPrincipal"), ("Action", "NotAction"), ("Resource", "NotResource")]
        {
            if !has(one) && !has(other) {
                return malformed(&format!("Missing required field {one}"));
            }
        }
    }
    Ok(policy)
}

fn statements(policy: &Value) -> Vec<&Value> {
    match policy.get("Statement") {
        Some(Value::Array(statements)) => statements.iter().collect(),
        Some(statement @ Value::Object(_)) => vec![statement],
        _ => Vec::new(),
    }
}

/// Whether a statement lets everybody in without a condition that narrows who that is.
fn is_public(policy: &Value) -> bool {
    statements(policy).into_iter().any(|statement| {
        statement.get("Effect").and_then(Value::as_str) == Some("Allow")
            && statement.get("Principal").is_some_and(is_everybody)
            && !statement.get("Condition").is_some_and(narrows)
    })
}

fn is_everybody(principal: &Value) -> bool {
    match principal {
        Value::String(name) => name == "*",
        Value::Array(names) => names.iter().any(is_everybody),
        Value::Object(kinds) => kinds.get("AWS").is_some_and(is_everybody),
        _ => false,
    }
}

fn narrows(condition: &Value) -> bool {
    let operators = condition.as_object().into_iter().flat_map(serde_json::Map::values);
    let mut keys = operators.filter_map(Value::as_object).flat_map(serde_json::Map::iter);
    keys.any(|(key, value)| {
        let wild = value.as_str().is_some_and(|value| value.contains('*') || value == "0.0.0.0/0");
        NARROWING.contains(&key.to_ascii_lowercase().as_str()) && !wild
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(more: &str) -> String {
        format!(
            "{{\"Version\":\"2012-10-17\",\"Statement\":[{{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\
             \"Resource\":\"arn:aws:s3:::b/*\"{more}}}]}}"
        )
    }

    #[test]
    fn what_is_no_policy_is_refused() {
        for body in ["", "[]", "{", "{}", "{\"Statement\":[]}", &statement(""), "{\"Version\":\"2020\"}"] {
            assert_eq!(read(body.as_bytes()).unwrap_err().code, Code::MalformedPolicy, "{body}");
        }
    }

    #[test]
    fn everybody_without_a_condition_is_public() {
        let public = |more: &str| is_public(&read(statement(more).as_bytes()).unwrap());
        assert!(public(",\"Principal\":\"*\""));
        assert!(public(",\"Principal\":{\"AWS\":[\"*\"]}"));
        assert!(public(",\"Principal\":\"*\",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"true\"}}"));
        assert!(!public(",\"Principal\":{\"AWS\":\"arn:aws:iam::1:root\"}"));
        assert!(!public(
            ",\"Principal\":\"*\",\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":\"10.0.0.0/8\"}}"
        ));
    }
}
