//! A data folder of the first version: what it has is found, and what came later works in it.

use std::path::Path;

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce};
use cloud::{Data, Settings};
use http::Request;

use crate::server::{Server, send};

const KEY: [u8; 32] = [9; 32];

/// Writes what the first version would have: its tables, its key, a sealed parameter and a plain one.
fn first_version(folder: &Path) {
    let db = rusqlite::Connection::open(folder.join("cloud.db")).unwrap();
    db.execute_batch(include_str!("../../src/sqs/schema.sql")).unwrap();
    db.execute_batch(include_str!("../../src/s3/schema.sql")).unwrap();
    db.execute_batch(include_str!("../../src/ssm/schema.sql")).unwrap();
    db.pragma_update(None, "user_version", 1).unwrap();
    std::fs::write(folder.join("parameters.key"), KEY).unwrap();
    let nonce = [3; 12];
    let payload = Payload { msg: b"sealed long ago", aad: b"/old/secret:1" };
    let sealed = Aes256Gcm::new(&KEY.into()).encrypt(Nonce::from_slice(&nonce), payload).unwrap();
    let sealed = [&nonce[..], &sealed].concat();
    for (name, kind, value) in
        [("/old/secret", "SecureString", sealed), ("/old/plain", "String", b"plain".to_vec())]
    {
        let sql = "INSERT INTO ssm_version (name, version, kind, value, key_id, tier, data_type, modified, labels) \
            VALUES (?, 1, ?, ?, iif(?2 = 'SecureString', 'alias/aws/ssm', NULL), 'Standard', 'text', 0, '[\"live\"]')";
        db.execute(sql, rusqlite::params![name, kind, value]).unwrap();
        let sql = "INSERT INTO ssm_parameter (name, version, tags) VALUES (?, 1, '{}')";
        db.execute(sql, [name]).unwrap();
    }
}

#[tokio::test]
async fn a_folder_of_the_first_version_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    first_version(folder.path());
    let server =
        Server::with(Settings { data: Data::Directory(folder.path().to_owned()), ..Settings::default() })
            .await;
    for (target, body, said) in [
        (
            "AmazonSSM.GetParameter",
            r#"{"Name":"/old/secret","WithDecryption":true}"#,
            r#""Value":"sealed long ago""#,
        ),
        (
            "AmazonSSM.GetParameter",
            r#"{"Name":"/old/secret:live","WithDecryption":true}"#,
            r#""Selector":":live""#,
        ),
        ("AmazonSSM.GetParameter", r#"{"Name":"/old/plain"}"#, r#""Value":"plain""#),
        (
            "AmazonSSM.PutParameter",
            r#"{"Name":"/old/secret","Value":"new","Type":"SecureString","Overwrite":true}"#,
            r#""Version":2"#,
        ),
        ("AmazonSSM.GetParameter", r#"{"Name":"/old/secret","WithDecryption":true}"#, r#""Value":"new""#),
        (
            "secretsmanager.CreateSecret",
            r#"{"Name":"s","ClientRequestToken":"0123456789abcdef0123456789abcdef","SecretString":"x"}"#,
            r#""Name":"s""#,
        ),
    ] {
        let request = Request::post("/").header("x-amz-target", target);
        let answer = send(server.address, request, body.to_owned()).await.unwrap();
        assert!(answer.text().contains(said), "{target} {body}: {}", answer.text());
    }
}
