//! Requests to the service.

use std::net::SocketAddr;

pub(crate) use harness::http::{Answer, get, send};
use serde_json::{Value, json};

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
