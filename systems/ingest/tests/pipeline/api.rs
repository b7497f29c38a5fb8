//! The API, route by route.

use harness::schemathesis;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::http::{get, ingest, send};
use crate::moto::{Moto, TOKEN, environment, free_address};
use crate::process::Ingest;

fn body(token: &Value, timestamp: &Value) -> String {
    json!({"data": {"email_subject": "Hé", "email_sender": "s", "email_timestream": timestamp, "email_content": "c"}, "token": token}).to_string()
}

fn good() -> String {
    body(&json!(TOKEN), &json!(1_693_561_101))
}

#[tokio::test]
async fn an_accepted_message_is_on_the_queue() {
    let Some(moto) = Moto::start().await else { return };
    let (_api, to) = Ingest::api(&moto.environment()).await;
    let answer = ingest(to, &good()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let received = moto.sqs.receive_message().queue_url(&moto.queue_url).send().await.expect("an answer");
    let message = &received.messages()[0];
    let accepted: Value = serde_json::from_str(&answer.body).expect("JSON");
    let (id, at) =
        (accepted["message_id"].as_str().expect("an id"), accepted["received_at"].as_str().expect("a time"));
    assert_eq!(answer.body, format!(r#"{{"status":"accepted","message_id":"{id}","received_at":"{at}"}}"#));
    assert_eq!(Some(id), message.message_id());
    assert_eq!((at.len(), at.get(26..)), (32, Some("+00:00")));
    let expected = format!(
        r#"{{"email_subject":"H\u00e9","email_sender":"s","email_timestream":1693561101,"email_content":"c","received_at":"{at}"}}"#
    );
    assert_eq!(message.body(), Some(expected.as_str()));
}

#[tokio::test]
async fn the_checks_come_in_order() {
    let Some(moto) = Moto::start().await else { return };
    let (_api, to) = Ingest::api(&moto.environment()).await;
    for (body, status, detail) in [
        (
            "{".to_owned(),
            422,
            r#"[{"type":"json_invalid","loc":["body",1],"msg":"JSON decode error","input":{},"ctx":{"error":"Expecting property name enclosed in double quotes"}}]"#,
        ),
        (
            body(&json!(null), &json!(null)),
            422,
            r#"[{"loc":["body","data","email_timestream"],"msg":"none is not an allowed value","type":"type_error.none.not_allowed"}]"#,
        ),
        (body(&json!(""), &json!("soon")), 401, r#""Token is required""#),
        (body(&json!("wrong"), &json!("soon")), 403, r#""Invalid token""#),
        (body(&json!(TOKEN), &json!("soon")), 400, r#""email_timestream must be a unix timestamp""#),
    ] {
        let answer = ingest(to, &body).await;
        assert_eq!((answer.status, answer.body), (status, format!(r#"{{"detail":{detail}}}"#)), "{body}");
    }
    assert_eq!(moto.depth(&moto.queue_url).await, 0);
}

#[tokio::test]
async fn a_rotated_token_works_at_once() {
    let Some(moto) = Moto::start().await else { return };
    let (_api, to) = Ingest::api(&moto.environment()).await;
    assert_eq!(ingest(to, &good()).await.status, 200);
    moto.set_token("rotated").await;
    assert_eq!(ingest(to, &body(&json!("rotated"), &json!(1))).await.status, 200);
    assert_eq!(ingest(to, &good()).await.status, 403);
}

#[tokio::test]
async fn what_aws_refuses_is_told_with_the_contracts_words() {
    let Some(moto) = Moto::start().await else { return };
    let mut changed = moto.environment();
    changed.insert("SQS_QUEUE_URL".to_owned(), format!("{}/123456789012/none", moto.endpoint));
    let (_api, to) = Ingest::api(&changed).await;
    assert_eq!(ingest(to, &good()).await.body, r#"{"detail":"Failed to publish message"}"#);
    changed.insert("SSM_TOKEN_PARAM".to_owned(), "/none".to_owned());
    let (_api, to) = Ingest::api(&changed).await;
    assert_eq!(ingest(to, &good()).await.body, r#"{"detail":"Token parameter not found"}"#);
}

#[tokio::test]
async fn an_aws_that_is_away_is_told_too() {
    let mut away = environment(&format!("http://{}", free_address()), "http://127.0.0.1:9/q");
    away.insert("AWS_MAX_RETRIES".to_owned(), "0".to_owned());
    let (_api, to) = Ingest::api(&away).await;
    let answer = ingest(to, &good()).await;
    assert_eq!((answer.status, answer.body.as_str()), (500, r#"{"detail":"Failed to retrieve token"}"#));
    assert_eq!(get(to, "/healthz").await.body, r#"{"status":"ok"}"#);
}

#[tokio::test]
async fn the_house_rules_hold_on_every_route() {
    let (_api, to) = Ingest::api(&environment("http://127.0.0.1:9", "http://127.0.0.1:9/q")).await;
    let answer = get(to, "/nowhere").await;
    assert_eq!((answer.status, answer.body.as_str()), (404, r#"{"detail":"Not Found"}"#));
    assert_eq!(answer.headers["x-request-id"].len(), 36);
    let answer = get(to, "/ingest").await;
    assert_eq!((answer.status, answer.body.as_str()), (405, r#"{"detail":"Method Not Allowed"}"#));
    assert_eq!(answer.headers["allow"], "POST");
    let answer = send(to, "GET", "/healthz", &[("x-request-id", "mine")], "").await.expect("an answer");
    assert_eq!((answer.status, answer.headers["x-request-id"].as_str()), (200, "mine"));
    let answer = ingest(to, &" ".repeat(1024 * 1024 + 1)).await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (413, r#"{"detail":"Request body is larger than 1 MiB"}"#)
    );
    let metrics = get(to, "/metrics").await.body;
    assert!(
        metrics.contains(r#"http_requests_total{method="GET",route="unmatched",status="404"} 1"#),
        "{metrics}"
    );
}

#[tokio::test]
async fn the_docs_need_no_network() {
    let (_api, to) = Ingest::api(&environment("http://127.0.0.1:9", "http://127.0.0.1:9/q")).await;
    let page = get(to, "/docs").await.body;
    assert!(!page.contains("//"), "{page}");
    for (asset, kind) in [
        ("swagger-ui.css", "text/css"),
        ("swagger-ui-bundle.js", "javascript"),
        ("favicon-32x32.png", "image/png"),
    ] {
        assert!(page.contains(&format!("docs/{asset}")));
        let answer = get(to, &format!("/docs/{asset}")).await;
        assert_eq!(answer.status, 200);
        assert!(answer.headers["content-type"].contains(kind) && !answer.body.is_empty(), "{asset}");
    }
    let document: Value = serde_json::from_str(&get(to, "/openapi.json").await.body).expect("JSON");
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(get(to, "/docs/nothing.js").await.status, 404);
}

#[tokio::test]
async fn every_answer_is_as_described() {
    let Some(moto) = Moto::start().await else { return };
    let (_api, to) = Ingest::api(&moto.environment()).await;
    let held = tokio::task::spawn_blocking(move || schemathesis::hold(to, &[], ""));
    held.await.expect("every answer is as described");
}

#[tokio::test]
async fn sigterm_lets_a_request_in_flight_finish() {
    let Some(moto) = Moto::start().await else { return };
    let (mut api, to) = Ingest::api(&moto.environment()).await;
    let body = good();
    let mut stream = tokio::net::TcpStream::connect(to).await.expect("a connection");
    let head = format!("POST /ingest HTTP/1.1\r\nhost: test\r\ncontent-length: {}\r\n\r\n{{", body.len());
    stream.write_all(head.as_bytes()).await.expect("half a request");
    crate::eventually("the request to be in flight", async || {
        let metrics = get(to, "/metrics").await.body;
        metrics.contains("http_requests_in_flight 2").then_some(())
    })
    .await;
    api.terminate();
    api.logged("stopping").await;
    stream.write_all(&body.as_bytes()[1..]).await.expect("the other half");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(api.ended().await.success());
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_answered() {
    let mut hurried = environment("http://127.0.0.1:9", "http://127.0.0.1:9/q");
    hurried.insert("REQUEST_TIMEOUT_SECONDS".to_owned(), "1".to_owned());
    let (_api, to) = Ingest::api(&hurried).await;
    let mut stream = tokio::net::TcpStream::connect(to).await.expect("a connection");
    stream
        .write_all(b"POST /ingest HTTP/1.1\r\nhost: test\r\ncontent-length: 9\r\n\r\n{")
        .await
        .expect("half a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 504"), "{answer}");
    assert!(answer.ends_with(r#"{"detail":"Request timed out"}"#), "{answer}");
}
