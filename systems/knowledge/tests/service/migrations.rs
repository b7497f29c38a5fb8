//! The schema: made once, also by two at once; never touched when it is newer.

use std::process::Command;

use crate::http::add;
use crate::process::{Store, run, serve};

#[tokio::test]
async fn two_that_migrate_at_once_make_one_schema() {
    for store in Store::all().await {
        let environment = store.environment();
        let migrate = ["migrate"];
        let (one, other, third) = tokio::join!(
            run(&environment, &migrate),
            run(&environment, &migrate),
            run(&environment, &migrate)
        );
        for output in [one, other, third] {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        let (_service, to) = serve(&store.environment_and(&[("APP_DISABLE_AUTOCREATE", "1")])).await;
        assert_eq!(add(to, "t1", "t", "c").await.status, 201);
    }
}

#[tokio::test]
async fn without_autocreate_nothing_is_created() {
    let store = Store::sqlite();
    let (_service, to) = serve(&store.environment_and(&[("APP_DISABLE_AUTOCREATE", "true")])).await;
    let answer = add(to, "t1", "t", "c").await;
    assert_eq!((answer.status, answer.body.as_str()), (500, r#"{"detail":"Internal Server Error"}"#));
    assert!(run(&store.environment(), &["migrate"]).await.status.success());
    assert_eq!(add(to, "t1", "t", "c").await.status, 201);
}

#[tokio::test]
async fn a_newer_schema_is_refused_in_a_sentence() {
    let store = Store::sqlite();
    assert!(run(&store.environment(), &["migrate"]).await.status.success());
    let file = store.environment()["DB_PATH"].clone();
    let python = "import sqlite3,sys; sqlite3.connect(sys.argv[1]).execute('pragma user_version = 7')";
    let Ok(raised) = Command::new("python3").args(["-c", python, &file]).status() else {
        println!("skipped: a_newer_schema_is_refused_in_a_sentence, as there is no python3");
        return;
    };
    assert!(raised.success());
    for arguments in [&[][..], &["migrate"]] {
        let output = run(&store.environment(), arguments).await;
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), told.lines().count()), (Some(1), 1), "{told}");
        assert!(
            told.starts_with("the database has schema version 7, and this program knows none after 1;"),
            "{told}"
        );
    }
}
