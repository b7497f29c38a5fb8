//! The services as boto3 and awscli use them, and every bound of the published models.

use std::path::Path;
use std::process::Command;

use crate::server::{Server, python_with, run};

async fn script(name: &str) {
    let Some(python) = python_with("boto3") else { return };
    let server = Server::start().await;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients").join(name);
    let said = run(Command::new(python).arg(script).arg(server.endpoint())).await;
    assert!(said.starts_with("ok "), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_manager() {
    script("secretsmanager.py").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn kms() {
    script("kms.py").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sts() {
    script("sts.py").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bound_of_the_published_models() {
    script("models.py").await;
}

/// What `aws` says to these words.
async fn aws(python: &Path, server: &Server, words: &[&str]) -> String {
    let mut command = Command::new(python);
    command.args(["-m", "awscli", "--output", "text", "--endpoint-url", &server.endpoint()]).args(words);
    command.env("AWS_ACCESS_KEY_ID", "anything").env("AWS_SECRET_ACCESS_KEY", "at all");
    command.env("AWS_DEFAULT_REGION", "us-east-1").env("AWS_CONFIG_FILE", "/dev/null");
    run(&mut command).await.trim().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn awscli() {
    let Some(python) = python_with("awscli") else { return };
    let server = Server::start().await;
    let aws = async |words: &[&str]| aws(&python, &server, words).await;
    aws(&["secretsmanager", "create-secret", "--name", "cli", "--secret-string", "one two"]).await;
    let query = ["--query", "SecretString"];
    let words = [["secretsmanager", "get-secret-value"], ["--secret-id", "cli"], query].concat();
    assert_eq!(aws(&words).await, "one two");
    let words = [
        "ssm",
        "put-parameter",
        "--name",
        "/cli",
        "--value",
        "v",
        "--type",
        "SecureString",
        "--query",
        "Tier",
    ];
    assert_eq!(aws(&words).await, "Standard");
    let words = ["kms", "describe-key", "--key-id", "alias/aws/ssm", "--query", "KeyMetadata.KeyManager"];
    assert_eq!(aws(&words).await, "AWS");
    let words = ["sts", "get-caller-identity", "--query", "Arn"];
    assert_eq!(aws(&words).await, "arn:aws:iam::000000000000:root");
}
