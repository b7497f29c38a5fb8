//! Secrets over a store of their own: what is due goes, and every operation is there.

use std::sync::Arc;

use rusqlite::Connection;

use super::*;
use crate::seal::{Key, Sealed};
use crate::settings::{Data, Durability};

fn secrets() -> Secrets {
    let store = Store::open(&Data::Ephemeral, Durability::ProcessCrash).unwrap();
    let root = Arc::new(Key::root(store.path(), Sealed::Nothing).unwrap());
    Secrets::open(&store, &Kms::open(&store, &root, &Settings::default()), &Settings::default())
}

#[tokio::test]
async fn a_secret_goes_when_it_is_due_and_takes_its_versions() {
    let secrets = secrets();
    let input =
        r#"{"Name":"app/token","ClientRequestToken":"0123456789abcdef0123456789abcdef","SecretString":"x"}"#;
    let made = secrets.handle(Call::from_inside("CreateSecret".to_owned(), input.into())).await;
    assert_eq!(made.status(), http::StatusCode::OK);
    let make_due = |db: &Connection| {
        let sql = "UPDATE secret SET due = 1, secret = json_set(secret, '$.due', 1)";
        Ok::<_, Error>(db.execute(sql, [])?)
    };
    secrets.inner.store.write(make_due).await.unwrap();
    let inner = secrets.inner.clone();
    let found = secrets.inner.store.read(move |db| inner.find_any(db, "app/token")).await;
    assert_eq!(found, Err(Error::not_found()));
    assert_eq!(secrets.sweep().await, Ok(1));
    let count = |db: &Connection| {
        Ok::<i64, Error>(db.query_row("SELECT count(*) FROM secret_version", [], |row| row.get(0))?)
    };
    assert_eq!(secrets.inner.store.read(count).await, Ok(0));
}

#[tokio::test]
async fn every_operation_of_the_table_is_performed() {
    let secrets = secrets();
    for operation in model::OPERATIONS {
        let call = Call::from_inside(operation.name.to_owned(), "{}".into());
        let status = secrets.handle(call).await.status();
        assert_ne!(status, http::StatusCode::INTERNAL_SERVER_ERROR, "{}", operation.name);
    }
}
