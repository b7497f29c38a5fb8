//! A small HTTP client: one request per connection, everything visible.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// An answer; header names in lower case.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// `GET path`.
pub(crate) async fn get(to: SocketAddr, path: &str) -> Answer {
    send(to, "GET", path, &[], "").await.expect("an answer")
}

/// Adds a document with the key of all tenants.
pub(crate) async fn add(to: SocketAddr, tenant: &str, title: &str, content: &str) -> Answer {
    let body = json!({"title": title, "content": content, "tags": ["a", "ü"]}).to_string();
    post(to, tenant, &body).await.expect("an answer")
}

/// Any body to the documents of a tenant, with the key of all tenants.
pub(crate) async fn post(to: SocketAddr, tenant: &str, body: &str) -> Option<Answer> {
    let headers = [("content-type", "application/json"), ("x-api-key", "key_admin")];
    send(to, "POST", &format!("/api/v1/tenants/{tenant}/documents"), &headers, body).await
}

/// Searches with the key of all tenants; `query` is everything behind the question mark.
pub(crate) async fn search(to: SocketAddr, tenant: &str, query: &str) -> Option<Answer> {
    let path = format!("/api/v1/tenants/{tenant}/documents/search?{query}");
    send(to, "GET", &path, &[("x-api-key", "key_admin")], "").await
}

/// What a search finds, as JSON.
pub(crate) async fn found(to: SocketAddr, tenant: &str, query: &str) -> Value {
    let answer = search(to, tenant, query).await.expect("an answer");
    assert_eq!(answer.status, 200, "{query}: {answer:?}");
    answer.json()
}

/// Text as a part of a URL.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

/// Any request; `None` when the connection gives no whole answer.
pub(crate) async fn send(
    to: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Option<Answer> {
    let mut request = format!(
        "{method} {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    let mut stream = TcpStream::connect(to).await.ok()?;
    stream.write_all(format!("{request}\r\n{body}").as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok()?;
    parse(&String::from_utf8_lossy(&answer))
}

fn parse(answer: &str) -> Option<Answer> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    Some(Answer { status, headers: headers.collect(), body: body.to_owned() })
}
