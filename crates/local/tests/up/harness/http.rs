//! Requests to what `up` opened: the edge and the cloud.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The body and status of a GET.
pub(crate) async fn get(url: &str, path: &str) -> std::io::Result<(u16, String)> {
    exchange(url, &format!("GET {path}"), "", "").await
}

/// The body and status of an operation of one of the JSON services: `secretsmanager.GetSecretValue`.
pub(crate) async fn ask(url: &str, target: &str, body: &str) -> std::io::Result<(u16, String)> {
    let headers = format!("X-Amz-Target: {target}\r\nContent-Length: {}\r\n", body.len());
    exchange(url, "POST /", &headers, body).await
}

async fn exchange(url: &str, line: &str, headers: &str, body: &str) -> std::io::Result<(u16, String)> {
    let authority = url.trim_start_matches("http://").replace("localhost", "127.0.0.1");
    let mut stream = TcpStream::connect(&authority).await?;
    let request = format!("{line} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n{headers}\r\n{body}");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    Ok((status, answer.split_once("\r\n\r\n").map(|(_, body)| body.trim().to_owned()).unwrap_or_default()))
}
