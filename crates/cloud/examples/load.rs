//! Load on a queue: send, receive, delete, over and over. Works against any server of the JSON protocol.
//!
//! `load ADDRESS CONNECTIONS SECONDS [WAITING]`: with WAITING, so many messages are put into the queue first.
//! Prints cycles per second and how long the three calls took.

use std::io::Write;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What one connection measured.
#[derive(Default)]
struct Measured {
    cycles: usize,
    send: Duration,
    receive: Duration,
    delete: Duration,
    empty: usize,
}

struct Client {
    sender: SendRequest<Full<Bytes>>,
    address: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, connections, seconds, rest @ ..] = arguments.as_slice() else {
        return Err("usage: load ADDRESS CONNECTIONS SECONDS [WAITING]".into());
    };
    let mut client = Client::connect(address).await?;
    let name = format!("load-{}", std::process::id());
    let created = client.call("CreateQueue", &json!({ "QueueName": name })).await?;
    let url = created.get("QueueUrl").and_then(Value::as_str).ok_or("no queue URL")?.to_owned();
    fill(&mut client, &url, rest.first().map_or(Ok(0), |text| text.parse())?).await?;
    let end = Instant::now() + Duration::from_secs_f64(seconds.parse()?);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..connections.parse()? {
        tasks.spawn(work(Client::connect(address).await?, url.clone(), end));
    }
    let mut all = Measured::default();
    while let Some(one) = tasks.join_next().await {
        all.add(&one??);
    }
    report(&all, seconds.parse()?)?;
    client.call("DeleteQueue", &json!({ "QueueUrl": url })).await.map(drop)
}

async fn work(mut client: Client, url: String, end: Instant) -> Result<Measured, Failure> {
    let body = "x".repeat(1024);
    let mut measured = Measured::default();
    while Instant::now() < end {
        let started = Instant::now();
        client.call("SendMessage", &json!({ "QueueUrl": url, "MessageBody": body })).await?;
        let sent = Instant::now();
        let received = client.call("ReceiveMessage", &json!({ "QueueUrl": url })).await?;
        let got = Instant::now();
        measured.send += sent - started;
        measured.receive += got - sent;
        match received.pointer("/Messages/0/ReceiptHandle").and_then(Value::as_str) {
            None => measured.empty += 1,
            Some(handle) => {
                client.call("DeleteMessage", &json!({ "QueueUrl": url, "ReceiptHandle": handle })).await?;
                measured.delete += got.elapsed();
                measured.cycles += 1;
            }
        }
    }
    Ok(measured)
}

async fn fill(client: &mut Client, url: &str, messages: usize) -> Result<(), Failure> {
    let body = "x".repeat(1024);
    let started = Instant::now();
    for _ in 0..messages / 10 {
        let entries: Vec<Value> =
            (0..10).map(|id| json!({ "Id": id.to_string(), "MessageBody": body })).collect();
        client.call("SendMessageBatch", &json!({ "QueueUrl": url, "Entries": entries })).await?;
    }
    if messages > 0 {
        writeln!(std::io::stdout(), "filled with {messages} in {:.1} s", started.elapsed().as_secs_f64())?;
    }
    Ok(())
}

fn report(all: &Measured, seconds: f64) -> Result<(), Failure> {
    let cycles = u32::try_from(all.cycles).unwrap_or(u32::MAX).max(1);
    writeln!(
        std::io::stdout(),
        "{:.0} cycles/s; mean send {:?}, receive {:?}, delete {:?}; {} empty receives",
        f64::from(cycles) / seconds,
        all.send / cycles,
        all.receive / cycles,
        all.delete / cycles,
        all.empty
    )?;
    Ok(())
}

impl Measured {
    fn add(&mut self, other: &Self) {
        self.cycles += other.cycles;
        self.send += other.send;
        self.receive += other.receive;
        self.delete += other.delete;
        self.empty += other.empty;
    }
}

impl Client {
    async fn connect(address: &str) -> Result<Self, Failure> {
        Ok(Self { sender: sender(address).await?, address: address.to_owned() })
    }

    async fn call(&mut self, operation: &str, input: &Value) -> Result<Value, Failure> {
        let request = Request::post("/")
            .header("host", &self.address)
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", format!("AmazonSQS.{operation}"))
            .header("authorization", "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/sqs/aws4_request")
            .body(Full::new(Bytes::from(serde_json::to_vec(input)?)))?;
        // Some servers close the connection after every answer.
        if self.sender.ready().await.is_err() {
            self.sender = sender(&self.address).await?;
        }
        let response = self.sender.send_request(request).await?;
        let status = response.status();
        let bytes = response.into_body().collect().await?.to_bytes();
        if !status.is_success() {
            return Err(format!("{operation}: {status} {}", String::from_utf8_lossy(&bytes)).into());
        }
        Ok(if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes)? })
    }
}

async fn sender(address: &str) -> Result<SendRequest<Full<Bytes>>, Failure> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}
