//! SQS as boto3 uses it.

use std::path::Path;
use std::process::Command;

use crate::server::{Server, python_with, run};

async fn ok(script: &str) {
    let Some(python) = python_with("boto3") else { return };
    let server = Server::start().await;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients").join(script);
    let said = run(Command::new(python).arg(script).arg(server.endpoint())).await;
    assert!(said.starts_with("ok "), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn boto3() {
    ok("sqs.py").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn boto3_over_the_query_protocol() {
    ok("sqs_query.py").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn boto3_on_fifo_queues() {
    ok("sqs_fifo.py").await;
}
