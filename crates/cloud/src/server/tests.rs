//! What a server does with too many clients, and with slow and talkative ones.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{Limits, serve_within};
use crate::init::{Bucket, Contents};
use crate::{Cloud, Settings};

const HEALTH: &str = "GET /_taxiway/health HTTP/1.1\r\nhost: h\r\n\r\n";
const MANY_WORDS: &str =
    "x-word: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n";

async fn serve(limits: Limits) -> (std::net::SocketAddr, Cloud, DropGuard) {
    let cloud = Cloud::open(&Settings::default()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, shutdown) = (listener.local_addr().unwrap(), CancellationToken::new());
    tokio::spawn(serve_within(limits, cloud.services().clone(), listener, shutdown.clone()));
    (address, cloud, shutdown.drop_guard())
}

/// Says something and reads what comes until `enough` of it is there or the server closes.
async fn ask(stream: &mut TcpStream, text: &str, enough: &str) -> String {
    stream.write_all(text.as_bytes()).await.ok();
    let mut answer = Vec::new();
    let deadline = Instant::now() + Duration::from_secs(10);
    let mut bytes = [0; 4096];
    while !String::from_utf8_lossy(&answer).contains(enough) {
        match tokio::time::timeout_at(deadline, stream.read(&mut bytes)).await.expect("no answer in 10 s") {
            Ok(0) | Err(_) => break,
            Ok(read) => answer.extend_from_slice(&bytes[..read]),
        }
    }
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn one_connection_too_many_is_told_so_and_a_free_place_is_used() {
    let (address, _cloud, _end) = serve(Limits { connections: 2, refusals: 2, ..Limits::default() }).await;
    let mut kept = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        assert!(ask(&mut stream, HEALTH, "\"ok\"").await.starts_with("HTTP/1.1 200 "));
        kept.push(stream);
    }
    for _ in 0..5 {
        let mut third = TcpStream::connect(address).await.unwrap();
        let refusal = ask(&mut third, HEALTH, "until it closes").await;
        assert!(refusal.starts_with("HTTP/1.1 503 "), "{refusal}");
        assert!(
            refusal.contains("serves 2 connections at the same time, and there are as many"),
            "{refusal}"
        );
        assert!(refusal.contains("retry-after: 1") && refusal.contains("connection: close"), "{refusal}");
    }
    kept.pop();
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let mut stream = TcpStream::connect(address).await.unwrap();
        if ask(&mut stream, HEALTH, "}").await.starts_with("HTTP/1.1 200 ") {
            break;
        }
        assert!(Instant::now() < deadline, "the place was not given back");
    }
}

#[tokio::test]
async fn a_head_that_does_not_come_ends_the_connection() {
    let (address, _cloud, _end) =
        serve(Limits { head: Duration::from_millis(100), ..Limits::default() }).await;
    for begun in ["", "GET / HT", "GET / HTTP/1.1\r\nhost: h\r\n"] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let answer = ask(&mut stream, begun, "until it closes").await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408 "), "{begun:?}: {answer}");
    }
    let mut idle = TcpStream::connect(address).await.unwrap();
    let answer = ask(&mut idle, HEALTH, "until it closes").await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[tokio::test]
async fn a_head_that_is_too_long_or_has_too_many_fields_is_refused() {
    let (address, _cloud, _end) = serve(Limits { buffer: 16 * 1024, ..Limits::default() }).await;
    for fields in [150, 1000] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!("GET / HTTP/1.1\r\nhost: h\r\n{}\r\n", MANY_WORDS.repeat(fields));
        let answer = ask(&mut stream, &head, "\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 431 "), "{fields}: {answer}");
    }
}

#[tokio::test]
async fn a_client_that_takes_nothing_of_its_answer_loses_its_connection() {
    let (address, cloud, _end) =
        serve(Limits { connections: 1, stall: Duration::from_millis(200), ..Limits::default() }).await;
    let bucket = Bucket { name: "shelf".to_owned(), ..Bucket::default() };
    cloud.provide(&Contents { buckets: vec![bucket], ..Contents::default() }).await.unwrap();
    let mut greedy = TcpStream::connect(address).await.unwrap();
    let body = "x".repeat(4 << 20);
    let put = format!("PUT /shelf/k HTTP/1.1\r\nhost: h\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    assert!(ask(&mut greedy, &put, "\r\n\r\n").await.starts_with("HTTP/1.1 200 "));
    // More than the system buffers on both sides.
    greedy.write_all("GET /shelf/k HTTP/1.1\r\nhost: h\r\n\r\n".repeat(16).as_bytes()).await.unwrap();
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let mut next = TcpStream::connect(address).await.unwrap();
        if ask(&mut next, HEALTH, "}").await.starts_with("HTTP/1.1 200 ") {
            break;
        }
        assert!(Instant::now() < deadline, "the place is still taken");
    }
}
