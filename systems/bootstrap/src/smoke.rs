//! What a client would see: requests to a service, and what their answers have to be.

use std::time::Duration;

use axum::http::{Request, Response, StatusCode, Uri, header};
use bytes::Bytes;
use kit::client::{AskError, Client};
use tokio::time::{Instant, sleep};

use crate::routes::{HEALTH, V1};

/// How long a balancer that has nobody to ask yet is asked again.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Wait between two attempts.
const PAUSE: Duration = Duration::from_millis(500);

/// A request and what it has to be answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expected {
    path: &'static str,
    status: StatusCode,
    shown: Shown,
}

/// What the answer has to show beside its status.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Shown {
    Anything,
    Body(String),
    Location(&'static str),
}

/// Why a service is not as it has to be.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unexpected {
    #[error("GET {url} was not answered: {why}")]
    Unanswered { url: String, why: String },
    #[error("GET {url} was answered with {found} in place of {expected}")]
    Wrong { url: String, found: String, expected: String },
}

/// What the whole service has to answer in this environment.
pub(crate) fn service(environment: &str) -> Vec<Expected> {
    let body = |path, body: String| Expected { path, status: StatusCode::OK, shown: Shown::Body(body) };
    let status = |path, status| Expected { path, status, shown: Shown::Anything };
    let environment = serde_json::Value::from(environment);
    let about = format!(r#"{{"app":"FastAPI Bootstrap","version":"1.0.0","environment":{environment}}}"#);
    let mut all = vec![body(HEALTH, r#"{"status":"healthy"}"#.to_owned()), body("/", about)];
    all.extend(api());
    all.push(status("/api/v2", StatusCode::NOT_FOUND));
    all.extend(["/docs", "/openapi.json", "/metrics"].map(|path| status(path, StatusCode::OK)));
    all
}

/// What it has to answer behind a balancer that lets the API through and nothing else.
pub(crate) fn api() -> Vec<Expected> {
    let welcome = r#"{"version":"v1","message":"Welcome to API v1"}"#.to_owned();
    vec![
        Expected { path: V1, status: StatusCode::OK, shown: Shown::Body(welcome) },
        Expected { path: "/api/v1", status: StatusCode::TEMPORARY_REDIRECT, shown: Shown::Location(V1) },
    ]
}

/// Asks the service at `base` for all of this; while nobody is there, again until each has had `patience`.
///
/// # Errors
/// At the first answer that is not as it has to be.
pub(crate) async fn ask(base: &Uri, all: &[Expected], patience: Duration) -> Result<(), Unexpected> {
    let place = base.to_string();
    let place = place.trim_end_matches('/');
    let unanswered = |url: &str, why: String| Unexpected::Unanswered { url: url.to_owned(), why };
    let client = Client::new(base).map_err(|error| unanswered(place, error.to_string()))?;
    for expected in all {
        let url = format!("{place}{}", expected.path);
        let answer = patiently(&client, &url, patience).await.map_err(|why| unanswered(&url, why))?;
        if !expected.is(&answer) {
            let (found, expected) = (seen(&answer), expected.told());
            return Err(Unexpected::Wrong { url, found, expected });
        }
    }
    Ok(())
}

/// Asks again while nobody is there, or a balancer says that nobody is.
async fn patiently(client: &Client, url: &str, patience: Duration) -> Result<Response<Bytes>, String> {
    let until = Instant::now() + patience;
    loop {
        let request = Request::get(url).body(Bytes::new()).map_err(|error| error.to_string())?;
        let answer = client.ask(request).await;
        let again = match &answer {
            Ok(answer) => matches!(answer.status().as_u16(), 502..=504),
            Err(error) => !matches!(error, AskError::Unreadable(_)),
        };
        if !again || Instant::now() >= until {
            return answer.map_err(|error| error.to_string());
        }
        sleep(PAUSE).await;
    }
}

impl Expected {
    fn is(&self, answer: &Response<Bytes>) -> bool {
        self.status == answer.status()
            && match &self.shown {
                Shown::Anything => true,
                Shown::Body(body) => body.as_bytes() == answer.body(),
                Shown::Location(path) => location(answer).is_some_and(|place| place.ends_with(path)),
            }
    }

    fn told(&self) -> String {
        let status = self.status.as_u16();
        match &self.shown {
            Shown::Anything => status.to_string(),
            Shown::Body(body) => format!("{status} {body}"),
            Shown::Location(path) => format!("{status} to {path}"),
        }
    }
}

/// An answer in a few words.
fn seen(answer: &Response<Bytes>) -> String {
    const LONGEST: usize = 200;
    let status = answer.status().as_u16();
    if let Some(place) = location(answer) {
        return format!("{status} to {place}");
    }
    let text: String = String::from_utf8_lossy(answer.body()).chars().take(LONGEST).collect();
    format!("{status} {text}").trim_end().to_owned()
}

fn location(answer: &Response<Bytes>) -> Option<&str> {
    answer.headers().get(header::LOCATION)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, headers: &[(&str, &str)], body: &'static str) -> Response<Bytes> {
        let mut answer = Response::builder().status(status);
        for (name, value) in headers {
            answer = answer.header(*name, *value);
        }
        answer.body(Bytes::from_static(body.as_bytes())).unwrap()
    }

    #[test]
    fn an_answer_has_to_be_right_to_the_byte() {
        let [welcome, redirect] = api().try_into().unwrap();
        let right = r#"{"version":"v1","message":"Welcome to API v1"}"#;
        assert!(welcome.is(&answer(200, &[], right)));
        assert!(!welcome.is(&answer(201, &[], right)));
        assert!(!welcome.is(&answer(200, &[], "{}")));
        for place in ["/api/v1/", "http://example.com/api/v1/"] {
            assert!(redirect.is(&answer(307, &[("location", place)], "")), "{place}");
        }
        assert!(!redirect.is(&answer(307, &[("location", "/api/v2/")], "")));
        assert!(!redirect.is(&answer(307, &[], "")));
    }

    #[test]
    fn what_came_is_told_in_a_few_words() {
        assert_eq!(seen(&answer(301, &[("location", "https://x/")], "moved")), "301 to https://x/");
        assert_eq!(seen(&answer(404, &[], "Not found")), "404 Not found");
        assert_eq!(seen(&answer(204, &[], "")), "204");
    }
}
