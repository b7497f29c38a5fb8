//! Asking the cloud the way every client does: what a service would get is what is read.

use std::io;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::Reached;

/// How long the cloud, which is in this process, may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Bytes of an answer: a value of 64 KiB, every byte of it escaped.
const ANSWER_LIMIT: u64 = 512 * 1024;

/// Asks for `AmazonSSM.GetParameter` and the like. No error has a value in it.
pub(super) async fn ask(reached: &Reached, target: &str, input: &Value) -> io::Result<Value> {
    let authority = reached.endpoint.trim_start_matches("http://");
    let asked = timeout(PATIENCE, call(authority, target, &input.to_string())).await;
    asked.map_err(io::Error::from).flatten()
}

async fn call(authority: &str, target: &str, body: &str) -> io::Result<Value> {
    let mut stream = TcpStream::connect(authority).await?;
    let length = body.len();
    let request = format!(
        "POST / HTTP/1.1\r\nHost: {authority}\r\nX-Amz-Target: {target}\r\n\
         Content-Type: application/x-amz-json-1.1\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.take(ANSWER_LIMIT).read_to_string(&mut answer).await?;
    let refused = |what: &str| io::Error::other(format!("{target} was answered {what}"));
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(|| refused("with nothing"))?;
    let status = head.split(' ').nth(1).unwrap_or_default();
    if status != "200" {
        return Err(refused(status));
    }
    serde_json::from_str(body).map_err(io::Error::other)
}
