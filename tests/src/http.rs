//! A small HTTP client: one request per connection, everything visible.

use std::collections::BTreeMap;
use std::io::{Error, ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// An answer over HTTP/1.1.
#[derive(Debug)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Headers; names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body as text.
    pub body: String,
}

impl Answer {
    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// What came until the connection's end; `None` where that is no whole answer.
    fn read(came: &[u8]) -> Option<Self> {
        let head = came.windows(4).position(|four| four == b"\r\n\r\n")?;
        let (head, body) = (String::from_utf8_lossy(&came[..head]), &came[head + 4..]);
        let mut lines = head.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers: BTreeMap<_, _> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        let length = headers.get("content-length").and_then(|length| length.parse::<usize>().ok());
        let is_whole = length.is_none_or(|length| length == body.len());
        is_whole.then(|| Self { status, headers, body: String::from_utf8_lossy(body).into_owned() })
    }
}

fn written(to: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> String {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}"
    )
}

/// One request with a body of JSON, from a test without a runtime.
///
/// # Errors
/// When there is no whole answer, or nothing comes for ten seconds.
pub fn request(to: SocketAddr, method: &str, path: &str, body: Option<&str>) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&to, Duration::from_secs(5))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let json = [("content-type", "application/json")];
    stream.write_all(written(to, method, path, &json, body.unwrap_or_default()).as_bytes())?;
    let mut came = Vec::new();
    stream.read_to_end(&mut came)?;
    Answer::read(&came).ok_or_else(|| Error::from(ErrorKind::UnexpectedEof))
}

/// Any request; `None` when the connection gives no whole answer.
pub async fn send(
    to: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Option<Answer> {
    let mut stream = tokio::net::TcpStream::connect(to).await.ok()?;
    stream.write_all(written(to, method, path, headers, body).as_bytes()).await.ok()?;
    let mut came = Vec::new();
    stream.read_to_end(&mut came).await.ok()?;
    Answer::read(&came)
}

/// `GET path`.
///
/// # Panics
/// When there is no whole answer.
pub async fn get(to: SocketAddr, path: &str) -> Answer {
    send(to, "GET", path, &[], "").await.expect("an answer")
}
