//! A value is nowhere but in the answers to who asked for it.

use std::path::Path;

use cloud::{Data, Settings};
use http::Request;

use crate::server::{Answer, Server, send};

const SECRET: &str = "correct horse battery staple";
const TOKEN: &str = "0123456789abcdef0123456789abcdef";

async fn call(server: &Server, target: &str, body: &str) -> Answer {
    let request = Request::post("/").header("x-amz-target", target);
    send(server.address, request, body.to_owned()).await.unwrap()
}

fn contains(folder: &Path, value: &[u8]) -> bool {
    let has = |bytes: &[u8]| bytes.windows(value.len()).any(|window| window == value);
    std::fs::read_dir(folder).unwrap().flatten().any(|entry| match entry.path() {
        path if path.is_dir() => contains(&path, value),
        path => has(&std::fs::read(path).unwrap()),
    })
}

async fn on(folder: &Path) -> Server {
    Server::with(Settings { data: Data::Directory(folder.to_owned()), ..Settings::default() }).await
}

fn creation(name: &str, value: &str) -> String {
    format!(r#"{{"Name":"{name}","ClientRequestToken":"{TOKEN}","SecretString":"{value}"}}"#)
}

#[tokio::test]
async fn nothing_on_the_disk_has_the_value() {
    let folder = tempfile::tempdir().unwrap();
    let server = on(folder.path()).await;
    let made = call(&server, "secretsmanager.CreateSecret", &creation("app", SECRET)).await;
    assert_eq!(made.status, 200, "{}", made.text());
    let got = call(&server, "secretsmanager.GetSecretValue", r#"{"SecretId":"app"}"#).await;
    assert!(got.text().contains(SECRET));
    let put = format!(r#"{{"Name":"/a","Type":"SecureString","Value":"{SECRET}"}}"#);
    assert_eq!(call(&server, "AmazonSSM.PutParameter", &put).await.status, 200);
    assert!(!contains(folder.path(), SECRET.as_bytes()));
    server.cloud.close().await;
    assert!(!contains(folder.path(), SECRET.as_bytes()));
}

/// Who has the database alone can't read a value: the root key is in a file of its own.
#[tokio::test]
async fn another_root_key_opens_nothing_and_a_missing_one_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let server = on(folder.path()).await;
    call(&server, "secretsmanager.CreateSecret", &creation("app", SECRET)).await;
    server.cloud.close().await;
    drop(server);
    let key = folder.path().join("parameters.key");
    std::fs::write(&key, [7; 32]).unwrap();
    let server = on(folder.path()).await;
    let got = call(&server, "secretsmanager.GetSecretValue", r#"{"SecretId":"app"}"#).await;
    assert!(got.status == 500 && got.text().contains("InternalServiceError"), "{}", got.text());
    server.cloud.close().await;
    drop(server);
    std::fs::remove_file(key).unwrap();
    let settings = Settings { data: Data::Directory(folder.path().to_owned()), ..Settings::default() };
    let error = cloud::Cloud::open(&settings).unwrap_err().to_string();
    assert!(error.contains("parameters.key` is damaged (it is missing"), "{error}");
}

#[tokio::test]
async fn a_key_file_without_anything_sealed_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("parameters.key");
    let server = on(folder.path()).await;
    let key_made = std::fs::read(&key).unwrap();
    server.cloud.close().await;
    drop(server);
    let server = on(folder.path()).await;
    assert_eq!(std::fs::read(&key).unwrap(), key_made);
    let made = call(&server, "secretsmanager.CreateSecret", &creation("app", SECRET)).await;
    assert_eq!(made.status, 200, "{}", made.text());
    server.cloud.close().await;
    drop(server);
    let server = on(folder.path()).await;
    let got = call(&server, "secretsmanager.GetSecretValue", r#"{"SecretId":"app"}"#).await;
    assert!(got.text().contains(SECRET), "{}", got.text());
}

#[tokio::test]
async fn no_error_quotes_a_value() {
    let server = Server::start().await;
    call(&server, "secretsmanager.CreateSecret", &creation("app", "x")).await;
    let both = format!(
        r#"{{"Name":"b","ClientRequestToken":"{TOKEN}","SecretString":"{SECRET}","SecretBinary":"YQ=="}}"#
    );
    for body in [
        creation("bad name", SECRET),
        creation("app", SECRET),
        creation("large", &SECRET.repeat(4000)),
        creation("b", SECRET).replace(r#""SecretString":"#, r#""SecretBinary":"#),
        format!(r#"{{"Name":"b","ClientRequestToken":"{TOKEN}","SecretString":["{SECRET}"]}}"#),
        format!(r#"{{"Name":"b","SecretString":"{SECRET}""#),
        both,
    ] {
        let answer = call(&server, "secretsmanager.CreateSecret", &body).await;
        assert!(answer.status == 400 && !answer.text().contains("horse"), "{}", answer.text());
    }
}

#[tokio::test]
async fn a_reset_forgets_secrets_parameters_and_keys() {
    let server = Server::start().await;
    call(&server, "secretsmanager.CreateSecret", &creation("app", SECRET)).await;
    call(&server, "AmazonSSM.PutParameter", r#"{"Name":"/a","Type":"SecureString","Value":"x"}"#).await;
    server.cloud.reset().await.unwrap();
    for (target, empty) in [
        ("secretsmanager.ListSecrets", r#""SecretList":[]"#),
        ("AmazonSSM.DescribeParameters", r#""Parameters":[]"#),
        ("TrentService.ListKeys", r#""Keys":[]"#),
        ("TrentService.ListAliases", r#""Aliases":[]"#),
    ] {
        let answer = call(&server, target, "{}").await;
        assert!(answer.text().contains(empty), "{target}: {}", answer.text());
    }
    let made = call(&server, "secretsmanager.CreateSecret", &creation("app", SECRET)).await;
    assert_eq!(made.status, 200, "{}", made.text());
}
