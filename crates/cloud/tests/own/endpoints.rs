//! Health, metrics and the queues at a glance.

use std::path::Path;
use std::process::Command;

use cloud::{Reset, Settings};
use http::Request;
use serde_json::{Value, json};

use crate::server::{Answer, Server, python_with, run, send};

async fn get(server: &Server, path: &str) -> Answer {
    send(server.address, Request::get(path), "").await.unwrap()
}

async fn sqs(server: &Server, operation: &str, input: Value) -> Value {
    let request = Request::post("/").header("x-amz-target", format!("AmazonSQS.{operation}"));
    let answer = send(server.address, request, input.to_string()).await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
    json(&answer)
}

fn json(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap()
}

#[tokio::test]
async fn health_says_what_runs() {
    let server = Server::start().await;
    for path in ["/_taxiway/health", "/_localstack/health"] {
        let answer = get(&server, path).await;
        assert_eq!(answer.status, 200);
        let health = json(&answer);
        assert_eq!(health["status"], "ok");
        assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
        assert_eq!(health["services"]["sqs"], "running");
        assert_eq!(health["services"]["s3"], "running");
    }
    let head = send(server.address, Request::head("/_taxiway/health"), "").await.unwrap();
    assert_eq!((head.status, head.body.len()), (200, 0));
    let post = send(server.address, Request::post("/_taxiway/health"), "").await.unwrap();
    assert_eq!((post.status, post.headers["allow"].to_str().unwrap()), (405, "GET, HEAD"));
    let nowhere = get(&server, "/_taxiway/helth").await;
    assert_eq!(nowhere.status, 404);
    assert!(nowhere.text().contains("/_taxiway/health"), "{}", nowhere.text());
}

#[tokio::test]
async fn the_queues_at_a_glance() {
    let server = Server::start().await;
    let url = sqs(&server, "CreateQueue", json!({ "QueueName": "orders" })).await["QueueUrl"].clone();
    sqs(&server, "CreateQueue", json!({ "QueueName": "empty" })).await;
    sqs(&server, "SendMessage", json!({ "QueueUrl": url, "MessageBody": "a" })).await;
    sqs(&server, "SendMessage", json!({ "QueueUrl": url, "MessageBody": "b", "DelaySeconds": 900 })).await;
    let listing = json(&get(&server, "/_taxiway/queues").await);
    assert_eq!(listing["queues"][0]["name"], "empty");
    assert_eq!(listing["queues"][0]["oldest_seconds"], Value::Null);
    let orders = &listing["queues"][1];
    assert_eq!(
        (&orders["visible"], &orders["in_flight"], &orders["delayed"]),
        (&json!(1), &json!(0), &json!(1))
    );
    assert_eq!(orders["path"], "/000000000000/orders");
    assert!(orders["oldest_seconds"].as_f64().unwrap() < 60.0, "{orders}");
}

#[tokio::test(flavor = "multi_thread")]
async fn prometheus_reads_the_metrics() {
    let Some(python) = python_with("prometheus_client") else { return };
    let server = Server::start().await;
    let url = sqs(&server, "CreateQueue", json!({ "QueueName": "orders" })).await["QueueUrl"].clone();
    sqs(&server, "SendMessage", json!({ "QueueUrl": url, "MessageBody": "a" })).await;
    for (path, body) in [("/shelf", ""), ("/shelf/object", "12345")] {
        assert_eq!(send(server.address, Request::put(path), body).await.unwrap().status, 200);
    }
    for made_up in ["Nonsense", "Nonsense2"] {
        let request = Request::post("/").header("x-amz-target", format!("AmazonSQS.{made_up}"));
        assert_eq!(send(server.address, request, "{}").await.unwrap().status, 400);
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/metrics.py");
    let said = run(Command::new(python).arg(script).arg(server.endpoint())).await;
    assert!(said.starts_with("ok "), "{said}");
}

#[tokio::test]
async fn a_look_changes_nothing_about_a_message() {
    let server = Server::start().await;
    let url = sqs(&server, "CreateQueue", json!({ "QueueName": "orders" })).await["QueueUrl"].clone();
    let attributes = json!({ "kind": { "DataType": "String", "StringValue": "x" } });
    let message = json!({ "QueueUrl": url, "MessageBody": "one", "MessageAttributes": attributes });
    sqs(&server, "SendMessage", message).await;
    sqs(&server, "SendMessage", json!({ "QueueUrl": url, "MessageBody": "two" })).await;
    for _ in 0..3 {
        let seen = json(&get(&server, "/_taxiway/queues/orders/messages").await);
        assert_eq!(seen["messages"][0]["body"], "one");
        assert_eq!(seen["messages"][0]["attributes"]["kind"]["StringValue"], "x");
        assert_eq!(
            (&seen["messages"][1]["state"], &seen["messages"][1]["receives"]),
            (&json!("visible"), &json!(0))
        );
    }
    assert_eq!(
        json(&get(&server, "/_taxiway/queues/orders/messages?max=1").await)["messages"][1],
        Value::Null
    );
    assert_eq!(get(&server, "/_taxiway/queues/orders/messages?max=101").await.status, 400);
    assert_eq!(get(&server, "/_taxiway/queues/other/messages").await.status, 404);
    let page = Request::get("/_taxiway/queues/orders/messages").header("origin", "http://localhost:3000");
    assert_eq!(send(server.address, page, "").await.unwrap().status, 403);
}

#[tokio::test]
async fn a_reset_empties_what_is_named_and_ends_long_polls() {
    let server = Server::start().await;
    let url = sqs(&server, "CreateQueue", json!({ "QueueName": "orders" })).await["QueueUrl"].clone();
    assert_eq!(send(server.address, Request::put("/shelf"), "").await.unwrap().status, 200);
    let request = Request::post("/").header("x-amz-target", "AmazonSQS.ReceiveMessage");
    let input = json!({ "QueueUrl": url, "WaitTimeSeconds": 20 }).to_string();
    let polling = tokio::spawn(send(server.address, request, input));
    tokio::task::yield_now().await;
    let reset = send(server.address, Request::post("/_taxiway/reset?service=sqs"), "").await.unwrap();
    assert_eq!((reset.status, json(&reset)), (200, json!({ "reset": ["sqs"] })));
    let polled = tokio::time::timeout(std::time::Duration::from_secs(10), polling).await.expect("it ends");
    assert_eq!(polled.unwrap().unwrap().status, 400);
    assert_eq!(json(&get(&server, "/_taxiway/queues").await)["queues"], json!([]));
    assert_eq!(get(&server, "/shelf").await.status, 200, "the bucket was not meant");
    let unknown = send(server.address, Request::post("/_taxiway/reset?service=sqs,sns"), "").await.unwrap();
    assert_eq!(unknown.status, 400);
    assert!(unknown.text().contains("no service `sns`"), "{}", unknown.text());
    for path in ["/_taxiway/reset", "/_localstack/state/reset", "/moto-api/reset"] {
        assert_eq!(send(server.address, Request::post(path), "").await.unwrap().status, 200, "{path}");
    }
    assert_eq!(get(&server, "/_taxiway/reset").await.status, 405);
    assert_eq!(get(&server, "/moto-api/reset").await.status, 404, "no such bucket");
}

#[tokio::test]
async fn the_cloud_of_a_running_system_is_not_reset() {
    let server = Server::with(Settings { reset: Reset::Refused, ..Settings::default() }).await;
    sqs(&server, "CreateQueue", json!({ "QueueName": "orders" })).await;
    let reset = send(server.address, Request::post("/_taxiway/reset"), "").await.unwrap();
    assert_eq!(reset.status, 403);
    assert!(reset.text().contains("--allow-reset"), "{}", reset.text());
    assert_eq!(json(&get(&server, "/_taxiway/queues").await)["queues"][0]["name"], "orders");
}
