//! The table of coverage against a running cloud, and the document against the table.

use std::path::Path;
use std::process::Command;

use cloud::coverage::{self, Extent};
use serde_json::{Value, json};

use crate::server::{Server, python_with, run};

#[tokio::test(flavor = "multi_thread")]
async fn what_the_table_says_is_what_is_answered() {
    let Some(python) = python_with("botocore") else { return };
    let server = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("table.json");
    std::fs::write(&table, table_as_json().to_string()).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/coverage.py");
    let said = run(Command::new(python).arg(script).arg(server.endpoint()).arg(table)).await;
    assert!(said.starts_with("ok "), "{said}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "UPDATE_GOLDEN asks for a rewrite, as in every such test")]
fn the_document_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/cloud-coverage.md");
    let fresh = coverage::document();
    if std::env::var("UPDATE_GOLDEN").is_ok() {
        std::fs::write(&path, &fresh).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == fresh,
        "docs/cloud-coverage.md is stale; UPDATE_GOLDEN=1 cargo test -p taxiway-cloud --test own rewrites it"
    );
}

#[test]
#[expect(clippy::disallowed_methods, reason = "UPDATE_GOLDEN asks for a rewrite, as in every such test")]
fn the_limits_in_the_guide_are_those_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/cloud.md");
    let written = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = written.split_once("<!-- limits -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- /limits -->").unwrap();
    let fresh = format!("{before}<!-- limits -->\n{}<!-- /limits -->{after}", cloud::limits::table());
    if std::env::var("UPDATE_GOLDEN").is_ok() {
        std::fs::write(&path, &fresh).unwrap();
        return;
    }
    assert!(
        written == fresh,
        "the limits in docs/cloud.md are stale; UPDATE_GOLDEN=1 cargo test -p taxiway-cloud --test own rewrites them"
    );
}

fn table_as_json() -> Value {
    let services = coverage::tables().iter().map(|service| {
        let operations = service.operations.iter().map(|operation| {
            let here = if operation.extent == Extent::Absent { "absent" } else { "here" };
            (operation.name.to_owned(), json!(here))
        });
        (service.id.to_owned(), Value::Object(operations.collect()))
    });
    Value::Object(services.collect())
}
