//! Cross-origin requests: which rule lets a page of another origin in, and what the browser is told.
//!
//! "Using cross-origin resource sharing" in the Amazon S3 User Guide. The first rule that matches decides.

use http::{HeaderMap, Method, Response, StatusCode};

use super::documents::shape::Node;
use super::error::{Code, Error, Result};
use super::request::{Request, Target};
use super::{S3, respond};
use crate::answer::Body;

/// Rules of one configuration.
const RULES_MAX: usize = 100;

const METHODS: [&str; 5] = ["GET", "PUT", "HEAD", "POST", "DELETE"];

/// One rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Rule {
    origins: Vec<String>,
    methods: Vec<String>,
    headers: Vec<String>,
    exposed: Vec<String>,
    max_age: Option<i64>,
}

/// What a browser says of where a request comes from and what it will be.
#[derive(Debug, Clone, Copy)]
struct Asked<'a> {
    origin: &'a str,
    method: &'a str,
    /// Headers the request will have, separated by commas; only before it is made.
    headers: Option<&'a str>,
}

/// Checks what a document's elements do not say.
pub(super) fn check(node: &Node) -> Result<()> {
    if node.children.len() > RULES_MAX {
        return Err(Code::MalformedXML.into());
    }
    for rule in &node.children {
        if let Some(method) = rule.all("AllowedMethod").find(|one| !METHODS.contains(&one.text.as_str())) {
            return Err(Code::InvalidRequest.saying(format!(
                "Found unsupported HTTP method in CORS config. Unsupported method is {}",
                method.text
            )));
        }
        for name in ["AllowedOrigin", "AllowedHeader"] {
            if let Some(wild) = rule.all(name).find(|one| one.text.matches('*').count() > 1) {
                return Err(Code::InvalidRequest
                    .saying(format!("{name} \"{}\" can not have more than one wildcard.", wild.text)));
            }
        }
    }
    Ok(())
}

/// The rules of a document.
pub(super) fn rules(node: &Node) -> Vec<Rule> {
    let texts = |rule: &Node, name: &str| rule.all(name).map(|one| one.text.clone()).collect();
    let rule = |rule: &Node| Rule {
        origins: texts(rule, "AllowedOrigin"),
        methods: texts(rule, "AllowedMethod"),
        headers: texts(rule, "AllowedHeader"),
        exposed: texts(rule, "ExposeHeader"),
        max_age: rule.number("MaxAgeSeconds"),
    };
    node.children.iter().map(rule).collect()
}

impl S3 {
    /// Answers the question a browser asks before a request of another origin.
    pub(super) async fn preflight(&self, request: &Request) -> Result<Response<Body>> {
        let insufficient = |what: &str| {
            Code::BadRequest.saying(format!("Insufficient information. {what} request header needed."))
        };
        let origin = request.header("origin").ok_or_else(|| insufficient("Origin"))?;
        if self.check_bucket(request.bucket()).await.is_err() {
            return Err(forbidden(request, "BUCKET", "CORSResponse: Bucket not found"));
        }
        let config = self.config(request.bucket());
        if config.cors.is_empty() {
            return Err(forbidden(request, "BUCKET", "CORSResponse: CORS is not enabled for this bucket."));
        }
        let method = request.header("access-control-request-method");
        let method = method.ok_or_else(|| insufficient("Access-Control-Request-Method"))?;
        if !METHODS.contains(&method) {
            return Err(Code::BadRequest.saying(format!("Invalid Access-Control-Request-Method: {method}")));
        }
        let asked = Asked { origin, method, headers: request.header("access-control-request-headers") };
        let allowed = config.cors.iter().find_map(|rule| Some((rule, rule.admits(asked)?)));
        let (rule, origin) = allowed.ok_or_else(|| {
            forbidden(
                request,
                if matches!(request.target, Target::Object(..)) { "OBJECT" } else { "BUCKET" },
                "CORSResponse: This CORS request is not allowed. This is usually because the evalution of \
                 Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are \
                 not whitelisted by the resource's CORS spec.",
            )
        })?;
        let mut response = respond::empty(StatusCode::OK);
        rule.tell(&mut response, origin, asked.headers);
        Ok(response)
    }

    /// Puts on an answer what lets the page that asked read it.
    pub(super) fn tell_origin(
        &self,
        bucket: &str,
        method: &Method,
        headers: &HeaderMap,
        response: &mut Response<Body>,
    ) {
        let Some(origin) = headers.get("origin").and_then(|origin| origin.to_str().ok()) else { return };
        // A request may say which one it stands for.
        let named = headers.get("access-control-request-method").and_then(|method| method.to_str().ok());
        let asked = Asked { origin, method: named.unwrap_or(method.as_str()), headers: None };
        let config = self.config(bucket);
        if let Some((rule, origin)) = config.cors.iter().find_map(|rule| Some((rule, rule.admits(asked)?))) {
            rule.tell(response, origin, None);
        }
    }
}

impl Rule {
    /// The origin to name, if the rule lets the request in.
    fn admits<'a>(&self, asked: Asked<'a>) -> Option<&'a str> {
        let origin = self.origins.iter().find(|pattern| matches(pattern, asked.origin))?;
        if !self.methods.iter().any(|method| method == asked.method) {
            return None;
        }
        let wanted =
            asked.headers.unwrap_or_default().split(',').map(str::trim).filter(|one| !one.is_empty());
        let known =
            |header: &str| self.headers.iter().any(|pattern| matches(&pattern.to_ascii_lowercase(), header));
        for header in wanted {
            if !known(&header.to_ascii_lowercase()) {
                return None;
            }
        }
        Some(if origin == "*" { "*" } else { asked.origin })
    }

    fn tell(&self, response: &mut Response<Body>, origin: &str, headers: Option<&str>) {
        respond::put(response, "access-control-allow-origin", origin);
        respond::put(response, "access-control-allow-methods", &self.methods.join(", "));
        if origin != "*" {
            respond::put(response, "access-control-allow-credentials", "true");
        }
        if let Some(headers) = headers.filter(|headers| !headers.is_empty()) {
            respond::put(response, "access-control-allow-headers", &headers.to_ascii_lowercase());
        }
        if !self.exposed.is_empty() {
            respond::put(response, "access-control-expose-headers", &self.exposed.join(", "));
        }
        if let Some(age) = self.max_age {
            respond::put(response, "access-control-max-age", &age.to_string());
        }
        let vary = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";
        respond::put(response, "vary", vary);
    }
}

fn forbidden(request: &Request, kind: &'static str, message: &str) -> Error {
    let method = request.header("access-control-request-method").unwrap_or("OPTIONS");
    Code::AccessForbidden.saying(message).with("Method", method).with("ResourceType", kind)
}

/// Whether `text` is `pattern`, in which one `*` stands for anything.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((front, back)) => {
            text.len() >= front.len() + back.len() && text.starts_with(front) && text.ends_with(back)
        }
    }
}

#[cfg(test)]
mod tests;
