//! S3 as other people's clients use it: boto3 and the AWS command line.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use cloud::{Credential, Settings};
use http::Request;

use crate::server::{Server, python_with, run, send};

/// Runs one of the scripts in tests/clients/ against a server of its own.
async fn script(name: &str, settings: Settings) {
    let Some(python) = python_with("boto3") else { return };
    let server = Server::with(settings).await;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients").join(name);
    let said = run(Command::new(python).arg(script).arg(server.endpoint())).await;
    assert!(said.starts_with("ok "), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn boto3() {
    script("s3.py", Settings::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn boto3_versions_and_locks() {
    script("s3_versions.py", Settings::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn boto3_documents() {
    script("s3_documents.py", Settings::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn boto3_signatures_that_are_checked() {
    let credentials = vec![Credential::new("AKIATAXIWAY", "a/secret+key")];
    script("s3_signed.py", Settings { credentials, ..Settings::default() }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn boto3_urls_and_forms() {
    script("s3_urls.py", Settings::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn boto3_objects_expire() {
    let lifecycle_day = Duration::from_millis(500);
    script("s3_lifecycle.py", Settings { lifecycle_day, ..Settings::default() }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_aws_command_line() {
    if Command::new("aws").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
        println!("skipped: aws is not installed");
        return;
    }
    let server = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("from"), folder.path().join("to"));
    std::fs::create_dir_all(from.join("deep/er")).unwrap();
    let files = [("a.txt", 10), ("deep/b b.bin", 100_000), ("deep/er/ü.bin", 9 * 1024 * 1024)];
    for (name, size) in files {
        std::fs::write(from.join(name), vec![7; size]).unwrap();
    }
    let (from, to) = (from.to_str().unwrap(), to.to_str().unwrap());
    let aws = |arguments: &[&str]| {
        let mut command = Command::new("aws");
        command.arg("--endpoint-url").arg(server.endpoint()).arg("s3").args(arguments);
        command.env("AWS_ACCESS_KEY_ID", "any").env("AWS_SECRET_ACCESS_KEY", "any");
        command.env("AWS_DEFAULT_REGION", "us-east-1").env("AWS_EC2_METADATA_DISABLED", "true");
        command
    };
    run(&mut aws(&["mb", "s3://shelf"])).await;
    run(&mut aws(&["sync", from, "s3://shelf/copy"])).await;
    let listed = run(&mut aws(&["ls", "--recursive", "s3://shelf"])).await;
    assert_eq!(listed.lines().count(), 3, "{listed}");
    assert!(listed.contains("9437184 copy/deep/er/ü.bin"), "{listed}");
    assert_eq!(run(&mut aws(&["sync", from, "s3://shelf/copy"])).await, "", "nothing is sent twice");
    run(&mut aws(&["cp", "s3://shelf/copy/a.txt", "s3://shelf/again.txt"])).await;
    run(&mut aws(&["sync", "s3://shelf/copy", to])).await;
    for (name, size) in files {
        assert_eq!(std::fs::read(Path::new(to).join(name)).unwrap(), vec![7; size], "{name}");
    }
    let link = run(&mut aws(&["presign", "--expires-in", "60", "s3://shelf/copy/a.txt"])).await;
    let path = link.trim().strip_prefix(&server.endpoint()).unwrap().to_owned();
    let linked = send(server.address, Request::get(path), "").await.unwrap();
    assert_eq!((linked.status, linked.body.len()), (200, 10), "{link}");
    run(&mut aws(&["rm", "--recursive", "s3://shelf/copy"])).await;
    run(&mut aws(&["rb", "--force", "s3://shelf"])).await;
    assert_eq!(run(&mut aws(&["ls"])).await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_javascript_sdk() {
    let Some(modules) = std::env::var_os("TAXIWAY_NODE_MODULES") else {
        println!("skipped: @aws-sdk/client-s3; TAXIWAY_NODE_MODULES names the folder it is installed in");
        return;
    };
    let server = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(modules, folder.path().join("node_modules")).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/s3.mjs");
    let mut node = Command::new("node");
    let said = run(node.arg(script).arg(server.endpoint()).current_dir(folder.path())).await;
    assert!(said.starts_with("ok "), "{said}");
}
