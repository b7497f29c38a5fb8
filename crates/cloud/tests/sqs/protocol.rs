//! The wire: shapes of answers and errors, ids, bounds, and requests that make no sense.

use std::net::SocketAddr;
use std::time::Duration;

use http::Request;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::queue::{Queue, call, json as read};
use crate::server::{Server, send};

const DEADLINE: Duration = Duration::from_secs(10);

async fn refused(address: SocketAddr, operation: &str, input: Value, shape: &str, query: &str) {
    let answer = call(address, operation, &input).await.unwrap();
    assert_eq!(answer.status, 400);
    assert_eq!(read(&answer)["__type"], format!("com.amazonaws.sqs#{shape}"));
    assert_eq!(answer.headers["x-amzn-query-error"], format!("{query};Sender"));
    assert_eq!(answer.headers["content-type"], "application/x-amz-json-1.0");
    assert_eq!(answer.headers["x-amzn-requestid"].len(), 36);
}

#[tokio::test]
async fn errors_have_both_names() {
    let server = Server::start().await;
    let address = server.address;
    let nowhere = json!({ "QueueUrl": "http://h/000000000000/none", "MessageBody": "x" });
    let nonexistent = "AWS.SimpleQueueService.NonExistentQueue";
    refused(address, "SendMessage", nowhere, "QueueDoesNotExist", nonexistent).await;
    let bad = json!({ "QueueName": "a b" });
    refused(address, "CreateQueue", bad, "InvalidParameterValueException", "InvalidParameterValue").await;
    let missing = json!({});
    refused(address, "CreateQueue", missing, "MissingRequiredParameterException", "MissingParameter").await;
    refused(address, "Nonsense", json!({}), "UnknownOperationException", "InvalidAction").await;
    let wrong = json!({ "QueueName": 7 });
    refused(address, "CreateQueue", wrong, "SerializationException", "SerializationException").await;
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_and_the_next_request_is_served() {
    let server = Server::start().await;
    for body in ["", "{", "[]", "\u{0}", "{\"QueueName\":", "null"] {
        let request = Request::post("/").header("x-amz-target", "AmazonSQS.CreateQueue");
        assert_eq!(send(server.address, request, body).await.unwrap().status, 400, "{body:?}");
    }
    let request = Request::post("/").header("x-amz-target", "DynamoDB_20120810.ListTables");
    let answer = send(server.address, request, "{}").await.unwrap();
    assert_eq!((answer.status, read(&answer)["__type"].as_str()), (400, Some("UnknownOperationException")));
    let health = send(server.address, Request::get("/_taxiway/health"), "").await.unwrap();
    assert_eq!(health.status, 200, "{}", health.text());
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused_before_it_is_read() {
    let server = Server::start().await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = "POST / HTTP/1.1\r\nhost: h\r\nx-amz-target: AmazonSQS.SendMessage\r\ncontent-length: 99999999\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    tokio::time::timeout(DEADLINE, stream.read_to_string(&mut answer)).await.unwrap().ok();
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

#[tokio::test]
async fn the_caller_is_told_who_it_is() {
    let server = Server::start().await;
    let form = Request::post("/").header("content-type", "application/x-www-form-urlencoded");
    let answer = send(server.address, form, "Action=GetCallerIdentity&Version=2011-06-15").await.unwrap();
    assert!(answer.text().contains("<Account>000000000000</Account>"), "{}", answer.text());
    let form = Request::post("/").header("content-type", "application/x-www-form-urlencoded");
    let answer = send(server.address, form, "Action=ListQueues&Version=2012-11-05").await.unwrap();
    assert_eq!(answer.status, 200);
    assert!(answer.text().contains("<ListQueuesResult/>"), "{}", answer.text());
}

#[tokio::test]
async fn the_query_protocol_answers_in_json_where_that_is_accepted() {
    let server = Server::start().await;
    for (form, status, at, expected) in [
        (
            "Action=CreateQueue&QueueName=q",
            200,
            "/CreateQueueResponse/CreateQueueResult/QueueUrl",
            "http://h/000000000000/q",
        ),
        (
            "Action=ListQueues",
            200,
            "/ListQueuesResponse/ListQueuesResult/queueUrls/0",
            "http://h/000000000000/q",
        ),
        ("Action=GetQueueUrl&QueueName=x", 400, "/Error/Code", "AWS.SimpleQueueService.NonExistentQueue"),
    ] {
        let request = Request::post("/").header("content-type", "application/x-www-form-urlencoded");
        let request = request.header("accept", "application/json").header("host", "h");
        let answer = send(server.address, request, form).await.unwrap();
        assert_eq!(
            (answer.status, read(&answer).pointer(at).unwrap().as_str()),
            (status, Some(expected)),
            "{form}"
        );
        assert_eq!(answer.headers["content-type"], "application/json");
    }
}

#[tokio::test]
async fn the_path_names_the_queue_where_the_body_does_not() {
    let server = Server::start().await;
    let queue = Queue::create(server.address, "q", json!({})).await;
    queue.ok("SendMessage", json!({ "MessageBody": "m" })).await;
    let request = Request::post("/000000000000/q").header("x-amz-target", "AmazonSQS.ReceiveMessage");
    let answer = send(server.address, request, "{}").await.unwrap();
    assert_eq!(read(&answer)["Messages"][0]["Body"], "m");
}

#[tokio::test]
async fn a_waiting_receive_ends_with_the_server() {
    let server = Server::start().await;
    let queue = Queue::create(server.address, "q", json!({})).await;
    let waiting = tokio::spawn(async move { queue.receive(30, 20).await });
    let mut idle = server.cloud.queues().await.unwrap();
    assert_eq!(idle.remove(0).name, "q");
    tokio::task::yield_now().await;
    drop(server);
    let ended = tokio::time::timeout(DEADLINE, waiting).await.expect("the wait ends at once").unwrap();
    assert!(ended.is_none_or(|messages| messages.is_empty()));
}

#[tokio::test]
async fn a_receiver_that_went_away_takes_nothing_with_it() {
    let server = Server::start().await;
    let queue = Queue::create(server.address, "q", json!({})).await;
    for _ in 0..5 {
        let leaver = queue.clone();
        let gone = tokio::spawn(async move { leaver.receive(30, 20).await });
        tokio::task::yield_now().await;
        gone.abort();
    }
    queue.send("x").await.unwrap();
    let end = tokio::time::Instant::now() + DEADLINE;
    // Those who left may have been handed the message only while they were still there.
    while queue.counts().await == (0, 0, 0) {
        assert!(tokio::time::Instant::now() < end);
    }
    let (visible, in_flight, delayed) = queue.counts().await;
    assert_eq!((visible + in_flight, delayed), (1, 0));
}
