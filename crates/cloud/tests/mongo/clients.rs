//! Clients in other languages against a server of this process.

use std::path::{Path, PathBuf};
use std::process::Command;

use cloud::{Credential, Settings};

use crate::server::{Server, python_with, run};

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients").join(name)
}

async fn pymongo(server: &Server, name: &str, more: &[&str]) {
    let Some(python) = python_with("pymongo") else { return };
    let url = format!("mongodb://{}/", server.address);
    let said = run(Command::new(python).arg(script(name)).arg(url).args(more)).await;
    assert!(said.starts_with("ok "), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn documents() {
    pymongo(&Server::start().await, "mongo.py", &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_and_transactions() {
    pymongo(&Server::start().await, "mongo_sessions.py", &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn logins() {
    let key = Credential::new("jürgen", "pa\u{df}wort");
    let settings = Settings { credentials: vec![key], ..Settings::default() };
    pymongo(&Server::with(settings).await, "mongo_login.py", &["jürgen", "pa\u{df}wort"]).await;
}

/// Random operations on this cloud and on an independent implementation in a process of its own.
#[tokio::test(flavor = "multi_thread")]
async fn the_same_as_another_implementation() {
    if python_with("secantus").is_some() {
        pymongo(&Server::start().await, "mongo_beside.py", &["20261121"]).await;
    }
}
