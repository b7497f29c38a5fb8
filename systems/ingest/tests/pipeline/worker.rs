//! The worker under good and bad conditions.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use crate::eventually;
use crate::moto::{Moto, environment, free_address};
use crate::process::{Ingest, command};

const KEY: &str = "emails/v1/local/2026/01/02/";

fn message(number: usize) -> String {
    format!(
        r#"{{"email_subject":"{number}","email_sender":"s","email_timestream":1693561101,"email_content":"c","received_at":"2026-01-02T03:04:05.000000+00:00"}}"#
    )
}

async fn put(moto: &Moto, body: &str) -> String {
    let sent = moto.sqs.send_message().queue_url(&moto.queue_url).message_body(body).send().await;
    sent.expect("a sent message").message_id.expect("an id")
}

/// A visibility so short that a test sees the next delivery.
fn impatient(moto: &Moto) -> BTreeMap<String, String> {
    with_visibility(moto, "1")
}

fn with_visibility(moto: &Moto, seconds: &str) -> BTreeMap<String, String> {
    let mut environment = moto.environment();
    environment.insert("VISIBILITY_TIMEOUT".to_owned(), seconds.to_owned());
    environment
}

#[tokio::test]
async fn killed_again_and_again_it_loses_and_doubles_nothing() {
    let Some(moto) = Moto::start().await else { return };
    let mut expected = BTreeSet::new();
    for number in 0..200 {
        let id = put(&moto, &message(number)).await;
        expected.insert(format!("{KEY}1693561101_msgid={id}.json"));
    }
    for written in [1, 40, 80] {
        let mut worker = Ingest::worker(&with_visibility(&moto, "3")).await;
        eventually("some objects", async || (moto.object_count().await >= written).then_some(())).await;
        worker.kill().await;
    }
    let _worker = Ingest::worker(&with_visibility(&moto, "3")).await;
    eventually("an empty queue", async || (moto.depth(&moto.queue_url).await == 0).then_some(())).await;
    let objects = moto.objects().await;
    assert_eq!(objects.keys().cloned().collect::<BTreeSet<_>>(), expected);
    assert_eq!(objects.into_values().collect::<BTreeSet<_>>(), (0..200).map(message).collect());
    assert_eq!(moto.depth(&moto.dead_letters).await, 0);
}

#[tokio::test]
async fn bad_messages_end_in_the_dead_letter_queue_and_stop_nothing() {
    let Some(moto) = Moto::start().await else { return };
    for bad in ["{", "[1]", r#"{"email_timestream":"soon"}"#] {
        put(&moto, bad).await;
    }
    let good = put(&moto, &message(1)).await;
    let mut worker = Ingest::worker(&impatient(&moto)).await;
    let line = worker.logged("left for the dead-letter queue").await;
    assert_eq!((&line["level"], &line["receives"]), (&"WARN".into(), &"1".into()));
    eventually("three dead letters", async || (moto.depth(&moto.dead_letters).await == 3).then_some(()))
        .await;
    let later = put(&moto, &message(2)).await;
    let keys = [good, later].map(|id| format!("{KEY}1693561101_msgid={id}.json"));
    eventually("both good messages", async || (moto.object_count().await == 2).then_some(())).await;
    assert_eq!(moto.objects().await.into_keys().collect::<BTreeSet<_>>(), BTreeSet::from(keys));
}

#[tokio::test]
async fn sigterm_ends_a_long_poll_at_once() {
    let Some(moto) = Moto::start().await else { return };
    let mut patient = moto.environment();
    patient.insert("POLL_WAIT_SECONDS".to_owned(), "20".to_owned());
    let mut worker = Ingest::worker(&patient).await;
    put(&moto, &message(1)).await;
    eventually("the message to be handled", async || (moto.depth(&moto.queue_url).await == 0).then_some(()))
        .await;
    let told = Instant::now();
    worker.terminate();
    assert!(worker.ended().await.success());
    assert!(told.elapsed() < Duration::from_secs(1), "{:?}", told.elapsed());
}

#[tokio::test]
async fn a_cloud_that_comes_late_is_waited_for_and_said_once() {
    let address = free_address();
    let endpoint = format!("http://{address}");
    let mut environment = environment(&endpoint, &format!("{endpoint}/123456789012/emails"));
    environment.insert("AWS_MAX_RETRIES".to_owned(), "0".to_owned());
    let mut worker = Ingest::worker(&environment).await;
    assert_eq!(worker.logged("fails; trying again until it answers").await["service"], "queue");
    let Some(moto) = Moto::start_at(address).await else { return };
    put(&moto, &message(1)).await;
    worker.logged("answers again").await;
    eventually("the object", async || (moto.object_count().await == 1).then_some(())).await;
}

#[tokio::test]
async fn a_bucket_that_is_away_sends_no_message_to_the_dead_letters() {
    let Some(moto) = Moto::start().await else { return };
    let mut elsewhere = impatient(&moto);
    elsewhere.insert("S3_BUCKET".to_owned(), "later".to_owned());
    put(&moto, &message(1)).await;
    let mut worker = Ingest::worker(&elsewhere).await;
    assert_eq!(worker.logged("fails; trying again until it answers").await["service"], "bucket");
    let began = Instant::now();
    eventually("six visibility timeouts", async || (began.elapsed() > Duration::from_secs(6)).then_some(()))
        .await;
    moto.s3.create_bucket().bucket("later").send().await.expect("a bucket");
    eventually("an empty queue", async || (moto.depth(&moto.queue_url).await == 0).then_some(())).await;
    assert_eq!(moto.depth(&moto.dead_letters).await, 0);
    let objects = moto.s3.list_objects_v2().bucket("later").send().await.expect("a page");
    assert_eq!(objects.contents().len(), 1);
}

#[tokio::test]
async fn a_worker_that_must_stop_gives_back_what_it_could_not_write() {
    let Some(moto) = Moto::start().await else { return };
    let mut elsewhere = moto.environment();
    elsewhere.insert("S3_BUCKET".to_owned(), "never".to_owned());
    put(&moto, &message(1)).await;
    let mut worker = Ingest::worker(&elsewhere).await;
    worker.logged("fails; trying again until it answers").await;
    worker.terminate();
    worker.logged("given back to the queue").await;
    assert!(worker.ended().await.success());
    let received = moto.sqs.receive_message().queue_url(&moto.queue_url).send().await.expect("an answer");
    assert_eq!(received.messages().len(), 1);
}

#[tokio::test]
async fn the_heartbeat_tells_a_living_worker_from_none() {
    let mut worker = Ingest::worker(&environment("http://127.0.0.1:9", "http://127.0.0.1:9/q")).await;
    let check = async |file: &std::path::Path| {
        let set = BTreeMap::from([("HEARTBEAT_FILE".to_owned(), file.display().to_string())]);
        command(&set).args(["worker", "--check-heartbeat"]).output().await.expect("the binary runs")
    };
    eventually("a heartbeat", async || check(&worker.heartbeat).await.status.success().then_some(())).await;
    std::fs::write(&worker.heartbeat, "1000").expect("an old heartbeat");
    let old = check(&worker.heartbeat).await;
    assert_eq!(old.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&old.stderr).starts_with("the worker's last step was "));
    worker.terminate();
    assert!(worker.ended().await.success());
}
