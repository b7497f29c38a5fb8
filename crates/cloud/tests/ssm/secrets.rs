//! A SecureString's value is nowhere but in the answers that were asked to decrypt it.

use std::path::Path;

use cloud::init::{Contents, InitError, Provided, Value};
use cloud::{Data, Settings};
use http::Request;

use crate::server::{Answer, Server, send};

const SECRET: &str = "correct horse battery staple";

async fn call(server: &Server, operation: &str, body: &str) -> Answer {
    let target = format!("AmazonSSM.{operation}");
    let request = Request::post("/")
        .header("x-amz-target", target)
        .header("content-type", "application/x-amz-json-1.1");
    send(server.address, request, body.to_owned()).await.unwrap()
}

fn contains_secret(folder: &Path) -> bool {
    let has = |bytes: &[u8]| bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes());
    std::fs::read_dir(folder).unwrap().flatten().any(|entry| match entry.path() {
        path if path.is_dir() => contains_secret(&path),
        path => has(&std::fs::read(path).unwrap()),
    })
}

async fn on(folder: &Path) -> Server {
    Server::with(Settings { data: Data::Directory(folder.to_owned()), ..Settings::default() }).await
}

async fn provide(server: &Server, name: &str, value: &str) -> Result<Provided, Vec<InitError>> {
    let parameter = Value { name: name.into(), kind: "SecureString", value: value.into(), description: None };
    server.cloud.provide(&Contents { parameters: vec![parameter], ..Contents::default() }).await
}

#[tokio::test]
async fn nothing_on_the_disk_has_the_value() {
    let folder = tempfile::tempdir().unwrap();
    let server = on(folder.path()).await;
    let body = format!(r#"{{"Name":"/a","Type":"SecureString","Value":"{SECRET}"}}"#);
    assert_eq!(call(&server, "PutParameter", &body).await.status, 200);
    let plain = call(&server, "GetParameter", r#"{"Name":"/a","WithDecryption":true}"#).await;
    assert!(plain.text().contains(SECRET));
    let sealed = call(&server, "GetParameter", r#"{"Name":"/a"}"#).await;
    assert!(sealed.status == 200 && !sealed.text().contains(SECRET), "{}", sealed.text());
    assert!(!contains_secret(folder.path()));
    server.cloud.close().await;
    assert!(!contains_secret(folder.path()));
}

#[tokio::test]
async fn no_error_quotes_a_value() {
    let server = Server::start().await;
    for body in [
        format!(r#"{{"Name":"bad name","Type":"SecureString","Value":"{SECRET}"}}"#),
        format!(r#"{{"Name":"/a","Type":"Nonsense","Value":"{SECRET}"}}"#),
        format!(r#"{{"Name":"/a","Type":"SecureString","Value":"{SECRET}","AllowedPattern":"^x$"}}"#),
        format!(r#"{{"Name":"/a","Type":7,"Value":"{SECRET}"}}"#),
        format!(r#"{{"Name":"/a","Type":"String","Value":["{SECRET}"]}}"#),
        format!(r#"{{"Name":"/a","Type":"String","Value":"{SECRET}""#),
        format!(r#"{{"Name":"/a","Type":"String","Value":"{}"}}"#, SECRET.repeat(1000)),
    ] {
        let answer = call(&server, "PutParameter", &body).await;
        assert!(answer.status == 400 && !answer.text().contains("horse"), "{}", answer.text());
    }
}

#[tokio::test]
async fn a_provided_parameter_keeps_the_value_it_has() {
    let folder = tempfile::tempdir().unwrap();
    let server = on(folder.path()).await;
    provide(&server, "token", SECRET).await.unwrap();
    provide(&server, "token", "another").await.unwrap();
    let answer = call(&server, "GetParameter", r#"{"Name":"token","WithDecryption":true}"#).await;
    assert!(answer.text().contains(SECRET) && answer.text().contains(r#""Version":1"#), "{}", answer.text());
    let error = provide(&server, "a b", SECRET).await.unwrap_err()[0].to_string();
    assert!(error.starts_with("parameter `a b` cannot be made: ") && !error.contains(SECRET), "{error}");
}

#[tokio::test]
async fn a_lost_key_is_said_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let server = on(folder.path()).await;
    provide(&server, "token", SECRET).await.unwrap();
    server.cloud.close().await;
    drop(server);
    std::fs::remove_file(folder.path().join("parameters.key")).unwrap();
    let settings = Settings { data: Data::Directory(folder.path().to_owned()), ..Settings::default() };
    let error = cloud::Cloud::open(&settings).unwrap_err().to_string();
    assert!(error.contains("parameters.key` is damaged (it is missing"), "{error}");
}

#[tokio::test]
async fn other_operations_name_themselves() {
    let server = Server::start().await;
    let answer = call(&server, "SendCommand", "{}").await;
    assert_eq!(answer.status, 400);
    assert!(
        answer.text().contains("UnknownOperationException") && answer.text().contains("SendCommand"),
        "{}",
        answer.text()
    );
}
