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

#[tokio::test(flavor = "multi_thread")]
async fn asynchronous_applications_and_files() {
    pymongo(&Server::start().await, "mongo_async.py", &[]).await;
}

/// The cases of the query language and random operations, on this cloud and on an independent implementation in a
/// process of its own.
#[tokio::test(flavor = "multi_thread")]
async fn the_same_as_another_implementation() {
    if python_with("secantus").is_some() {
        let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mongo/cases");
        let cases = cases.to_str().unwrap();
        pymongo(&Server::start().await, "mongo_beside.py", &[cases, "20261121"]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_driver_for_javascript() {
    let Some(modules) = std::env::var_os("TAXIWAY_NODE_MODULES").filter(has_driver) else {
        println!("skipped: mongodb; TAXIWAY_NODE_MODULES names the folder it is installed in");
        return;
    };
    let server = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(modules, folder.path().join("node_modules")).unwrap();
    let mut node = Command::new("node");
    let url = format!("mongodb://{}/", server.address);
    let said = run(node.arg(script("mongo.mjs")).arg(url).current_dir(folder.path())).await;
    assert!(said.starts_with("ok "), "{said}");
}

fn has_driver(modules: &std::ffi::OsString) -> bool {
    Path::new(modules).join("mongodb").is_dir()
}
