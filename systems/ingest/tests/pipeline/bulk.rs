//! The bulk client.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::eventually;
use crate::moto::{Moto, TOKEN, free_address};
use crate::process::{Ingest, command};

#[tokio::test]
async fn every_accepted_message_becomes_one_object() {
    let Some(moto) = Moto::start().await else { return };
    let (_api, to) = Ingest::api(&moto.environment()).await;
    let _worker = Ingest::worker(&moto.environment()).await;
    let folder = tempfile::tempdir().expect("a folder");
    let accepted = folder.path().join("accepted");
    let mut bulk = command(&BTreeMap::from([("TOKEN".to_owned(), TOKEN.to_owned())]));
    bulk.args([
        "bulk",
        "--json",
        "--count",
        "300",
        "--bad",
        "2",
        "--url",
        &format!("http://{to}/ingest"),
        "--accepted",
    ]);
    let output = bulk.arg(&accepted).output().await.expect("the binary runs");
    assert!(output.status.success(), "{output:?}");
    let report: Value = serde_json::from_slice(&output.stdout).expect("a JSON report");
    assert_eq!((&report["requests"], &report["unexpected"]), (&308.into(), &0.into()));
    assert_eq!(report["statuses"], serde_json::json!({"200": 300, "400": 2, "401": 2, "403": 2, "422": 2}));
    assert!(String::from_utf8_lossy(&output.stderr).ends_with("308 of 308 done, 0 unexpected\n"));
    let text = std::fs::read_to_string(accepted).expect("accepted identifiers");
    eventually("all objects", async || (moto.object_count().await == 300).then_some(())).await;
    let objects = moto.objects().await;
    let stored =
        objects.keys().map(|key| key.rsplit_once("msgid=").expect("an id").1.trim_end_matches(".json"));
    assert_eq!(stored.collect::<BTreeSet<_>>(), text.lines().collect::<BTreeSet<_>>());
}

#[tokio::test]
async fn an_api_that_is_not_there_is_tried_for_a_while() {
    let url = format!("http://{}/ingest", free_address());
    let mut bulk = command(&BTreeMap::new());
    bulk.args([
        "bulk",
        "--json",
        "--token",
        "t",
        "--count",
        "3",
        "--bad",
        "0",
        "--retry-for",
        "1",
        "--url",
        &url,
    ]);
    let output = bulk.output().await.expect("the binary runs");
    let report: Value = serde_json::from_slice(&output.stdout).expect("a JSON report");
    assert_eq!((output.status.code(), &report["never_sent"]), (Some(1), &3.into()));
}

#[tokio::test]
async fn an_unanswered_request_is_counted_and_not_sent_again() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/ingest", listener.local_addr().expect("an address"));
    let connections = tokio::spawn(async move {
        let mut count = 0;
        while let Ok(Ok((stream, _))) = tokio::time::timeout(crate::PATIENCE / 20, listener.accept()).await {
            stream.readable().await.expect("a request");
            count += 1;
        }
        count
    });
    let mut bulk = command(&BTreeMap::new());
    let output = bulk
        .args(["bulk", "--json", "--token", "t", "--count", "2", "--bad", "0", "--url", &url])
        .output()
        .await;
    let output = output.expect("the binary runs");
    let report: Value = serde_json::from_slice(&output.stdout).expect("a JSON report");
    assert_eq!((output.status.code(), &report["unanswered"]), (Some(1), &2.into()));
    assert_eq!(connections.await.expect("a count"), 2);
}

#[tokio::test]
async fn bad_arguments_are_told() {
    for (arguments, sentence) in [
        (
            &["bulk", "--token", "t", "--url", "localhost:8000"][..],
            "`localhost:8000` is not an http or https URL",
        ),
        (&["bulk"][..], "a token is needed"),
    ] {
        let output = command(&BTreeMap::new()).args(arguments).output().await.expect("the binary runs");
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).starts_with(sentence));
    }
}
